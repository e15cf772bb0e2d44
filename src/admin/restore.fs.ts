import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';
import { AmpraError } from '../core/result.ts';
import type { Progress } from '../platform/control-frames.ts';
import { readTarHeader } from '../platform/tar.ts';
import { type BackupManifest, MANIFEST, NEVER_IN_A_BACKUP } from './backup.fs.ts';

const BLOCK = 512;
const CHUNK = 1 << 20;
const LARGEST_MANIFEST = 64 << 20;
/** Stays where it is: the lock that this very process holds. */
const KEPT = /^(lock\.db.*|ampra\.pid|replaced-.*|restore\.part)$/;

interface Reading {
  file: string;
  progress: (progress: Progress) => void;
  /** Folder to write the files to; only checked when absent. */
  target?: string;
}

/**
 * Reads a backup from its first to its last byte and compares every file with the manifest; with `target` the files are
 * written there. Throws `AmpraError` (invalid) naming what is wrong.
 */
export async function readBackup(reading: Reading): Promise<BackupManifest> {
  const archive = await openArchive(reading.file);
  try {
    const manifest = await readManifest(archive);
    const total = manifest.files.reduce((sum, f) => sum + f.size, 0);
    let done = 0;
    for (const expected of manifest.files) {
      const header = headerIn(await archive.take(BLOCK));
      if (header?.name !== expected.name || header.size !== expected.size)
        throw damaged(`${expected.name} is missing or has another size`);
      const take = async (left: number) => {
        const bytes = await archive.take(Math.min(CHUNK, left));
        done += bytes.length;
        reading.progress({ text: 'Reading the backup, bytes', done, total });
        return bytes;
      };
      const sum = await unpack(expected, reading.target, take);
      await archive.take((BLOCK - (expected.size % BLOCK)) % BLOCK);
      if (sum !== expected.sha256) throw damaged(`${expected.name} does not match its checksum`);
    }
    return manifest;
  } finally {
    await archive.close();
  }
}

/** Reads one file, writes it where `target` is a folder, and gives its SHA-256. */
async function unpack(
  { name, size }: { name: string; size: number },
  target: string | undefined,
  take: (left: number) => Promise<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256');
  const out = target === undefined ? null : await create(target, name);
  try {
    for (let left = size; left > 0; ) {
      const bytes = await take(left);
      hash.update(bytes);
      await out?.write(bytes);
      left -= bytes.length;
    }
    await out?.sync();
  } finally {
    await out?.close();
  }
  return hash.digest('hex');
}

/** It is run at each start, so that it is put in force by its owner alone. */
const CONFIG = 'ampra.config.ts';
const CONFIG_ASIDE = `${CONFIG}.from-backup`;

/**
 * Puts a backup in the place of what is in the data directory, whose lock the caller holds. What was there is moved to a
 * folder `replaced-<time>` beside it. Gives that folder's name, or null when there was nothing. A configuration file in
 * the backup is a program, and a backup may come from anybody: it is left beside under the name in `configAside`
 * unless `withConfig` says that it is trusted; the one that was there stays in force.
 */
export async function restoreBackup(options: {
  file: string;
  dataDir: string;
  isForced: boolean;
  withConfig: boolean;
  now: number;
  progress: (progress: Progress) => void;
}): Promise<{ manifest: BackupManifest; replaced: string | null; configAside: string | null }> {
  const { file, dataDir, progress, withConfig } = options;
  const present = readdirSync(dataDir).filter((name) => !KEPT.test(name));
  if (present.length > 0 && !options.isForced)
    throw new AmpraError({
      code: 'conflict',
      message: `${dataDir} holds an Ampra already, so nothing was restored.`,
      hint: 'With --force it is moved aside and the backup takes its place.',
    });
  const part = join(dataDir, 'restore.part');
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { mode: 0o700 });
  try {
    const manifest = await readBackup({ file, target: part, progress });
    const isAside = !withConfig && existsSync(join(part, CONFIG));
    if (isAside) renameSync(join(part, CONFIG), join(part, CONFIG_ASIDE));
    const moved = present.filter((name) => withConfig || name !== CONFIG);
    const replaced = moved.length > 0 ? `replaced-${new Date(options.now).toISOString().replace(/[:.]/g, '-')}` : null;
    if (replaced) {
      mkdirSync(join(dataDir, replaced), { mode: 0o700 });
      for (const name of moved) renameSync(join(dataDir, name), join(dataDir, replaced, name));
    }
    for (const name of readdirSync(part)) renameSync(join(part, name), join(dataDir, name));
    return { manifest, replaced, configAside: isAside ? CONFIG_ASIDE : null };
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

const manifestSchema = z.object({
  format: z.literal(1),
  version: z.string(),
  createdAt: z.string(),
  files: z.array(
    z.object({
      name: z.string().min(1),
      size: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

async function readManifest(archive: Archive): Promise<BackupManifest> {
  const header = headerIn(await archive.take(BLOCK));
  if (header?.name !== MANIFEST || !(header.size <= LARGEST_MANIFEST))
    throw damaged('it does not begin with a manifest');
  const text = new TextDecoder().decode(await archive.take(header.size));
  await archive.take((BLOCK - (header.size % BLOCK)) % BLOCK);
  const json = parsed(text);
  const { format } = (json ?? {}) as { format?: unknown };
  if (typeof format === 'number' && format > 1)
    throw new AmpraError({ code: 'invalid', message: 'This backup was made by a newer Ampra; update this one first.' });
  const manifest = manifestSchema.safeParse(json);
  if (!manifest.success) throw damaged('its manifest cannot be read');
  const names = new Set<string>();
  for (const { name } of manifest.data.files) {
    if (!isFileName(name) || names.has(name)) throw damaged(`it names the file ${JSON.stringify(name)}`);
    names.add(name);
  }
  return manifest.data;
}

/** True for what a backup may bring: inside the data directory, and nothing that the running appliance holds. */
function isFileName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file of ours has one in its name
  if (isAbsolute(name) || normalize(name) !== name || /[\u0000-\u001f\\]/.test(name)) return false;
  const parts = name.split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..') && !NEVER_IN_A_BACKUP.test(parts[0] ?? '');
}

function headerIn(block: Uint8Array): { name: string; size: number } | null {
  try {
    return readTarHeader(block);
  } catch {
    throw damaged('it is no archive of Ampra');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Archive {
  take(count: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

async function openArchive(path: string): Promise<Archive> {
  if (!existsSync(path)) throw new AmpraError({ code: 'not_found', message: `There is no file ${path}.` });
  const file = await open(path, 'r');
  return {
    async take(count) {
      const bytes = Buffer.alloc(count);
      for (let at = 0; at < count; ) {
        const { bytesRead } = await file.read(bytes, at, count - at, null);
        if (bytesRead === 0) throw damaged('it ends too early');
        at += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}

async function create(folder: string, name: string) {
  const path = join(folder, name);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return await open(path, 'wx', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A file where a folder is to be, or the other way round.
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') throw damaged(`it names the file ${name}`);
    throw error;
  }
}

function damaged(what: string): AmpraError {
  return new AmpraError({
    code: 'invalid',
    message: `This is no whole backup: ${what}.`,
    hint: 'Nothing was changed. Use another backup.',
  });
}
