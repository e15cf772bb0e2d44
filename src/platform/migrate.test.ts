import { afterEach, beforeEach, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tempDir } from '../testing/app.ts';
import { type Migration, migrateDuckdb, migrateSqlite } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

const first: Migration = { name: '0001_first', sql: 'CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);' };
const second: Migration = { name: '0002_second', sql: 'CREATE TABLE b (y INTEGER) STRICT;' };
const broken: Migration = {
  name: '0002_second',
  sql: 'CREATE TABLE b (y INTEGER) STRICT; INSERT INTO nowhere VALUES (1);',
};

let dir: string;
beforeEach(() => {
  dir = tempDir();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const tables = `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`;
const open = () => openSqlite(join(dir, 'a.db'));

test('each migration runs once and is recorded with its hash and time', () => {
  const db = open();
  expect(migrateSqlite(db, [first], () => 42)).toEqual(['0001_first']);
  expect(migrateSqlite(db, [first, second], () => 43)).toEqual(['0002_second']);
  expect(migrateSqlite(db, [first, second], () => 44)).toEqual([]);
  const rows = db
    .query<{ name: string; at: number; hash: string }, []>(
      'SELECT name, applied_at_ms AS at, sha256 AS hash FROM schema_migrations ORDER BY name',
    )
    .all();
  expect(rows.map((r) => [r.name, r.at, r.hash.length])).toEqual([
    ['0001_first', 42, 64],
    ['0002_second', 43, 64],
  ]);
  db.close();
});

test('one that fails leaves nothing behind, and the next try starts where it was', () => {
  const db = open();
  expect(() => migrateSqlite(db, [first, broken], Date.now)).toThrow('nowhere');
  expect(db.query(tables).values().flat()).toEqual(['a', 'schema_migrations']);
  expect(migrateSqlite(db, [first, second], Date.now)).toEqual(['0002_second']);
  db.close();
});

test('a process that is killed in the middle of one leaves either all of it or nothing', async () => {
  const path = join(dir, 'a.db');
  const script = `
    import { openSqlite } from '${import.meta.dir}/sqlite.ts';
    import { migrateSqlite } from '${import.meta.dir}/migrate.ts';
    const rows = 'INSERT INTO a SELECT value FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 20000000) SELECT value FROM n);';
    console.log('go');
    migrateSqlite(openSqlite('${path}'), [{ name: '0001_first', sql: 'CREATE TABLE a (x INTEGER) STRICT;' + rows }], Date.now);`;
  const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe' });
  for await (const _ of child.stdout) break;
  await Bun.sleep(300);
  child.kill('SIGKILL');
  await child.exited;
  const db = openSqlite(path);
  expect(db.query(tables).values().flat()).not.toContain('a');
  expect(migrateSqlite(db, [first], Date.now)).toEqual(['0001_first']);
  db.close();
});

test('a migration that was changed after it ran is refused by name', () => {
  const db = open();
  migrateSqlite(db, [first], Date.now);
  const changed = { ...first, sql: `${first.sql} -- a thought later` };
  expect(() => migrateSqlite(db, [changed], Date.now)).toThrow('0001_first');
  db.close();
});

test('a database of a newer Ampra is refused, and says so', () => {
  const db = open();
  migrateSqlite(db, [first, second], Date.now);
  expect(() => migrateSqlite(db, [first], Date.now)).toThrow('newer Ampra');
  db.close();
});

test('numbers that do not grow are a mistake of ours', () => {
  const db = open();
  expect(() => migrateSqlite(db, [second, first], Date.now)).toThrow('out of order');
  expect(() => migrateSqlite(db, [{ name: 'first', sql: '' }], Date.now)).toThrow('badly named');
  db.close();
});

test('DuckDB: the same, failure included', async () => {
  const instance = await DuckDBInstance.create(join(dir, 'a.duckdb'));
  const connection = await instance.connect();
  const names = async () =>
    (await connection.runAndReadAll('SELECT table_name AS n FROM information_schema.tables ORDER BY n'))
      .getRowObjects()
      .map((r) => r.n);
  const one = { name: '0001_first', sql: 'CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);' };
  const bad = { name: '0002_second', sql: 'CREATE TABLE b (y INTEGER); INSERT INTO nowhere VALUES (1);' };
  await expect(migrateDuckdb(connection, [one, bad], Date.now)).rejects.toThrow('nowhere');
  expect(await names()).toEqual(['a', 'schema_migrations']);
  expect(await migrateDuckdb(connection, [one], Date.now)).toEqual([]);
  await expect(migrateDuckdb(connection, [{ ...one, sql: 'SELECT 1' }], Date.now)).rejects.toThrow('0001_first');
  await expect(migrateDuckdb(connection, [], Date.now)).rejects.toThrow('newer Ampra');
  connection.closeSync();
  instance.closeSync();
});
