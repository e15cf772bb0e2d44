import { Database } from 'bun:sqlite';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../core/progress.ts';
import type { DuckdbConnection } from '../platform/duckdb-connection.ts';
import { withStillFile } from '../platform/sqlite.ts';
import { filesIn, writeArchive } from './archive-write.fs.ts';
import { archiveContents, duckdbContents, sqliteContents } from './database-contents.fs.ts';
import { ARCHIVE, type BackupManifest, type DatabaseContents, NEVER_IN_A_BACKUP, TELEMETRY } from './manifest.ts';
import { sealing } from './sealed-file.fs.ts';

/** How the stores are kept still while they are copied. */
export interface Stores {
  dataDir: string;
  /** Null when the telemetry database is not open: then it is left out. */
  telemetry: (<T>(work: (snapshot: DuckdbConnection) => Promise<T>) => Promise<T>) | null;
  journal: <T>(work: (sizes: ReadonlyMap<string, number>) => Promise<T>) => Promise<T>;
  /** Connections that write the SQLite files, by file name; one that is not open is opened for the moment. */
  sqlite: Readonly<Record<string, () => Database | null>>;
}

export interface BackupWish {
  stores: Stores;
  now(): number;
  write(bytes: Uint8Array): Promise<void>;
  note(text: string): void;
  progress(progress: Progress): void;
  /** Seals the backup under it. */
  passphrase?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Writes a backup of everything while the appliance runs. Every store is brought into its file and left as it is until
 * the archive is written; what comes meanwhile goes to the logs beside them. Needs no room of its own.
 */
export async function makeBackup(wish: BackupWish): Promise<BackupManifest> {
  const { stores } = wish;
  const databases: Record<string, DatabaseContents> = {};
  // Telemetry first: what the journal and SQLite know later than it is more, never less.
  return await keepTelemetryStill(wish, databases, () =>
    stores.journal((sizes) => keepSqliteStill(wish, databases, () => write(wish, databases, sizes))),
  );
}

async function keepTelemetryStill<T>(
  { stores, note, progress }: BackupWish,
  databases: Record<string, DatabaseContents>,
  work: () => Promise<T>,
): Promise<T> {
  if (stores.telemetry === null) {
    note('The telemetry database is broken, so it is not in this backup.');
    return await work();
  }
  return await stores.telemetry(async (snapshot) => {
    progress({ text: 'Counting what is stored', done: 0 });
    databases[TELEMETRY] = await duckdbContents(snapshot);
    return await work();
  });
}

async function keepSqliteStill<T>(
  { stores: { dataDir, sqlite, telemetry }, note }: BackupWish,
  databases: Record<string, DatabaseContents>,
  work: () => Promise<T>,
): Promise<T> {
  const names = readdirSync(dataDir).filter((name) => name.endsWith('.db') && !NEVER_IN_A_BACKUP.test(name));
  const inTurn = names.reduceRight<() => Promise<T>>(
    (inner, name) => async () => {
      const open = sqlite[name]?.() ?? null;
      // One that is not open may be the reason why telemetry is not.
      if (!open && name === ARCHIVE && telemetry === null && !canBeRead(join(dataDir, name))) {
        note('The file of the days that are over is broken, so it is not in this backup.');
        return await inner();
      }
      const db = open ?? new Database(join(dataDir, name), { strict: true });
      try {
        return await withStillFile(db, async () => {
          databases[name] = name === ARCHIVE ? archiveContents(db) : sqliteContents(db);
          return await inner();
        });
      } finally {
        if (!open) db.close();
      }
    },
    work,
  );
  return await inTurn();
}

function canBeRead(path: string): boolean {
  let db: Database | null = null;
  try {
    db = new Database(path, { readonly: true });
    archiveContents(db);
    return true;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

async function write(
  wish: BackupWish,
  databases: Record<string, DatabaseContents>,
  sizes: ReadonlyMap<string, number>,
): Promise<BackupManifest> {
  const { stores, progress, signal } = wish;
  const isBroken = stores.telemetry === null;
  const entries = filesIn(stores.dataDir, (name) => {
    if (isBroken && (name === TELEMETRY || (name === ARCHIVE && !databases[ARCHIVE]))) return null;
    // A segment that is not in the list holds nothing that counts, or not any more.
    return /^(journal|inbox)\//.test(name) ? (sizes.get(name) ?? null) : undefined;
  });
  const sealed = wish.passphrase ? await sealing(wish.passphrase, wish.write) : null;
  const createdAt = wish.now();
  const target = sealed?.write ?? wish.write;
  const manifest = await writeArchive({ entries, databases, createdAt, write: target, progress, signal });
  await sealed?.end();
  return manifest;
}
