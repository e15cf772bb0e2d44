import { join } from 'node:path';
import { type Appliance, prepareOwner, startAppliance } from './appliance.ts';
import { benchDialects } from './dialects.ts';
import { benchForecast } from './forecast/limits.ts';
import { benchIngest } from './ingest.ts';
import { benchLayouts } from './layouts.ts';
import { benchLearning } from './learning.ts';
import { Results } from './lib.ts';
import { benchPages } from './pages.ts';
import { benchPhysics } from './physics.ts';
import { benchQuietHouse } from './quiet.ts';
import { benchRoofs, showPlants } from './roofs.ts';
import { benchScale } from './scale.ts';
import { benchStart } from './start.ts';
import { benchStorage } from './storage.ts';
import { benchWebhook } from './webhook.ts';

/**
 * `npm run bench [name ...]`: measures what docs/benchmarks.md promises, prints a table and writes bench/results.json.
 * Everything runs on this machine's loopback, against the real appliance on a temporary folder. Exit code 1 when a
 * target is missed.
 */
const withAppliance: Record<string, (appliance: Appliance, results: Results) => Promise<void>> = {
  ingest: benchIngest,
  webhook: benchWebhook,
  quiet: benchQuietHouse,
  pages: benchPages,
};

const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
const results = new Results();

for (const [name, bench] of Object.entries(withAppliance)) {
  if (!isWanted(name)) continue;
  console.log(name);
  const appliance = await startAppliance();
  try {
    await prepareOwner(appliance);
    await bench(appliance, results);
  } finally {
    await appliance.stop();
    appliance.remove();
  }
}
if (isWanted('dialects')) {
  console.log('dialects');
  benchDialects(results);
}
if (isWanted('physics')) {
  console.log('physics');
  benchPhysics(results);
  benchRoofs(results);
  await showPlants();
}
if (isWanted('forecast')) {
  console.log('forecast');
  benchForecast(results);
}
if (isWanted('start')) {
  console.log('start');
  await benchStart(results);
}
if (isWanted('storage')) {
  console.log('storage');
  await benchStorage(results);
}
if (isWanted('scale')) {
  console.log('scale');
  await benchScale(results);
}

// Another quarter of an hour, and one without a target: only when they are asked for.
if (wanted.includes('learning')) {
  console.log('learning');
  await benchLearning(results);
}
if (wanted.includes('layouts')) await benchLayouts();

results.print();
if (wanted.length === 0) results.write(join(import.meta.dir, 'results.json'));
process.exit(results.all.every((m) => m.ok) ? 0 : 1);
