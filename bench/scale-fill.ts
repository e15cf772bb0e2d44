import { readFileSync } from 'node:fs';
import { systemClock } from '../src/core/clock.ts';
import type { Reading } from '../src/core/reading.ts';
import { startTelemetry } from '../src/testing/telemetry.ts';
import { household, householdMetrics } from './household.ts';

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

/** So many readings are made up at once, so that the clock is looked at seldom. */
const MADE_AT_ONCE = 4096;

class Meter {
  readings = 0;
  madeMs = 0;
  madeCpu = 0;

  /** A source's readings; the time that making them up takes is kept apart. */
  *readingsOf(source: FillOrder['sources'][number], seed: number): Generator<Reading> {
    const made = household({ seed, from: source.from, to: source.to, intervalMs: source.intervalMs });
    for (;;) {
      const [before, cpuBefore] = [performance.now(), cpuSeconds()];
      const some: Reading[] = [];
      for (let next = made.next(); !next.done; next = made.next()) {
        some.push({ sourceId: source.id, ...next.value });
        if (some.length === MADE_AT_ONCE) break;
      }
      this.madeMs += performance.now() - before;
      this.madeCpu += cpuSeconds() - cpuBefore;
      this.readings += some.length;
      if (some.length === 0) return;
      yield* some;
    }
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function fill(order: FillOrder): Promise<Filled> {
  const { timeZone, installedCapacityW } = order;
  const telemetry = await startTelemetry({
    dir: order.dataDir,
    clock: systemClock,
    facts: { timeZone, installedCapacityW },
  });
  const meter = new Meter();
  const [startedAt, cpuAt] = [performance.now(), cpuSeconds()];
  for (const [i, source] of order.sources.entries()) {
    const before = performance.now();
    const count = await telemetry.service.importReadings(source.id, meter.readingsOf(source, i + 1));
    console.error(`    source ${i + 1}: ${count} readings in ${Math.round((performance.now() - before) / 1000)} s`);
  }
  await telemetry.service.stop();
  await telemetry.store.checkpoint();
  telemetry.drop();
  return {
    readings: meter.readings,
    values: meter.readings * householdMetrics.length,
    seconds: (performance.now() - startedAt - meter.madeMs) / 1000,
    cpuSeconds: cpuSeconds() - cpuAt - meter.madeCpu,
    peakBytes: Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024,
  };
}

console.log(JSON.stringify(await fill(JSON.parse(process.argv[2] ?? '') as FillOrder)));
