import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { syncPath, writeWholeFile } from '../platform/whole-file.ts';
import { BACKUP_NAME } from './manifest.ts';
import type { BackupFacts, BackupFile, BackupFolder, Place, ReplacedFolder } from './ports.ts';

const factsSchema = z.object({
  version: z.string().max(40),
  readings: z.number().nullable(),
  verifiedAt: z.number(),
  isOpened: z.boolean(),
});

/** Facts take some hundred bytes. */
const MOST_FACTS_BYTES = 4096;

/** A folder of backups; made when it is the data directory's own. */
export class FsBackupFolder implements BackupFolder {
  constructor(
    private readonly options: {
      path: string;
      place: Place;
      /** The file system that it must be on; null for any. */
      device: number | null;
    },
  ) {}

  list(): BackupFile[] {
    const { place } = this.options;
    return this.names()
      .flatMap((name): BackupFile[] => {
        const stat = statSync(join(this.options.path, name), { throwIfNoEntry: false });
        if (!stat?.isFile()) return [];
        const isSealed = name.endsWith('.sealed');
        return [{ place, name, bytes: stat.size, createdAt: timeOf(name), isSealed, facts: this.factsOf(name) }];
      })
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  pathOf(name: string): string | null {
    const path = join(this.options.path, name);
    return this.names().includes(name) && isRegular(path) ? path : null;
  }

  problem(): string | null {
    const { path, place, device } = this.options;
    try {
      if (place === 'here') mkdirSync(path, { recursive: true, mode: 0o700 });
      const stat = statSync(path);
      if (!stat.isDirectory()) return `${path} is a file, not a folder.`;
      if (device !== null && stat.dev !== device)
        return `${path} is on another disk than when it was chosen: is the stick plugged in? Save the settings again if this is right.`;
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
      return null;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'ENOENT') return `There is no folder ${path}.`;
      return `Ampra may not write to ${path} (${code ?? String(error)}).`;
    }
  }

  freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.options.path);
    return bavail * bsize;
  }

  stream(name: string): ReadableStream<Uint8Array> | null {
    const path = this.pathOf(name);
    return path === null ? null : Bun.file(path).stream();
  }

  remove(name: string): void {
    const path = this.pathOf(name);
    if (path === null) return;
    for (const file of [path, `${path}.json`]) rmSync(file, { force: true });
  }

  adopt(path: string, name: string): void {
    mkdirSync(this.options.path, { recursive: true, mode: 0o700 });
    renameSync(path, join(this.options.path, name));
    syncPath(this.options.path);
  }

  async create(
    name: string,
    fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
    check: (path: string) => Promise<BackupFacts>,
  ): Promise<void> {
    const path = join(this.options.path, name);
    const part = `${path}.part`;
    // Whatever else has the name: a pipe would be waited for.
    rmSync(part, { force: true });
    const file = openSync(part, 'wx', 0o600);
    try {
      try {
        await fill(async (bytes) => {
          for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
        });
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      writeWholeFile(`${path}.json`, JSON.stringify(await check(part)));
      renameSync(part, path);
      syncPath(this.options.path);
    } catch (error) {
      for (const left of [part, `${path}.json`]) rmSync(left, { force: true });
      throw error;
    }
  }

  private names(): string[] {
    try {
      return readdirSync(this.options.path).filter((name) => BACKUP_NAME.test(name));
    } catch {
      return [];
    }
  }

  private factsOf(name: string): BackupFacts | null {
    try {
      const text = readSmallFile(join(this.options.path, `${name}.json`));
      return text === null ? null : (factsSchema.safeParse(JSON.parse(text)).data ?? null);
    } catch {
      return null;
    }
  }
}

const isRegular = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The text of a small file; null for anything else. A stick may hold pipes, devices and files without end under any name. */
function readSmallFile(path: string): string | null {
  // Opening a device may do something to it; what took the place of the file since then is at least not waited for.
  if (!isRegular(path)) return null;
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > MOST_FACTS_BYTES) return null;
    const bytes = Buffer.alloc(stat.size);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

/** `ampra-2026-06-21-103455.tar` as ms UTC. */
function timeOf(name: string): number {
  const [, year = '', month = '', day = '', time = ''] = /-(\d{4})-(\d{2})-(\d{2})-(\d{4,6})\./.exec(name) ?? [];
  const [h, m, s] = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6)].map(Number);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), h, m, s);
}

/** Folders with what earlier restores replaced. */
export function replacedFolders(dataDir: string): ReplacedFolder[] {
  return readdirSync(dataDir)
    .filter((name) => /^replaced-[\w-]+$/.test(name))
    .sort()
    .map((name) => ({ name, bytes: folderBytes(join(dataDir, name)) }));
}

export function removeReplaced(dataDir: string, name: string): boolean {
  if (!replacedFolders(dataDir).some((folder) => folder.name === name)) return false;
  rmSync(join(dataDir, name), { recursive: true, force: true });
  return true;
}

function folderBytes(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .reduce(
      (sum, found) => sum + (statSync(join(found.parentPath, found.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}
