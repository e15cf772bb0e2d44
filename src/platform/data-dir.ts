import { Database } from 'bun:sqlite';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSecretHex } from '../core/ids.ts';
import { AmpraError } from '../core/result.ts';

/** The folder that holds all state, with its lock held. */
export interface DataDir {
  readonly path: string;
  /** Path of a file or folder inside. */
  at(...parts: string[]): string;
  /** Path of a folder inside, made when it is missing (mode 0700). */
  folder(...parts: string[]): string;
  /** 32 random bytes in hex that stay the same; made at the first call and kept in a file of mode 0600. */
  secret(file: string): string;
  /** Gives the lock back. */
  release(): void;
}

/**
 * Makes the data directory (mode 0700) and takes its lock. The lock is an exclusive SQLite transaction on `lock.db`:
 * the kernel drops it with the process, however that ends, so nothing stale is ever left behind.
 * Throws `AmpraError` (conflict) naming the process that holds it.
 */
export function openDataDir(path: string): DataDir {
  makeFolder(path);
  const lock = takeLock(path);
  const at = (...parts: string[]) => join(path, ...parts);
  return {
    path,
    at,
    folder: (...parts) => {
      const folder = at(...parts);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    secret: (file) => readOrMakeSecret(at(file)),
    release: () => {
      rmSync(at('ampra.pid'), { force: true });
      lock.close();
    },
  };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (cause) {
    throw new AmpraError(
      {
        code: 'unavailable',
        message: `The data directory ${path} cannot be used: ${(cause as Error).message}.`,
        hint: 'Name another with AMPRA_DATA_DIR or --data-dir, or give this user the right to write there.',
      },
      { cause },
    );
  }
}

function readOrMakeSecret(path: string): string {
  if (existsSync(path)) {
    const text = readFileSync(path, 'utf8').trim();
    if (/^[0-9a-f]{64}$/.test(text)) return text;
  }
  const secret = newSecretHex();
  writeFileSync(`${path}.new`, `${secret}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return secret;
}

function takeLock(path: string): Database {
  const db = new Database(join(path, 'lock.db'), { create: true });
  try {
    db.exec('PRAGMA busy_timeout = 0');
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw cause;
    const holder = lockHolder(path);
    throw new AmpraError(
      {
        code: 'conflict',
        message: `Another Ampra${holder ? ` (process ${holder})` : ''} is using ${path}.`,
        hint: 'Stop it first, or give this one a data directory of its own with --data-dir.',
      },
      { cause },
    );
  }
  writeFileSync(join(path, 'ampra.pid'), `${process.pid}\n`, { mode: 0o600 });
  return db;
}

/** Process id of the Ampra that holds the folder's lock, or null when none says so. */
export function lockHolder(path: string): number | null {
  try {
    return Number.parseInt(readFileSync(join(path, 'ampra.pid'), 'utf8'), 10) || null;
  } catch {
    return null;
  }
}
