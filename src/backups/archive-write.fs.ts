import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Progress } from '../core/progress.ts';
import { failPoint } from '../platform/fail-points.ts';
import { version } from '../platform/runtime.ts';
import { tarEnd, tarHeader, tarPadding } from '../platform/tar.ts';
import { type BackupManifest, BESIDE_A_DATABASE, isFileName, MANIFEST } from './manifest.ts';

/** A file that goes into the archive: its first `size` bytes do not change while the backup is made. */
export interface Entry {
  /** Path in the archive and, later, in the data directory. */
  name: string;
  path: string;
  size: number;
}

export interface ArchiveDeps {
  entries: readonly Entry[];
  databases: BackupManifest['databases'];
  createdAt: number;
  write(bytes: Uint8Array): Promise<void>;
  progress(progress: Progress): void;
  signal?: AbortSignal | undefined;
}

/** Small enough for other work to have its turn in between, also on a slow computer. */
const CHUNK = 256 * 1024;

/**
 * Writes the archive: the manifest with the checksum of every file first, so that whoever reads it knows at once what
 * will come and how large it is. So each file is read twice, and must be the same both times.
 */
export async function writeArchive(deps: ArchiveDeps): Promise<BackupManifest> {
  const total = deps.entries.reduce((sum, e) => sum + e.size, 0);
  const files: BackupManifest['files'] = [];
  const read = reader(deps, 'Reading what goes into the backup, bytes', total);
  for (const entry of deps.entries) files.push({ name: entry.name, size: entry.size, sha256: await read(entry) });
  const createdAt = new Date(deps.createdAt).toISOString();
  const manifest: BackupManifest = { format: 1, version, createdAt, files, ...databasesOf(deps) };
  await writeFiles(deps, manifest, total);
  return manifest;
}

const databasesOf = ({ databases }: ArchiveDeps) => (databases ? { databases } : {});

async function writeFiles(deps: ArchiveDeps, manifest: BackupManifest, total: number): Promise<void> {
  const head = new TextEncoder().encode(JSON.stringify(manifest));
  await deps.write(tarHeader(MANIFEST, head.length, deps.createdAt));
  await deps.write(head);
  await deps.write(tarPadding(head.length));
  const copy = reader(deps, 'Writing the backup, bytes', total, deps.write);
  for (const [i, entry] of deps.entries.entries()) {
    await deps.write(tarHeader(entry.name, entry.size, deps.createdAt));
    if ((await copy(entry)) !== manifest.files[i]?.sha256)
      throw new Error(`${entry.name} changed while it was copied; try again`);
    await deps.write(tarPadding(entry.size));
    failPoint('backup.writing');
  }
  await deps.write(tarEnd);
}

/** Reads files one after the other, hands their bytes on, and gives the checksum of each. */
function reader(deps: ArchiveDeps, text: string, total: number, take: ArchiveDeps['write'] = async () => undefined) {
  let done = 0;
  return async (entry: Entry): Promise<string> => {
    const hash = createHash('sha256');
    const file = await open(entry.path, 'r');
    try {
      for (let at = 0; at < entry.size; ) {
        deps.signal?.throwIfAborted();
        const bytes = await readSome(file, at, Math.min(CHUNK, entry.size - at));
        if (bytes.length === 0) throw new Error(`${entry.name} became shorter while it was copied; try again`);
        hash.update(bytes);
        await take(bytes);
        at += bytes.length;
        done += bytes.length;
        deps.progress({ text, done, total });
      }
    } finally {
      await file.close();
    }
    return hash.digest('hex');
  };
}

async function readSome(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/**
 * Every file of the data directory that a backup holds. `sizeOf` says how much of a file counts when that is less than
 * what lies there (a journal segment that is being written), and null for what is to be left out.
 */
export function filesIn(dataDir: string, sizeOf: (name: string) => number | null | undefined): Entry[] {
  const entries: Entry[] = [];
  for (const found of readdirSync(dataDir, { recursive: true, withFileTypes: true })) {
    const path = join(found.parentPath, found.name);
    const name = relative(dataDir, path);
    if (!found.isFile() || !isFileName(name) || BESIDE_A_DATABASE.test(name)) continue;
    const known = sizeOf(name);
    if (known === null) continue;
    const there = statSync(path, { throwIfNoEntry: false })?.size;
    if (there !== undefined) entries.push({ name, path, size: known ?? there });
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
