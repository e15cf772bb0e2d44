import { Database } from 'bun:sqlite';
import { statfsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { TimeShift } from '../core/clock.ts';
import { diskTrouble, diskWords } from '../core/disk-trouble.ts';
import { AmpraError } from '../core/result.ts';
import { failPoint } from './fail-points.ts';
import { type Migration, migrateSqlite } from './migrate.ts';

/**
 * Opens the relational database. One writer: Ampra's own process (the data directory's lock sees to it).
 * `busy_timeout` comes first, so that the switch to WAL may wait for a reader that is just leaving.
 * `synchronous = FULL` because accounts and keys must survive a power cut; they change seldom. With `giveRoomBack` what is
 * removed can make the file shorter (`PRAGMA incremental_vacuum`).
 */
export function openSqlite(path: string, options: { giveRoomBack?: boolean } = {}): Database {
  const db = new Database(path, { create: true, strict: true });
  // Only a file without tables takes this in.
  if (options.giveRoomBack) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec(`
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -4096;
    PRAGMA journal_size_limit = 4194304;
  `);
  return db;
}

/**
 * Opens a database of the appliance and brings it up to date. Throws `AmpraError` (unavailable) that names the file and
 * the remedy when it is damaged or cannot be written.
 */
export function openMigrated(options: {
  path: string;
  migrations: readonly Migration[];
  now: () => number;
  commandLine: (command: string) => string;
}): Database {
  const { path, migrations, now, commandLine } = options;
  let db: Database | null = null;
  try {
    db = openSqlite(path);
    migrateSqlite(db, migrations, now);
    return db;
  } catch (error) {
    db?.close();
    throw refusalOf(error, path, commandLine) ?? error;
  }
}

function refusalOf(cause: unknown, path: string, commandLine: (command: string) => string): AmpraError | null {
  const file = basename(path);
  const { code = '' } = cause as { code?: string };
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code))
    return new AmpraError(
      {
        code: 'unavailable',
        message: `The file ${file} (accounts, sources and settings) is damaged.`,
        hint: `It was left as it is. Copy the data directory, then restore a backup: ${commandLine('restore FILE --force')}`,
      },
      { cause },
    );
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code))
    return new AmpraError(
      {
        code: 'unavailable',
        message: `The file ${file} (accounts, sources and settings) cannot be written.`,
        hint: 'Give this user the right to write the data directory and every file in it.',
      },
      { cause },
    );
  const trouble = diskTrouble(cause);
  if (trouble === null) return null;
  // SQLite's shared memory that finds no room looks like an error of the disk.
  const { message, hint } = diskWords[trouble === 'failing' && isFull(path) ? 'full' : trouble];
  return new AmpraError(
    {
      code: 'no_room',
      message: `${message} The file ${file} (accounts, sources and settings) cannot be opened.`,
      hint,
    },
    { cause },
  );
}

const LEAST_BYTES = 1024 * 1024;

function isFull(path: string): boolean {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize < LEAST_BYTES;
}

/**
 * Moves what was stamped while nobody knew the time: every column whose name ends in `_ms`. Durations are never so long
 * that they could be taken for such a stamp.
 */
export function moveTimes(db: Database, shifts: readonly TimeShift[]): void {
  if (shifts.length === 0) return;
  const columns = db
    .query<{ t: string; c: string }, []>(
      `SELECT m.name AS t, c.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) c
       WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND c.name LIKE '%\\_ms' ESCAPE '\\'`,
    )
    .all();
  inTransaction(db, () => {
    for (const { t, c } of columns)
      for (const { from, to, delta } of shifts)
        db.query(`UPDATE "${t}" SET "${c}" = "${c}" + ? WHERE "${c}" >= ? AND "${c}" < ?`).run(
          Math.round(delta),
          from,
          to,
        );
  });
}

/** Throws when the database file is damaged. */
export function checkIntegrity(path: string): void {
  const db = new Database(path, { readonly: true });
  try {
    const found = db.query<{ integrity_check: string }, []>('PRAGMA integrity_check(1)').get();
    if (found?.integrity_check !== 'ok')
      throw new Error(`${path} is damaged: ${found?.integrity_check ?? 'unreadable'}`);
  } finally {
    db.close();
  }
}

/**
 * Brings everything of a database into its own file and leaves that as it is until `work` is done, for copying it: what is
 * written meanwhile goes to the log beside it. `db` must be the connection that writes.
 */
export async function withStillFile<T>(db: Database, work: () => Promise<T>): Promise<T> {
  db.exec('PRAGMA wal_autocheckpoint = 0');
  try {
    const done = db.query<{ busy: number }, []>('PRAGMA wal_checkpoint(TRUNCATE)').get();
    if (done?.busy !== 0) throw new Error('the database is busy; try again');
    return await work();
  } finally {
    // SQLite's own default.
    db.exec('PRAGMA wal_autocheckpoint = 1000');
  }
}

/** Runs `work` in one `BEGIN IMMEDIATE` transaction; rolled back when it throws. `what` is written, for the fault tests. */
export function inTransaction<T>(db: Database, work: () => T, what: 'sqlite' | 'archive' = 'sqlite'): T {
  const value = db
    .transaction(() => {
      const done = work();
      failPoint(`${what}.before-commit`);
      return done;
    })
    .immediate();
  failPoint(`${what}.committed`);
  return value;
}
