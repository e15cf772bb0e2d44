import type { Database } from 'bun:sqlite';
import { relationalMigrations } from '../migrations/relational/index.ts';
import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { TlsFiles } from './platform/certificate.ts';
import type { Config } from './platform/config.ts';
import type { DataDir } from './platform/data-dir.ts';
import type { PartHealth } from './platform/feature.ts';
import type { MemoryLogSink } from './platform/log.ts';
import { commandLineFor } from './platform/runtime.ts';
import { openMigrated } from './platform/sqlite.ts';

/** What stands before any feature is built. */
export interface Base {
  config: Config;
  clock: Clock;
  log: Log;
  logLines: MemoryLogSink;
  dataDir: DataDir;
  /** The relational database, migrated. */
  db: Database;
  /** For the web port and the broker; null when TLS is off. */
  tls: TlsFiles | null;
  /** How the parts of the appliance are, by name. */
  health(): PartHealth[];
  /** Stops the appliance in order and starts it again, in this process. */
  restart(): void;
}

/** Opens the relational database and brings it up to date; throws when either fails. */
export function openRelational(dataDir: DataDir, clock: Clock): Database {
  return openMigrated({
    path: dataDir.at('ampra.db'),
    migrations: relationalMigrations,
    now: () => clock.now(),
    commandLine: commandLineFor(dataDir.path),
  });
}
