import { readFileSync } from 'node:fs';
import { systemClock } from '../src/core/clock.ts';
import { ProcessWatch } from '../src/platform/process-watch.ts';
import { startTelemetry } from '../src/testing/telemetry.ts';
import { household, householdMetrics } from './household.ts';
import { cpuSeconds, Making } from './making.ts';

/**
 * The process that fills a data folder for `npm run bench scale`, as `ampra import` does where no server runs, but without
 * reading text. Gets its order as the one argument and prints one line of JSON.
 */
export interface FillOrder {
  dataDir: string;
  timeZone: string;
  installedCapacityW: number;
  sources: { id: string; from: number; to: number; intervalMs: number }[];
}

export interface Filled {
  readings: number;
  values: number;
  /** Without the time in which the readings were made up. */
  seconds: number;
  cpuSeconds: number;
  peakBytes: number;
}

async function fill(order: FillOrder): Promise<Filled> {
  // As in every command of Ampra's.
  const watch = new ProcessWatch();
  await watch.start();
  const { timeZone, installedCapacityW } = order;
  const telemetry = await startTelemetry({
    dir: order.dataDir,
    clock: systemClock,
    facts: { timeZone, installedCapacityW },
  });
  const making = new Making();
  let readings = 0;
  const [startedAt, cpuAt] = [performance.now(), cpuSeconds()];
  for (const [i, source] of order.sources.entries()) {
    const before = performance.now();
    const { from, to, intervalMs } = source;
    const made = making.apart(household({ seed: i + 1, from, to, intervalMs }), (one) => ({
      sourceId: source.id,
      ...one,
    }));
    const count = await telemetry.service.importReadings(source.id, made);
    readings += count;
    console.error(`    source ${i + 1}: ${count} readings in ${Math.round((performance.now() - before) / 1000)} s`);
  }
  await telemetry.service.stop();
  await telemetry.store.checkpoint();
  await telemetry.drop();
  await watch.stop();
  return {
    readings,
    values: readings * householdMetrics.length,
    seconds: (performance.now() - startedAt) / 1000 - making.seconds,
    cpuSeconds: cpuSeconds() - cpuAt - making.cpuSeconds,
    peakBytes: Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024,
  };
}

console.log(JSON.stringify(await fill(JSON.parse(process.argv[2] ?? '') as FillOrder)));
