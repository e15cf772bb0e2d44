import { type Appliance, api, startAppliance } from './appliance.ts';
import { quantile, type Results } from './lib.ts';
import { peakBytes } from './process.ts';
import { questions } from './scale-questions.ts';
import { type Scene, whileFed, withScene } from './scale-scene.ts';

const LOOK_MS = 1000;

/**
 * All sources of `scale` learn, each as much as is ever learned from (a year of quarter hours, sun and consumption), while
 * somebody asks without a pause and 100 readings/s come in: the most memory that the whole process has resident meanwhile.
 */
export function benchLearning(results: Results): Promise<void> {
  return withScene(results, async (scene) => {
    const appliance = await startAppliance({ dataDir: scene.dataDir });
    appliance.token = scene.token;
    try {
      await learnWhileAsked(appliance, scene, results);
    } finally {
      await appliance.stop();
    }
  });
}

async function learnWhileAsked(appliance: Appliance, { sources }: Scene, results: Results): Promise<void> {
  const ids = sources.map(({ id }) => id);
  const startedAt = performance.now();
  for (const id of ids) await api(appliance, `/sources/${id}/forecast/training`, { method: 'POST', body: '{}' });
  const times: number[] = [];
  let isLearning = true;
  await whileFed(appliance, sources, async () => {
    const asking = (async () => {
      while (isLearning) for (const time of await askAll(appliance, ids)) times.push(time);
    })();
    while ((await stillLearning(appliance, ids)) > 0) await Bun.sleep(LOOK_MS);
    isLearning = false;
    await asking;
  });
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`    ${ids.length} sources learned in ${seconds.toFixed(0)} s; ${times.length} questions meanwhile`);
  results.add('Learning: questions meanwhile, p95', quantile(times, 0.95), 'ms', { atLeast: 0 });
  results.add('Learning: peak memory', peakBytes(appliance.pid) / 1e6, 'MB', { atMost: 500 });
}

/** Everything that `scale` asks, once. ms each. */
async function askAll(appliance: Appliance, [old = '', dense = '']: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const [, pathOf] of questions(old, dense)) {
    const start = performance.now();
    await api(appliance, pathOf(Date.now()));
    times.push(performance.now() - start);
  }
  return times;
}

interface Training {
  job: { state: string; error: string | null } | null;
}

/** How many have yet to learn. Throws when one could not. */
async function stillLearning(appliance: Appliance, ids: readonly string[]): Promise<number> {
  let left = 0;
  for (const id of ids) {
    const { job } = await api<Training>(appliance, `/sources/${id}/forecast/training`);
    if (job?.state === 'dead') throw new Error(`${id} did not learn: ${job.error}`);
    if (job && job.state !== 'succeeded') left++;
  }
  return left;
}
