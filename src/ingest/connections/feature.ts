import type { Database } from 'bun:sqlite';
import type { AuditLog, UserDirectory } from '../../accounts/ports.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Feature } from '../../platform/feature.ts';
import type { MetricSample } from '../../platform/metrics.ts';
import type { KeyVault, SourceDeletionHooks, SourceDirectory } from '../../sources/ports.ts';
import type { LiveEvents } from '../../web/events.ts';
import type { WebRoutes } from '../../web/routes.ts';
import type { IngestService } from '../ports.ts';
import { Connections } from './connection-service.ts';
import { createConnectionStore } from './connections.sqlite.ts';
import { addConnectionPages, CONNECTIONS_TOPIC } from './connections.web.tsx';
import { addConnectionsApi } from './connections-api.web.tsx';
import { type KeeperTiming, usualTiming } from './keeper-service.ts';
import { type LinkTiming, MqttLinks } from './link.mqtt.ts';
import type { SourceMaker } from './ports.ts';
import { ConnectionTrials } from './trial-service.ts';

export interface ConnectionsFeatureDeps {
  /** The relational database, migrated. */
  db: Database;
  clock: Clock;
  log: Log;
  sources: SourceDirectory;
  sourceMaker: SourceMaker;
  deletion: SourceDeletionHooks;
  vault: Pick<KeyVault, 'seal' | 'open'>;
  users: Pick<UserDirectory, 'viewerFor'>;
  ingest: IngestService;
  audit?: Pick<AuditLog, 'record'>;
  /** Shorter times for tests. */
  timing?: Partial<KeeperTiming> & Partial<LinkTiming> & { trialMs?: number };
}

/** Builds the connections to brokers that already exist. They connect at `start` and hang up at `stop`. */
export function createConnections(deps: ConnectionsFeatureDeps) {
  const { clock, sources, sourceMaker, vault, users, ingest, audit, timing = {} } = deps;
  const log = deps.log.for('connections');
  const links = new MqttLinks(timing);
  const service = new Connections({
    ...{ store: createConnectionStore(deps.db), links, vault, sources, sourceMaker, users, ingest, clock, log },
    ...(audit ? { audit } : {}),
    timing: { ...usualTiming, ...timing },
  });
  const trials = new ConnectionTrials({
    ...{ connections: service, links, clock },
    ...(timing.trialMs === undefined ? {} : { listenMs: timing.trialMs, enoughMs: timing.trialMs / 3 }),
  });
  deps.deletion.onDelete(async (sourceId) => service.forgetSource(sourceId));
  let events: LiveEvents | undefined;
  let ending: (() => void) | undefined;

  const feature: Feature<WebRoutes> = {
    name: 'connections',
    routes(web) {
      events = web.events;
      addConnectionsApi(web, { service, trials });
      addConnectionPages(web, { service, trials, sources, clock });
    },
    async start() {
      ending = service.onChange(() => events?.publish(CONNECTIONS_TOPIC));
      service.start();
    },
    async stop() {
      service.stop();
      ending?.();
    },
    metrics: () => samples(service),
  };
  return { ...feature, service, trials };
}

function samples(service: Connections): MetricSample[] {
  const help = 'Connections to other brokers by state.';
  return Object.entries(service.countByPhase()).map(([state, value]) => ({
    ...{ name: 'ampra_connections', help, type: 'gauge' as const, value },
    labels: { state },
  }));
}
