import { copyFile } from 'node:fs/promises';
import { DuckdbDatabase } from './duckdb.ts';
import { failPoint } from './fail-points.ts';

/** How often a checkpoint is asked for while others write, and the wait between. */
const CHECKPOINT_TRIES = 50;
const CHECKPOINT_WAIT_MS = 100;

/**
 * Copies the database while it is in use. DuckDB changes its file only at a checkpoint; until then new rows are in the
 * write-ahead log beside it. So: one checkpoint, none until the copy is done, and the file as it lies is whole.
 * What came later follows from the journal, whose position is part of the copy.
 */
export async function copyDuckdb(database: DuckdbDatabase, target: string): Promise<void> {
  const connection = await database.connect();
  try {
    const [row] = await connection.rows("SELECT current_setting('checkpoint_threshold') AS size");
    const before = String(row?.size ?? '16MB').replaceAll(' ', '');
    await connection.run("SET GLOBAL checkpoint_threshold = '1TB'");
    try {
      failPoint('checkpoint');
      await checkpoint(() => connection.run('CHECKPOINT'));
      await copyFile(database.path, target);
    } finally {
      await connection.run(`SET GLOBAL checkpoint_threshold = '${before}'`);
    }
  } finally {
    connection.close();
  }
}

/** Opens a copy and reads from each of its tables; throws when it cannot be read. Gives the number of readings. */
export async function checkDuckdb(path: string, tempDir: string): Promise<number> {
  const database = await DuckdbDatabase.open({ path, memoryLimitMb: 64, tempDir });
  const connection = await database.connect();
  try {
    const tables = await connection.rows(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'main'",
    );
    let readings = 0;
    for (const { name } of tables) {
      const [row] = await connection.rows(`SELECT count(*) AS n FROM "${String(name)}"`);
      if (name === 'readings') readings = Number(row?.n ?? 0);
    }
    return readings;
  } finally {
    connection.close();
    database.close();
  }
}

async function checkpoint(run: () => Promise<unknown>): Promise<void> {
  for (let i = 1; ; i++) {
    try {
      await run();
      return;
    } catch (error) {
      if (i >= CHECKPOINT_TRIES) throw error;
      await Bun.sleep(CHECKPOINT_WAIT_MS);
    }
  }
}
