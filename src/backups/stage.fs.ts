import { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../core/bytes.ts';
import { AmpraError } from '../core/result.ts';
import type { Migration } from '../platform/migrate.ts';
import { READY, RESTORE_PLAN, type RestorePlan } from '../platform/put-restored.ts';
import { syncPath, writeWholeFile } from '../platform/whole-file.ts';
import { damaged, type Reading, readBackup } from './archive-read.fs.ts';
import { checkDuckdb, checkSqlite } from './database-contents.fs.ts';
import { ARCHIVE, type BackupManifest, CONFIG, CONFIG_ASIDE, STAGING, TELEMETRY } from './manifest.ts';

/** What this Ampra knows of each database in a backup. */
export interface Schemas {
  relational: readonly Migration[];
  broker: readonly Migration[];
  telemetry: readonly Migration[];
  archive: readonly Migration[];
}

export interface Checking extends Omit<Reading, 'place' | 'onFile' | 'onManifest'> {
  schemas: Schemas;
  now(): number;
}

/** Left free on the disk, so that the rest goes on while a backup is read. */
const MARGIN_BYTES = 32 * 1024 * 1024;
const RELATIONAL = 'ampra.db';

/**
 * Restores a backup into a scratch folder, one database at a time, and compares: checksums of all files, and of each
 * database that it opens, migrates and holds what it should. Takes as much room as the largest database; where there is
 * not so much, only the checksums are compared, and `isOpened` is false.
 */
export async function verifyBackup(
  options: Checking & { scratch: string },
): Promise<{ manifest: BackupManifest; isOpened: boolean }> {
  const { scratch } = options;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  let known: BackupManifest | null = null;
  let isOpened = true;
  try {
    const manifest = await readBackup({
      ...options,
      onManifest: (m) => {
        known = m;
        const largest = Math.max(0, ...m.files.filter((f) => isDatabase(f.name)).map((f) => f.size));
        isOpened = largest + MARGIN_BYTES <= freeBytes(scratch);
      },
      place: (name) => (isOpened && isDatabase(name) ? join(scratch, name) : null),
      onFile: async (name, path) => {
        if (path === null || known === null) return;
        await checkDatabase({ name, path, manifest: known, scratch }, options);
        rmSync(path, { force: true });
      },
    });
    return { manifest, isOpened };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

export interface Staging extends Checking {
  dataDir: string;
  /** Put the configuration of the backup in force: it is a program. */
  withConfig: boolean;
  /** Databases to restore, where not everything is. */
  only?: readonly string[] | undefined;
}

/**
 * Unpacks a backup beside what is there, checks and migrates it, and marks it as ready with one rename: from then on the
 * next to open the data directory puts it in place. Until then nothing is changed, and a power cut leaves the old.
 */
export async function stageRestore(options: Staging): Promise<BackupManifest> {
  const { dataDir, only } = options;
  const part = join(dataDir, STAGING);
  const files = join(part, 'files');
  const tempDir = join(part, 'tmp');
  rmSync(part, { recursive: true, force: true });
  mkdirSync(files, { recursive: true, mode: 0o700 });
  try {
    const isWanted = (name: string) => only === undefined || only.includes(name);
    const manifest = await readBackup({
      ...options,
      onManifest: (m) => requireRoom(m, part, isWanted),
      place: (name) => (isWanted(name) ? join(files, name) : null),
    });
    for (const name of only ?? [])
      if (name !== ARCHIVE && !existsSync(join(files, name))) throw damaged(`${name} is not in it`);
    for (const { name } of manifest.files) {
      const path = join(files, name);
      if (isDatabase(name) && isWanted(name)) await checkDatabase({ name, path, manifest, scratch: tempDir }, options);
    }
    if (isWanted(RELATIONAL)) endWhatWasGoingOn(join(files, RELATIONAL));
    const hasConfig = existsSync(join(files, CONFIG));
    if (hasConfig && !options.withConfig) renameSync(join(files, CONFIG), join(files, CONFIG_ASIDE));
    rmSync(tempDir, { recursive: true, force: true });
    markReady(options, manifest, part);
    return manifest;
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
}

function markReady({ dataDir, only, withConfig, now }: Staging, manifest: BackupManifest, part: string): void {
  const plan: RestorePlan = {
    stamp: new Date(now()).toISOString().replace(/[:.]/g, '-'),
    backupOf: manifest.createdAt,
    only: only ? [...only] : null,
    keepsConfig: !(withConfig && existsSync(join(part, 'files', CONFIG))),
  };
  writeWholeFile(join(part, RESTORE_PLAN), JSON.stringify(plan));
  for (const found of readdirSync(part, { recursive: true, withFileTypes: true }))
    if (found.isDirectory()) syncPath(join(found.parentPath, found.name));
  syncPath(part);
  rmSync(join(dataDir, READY), { recursive: true, force: true });
  renameSync(part, join(dataDir, READY));
  syncPath(dataDir);
}

/** SQLite files of a backup, and what they are migrated by. */
const sqliteFiles: Readonly<Record<string, Exclude<keyof Schemas, 'telemetry'>>> = {
  [RELATIONAL]: 'relational',
  'broker.db': 'broker',
  [ARCHIVE]: 'archive',
};

const isDatabase = (name: string): boolean => name === TELEMETRY || sqliteFiles[name] !== undefined;

async function checkDatabase(
  of: { name: string; path: string; manifest: BackupManifest; scratch: string },
  { schemas, now }: Checking,
): Promise<void> {
  const { name, path, manifest, scratch } = of;
  const expected = manifest.databases?.[name];
  const check = { name, path, expected, now };
  if (name === TELEMETRY) await checkDuckdb({ ...check, migrations: schemas.telemetry, tempDir: join(scratch, 'tmp') });
  else checkSqlite({ ...check, migrations: schemas[sqliteFiles[name] ?? 'broker'] });
  for (const end of ['.wal', '.guard', '.fresh', '.fresh.wal', '.fresh.guard', '-wal', '-shm'])
    rmSync(path + end, { force: true });
  if (existsSync(path)) syncPath(path);
}

/**
 * Who had signed out, or lost the right to be signed in, since the backup was made, is not signed in again by it; and the
 * job that made the backup, which was running, is not taken up again.
 */
function endWhatWasGoingOn(path: string): void {
  if (!existsSync(path)) return;
  const db = new Database(path, { strict: true });
  try {
    db.exec(`DELETE FROM sessions; DELETE FROM password_links;
      DELETE FROM jobs WHERE kind = 'backup.make' AND state IN ('queued', 'running');
      PRAGMA wal_checkpoint(TRUNCATE);`);
  } finally {
    db.close();
  }
  for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
  syncPath(path);
}

function requireRoom(manifest: BackupManifest, folder: string, isWanted: (name: string) => boolean): void {
  const needed = manifest.files.filter((f) => isWanted(f.name)).reduce((sum, f) => sum + f.size, 0);
  const free = freeBytes(folder);
  if (needed + MARGIN_BYTES <= free) return;
  throw new AmpraError({
    code: 'no_room',
    message: `The backup needs ${formatBytes(needed)} on the disk of the data directory; ${formatBytes(free)} are free.`,
    hint: 'Free some space and try again. Nothing was changed.',
  });
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Bytes of a file; 0 when there is none. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
