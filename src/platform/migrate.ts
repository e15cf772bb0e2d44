import type { Database } from 'bun:sqlite';
import { AmpraError } from '../core/result.ts';
import { failPoint } from './fail-points.ts';

/** One step of a schema: a number and a reason in the name (`0001_accounts`), and its SQL. Forward only. */
export interface Migration {
  name: string;
  sql: string;
}

/** A migration as the database remembers it. */
export interface AppliedMigration {
  name: string;
  sha256: string;
  appliedAtMs: number;
}

/** What a migration needs of a DuckDB connection (`DuckDBConnection` has it). */
export interface MigratableDuckdb {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowObjects(): Record<string, unknown>[] }>;
}

const RECORD = `CREATE TABLE IF NOT EXISTS schema_migrations (
  name TEXT PRIMARY KEY NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at_ms BIGINT NOT NULL -- unix ms, UTC
)`;

/**
 * Brings the relational database to the newest schema. Each migration and its record are one transaction, so that a
 * crash leaves either both or none. Returns the names applied now.
 * Throws `AmpraError` (conflict) when an applied migration was changed or the database is newer than this Ampra.
 */
export function migrateSqlite(db: Database, migrations: readonly Migration[], now: () => number): string[] {
  db.exec(RECORD);
  const applied = db
    .query<AppliedMigration, []>('SELECT name, sha256, applied_at_ms AS appliedAtMs FROM schema_migrations')
    .all();
  const pending = pendingMigrations('relational', migrations, applied);
  const record = db.prepare('INSERT INTO schema_migrations (name, sha256, applied_at_ms) VALUES (?, ?, ?)');
  for (const m of pending) {
    db.transaction(() => {
      db.exec(m.sql);
      record.run(m.name, sha256(m.sql), now());
      failPoint('migration.before-commit');
    }).immediate();
    failPoint('migration.committed');
  }
  record.finalize();
  return pending.map((m) => m.name);
}

/** The same for the telemetry database. */
export async function migrateDuckdb(
  connection: MigratableDuckdb,
  migrations: readonly Migration[],
  now: () => number,
): Promise<string[]> {
  await connection.run(RECORD);
  const rows = await connection.runAndReadAll('SELECT name, sha256, applied_at_ms FROM schema_migrations');
  const applied = rows.getRowObjects().map((r) => ({
    name: String(r.name),
    sha256: String(r.sha256),
    appliedAtMs: Number(r.applied_at_ms),
  }));
  const pending = pendingMigrations('telemetry', migrations, applied);
  for (const m of pending) {
    await connection.run('BEGIN TRANSACTION');
    try {
      await connection.run(m.sql);
      await connection.run(
        `INSERT INTO schema_migrations VALUES (${quote(m.name)}, ${quote(sha256(m.sql))}, ${Math.trunc(now())})`,
      );
      failPoint('migration.before-commit');
      await connection.run('COMMIT');
      failPoint('migration.committed');
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
  return pending.map((m) => m.name);
}

/** The migrations still to run; throws when what was applied does not match what this Ampra knows. */
export function pendingMigrations(
  database: string,
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  checkOrder(known);
  const byName = new Map(known.map((m) => [m.name, m]));
  const newer = applied.filter((a) => !byName.has(a.name)).map((a) => a.name);
  if (newer.length > 0) {
    throw refusal(
      `The ${database} database was written by a newer Ampra (it has ${newer.sort().join(', ')}, which this one does not know).`,
      'Start the newer Ampra again, or restore a backup made by this version.',
    );
  }
  for (const a of applied) {
    const m = byName.get(a.name);
    if (m && sha256(m.sql) !== a.sha256) {
      throw refusal(
        `Migration ${a.name} of the ${database} database is not the one that was applied to it.`,
        'Use an unchanged Ampra; a migration never changes once it ran.',
      );
    }
  }
  const names = new Set(applied.map((a) => a.name));
  return known.filter((m) => !names.has(m.name));
}

function checkOrder(known: readonly Migration[]): void {
  for (const [i, m] of known.entries()) {
    const before = known[i - 1];
    if (!/^\d{4}_[a-z0-9_]+$/.test(m.name) || (before && before.name.slice(0, 4) >= m.name.slice(0, 4))) {
      throw new Error(`migration ${m.name} is out of order or badly named: use 0007_reason, numbers growing`);
    }
  }
}

function refusal(message: string, hint: string): AmpraError {
  return new AmpraError({ code: 'conflict', message, hint });
}

function sha256(text: string): string {
  return new Bun.CryptoHasher('sha256').update(text).digest('hex');
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
