import { join } from 'node:path';
import type { ForecastQuantity } from '../../src/forecast/issue.ts';
import { median, type Results } from '../lib.ts';
import type { Watched } from './watch-loop.ts';

type Stretch = Omit<Watched<unknown>, 'answer'>;

/** What `limits-child.ts` prints. */
type Limits = Stretch & { serveMs: number };

/** What `house-child.ts` prints. */
interface HouseLimits {
  first: Stretch;
  night: Stretch;
}

/** How much slower a core of a Raspberry Pi 4 is than one of a usual server, generously (Geekbench 6, one core: about 300 to 1,500). */
const PI_SLOWER = 6;
const SOURCES = 10;
const RUNS = 3;

/**
 * Two years of hours: what learning takes in the worker, what it does to the main loop, and what a week's forecast takes
 * (72 hours of it are promised). The median of
 * three processes counts. Then the appliance around it, once.
 */
export function benchForecast(results: Results): void {
  for (const quantity of ['solar', 'load'] as const) benchLearning(results, quantity);
  const hourly = benchHouse(results, 60);
  const quarterly = benchHouse(results, 15);
  // Processor time of a night's work, all threads, for whichever is more.
  const nightMs = Math.max(hourly.night.cpuMs, quarterly.night.cpuMs);
  results.add(
    `forecast: night of ten sources on a Raspberry Pi 4 (estimated: ${PI_SLOWER} times the processor time)`,
    (nightMs * SOURCES * PI_SLOWER) / 60_000,
    'min',
    { atMost: 240 },
  );
}

function benchLearning(results: Results, quantity: ForecastQuantity): void {
  const runs = Array.from({ length: RUNS }, () => run<Limits>('limits-child.ts', quantity));
  const of = (pick: (limits: Limits) => number): number => median(runs.map(pick));
  const name = quantity === 'solar' ? 'production' : 'consumption';
  const add = (what: string, pick: (limits: Limits) => number, unit: string, atMost?: number): void =>
    results.add(`forecast: ${what}`, of(pick), unit, atMost === undefined ? { atLeast: 0 } : { atMost });
  add(`learn ${name} of two years of hours, and try it`, ({ ms }) => ms, 'ms', 5000);
  add('processor time of that, all threads', ({ cpuMs }) => cpuMs, 'ms');
  add('memory of that', ({ peakMb }) => peakMb, 'MB', 300);
  add('longest stop of the main loop meanwhile', ({ blockedMs }) => blockedMs, 'ms', 50);
  add(`a week of ${name}, worker's start included`, ({ serveMs }) => serveMs, 'ms', 200);
}

function benchHouse(results: Results, stepMinutes: number): HouseLimits {
  const limits = run<HouseLimits>('house-child.ts', String(stepMinutes));
  const name = stepMinutes === 60 ? 'two years of hours' : 'a year of quarter hours';
  for (const [stage, when] of [
    ['first', 'first learning'],
    ['night', 'night'],
  ] as const) {
    const { cpuMs, peakMb, busyMs } = limits[stage];
    const add = (what: string, value: number, unit: string, target: { atMost: number } | { atLeast: number }): void =>
      results.add(`forecast: a house with ${name}, ${when}: ${what}`, value, unit, target);
    add('processor time, all threads', cpuMs, 'ms', { atLeast: 0 });
    add('memory beyond what it had', peakMb, 'MB', { atMost: 300 });
    add("longest turn of the main loop's own", busyMs, 'ms', { atMost: 50 });
  }
  return limits;
}

function run<T>(file: string, argument: string): T {
  const child = Bun.spawnSync([process.execPath, join(import.meta.dir, file), argument], {
    stdout: 'pipe',
    stderr: 'inherit',
  });
  if (child.exitCode !== 0) throw new Error(`${file} ${argument} ended with code ${child.exitCode}`);
  return JSON.parse(child.stdout.toString()) as T;
}
