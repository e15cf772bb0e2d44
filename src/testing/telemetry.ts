import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { DuckdbDatabase } from '../platform/duckdb.ts';
import { silentLog } from '../platform/log.ts';
import type { SourceFacts } from '../telemetry/ports.ts';
import { TelemetryService } from '../telemetry/service.ts';
import { RecoveringStore } from '../telemetry/store/recovery.duckdb.ts';
import { FakeClock, tempDir } from './app.ts';

export interface TestTelemetry {
  service: TelemetryService;
  store: RecoveringStore;
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
    memoryLimitMb?: number;
  } = {},
): Promise<TestTelemetry> {
  const dir = options.dir ?? tempDir('ampra-telemetry-');
  const clock = options.clock ?? new FakeClock();
  // Read anew each time, so that a test may change them.
  const facts = (): SourceFacts => ({ timeZone: 'UTC', installedCapacityW: null, ...options.facts });
  const store = await RecoveringStore.open({
    database: {
      path: join(dir, 'telemetry.duckdb'),
      memoryLimitMb: options.memoryLimitMb ?? 96,
      tempDir: join(dir, 'tmp'),
    },
    archivePath: join(dir, 'archive.db'),
    factsOf: facts,
    now: () => clock.now(),
    log: silentLog,
    onLost: () => service.rewind(),
  });
  const service: TelemetryService = new TelemetryService({
    store,
    clock,
    log: silentLog,
    factsOf: facts,
    ...(options.flushRows === undefined ? {} : { flushRows: options.flushRows }),
    ...(options.mostPendingRows === undefined ? {} : { mostPendingRows: options.mostPendingRows }),
  });
  await service.start();
  let isOpen = true;
  const drop = async () => {
    const wasOpen = isOpen;
    isOpen = false;
    if (wasOpen) await store.close();
  };
  const dispose = async () => {
    if (isOpen) await service.stop();
    await drop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { service, store, database: store.current(), clock, dir, drop, dispose };
}
