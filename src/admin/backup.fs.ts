import { Database } from 'bun:sqlite';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Progress } from '../platform/control-frames.ts';
import { checkDuckdb } from '../platform/duckdb-copy.ts';
import { version } from '../platform/runtime.ts';
import { tarEnd, tarHeader, tarPadding } from '../platform/tar.ts';

/**
 * A backup is one tar file: first `manifest.json` with the name, size and SHA-256 of every file, then the files. The
 * databases are consistent copies; the journal is append-only, so a copy of it is one too.
 */
export interface BackupManifest {
  format: 1;
  version: string;
  createdAt: string;
  files: { name: string; size: number; sha256: string }[];
}

export const MANIFEST = 'manifest.json';
/** Where copies are made before they go into the archive. */
const STAGING = 'backup.part';
/** Never part of a backup: locks, sockets, what is made anew, what a restore left. */
export const NEVER_IN_A_BACKUP = /^(lock\.db.*|ampra\.pid|control\.sock|tmp|backup\.part|restore\.part|replaced-.*)$/;
const CHUNK = 1 << 20;

export interface BackupDeps {
  dataDir: string;
  /** Copies the telemetry database, null when it is not open: then its file goes in as it lies. */
  copyTelemetry: ((target: string) => Promise<void>) | null;
  now: () => number;
  write: (bytes: Uint8Array) => Promise<void>;
  note: (text: string) => void;
  progress: (progress: Progress) => void;
}

interface Entry {
  /** Path in the archive and, later, in the data directory. */
  name: string;
  path: string;
  size: number;
}

export async function writeBackup(deps: BackupDeps): Promise<BackupManifest> {
  const staging = join(deps.dataDir, STAGING);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { mode: 0o700 });
  try {
    const entries = [...(await copyDatabases(deps, staging)), ...plainFiles(deps.dataDir)];
    const total = entries.reduce((sum, e) => sum + e.size, 0);
    const files: BackupManifest['files'] = [];
    for (const entry of entries) {
      const hash = createHash('sha256');
      await read(entry, async (bytes) => void hash.update(bytes));
      files.push({ name: entry.name, size: entry.size, sha256: hash.digest('hex') });
    }
    const manifest: BackupManifest = { format: 1, version, createdAt: new Date(deps.now()).toISOString(), files };
    await writeArchive(deps, entries, manifest, total);
    return manifest;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function copyDatabases(deps: BackupDeps, staging: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const add = (name: string) =>
    entries.push({ name, path: join(staging, name), size: statSync(join(staging, name)).size });
  // Telemetry first: what SQLite knows later than it is more, never less.
  if (deps.copyTelemetry) {
    deps.progress({ text: 'Copying the telemetry database', done: 0 });
    await deps.copyTelemetry(join(staging, TELEMETRY));
    await checkDuckdb(join(staging, TELEMETRY), join(staging, 'tmp'));
    add(TELEMETRY);
  } else if (existsSync(join(deps.dataDir, TELEMETRY))) {
    deps.note('The telemetry database is broken; its file is in the backup as it lies.');
  }
  for (const name of readdirSync(deps.dataDir).filter(isSqlite)) {
    const db = new Database(join(deps.dataDir, name), { readonly: true });
    try {
      db.query('VACUUM INTO ?').run(join(staging, name));
    } finally {
      db.close();
    }
    checkSqlite(join(staging, name));
    add(name);
  }
  return entries;
}

const TELEMETRY = 'telemetry.duckdb';
const isSqlite = (name: string) => name.endsWith('.db') && !NEVER_IN_A_BACKUP.test(name);

/** Throws when the database is damaged. */
export function checkSqlite(path: string): void {
  const db = new Database(path, { readonly: true });
  try {
    const found = db.query<{ integrity_check: string }, []>('PRAGMA integrity_check(1)').get();
    if (found?.integrity_check !== 'ok')
      throw new Error(`${path} is damaged: ${found?.integrity_check ?? 'unreadable'}`);
  } finally {
    db.close();
  }
}

/** Everything else in the data directory: journal, keys, images, configuration. */
function plainFiles(dataDir: string): Entry[] {
  const isCopied = (name: string) => isSqlite(name.replace(/-(wal|shm|journal)$/, ''));
  const hasTelemetryCopy = existsSync(join(dataDir, STAGING, TELEMETRY));
  const entries: Entry[] = [];
  for (const top of readdirSync(dataDir)) {
    if (NEVER_IN_A_BACKUP.test(top) || isCopied(top) || (hasTelemetryCopy && top.startsWith(TELEMETRY))) continue;
    const path = join(dataDir, top);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((e) => e.isFile())
          .map((e) => join(e.parentPath, e.name))
      : [path];
    for (const file of files) entries.push({ name: relative(dataDir, file), path: file, size: statSync(file).size });
  }
  return entries;
}

async function writeArchive(
  deps: BackupDeps,
  entries: readonly Entry[],
  manifest: BackupManifest,
  total: number,
): Promise<void> {
  const head = new TextEncoder().encode(JSON.stringify(manifest));
  const now = deps.now();
  await deps.write(tarHeader(MANIFEST, head.length, now));
  await deps.write(head);
  await deps.write(tarPadding(head.length));
  let done = 0;
  for (const entry of entries) {
    await deps.write(tarHeader(entry.name, entry.size, now));
    await read(entry, async (bytes) => {
      await deps.write(bytes);
      done += bytes.length;
      deps.progress({ text: 'Writing the backup, bytes', done, total });
    });
    await deps.write(tarPadding(entry.size));
  }
  await deps.write(tarEnd);
}

/** The first `size` bytes of a file: a journal segment may grow meanwhile. */
async function read(entry: Entry, take: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const file = await open(entry.path, 'r');
  try {
    for (let at = 0; at < entry.size; ) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(CHUNK, entry.size - at)), 0, undefined, at);
      if (bytesRead === 0) throw new Error(`${entry.name} became shorter while it was copied; try again`);
      await take(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}
