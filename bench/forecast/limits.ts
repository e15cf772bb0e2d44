import { join } from 'node:path';
import type { ForecastQuantity } from '../../src/forecast/issue.ts';
import { median, type Results } from '../lib.ts';

interface Limits {
  ms: number;
  peakMb: number;
  blockedMs: number;
  serveMs: number;
}

/** How much slower a core of a Raspberry Pi 4 is than one of a usual server, generously (Geekbench 6, one core: about 300 to 1,500). */
const PI_SLOWER = 6;
const SOURCES = 10;
const RUNS = 3;

/**
 * Two years of hours: what learning takes in the worker, what it does to the main loop, and what a week's forecast takes
 * (72 hours of it are promised). Each run in a process of its own; the median counts.
 */
export function benchForecast(results: Results): void {
  const seconds: number[] = [];
  for (const quantity of ['solar', 'load'] as const) {
    const runs = Array.from({ length: RUNS }, () => runOne(quantity));
    const of = (pick: (limits: Limits) => number): number => median(runs.map(pick));
    const learnMs = of(({ ms }) => ms);
    seconds.push(learnMs / 1000);
    const name = quantity === 'solar' ? 'production' : 'consumption';
    results.add(`forecast: learn ${name} of two years of hours, and try it`, learnMs, 'ms', { atMost: 5000 });
    results.add(
      `forecast: memory of that`,
      of(({ peakMb }) => peakMb),
      'MB',
      { atMost: 300 },
    );
    results.add(
      `forecast: longest stop of the main loop meanwhile`,
      of(({ blockedMs }) => blockedMs),
      'ms',
      { atMost: 50 },
    );
    results.add(
      `forecast: a week of ${name}, worker's start included`,
      of(({ serveMs }) => serveMs),
      'ms',
      { atMost: 200 },
    );
  }
  const all = seconds.reduce((sum, value) => sum + value, 0);
  const piMinutes = (all * SOURCES * PI_SLOWER) / 60;
  results.add(
    `forecast: ten sources learn both on a Raspberry Pi 4 (estimated: ${PI_SLOWER} times as long)`,
    piMinutes,
    'min',
    {
      atMost: 240,
    },
  );
}

function runOne(quantity: ForecastQuantity): Limits {
  const child = Bun.spawnSync([process.execPath, join(import.meta.dir, 'limits-child.ts'), quantity], {
    stdout: 'pipe',
    stderr: 'inherit',
  });
  if (child.exitCode !== 0) throw new Error(`learning ${quantity} ended with code ${child.exitCode}`);
  return JSON.parse(child.stdout.toString()) as Limits;
}
