import { DuckdbDatabase } from './duckdb.ts';

/** Opens a copy and reads from each of its tables; throws when it cannot be read. Gives the number of readings that are not packed. */
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
    await connection.close();
    database.close();
  }
}
