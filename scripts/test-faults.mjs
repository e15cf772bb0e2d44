// The long versions of the tests against faults and hostile input: every test/faults/**/*.long.ts (tests) and *.rounds.ts
// (scripts that say how far they are and can be resumed), or those whose path holds one of the words given:
// `npm run test:faults -- fuzz`. Each runs by itself, for at most two and a half hours; they only send to this machine.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = 'test/faults';
const LIMIT_MS = 9_000_000;
const words = process.argv.slice(2);
const files = readdirSync(root, { recursive: true })
  .map((file) => join(root, file))
  .filter((file) => /\.(long|rounds)\.ts$/.test(file))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(
    `There is no long test in ${root}${words.length > 0 ? ` with ${words.join(' or ')} in its path` : ''}.`,
  );
  process.exit(1);
}

const failed = [];
for (const file of files) {
  console.log(`\n== ${file}`);
  const how = file.endsWith('.rounds.ts') ? [] : ['test', '--timeout', '7200000'];
  const { status, error } = spawnSync('node_modules/.bin/bun', [...how, `./${file}`], {
    stdio: 'inherit',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  if (error) console.error(error.message);
  if (status !== 0) failed.push(file);
}
console.log(failed.length === 0 ? `\n${files.length} passed` : `\nfailed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
