import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Progress } from '../core/progress.ts';
import { AmpraError } from '../core/result.ts';
import { readTarHeader } from '../platform/tar.ts';
import { type BackupManifest, isFileName, MANIFEST } from './manifest.ts';
import { isSealed, opening } from './sealed-file.fs.ts';

const BLOCK = 512;
const CHUNK = 256 * 1024;
const LARGEST_MANIFEST = 64 << 20;

export interface Source {
  file: string;
  /** Needed for a sealed one. */
  passphrase?: string | undefined;
}

export interface Reading extends Source {
  progress(progress: Progress): void;
  /** Asked once the manifest is known and before anything else is read; throws to refuse. */
  onManifest?: ((manifest: BackupManifest) => void) | undefined;
  /** Path to write a file to, or null to check it only; only checked when absent. */
  place?: (name: string) => string | null;
  /** Called after each file whose checksum is right. */
  onFile?: (name: string, path: string | null) => Promise<void>;
}

/**
 * Reads a backup from its first to its last byte and compares every file with the manifest. Throws `AmpraError`
 * (`invalid`, or `forbidden` for a passphrase) naming what is wrong.
 */
export async function readBackup(reading: Reading): Promise<BackupManifest> {
  const archive = openArchive(reading);
  try {
    const manifest = await readManifest(archive);
    reading.onManifest?.(manifest);
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
      const path = reading.place?.(expected.name) ?? null;
      const sum = await unpack(expected.size, path, take);
      await archive.take((BLOCK - (expected.size % BLOCK)) % BLOCK);
      if (sum !== expected.sha256) throw damaged(`${expected.name} does not match its checksum`);
      await reading.onFile?.(expected.name, path);
    }
    return manifest;
  } finally {
    await archive.close();
  }
}

/** Reads one file, writes it where `path` says, and gives its SHA-256. */
async function unpack(size: number, path: string | null, take: (left: number) => Promise<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  const out = path === null ? null : await create(path);
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

const tables = z.record(z.string(), z.object({ rows: z.int().min(0), sum: z.string().optional() }));
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
  databases: z
    .record(
      z.string(),
      z.object({
        ...{ migrations: z.array(z.string()), tables },
        packedReadings: z.number().optional(),
        engine: z.string().optional(),
      }),
    )
    .optional(),
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
  return manifest.data as BackupManifest;
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

/** Bytes in the order of the archive, whether it is sealed or not. */
function openArchive({ file, passphrase }: Source): Archive {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new AmpraError({ code: 'not_found', message: `There is no file ${file}.` });
  const stream = contentOf(file, passphrase);
  let held: Uint8Array = new Uint8Array();
  return {
    async take(count) {
      const parts: Uint8Array[] = [];
      for (let missing = count; missing > 0; ) {
        if (held.length === 0) {
          const { done, value } = await stream.next();
          if (done) throw damaged('it ends too early');
          held = value;
        }
        const part = held.subarray(0, missing);
        held = held.subarray(part.length);
        missing -= part.length;
        parts.push(part);
      }
      return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    },
    close: async () => void (await stream.return(undefined)),
  };
}

async function* contentOf(file: string, passphrase: string | undefined): AsyncGenerator<Uint8Array> {
  const head = await startOf(file);
  const input = createReadStream(file, { highWaterMark: CHUNK });
  if (!isSealed(head)) yield* input;
  else if (passphrase === undefined || passphrase === '') throw needsPassphrase();
  else yield* opening(passphrase, input);
}

/** The first bytes of a file. */
export async function startOf(file: string, count = 64): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function create(path: string): Promise<FileHandle> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return await open(path, 'wx', 0o600);
  } catch (cause) {
    const { code } = cause as { code?: string };
    // A name that is a file here and a folder there.
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR')
      throw damaged('two of its files are in each other');
    throw cause;
  }
}

function needsPassphrase(): AmpraError {
  return new AmpraError({
    code: 'forbidden',
    field: 'passphrase',
    message: 'This backup is under a passphrase.',
    hint: 'Give the passphrase that was set when it was made.',
  });
}

export function damaged(what: string): AmpraError {
  return new AmpraError({
    code: 'invalid',
    message: `This is no whole backup: ${what}.`,
    hint: 'Nothing was changed. Use another backup.',
  });
}

/** Where a file of a backup goes under a folder. */
export const placeIn =
  (folder: string) =>
  (name: string): string =>
    join(folder, name);
