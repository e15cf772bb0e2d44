import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dialectFiles, indexOf } from '../scripts/dialect-index.ts';

test('every file with a dialect is in the index (else run `bun scripts/dialect-index.ts`)', () => {
  const index = readFileSync(join(import.meta.dir, '..', 'src', 'ingest', 'dialects', 'index.ts'), 'utf8');
  const lines = (text: string) => text.split('\n').sort();
  expect(dialectFiles().length).toBeGreaterThan(10);
  expect(lines(index)).toEqual(lines(indexOf(dialectFiles())));
});
