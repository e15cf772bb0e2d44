// The long versions of the tests against faults and hostile input: every test/faults/**/*.long.ts, or those whose path
// holds one of the words given: `npm run test:faults -- fuzz`. Each runs by itself; they only send to this machine.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = 'test/faults';
const words = process.argv.slice(2);
const files = readdirSync(root, { recursive: true })
  .map((file) => join(root, file))
  .filter((file) => file.endsWith('.long.ts') && (words.length === 0 || words.some((word) => file.includes(word))))
  .sort();
if (files.length === 0) {
  console.error(
    `There is no ${root}/**/*.long.ts${words.length > 0 ? ` with ${words.join(' or ')} in its path` : ''}.`,
  );
  process.exit(1);
}

const failed = [];
for (const file of files) {
  console.log(`\n== ${file}`);
  const { status } = spawnSync('node_modules/.bin/bun', ['test', '--timeout', '7200000', `./${file}`], {
    stdio: 'inherit',
  });
  if (status !== 0) failed.push(file);
}
console.log(failed.length === 0 ? `\n${files.length} passed` : `\nfailed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
