import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes `src/ingest/dialects/index.ts` from the files beside it. An executable has no folder to look into, so that the
 * list stands in a file, which the set-up writes wherever it is missing or out of date; it is not kept in the repository.
 */
const folder = join(import.meta.dir, '..', 'src', 'ingest', 'dialects');

/** Files with a dialect: those that export one. */
export function dialectFiles(): string[] {
  return readdirSync(folder)
    .filter((file) => /^[a-z0-9-]+\.ts$/.test(file) && file !== 'index.ts')
    .filter((file) => /^export const dialect\b/m.test(readFileSync(join(folder, file), 'utf8')))
    .sort((a, b) => (a.slice(0, -3) < b.slice(0, -3) ? -1 : 1)); // as the linter orders imports
}

/** The text of the index for these files. */
export function indexOf(files: readonly string[]): string {
  const names = files.map((file) => file.slice(0, -3).replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase()));
  return [
    '// Written by `bun scripts/dialect-index.ts` from the files of this folder; a test compares them.',
    "import type { Dialect } from '../dialect.ts';",
    ...files.map((file, i) => `import { dialect as ${names[i]} } from './${file}';`),
    '',
    '/** Every device family of this folder. */',
    'export const deviceDialects: readonly Dialect[] = [',
    ...names.map((name) => `  ${name},`),
    '];',
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(join(folder, 'index.ts'), indexOf(dialectFiles()));
