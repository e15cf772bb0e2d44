import type { Database } from 'bun:sqlite';
import type { AuditLog } from '../../accounts/ports.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Broker } from '../../mqtt/ports.ts';
import type { Feature } from '../../platform/feature.ts';
import type { SourceDeletionHooks, SourceDirectory } from '../../sources/ports.ts';
import type { TelemetryReader } from '../../telemetry/ports.ts';
import type { WebRoutes } from '../../web/routes.ts';
import { SqliteAnnouncedSources } from './announced-sources.sqlite.ts';
import { Announcer, type AnnouncerDeps } from './announcer-service.ts';
import { Announcing } from './announcing-service.ts';
import { addHomeAssistant, type HomeAssistantWebDeps, homeAssistantCard } from './home-assistant.web.tsx';
import type { Freshness } from './ports.ts';

export interface HomeAssistantDeps extends Pick<AnnouncerDeps, 'version' | 'togetherMs' | 'lookEveryMs'> {
  /** The relational database, migrated. */
  db: Database;
  clock: Clock;
  log: Log;
  broker: Pick<Broker, 'publish'>;
  sources: SourceDirectory;
  deletion: SourceDeletionHooks;
  telemetry: Pick<TelemetryReader, 'latest' | 'metricsOf' | 'onReadings'>;
  freshness: Freshness;
  audit?: Pick<AuditLog, 'record'>;
  connection: HomeAssistantWebDeps['connection'];
}

/** Builds the announcing of sources to Home Assistant. To be started after the broker, and stopped before it. */
export function createHomeAssistant(deps: HomeAssistantDeps) {
  const { clock, sources, telemetry, freshness, broker, connection, version } = deps;
  const announcing = new Announcing({
    ...{ store: new SqliteAnnouncedSources(deps.db), sources, clock },
    ...(deps.audit && { audit: deps.audit }),
    onChange: (id) => announcer.check(id),
    entitiesOf: (id) => announcer.entitiesOf(id),
  });
  const announcer = new Announcer({
    ...{ sources, telemetry, freshness, version, clock, log: deps.log.for('home-assistant') },
    ...(deps.togetherMs !== undefined && { togetherMs: deps.togetherMs }),
    ...(deps.lookEveryMs !== undefined && { lookEveryMs: deps.lookEveryMs }),
    outlet: {
      publish: (ownerId, topic, payload) =>
        broker.publish(ownerId, topic, payload, { retain: true, isTransient: true }),
    },
    isWanted: (id) => announcing.isWanted(id),
    wanted: () => announcing.wanted(),
    pageUrl: (id) => {
      const { publicUrl } = connection();
      return publicUrl === '' ? null : `${publicUrl.replace(/\/$/, '')}/sources/${id}`;
    },
  });
  deps.deletion.onDelete(async (sourceId) => announcing.forget(sourceId));

  const feature: Feature<WebRoutes> = {
    name: 'home assistant',
    routes: (web) => addHomeAssistant(web, { announcing, connection }),
    async start() {
      announcing.load();
      announcer.start();
    },
    stop: () => announcer.stop(),
  };
  /** Home Assistant says in an owner's space that it started. */
  const born = (ownerId: string) => announcer.born(ownerId);
  return { ...feature, announcing, born, card: homeAssistantCard({ announcing, connection }) };
}
