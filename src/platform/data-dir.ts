import { Database } from 'bun:sqlite';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import { newSecretHex } from '../core/ids.ts';
import { AmpraError } from '../core/result.ts';
import { putRestored, type Restored } from './put-restored.ts';
import { writeWholeFile } from './whole-file.ts';

/** The folder that holds all state, with its lock held. */
export interface DataDir {
  readonly path: string;
  /** Path of a file or folder inside. */
  at(...parts: string[]): string;
  /** Path of a folder inside, made when it is missing (mode 0700). */
  folder(...parts: string[]): string;
  /** 32 random bytes in hex that stay the same; made at the first call and kept in a file of mode 0600. */
  secret(file: string): string;
  /** A restore that was put in place now; null when there was none. */
  readonly restored: Restored | null;
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
  const restored = putRestored(path);
  const at = (...parts: string[]) => join(path, ...parts);
  return {
    path,
    restored,
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

/** Refuses (`not_found`) unless an Ampra has kept its state in this folder: what only reads makes none. */
export function requireDataDir(path: string): void {
  if (['ampra.db', 'telemetry.duckdb', 'journal', 'lock.db'].some((name) => existsSync(join(path, name)))) return;
  throw new AmpraError({
    code: 'not_found',
    message: `There is no Ampra in ${path}.`,
    hint: 'Name its data directory with --data-dir or AMPRA_DATA_DIR.',
  });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(path, cause);
  }
}

function unusable(path: string, cause: unknown): AmpraError {
  return new AmpraError(
    {
      code: 'unavailable',
      message: `The data directory ${path} cannot be used: ${whyNot(cause)}.`,
      hint: 'Give this user the right to write there, or name another folder with --data-dir or AMPRA_DATA_DIR.',
    },
    { cause },
  );
}

/** What the system says of a folder or file, in words. */
function whyNot(cause: unknown): string {
  const { code, message } = cause as { code?: string; message: string };
  const words: Record<string, string> = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not change it',
    EROFS: 'it is on a disk that can only be read',
    ENOSPC: 'its disk is full',
    ENOTDIR: 'a part of its path is a file, not a folder',
    EEXIST: 'it is a file, not a folder',
    SQLITE_CANTOPEN: 'this user may not write there',
    SQLITE_READONLY: 'it can only be read',
    SQLITE_READONLY_DIRECTORY: 'this user may not write there',
    SQLITE_FULL: 'its disk is full',
  };
  return words[code ?? ''] ?? message;
}

function readOrMakeSecret(path: string): string {
  if (existsSync(path)) {
    const text = readFileSync(path, 'utf8').trim();
    if (/^[0-9a-f]{64}$/.test(text)) return text;
  }
  const secret = newSecretHex();
  writeWholeFile(path, `${secret}\n`);
  return secret;
}

function takeLock(path: string): Database {
  const db = openLock(path);
  try {
    db.exec('PRAGMA busy_timeout = 0');
    // Nothing is ever written to it, so a full disk must not keep the lock from being taken.
    db.exec('PRAGMA journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw unusable(path, cause);
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
  try {
    unlessDiskTrouble(() => writeFileSync(join(path, 'ampra.pid'), `${process.pid}\n`, { mode: 0o600 }));
  } catch (cause) {
    db.close();
    throw unusable(path, cause);
  }
  return db;
}

function openLock(path: string): Database {
  try {
    return new Database(join(path, 'lock.db'), { create: true });
  } catch (cause) {
    throw unusable(path, cause);
  }
}

/** Process id of the Ampra that holds the folder's lock, or null when none says so. */
export function lockHolder(path: string): number | null {
  try {
    return Number.parseInt(readFileSync(join(path, 'ampra.pid'), 'utf8'), 10) || null;
  } catch {
    return null;
  }
}
