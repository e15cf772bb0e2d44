import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startAppliance } from './appliance.ts';
import { median, type Results } from './lib.ts';

const root = join(import.meta.dir, '..');
const ROUNDS = 5;

/** From the start of the process until it says that it is ready; and how large the executables are. */
export async function benchStart(results: Results): Promise<void> {
  const executable = join(root, 'dist/ampra-linux-x64');
  const isBuilt = existsSync(executable);
  const command = isBuilt ? [executable] : undefined;
  const first = await startAppliance(command ? { command } : {});
  await first.stop();
  const times: number[] = [];
  // The first start unpacks and migrates; what counts is every later one.
  for (let i = 0; i < ROUNDS; i++) {
    const again = await startAppliance({ dataDir: first.dataDir, ...(command && { command }) });
    times.push(again.readyMs);
    await again.stop();
  }
  first.remove();
  console.log(`    first start ${Math.round(first.readyMs)} ms`);
  const what = isBuilt ? 'executable' : 'checkout';
  results.add(`Ready to serve, ${what}`, median(times), 'ms', { atMost: 1500 });
  for (const name of ['ampra-linux-x64', 'ampra-linux-arm64']) {
    const path = join(root, 'dist', name);
    if (existsSync(path)) results.add(`Size of ${name}`, statSync(path).size / 1e6, 'MB', { atMost: 200 });
    else console.log(`    dist/${name} is not built: its size is left out`);
  }
}
