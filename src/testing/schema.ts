import { Database } from 'bun:sqlite';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { archiveMigrations } from '../../migrations/archive/index.ts';
import { relationalMigrations } from '../../migrations/relational/index.ts';
import { telemetryMigrations } from '../../migrations/telemetry/index.ts';
import { DuckdbDatabase } from '../platform/duckdb.ts';
import { type Migration, migrateDuckdb, migrateSqlite } from '../platform/migrate.ts';
import { tempDir } from './app.ts';

/** What all relational migrations give an empty database: its tables and indexes as SQL, by name. */
export const relationalSchema = (): string => sqliteSchema('relational', relationalMigrations);

/** The same of the file of packed days. */
export const archiveSchema = (): string => sqliteSchema('archive', archiveMigrations);

function sqliteSchema(folder: string, migrations: readonly Migration[]): string {
  const db = new Database(':memory:', { strict: true });
  migrateSqlite(db, migrations, () => 0);
  const rows = db
    .query<{ sql: string }, []>(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name",
    )
    .all();
  db.close();
  return page(
    folder,
    rows.map((row) => `${row.sql};`),
  );
}

/** What all telemetry migrations give an empty database: a table with a column a line. */
export async function telemetrySchema(): Promise<string> {
  const dir = tempDir('ampra-schema-');
  const database = await DuckdbDatabase.open({ path: join(dir, 'empty.duckdb'), memoryLimitMb: 96, tempDir: dir });
  try {
    const connection = await database.connect();
    await migrateDuckdb(connection, telemetryMigrations, () => 0);
    const columns = await connection.rows(
      `SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns()
       WHERE database_name = 'ampra' AND NOT internal ORDER BY table_name, column_index`,
    );
    await connection.close();
    const tables = Map.groupBy(columns, (column) => String(column.table_name));
    const line = (c: Record<string, unknown>) => `  ${c.column_name} ${c.data_type}${c.is_nullable ? '' : ' NOT NULL'}`;
    const table = ([name, of]: [string, Record<string, unknown>[]]) =>
      `CREATE TABLE ${name} (\n${of.map(line).join(',\n')}\n);`;
    return page('telemetry', [...tables].map(table));
  } finally {
    database.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function page(folder: string, statements: readonly string[]): string {
  return `-- What migrations/${folder} gives an empty database. Made by \`npm run schema\`; nothing runs it.\n\n${statements.join('\n\n')}\n`;
}
