import { afterEach, describe, expect, test } from 'bun:test';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '../testing/app.ts';
import { createModelFiles } from './models.fs.ts';

const root = join(import.meta.dir, '..', '..');
const SOURCE = 'aaaaaaaa-0000-4000-8000-000000000001';
const OLD = JSON.stringify({ trees: 'old '.repeat(5000) });
const NEW = JSON.stringify({ trees: 'new '.repeat(5000) });
const dirs: string[] = [];

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function folder(): string {
  const dir = tempDir();
  dirs.push(dir);
  return dir;
}

/** Writes the new text over a model in a process that kills itself there. */
function writeAndDie(dir: string, place: string): void {
  const code = `import { createModelFiles } from './src/forecast/models.fs.ts';
    await createModelFiles(${JSON.stringify(dir)}).write('${SOURCE}', 'solar-1', process.env.TEXT);`;
  const env = { NODE_ENV: 'test', TEST_DIE_AT: place, TEXT: NEW };
  const { signalCode } = Bun.spawnSync([process.execPath, '-e', code], { cwd: root, env });
  expect([place, signalCode]).toEqual([place, 'SIGKILL']);
}

describe('a model whose writing is cut off', () => {
  test('is the old one, whole, until the new one is, and the next training writes over what is left', async () => {
    const dir = folder();
    const files = createModelFiles(dir);
    await files.write(SOURCE, 'solar-1', OLD);
    writeAndDie(dir, 'model.before-rename:1');
    expect(await files.read(SOURCE, 'solar-1')).toBe(OLD);
    expect(await files.versions(SOURCE)).toEqual(['solar-1']);
    writeAndDie(dir, 'model.renamed:1');
    expect(await files.read(SOURCE, 'solar-1')).toBe(NEW);
    await files.write(SOURCE, 'solar-1', OLD);
    expect(await files.read(SOURCE, 'solar-1')).toBe(OLD);
    expect(readdirSync(join(dir, SOURCE))).toEqual(['solar-1.json']);
  });

  test('that never was one before is none', async () => {
    const dir = folder();
    writeAndDie(dir, 'model.before-rename:1');
    expect(await createModelFiles(dir).versions(SOURCE)).toEqual([]);
    expect(await createModelFiles(dir).read(SOURCE, 'solar-1')).toBeNull();
  });
});
