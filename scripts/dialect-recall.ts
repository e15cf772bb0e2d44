import { readFileSync } from 'node:fs';
import { recallOf } from '../src/testing/dialect-recall.ts';

/**
 * `bun scripts/dialect-recall.ts FILE.jsonl ...`: how much of recorded traffic arrives in its place in the catalogue, by
 * device (lines as `src/testing/dialect-recall.ts` says). Exit code 1 when something arrived in a wrong place.
 */
const files = process.argv.slice(2);
if (files.length === 0) throw new Error('Name a file of messages: bun scripts/dialect-recall.ts FILE.jsonl ...');
let wrongs = 0;
for (const file of files) {
  const recalls = recallOf(readFileSync(file, 'utf8'));
  let [expected, found, wrong] = [0, 0, 0];
  for (const [device, recall] of recalls) {
    expected += recall.expected;
    found += recall.found;
    wrong += recall.wrong.length;
    console.log(`${String(recall.found).padStart(4)} of ${String(recall.expected).padEnd(4)} ${device}`);
    for (const miss of recall.missed) console.log(`       missed  ${miss}`);
    for (const one of recall.wrong) console.log(`       WRONG   ${one}`);
  }
  const share = expected === 0 ? 100 : (100 * found) / expected;
  console.log(
    `${file}: ${recalls.size} devices, ${found} of ${expected} values in place (${share.toFixed(1)} %), ${wrong} in a wrong one\n`,
  );
  wrongs += wrong;
}
if (wrongs > 0) process.exit(1);
