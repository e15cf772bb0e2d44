import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { telemetryMigrations } from '../../migrations/telemetry/index.ts';
import type { Clock } from '../core/clock.ts';
import { DuckdbDatabase } from '../platform/duckdb.ts';
import { silentLog } from '../platform/log.ts';
import { migrateDuckdb } from '../platform/migrate.ts';
import { type SourceFacts, TelemetryService } from '../telemetry/service.ts';
import { DuckdbTelemetryStore } from '../telemetry/store.duckdb.ts';
import { FakeClock, tempDir } from './app.ts';

export interface TestTelemetry {
  service: TelemetryService;
  store: DuckdbTelemetryStore;
  database: DuckdbDatabase;
  clock: Clock;
  dir: string;
  /** Closes as a crash would leave it: nothing pending is written. */
  drop(): void;
  /** Stops, closes and removes the files. */
  dispose(): Promise<void>;
}

/** The real telemetry on a real DuckDB in a temporary folder, without the rest of the appliance. */
export async function startTelemetry(
  options: {
    dir?: string;
    clock?: Clock;
    facts?: Partial<SourceFacts>;
    flushRows?: number;
    mostPendingRows?: number;
  } = {},
): Promise<TestTelemetry> {
  const dir = options.dir ?? tempDir('ampra-telemetry-');
  const clock = options.clock ?? new FakeClock();
  const facts: SourceFacts = { timeZone: 'UTC', installedCapacityW: null, ...options.facts };
  const database = await DuckdbDatabase.open({
    path: join(dir, 'telemetry.duckdb'),
    memoryLimitMb: 96,
    tempDir: join(dir, 'tmp'),
  });
  const migrator = await database.connect();
  await migrateDuckdb(migrator, telemetryMigrations, () => clock.now());
  migrator.close();
  const store = await DuckdbTelemetryStore.open(database, () => facts);
  const service = new TelemetryService({
    store,
    clock,
    log: silentLog,
    factsOf: () => facts,
    ...(options.flushRows === undefined ? {} : { flushRows: options.flushRows }),
    ...(options.mostPendingRows === undefined ? {} : { mostPendingRows: options.mostPendingRows }),
  });
  await service.start();
  let isOpen = true;
  const drop = () => {
    if (isOpen) store.close();
    isOpen = false;
  };
  const dispose = async () => {
    if (isOpen) await service.stop();
    drop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { service, store, database, clock, dir, drop, dispose };
}
