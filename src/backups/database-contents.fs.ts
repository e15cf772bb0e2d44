import { Database } from 'bun:sqlite';
import { DuckdbDatabase } from '../platform/duckdb.ts';
import type { DuckdbConnection } from '../platform/duckdb-connection.ts';
import { type Migration, migrateDuckdb, migrateSqlite } from '../platform/migrate.ts';
import { blockId } from '../telemetry/archive/levels.ts';
import { damaged } from './archive-read.fs.ts';
import { contentsDifference, type DatabaseContents, type TableContents } from './manifest.ts';

/** Rows up to which a checksum covers whole rows; of larger tables it covers their first two columns. */
const WHOLE_ROWS = 1_000_000;
const MEMORY_MB = 64;

/** The tables of the relational database, or of the broker's, and how many rows each has. */
export function sqliteContents(db: Database): DatabaseContents {
  const names = db
    .query<{ name: string }, []>(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all();
  const tables: Record<string, TableContents> = {};
  for (const { name } of names) {
    const row = db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${quoted(name)}`).get();
    tables[name] = { rows: row?.n ?? 0 };
  }
  const applied = tables.schema_migrations
    ? db.query<{ name: string }, []>('SELECT name FROM schema_migrations ORDER BY name').all()
    : [];
  return { migrations: applied.map((m) => m.name), tables };
}

/** The same of the archive, with the readings of its packed days. */
export function archiveContents(db: Database): DatabaseContents {
  const packed = db
    .query<{ n: number | null }, [number]>('SELECT sum(rows) AS n FROM blocks WHERE id < ?')
    .get(blockId('minute', 0, 0));
  return { ...sqliteContents(db), packedReadings: packed?.n ?? 0 };
}

/** The same of the telemetry database, with checksums; within one transaction, so that it is of one moment. */
export async function duckdbContents(connection: DuckdbConnection): Promise<DatabaseContents> {
  const tables: Record<string, TableContents> = {};
  for (const { name } of await connection.rows(
    `SELECT table_name AS name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY 1`,
  )) {
    const table = quoted(String(name));
    const [count] = await connection.rows(`SELECT count(*) AS n FROM ${table}`);
    const rows = Number(count?.n ?? 0);
    const columns = rows > WHOLE_ROWS ? await firstColumns(connection, String(name)) : 't';
    const [sum] = await connection.rows(`SELECT bit_xor(hash(${columns}))::VARCHAR AS sum FROM ${table} t`);
    tables[String(name)] = { rows, sum: String(sum?.sum ?? '') };
  }
  const applied = tables.schema_migrations
    ? await connection.rows('SELECT name FROM schema_migrations ORDER BY name')
    : [];
  const [engine] = await connection.rows('SELECT version() AS version');
  return { migrations: applied.map((m) => String(m.name)), tables, engine: `DuckDB ${engine?.version}` };
}

async function firstColumns(connection: DuckdbConnection, table: string): Promise<string> {
  const columns = await connection.rows(
    `SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database()
     AND table_name = '${table.replaceAll("'", "''")}' ORDER BY column_index LIMIT 2`,
  );
  return columns.map((c) => quoted(String(c.name))).join(', ');
}

export interface Check {
  path: string;
  /** Name in the backup, for people. */
  name: string;
  /** What the backup says that is in it. */
  expected: DatabaseContents | undefined;
  /** All that this Ampra knows, to bring an older one up to date. */
  migrations: readonly Migration[];
  now(): number;
}

/**
 * Opens a database that came out of a backup: it must be whole and hold what the backup says, and after its migration
 * have the schema of this Ampra, no table, view or trigger more. Leaves it migrated, as one file.
 * Throws `AmpraError`: `invalid` when it is damaged or somebody made it to do harm, `conflict` when it is of a newer Ampra.
 */
export function checkSqlite(check: Check): void {
  const db = openOr(check.name, () => new Database(check.path, { strict: true }));
  try {
    const found = openOr(check.name, () => db.query<{ ok: string }, []>('PRAGMA integrity_check(1)').get());
    const verdict = Object.values(found ?? {})[0];
    if (verdict !== 'ok') throw damaged(`${check.name} is damaged (${verdict ?? 'unreadable'})`);
    compare(check, sqliteContents(db));
    migrateSqlite(db, check.migrations, check.now);
    const fresh = new Database(':memory:', { strict: true });
    migrateSqlite(fresh, check.migrations, check.now);
    if (sqliteSchema(db) !== sqliteSchema(fresh))
      throw damaged(`${check.name} is built otherwise than Ampra builds it`);
    fresh.close();
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

/** The same for the telemetry database, in the memory of a small computer. */
export async function checkDuckdb(check: Check & { tempDir: string }): Promise<void> {
  const { path, name, tempDir, migrations, now } = check;
  const options = { memoryLimitMb: MEMORY_MB, tempDir };
  const database = await DuckdbDatabase.open({ path, ...options }).catch((cause: Error) => {
    throw damaged(`${name} cannot be opened (${firstLine(cause)})`);
  });
  const fresh = await DuckdbDatabase.open({ path: `${path}.fresh`, ...options });
  const [connection, other] = [await database.connect(), await fresh.connect()];
  try {
    // Before anything in it is asked: a view may do anything when it is read.
    const added = await connection.rows(EXTRAS);
    if (added.length > 0) throw damaged(`${name} is built otherwise than Ampra builds it`);
    compare(check, await duckdbContents(connection).catch((cause: Error) => unreadable(name, cause)));
    await migrateDuckdb(connection, migrations, now);
    await migrateDuckdb(other, migrations, now);
    if ((await duckdbSchema(connection)) !== (await duckdbSchema(other)))
      throw damaged(`${name} is built otherwise than Ampra builds it`);
    await database.checkpoint();
  } finally {
    for (const one of [connection, other]) one.close();
    for (const one of [database, fresh]) one.close();
  }
}

function compare({ expected, name }: Check, found: DatabaseContents): void {
  const difference = expected && contentsDifference(expected, found);
  if (difference) throw damaged(`in ${name} ${difference}`);
}

function openOr<T>(name: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw damaged(`${name} cannot be opened (${firstLine(cause as Error)})`);
  }
}

function unreadable(name: string, cause: Error): never {
  throw damaged(`${name} cannot be read (${firstLine(cause)})`);
}

function sqliteSchema(db: Database): string {
  const rows = db
    .query(`SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name`)
    .all();
  return JSON.stringify(rows);
}

/** What Ampra never puts into its telemetry database. */
const EXTRAS = `SELECT view_name AS name FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
  UNION ALL SELECT function_name FROM duckdb_functions() WHERE database_name = current_database() AND NOT internal
  UNION ALL SELECT type_name FROM duckdb_types() WHERE database_name = current_database() AND NOT internal
  UNION ALL SELECT sequence_name FROM duckdb_sequences() WHERE database_name = current_database()
  UNION ALL SELECT index_name FROM duckdb_indexes() WHERE database_name = current_database()`;

async function duckdbSchema(connection: DuckdbConnection): Promise<string> {
  const tables = await connection.rows(
    'SELECT schema_name, table_name, sql FROM duckdb_tables() WHERE database_name = current_database() ORDER BY 1, 2',
  );
  return JSON.stringify(tables);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const firstLine = (error: Error): string => error.message.split('\n')[0] ?? '';
