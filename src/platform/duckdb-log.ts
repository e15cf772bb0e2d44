import { closeSync, copyFileSync, existsSync, fsyncSync, ftruncateSync, openSync, renameSync, statSync } from 'node:fs';
import { syncPath } from './whole-file.ts';

/** What was cut from the end of a write-ahead log. */
export interface CutLog {
  bytes: number;
  /** File in which the log is kept as it was found. */
  keptAs: string;
}

/**
 * DuckDB reads a log that ends too early, but refuses to open at all when its end has its length and not its content,
 * which is how a power cut may leave what was written and not yet synced. Every entry has a checksum; the error names the
 * first that is wrong, by the place where its content begins. All that was synced lies before it.
 */
const CORRUPT_ENTRY = /Corrupt WAL file: entry at byte position (\d+)/;
/** Size and checksum stand before the content. */
const ENTRY_HEAD_BYTES = 16;

/**
 * Cuts the log of the database at `path` before the entry that `error` calls corrupt, after copying the whole of it to
 * `<log>.damaged`. Null when the error says nothing of the kind. The database must not be open.
 */
export function cutCorruptLog(path: string, error: unknown): CutLog | null {
  const log = `${path}.wal`;
  const found = CORRUPT_ENTRY.exec(error instanceof Error ? error.message : '');
  if (!found || !existsSync(log)) return null;
  const end = Number(found[1]) - ENTRY_HEAD_BYTES;
  const { size } = statSync(log);
  if (end < 0 || end >= size) return null;
  const keptAs = `${log}.damaged`;
  copyFileSync(log, `${keptAs}.part`);
  syncPath(`${keptAs}.part`);
  renameSync(`${keptAs}.part`, keptAs);
  const file = openSync(log, 'r+');
  try {
    ftruncateSync(file, end);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { bytes: size - end, keptAs };
}
