import { afterEach, describe, expect, test } from 'bun:test';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '../testing/app.ts';
import { DuckdbDatabase } from './duckdb.ts';
import { putBlocksBack } from './duckdb-guard.ts';

const HEAD = 3 * 4096;
const BLOCK = 65_536;
const dirs: string[] = [];

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const open = (path: string) => DuckdbDatabase.open({ path, memoryLimitMb: 64, tempDir: `${path}.tmp` });

async function rowsIn(path: string): Promise<number> {
  const database = await open(path);
  const connection = await database.connect();
  const [row] = await connection.rows('SELECT count(*) AS n, max(hash(t)) FROM t');
  await connection.close();
  database.close();
  return Number(row?.n);
}

/**
 * A database whose second checkpoint was cut: of each old block that it wrote anew only the first page arrived, and the
 * new header did not. The log still has what the checkpoint was about.
 */
async function cutInCheckpoint(): Promise<string> {
  const dir = tempDir();
  dirs.push(dir);
  const path = join(dir, 'live.duckdb');
  const cut = join(dir, 'cut.duckdb');
  const database = await open(path);
  const connection = await database.connect();
  await connection.run('CREATE TABLE t AS SELECT range AS i, random() AS r FROM range(1000)');
  await database.checkpoint();
  await connection.run('INSERT INTO t SELECT range, random() FROM range(500)');
  const before = readFileSync(path);
  copyFileSync(`${path}.wal`, `${cut}.wal`);
  await database.checkpoint();
  const after = readFileSync(path);
  let torn = 0;
  for (let at = HEAD; at + BLOCK <= before.length; at += BLOCK) {
    if (before.compare(after, at, at + BLOCK, at, at + BLOCK) === 0) continue;
    after.copy(before, at, at, at + 4096);
    torn++;
  }
  expect(torn).toBeGreaterThan(0);
  writeFileSync(cut, before);
  copyFileSync(`${path}.guard`, `${cut}.guard`);
  await connection.close();
  database.close();
  return cut;
}

describe('a checkpoint that was cut', () => {
  test('leaves a database that opens again, with all that was committed', async () => {
    const path = await cutInCheckpoint();
    const refusal = await open(path).catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(Error);
    expect(putBlocksBack(path, refusal)).toBe(1);
    expect(await rowsIn(path)).toBe(1500);
  });

  test('is not mended with blocks that are damaged themselves', async () => {
    const path = await cutInCheckpoint();
    const refusal = await open(path).catch((error: Error) => error);
    const guard = readFileSync(`${path}.guard`);
    guard[guard.length - 1] = (guard[guard.length - 1] ?? 0) ^ 1;
    writeFileSync(`${path}.guard`, guard);
    expect(putBlocksBack(path, refusal)).toBe(0);
  });

  test('is not undone once it is complete: then a damaged block is a damaged block', async () => {
    const path = await cutInCheckpoint();
    const refusal = await open(path).catch((error: Error) => error);
    const file = readFileSync(path);
    file[4096 + 100] = (file[4096 + 100] ?? 0) ^ 1;
    writeFileSync(path, file);
    expect(putBlocksBack(path, refusal)).toBe(0);
  });
});
