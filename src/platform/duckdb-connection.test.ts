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
