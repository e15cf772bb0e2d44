import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Appliance, api, type SourceAccess, startAppliance } from './appliance.ts';
import { median, quantile, type Results } from './lib.ts';
import { peakBytes, processUse } from './process.ts';
import { type PathOf, questions } from './scale-questions.ts';
import { askAfterNewRules } from './scale-rules.ts';
import { type Scene, whileFed, withScene } from './scale-scene.ts';

/**
 * Ten years of one source at a minute, and ten sources for a year at ten seconds: filled in bulk, opened, and asked over
 * HTTP while devices go on reporting. `BENCH_SCALE_SHARE` (0 to 1) shortens both pasts, for a try.
 */
const STARTS = 5;
/** Times each question is asked; the first answer is told by itself. */
const ASKED = 60;

export function benchScale(results: Results): Promise<void> {
  return withScene(results, async (scene) => {
    const appliance = await timeStarts(scene, results);
    try {
      await askWhileFed(appliance, scene.sources, results);
    } finally {
      await appliance.stop();
    }
    await askAfterNewRules(scene.dataDir, scene.token, results);
  });
}

/** Starts it several times over; the last one goes on. */
async function timeStarts({ dataDir, token }: Scene, results: Results): Promise<Appliance> {
  const times: number[] = [];
  for (let i = 1; ; i++) {
    const again = await startAppliance({ dataDir });
    times.push(again.readyMs);
    if (i === STARTS) {
      results.add('Scale: ready to serve', median(times), 'ms', { atMost: 1500 });
      console.log(`    first ${Math.round(times[0] ?? 0)} ms`);
      again.token = token;
      return again;
    }
    await again.stop();
  }
}

async function askWhileFed(appliance: Appliance, sources: readonly SourceAccess[], results: Results): Promise<void> {
  const [old, dense] = sources;
  const perSecond = await whileFed(appliance, sources, async () => {
    for (const [name, pathOf] of questions(old?.id ?? '', dense?.id ?? '')) await ask(appliance, name, pathOf, results);
  });
  console.log(`    ${Math.round(perSecond)} readings/s came in meanwhile; load ${loadAverage()} on ${cpus().length}`);
  results.add('Scale: peak memory while asked', peakBytes(appliance.pid) / 1e6, 'MB', { atMost: 500 });
}

async function ask(appliance: Appliance, name: string, pathOf: PathOf, results: Results): Promise<void> {
  const times: number[] = [];
  const cpuBefore = processUse(appliance.pid).cpuSeconds;
  for (let i = 0; i <= ASKED; i++) {
    const path = pathOf(Date.now());
    const start = performance.now();
    await api(appliance, path);
    times.push(performance.now() - start);
  }
  const cpuMs = (1000 * (processUse(appliance.pid).cpuSeconds - cpuBefore)) / times.length;
  const [first = 0, ...rest] = times;
  results.add(`Scale: ${name}, p95`, quantile(rest, 0.95), 'ms', { atMost: 50 });
  const told = `median ${median(rest).toFixed(1)} ms, the first answer after the start ${first.toFixed(0)} ms`;
  console.log(`    ${told}; ${cpuMs.toFixed(1)} ms of processor time each, with what came in beside`);
}

const loadAverage = (): string => readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? '';
