import type { Database } from 'bun:sqlite';
import type { AuditEntry } from '../accounts/audit.ts';
import type { AuditRecord, SiteReader } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { hours, seconds } from '../core/durations.ts';
import type { BrokerClient } from '../mqtt/ports.ts';
import type { Config } from '../platform/config.ts';
import type { Feature } from '../platform/feature.ts';
import type { JobRunner } from '../platform/jobs.ts';
import type { MemoryLogSink } from '../platform/log.ts';
import type { MetricSample } from '../platform/metrics.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { KeptCopies, StoredLevel } from '../telemetry/storage/storage.ts';
import type { WebRoutes } from '../web/routes.ts';
import { addClockRoute } from './clock.web.tsx';
import { DiagnosticsBundle } from './diagnostics.fs.ts';
import { registerJobsApi } from './jobs-api.web.tsx';
import { MemoryLogReader } from './logs.fs.ts';
import { registerOperations } from './operations.web.tsx';
import { SystemProbe, writtenBytes } from './system.fs.ts';
import type { Part } from './system.ts';
import { registerSystemPages, systemTopic } from './system.web.tsx';
import { SqliteWrittenBytes } from './written.sqlite.ts';
import { WrittenMeter } from './written-meter.ts';

export interface AdminDeps {
  db: Database;
  clock: Clock;
  config: Config;
  logLines: MemoryLogSink;
  jobs: JobRunner;
  record: (entry: AuditRecord) => void;
  audit: (viewer: Viewer, options: { limit?: number; before?: number }) => AuditEntry[];
  site: SiteReader;
  sources: SourceDirectory;
  clients: () => readonly BrokerClient[];
  health: () => Part[];
  /** Samples of every feature, for /metrics. */
  samples: () => MetricSample[];
  /** Room that each part of the past takes. */
  storage: () => Promise<StoredLevel[]>;
  /** Backups on the same disk. */
  copies: () => KeptCopies;
  /** Numbers of the stores, for the diagnostics. */
  statistics: () => Promise<Record<string, unknown>>;
}

const SAMPLE_MS = seconds(30);
const SAVE_MS = hours(1);
const REDRAW_MS = seconds(5);

/** Builds the System page, the operations routes and the diagnostics. */
export function createAdmin(deps: AdminDeps) {
  const { clock, config, jobs } = deps;
  const meter = new WrittenMeter({ store: new SqliteWrittenBytes(deps.db), clock, read: writtenBytes });
  const system = new SystemProbe({
    ...{ dataDir: config.dataDir, clock, meter, parts: deps.health, samples: deps.samples },
    storage: deps.storage,
    copies: deps.copies,
  });
  const logs = new MemoryLogReader(deps.logLines, config.logLevel);
  const diagnostics = new DiagnosticsBundle({ config, system, logs, jobs, statistics: deps.statistics });
  const timers: ReturnType<typeof setInterval>[] = [];
  let tellPages: () => void = () => undefined;

  const feature: Feature<WebRoutes> = {
    name: 'admin',
    routes(web) {
      addClockRoute(web, { clock, record: deps.record });
      const { trustProxy, publicUrl } = config;
      registerJobsApi(web, { jobs });
      registerOperations(web, { system, trustProxy, publicUrl });
      registerSystemPages(web, {
        ...{ system, logs, jobs, diagnostics },
        audit: deps.audit,
        record: deps.record,
        clients: deps.clients,
        sourceName: (viewer, id) => {
          const found = deps.sources.findFor(viewer, id);
          return found.ok ? found.value.name : undefined;
        },
        timeZone: () => deps.site.site()?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      });
      tellPages = () => web.events.publish(systemTopic);
    },
    async start() {
      meter.sample();
      timers.push(setInterval(() => meter.sample(), SAMPLE_MS));
      timers.push(setInterval(() => meter.save(), SAVE_MS));
      timers.push(setInterval(() => tellPages(), REDRAW_MS));
    },
    async stop() {
      for (const timer of timers.splice(0)) clearInterval(timer);
      meter.sample();
      meter.save();
    },
  };
  return { ...feature, system, diagnostics };
}
