import type { MetricValues, Reading } from '../src/core/reading.ts';
import { FakeClock } from '../src/testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../src/testing/telemetry.ts';
import { quantile, type Results } from './lib.ts';
import { cpuSeconds, Making } from './making.ts';

/** The telemetry store by itself: a year of one source at one minute and ten metrics, on the real DuckDB. */
const MINUTE = 60_000;
const DAY = 86_400_000;
const READINGS = 365 * 24 * 60;
const METRICS = 10;
const SOURCE = 'aaaaaaaa-0000-4000-8000-000000000001';
const START = Date.UTC(2025, 10, 1);
const END = START + READINGS * MINUTE;

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

function valuesAt(i: number, counters: { solar: number; load: number }): MetricValues {
  const hour = ((START + i * MINUTE) / 3_600_000) % 24;
  const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)) * (0.7 + 0.3 * Math.sin(i / 7));
  const load = 300 + 200 * Math.abs(Math.sin(i / 13)) + ((i * 7919) % 50);
  counters.solar += (sun * 4) / 60;
  counters.load += load / 60_000;
  return {
    stateOfCharge: round(50 + 40 * Math.sin(i / 300), 0),
    batteryVoltage: round(52 + Math.sin(i / 100) + ((i * 31) % 10) / 100, 1),
    batteryCurrent: round(20 * Math.sin(i / 50), 1),
    batteryPower: round(1000 * Math.sin(i / 50), 0),
    solarPower: round(4000 * sun, 0),
    loadPower: round(load, 0),
    gridPower: round(load - 4000 * sun, 0),
    outputVoltage: round(230 + ((i * 17) % 30) / 10, 1),
    totalEnergyProduced: round(counters.solar, 2),
    totalEnergyConsumed: round(counters.load, 2),
  };
}

function* year(): Generator<Reading> {
  const counters = { solar: 1000, load: 500 };
  for (let i = 0; i < READINGS; i++)
    yield { sourceId: SOURCE, time: START + i * MINUTE, values: valuesAt(i, counters) };
}

/** Milliseconds that 95 of 100 runs stay under, after one run to warm up. */
async function p95(work: () => Promise<unknown>, runs = 40): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return quantile(times, 0.95);
}

async function measureQueries(t: TestTelemetry, results: Results): Promise<void> {
  const metrics = ['solarPower', 'loadPower', 'gridPower', 'stateOfCharge'] as const;
  for (const days of [1, 30, 365]) {
    const range = { from: END - days * DAY, to: END };
    const ms = await p95(() => t.service.history(SOURCE, metrics, range, 500));
    results.add(`history of ${days} d, 4 metrics, p95`, ms, 'ms', { atMost: 50 });
  }
  const whole = { from: START, to: END };
  for (const period of ['day', 'month'] as const) {
    const ms = await p95(() => t.service.energy(SOURCE, period, whole));
    results.add(`energy of a year by ${period}, p95`, ms, 'ms', { atMost: 50 });
  }
}

/** Import, size, history and energy of the telemetry store. */
export async function benchStorage(results: Results): Promise<void> {
  const t = await startTelemetry({ clock: new FakeClock(END), facts: { timeZone: 'Europe/Berlin' } });
  try {
    const making = new Making();
    const [start, cpuBefore] = [performance.now(), cpuSeconds()];
    await t.service.importReadings(
      SOURCE,
      making.apart(year(), (reading) => reading),
    );
    const seconds = (performance.now() - start) / 1000 - making.seconds;
    const cpu = cpuSeconds() - cpuBefore - making.cpuSeconds;
    results.add('bulk import with rollups', (READINGS * METRICS) / seconds, 'values/s', { atLeast: 1_000_000 });
    console.log(`    ${Math.round((READINGS * METRICS) / cpu)} values for each second of processor time`);
    await t.store.checkpoint();
    const { databaseBytes } = t.store.size();
    const archiveBytes = Object.values(t.store.packed().bytes()).reduce((sum, bytes) => sum + bytes, 0);
    results.add('on disk, a reading of ten metrics', (databaseBytes + archiveBytes) / READINGS, 'B', { atMost: 20 });
    await measureQueries(t, results);
  } finally {
    await t.dispose();
  }
}
