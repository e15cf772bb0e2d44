import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckdbDatabase } from './duckdb.ts';

describe('a connection that is closed while statements run', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ampra-connection-'));
  let database: DuckdbDatabase;
  beforeAll(async () => {
    database = await DuckdbDatabase.open({ path: join(dir, 'test.duckdb'), memoryLimitMb: 64, tempDir: dir });
  });
  afterAll(() => {
    database.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test('lets them end, those too that have not begun', async () => {
    for (let round = 0; round < 20; round++) {
      const connection = await database.connect();
      const asked = Array.from({ length: 8 }, (_, i) =>
        connection.rows(`SELECT sum(hash(n)) IS NOT NULL AS is_there, ${i} AS i FROM range(20000) t(n)`),
      );
      await connection.close();
      const answers = (await Promise.all(asked)).map(([row]) => row?.i);
      expect(answers).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
  });

  test('refuses what comes after', async () => {
    const connection = await database.connect();
    const asked = connection.rows('SELECT 1 AS one');
    const isClosed = connection.close();
    expect(connection.rows('SELECT 2 AS two')).rejects.toThrow('closed');
    expect(await asked).toEqual([{ one: 1 }]);
    await isClosed;
    await connection.close();
  });

  test('keeps nothing of a transaction that was not over', async () => {
    const connection = await database.connect();
    await connection.run('CREATE TABLE kept (n INTEGER)');
    const failed = connection.transaction(async () => {
      await connection.run('INSERT INTO kept VALUES (1)');
      void connection.close();
      await connection.run('INSERT INTO kept VALUES (2)');
    });
    expect(failed).rejects.toThrow('closed');
    await failed.catch(() => undefined);
    const other = await database.connect();
    expect(await other.rows('SELECT * FROM kept')).toEqual([]);
    await other.close();
  });
});

describe('answers of a connection', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ampra-answers-'));
  let database: DuckdbDatabase;
  beforeAll(async () => {
    database = await DuckdbDatabase.open({ path: join(dir, 'test.duckdb'), memoryLimitMb: 64, tempDir: dir });
  });
  afterAll(() => {
    database.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test('come whole, also while others ask on the same connection', async () => {
    const connection = await database.connect();
    const long = 'SELECT n::DOUBLE, CASE WHEN n % 2 = 0 THEN n::VARCHAR END FROM range(50000) t(n)';
    const [first, one, numbers, second] = await Promise.all([
      connection.columns(long),
      connection.rows('SELECT 1 AS one'),
      connection.numbers('SELECT nullif(n, 3)::DOUBLE FROM range(50000) t(n) WHERE n < ?', [40_000]),
      connection.columns(long),
    ]);
    for (const { rowCount, columns } of [first, second]) {
      expect(rowCount).toBe(50_000);
      const [n, words] = columns;
      const sum = n && 'numbers' in n ? n.numbers.reduce((total, value) => total + value, 0) : 0;
      expect(sum).toBe((49_999 * 50_000) / 2);
      expect(words && 'texts' in words ? [words.texts.length, words.texts[3], words.texts[49_998]] : []).toEqual([
        50_000,
        null,
        '49998',
      ]);
    }
    expect(one).toEqual([{ one: 1 }]);
    expect(numbers.map((column) => [column.length, column[2], column[3], column[39_999]])).toEqual([
      [40_000, 2, Number.NaN, 39_999],
    ]);
    await connection.close();
  });

  test('that end halfway are errors, and the next statement is answered', async () => {
    const connection = await database.connect();
    const sql = "SELECT (CASE WHEN n = 40000 THEN error('boom') ELSE n END)::DOUBLE FROM range(50000) t(n)";
    await expect(connection.numbers(sql)).rejects.toThrow('boom');
    await expect(connection.columns(sql)).rejects.toThrow('boom');
    expect(await connection.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await connection.close();
  });

  test('have their columns also without rows', async () => {
    const connection = await database.connect();
    expect(await connection.numbers('SELECT 1::DOUBLE, 2::FLOAT WHERE false')).toEqual([
      new Float64Array(),
      new Float64Array(),
    ]);
    expect((await connection.columns("SELECT 1::DOUBLE, 'a' WHERE false")).columns).toEqual([
      { numbers: new Float64Array() },
      { texts: [] },
    ]);
    await connection.close();
  });
});
