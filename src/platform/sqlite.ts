import { Database } from 'bun:sqlite';

/**
 * Opens the relational database. One writer: Ampra's own process (the data directory's lock sees to it).
 * `busy_timeout` comes first, so that the switch to WAL may wait for a reader that is just leaving.
 * `synchronous = FULL` because accounts and keys must survive a power cut; they change seldom.
 */
export function openSqlite(path: string): Database {
  const db = new Database(path, { create: true, strict: true });
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

/** Runs `work` in one `BEGIN IMMEDIATE` transaction; rolled back when it throws. */
export function inTransaction<T>(db: Database, work: () => T): T {
  return db.transaction(work).immediate();
}
