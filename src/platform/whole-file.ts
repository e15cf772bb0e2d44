import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file so that a power cut leaves the old content or the new one, never a part: beside it, synced, and renamed
 * into its place. On the disk when this returns.
 */
export function writeWholeFile(
  path: string,
  content: string | Uint8Array,
  { mode = 0o600, part = `${path}.new` }: { mode?: number; part?: string } = {},
): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const file = openSync(part, 'w', mode);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(part, path);
  syncPath(dirname(path));
}

/** Returns when a file's content, or a folder's list of names, is on the disk. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
