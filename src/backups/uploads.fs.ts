import { closeSync, fsyncSync, mkdirSync, openSync, readSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { newSecretHex } from '../core/ids.ts';
import type { UploadStore } from './ports.ts';
import { isSealed } from './sealed-file.fs.ts';

/** One upload at a time, in the data directory: pieces in their order, so that a browser may send a large file in small requests. */
export class FsUploads implements UploadStore {
  private current: { id: string; bytes: number; done: number; file: number } | null = null;
  private readonly folder: string;
  private readonly path: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'tmp');
    this.path = join(this.folder, 'upload');
  }

  begin(bytes: number): string {
    this.drop();
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const id = newSecretHex(16);
    this.current = { id, bytes, done: 0, file: openSync(this.path, 'w', 0o600) };
    return id;
  }

  add(id: string, offset: number, bytes: Uint8Array): number | null {
    const { current } = this;
    if (current?.id !== id) return null;
    // A piece whose answer was lost comes again.
    if (offset + bytes.length <= current.done) return current.done;
    if (offset !== current.done || offset + bytes.length > current.bytes) return null;
    for (let at = 0; at < bytes.length; ) at += writeSync(current.file, bytes, at, bytes.length - at, offset + at);
    current.done += bytes.length;
    return current.done;
  }

  finish(id: string): { path: string; isSealed: boolean } | null {
    const { current } = this;
    if (current?.id !== id || current.done !== current.bytes) return null;
    fsyncSync(current.file);
    closeSync(current.file);
    this.current = null;
    return { path: this.path, isSealed: isSealed(startOfFile(this.path)) };
  }

  drop(): void {
    if (this.current) closeSync(this.current.file);
    this.current = null;
    rmSync(this.path, { force: true });
  }

  freeBytes(): number {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }
}

function startOfFile(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const start = new Uint8Array(64);
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}
