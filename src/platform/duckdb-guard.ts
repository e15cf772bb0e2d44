import { closeSync, existsSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { writeWholeFile } from './whole-file.ts';

/**
 * DuckDB's checkpoints write new blocks and then a new header, so that a power cut leaves the old state or the new one:
 * but for its metadata. A block of metadata with free places in it is filled up and written anew where it lies, 64 kB with
 * one checksum, while the old header still points to it. Cut in the middle of that, the file cannot be opened any more
 * (found by cutting the power in test/faults; DuckDB 1.5.5). So those blocks are copied to a file beside the database
 * before each checkpoint, and put back when a start finds one of them torn.
 */
export interface SavedBlocks {
  /** Start of the file with both headers, as it was: a checkpoint that completed changed it. */
  head: Uint8Array;
  blocks: { offset: number; bytes: Uint8Array }[];
}

/** Three pages before the first block: the main header and two that take turns. */
const HEAD_BYTES = 3 * 4096;
const MAGIC = 'AMPRA-GUARD-1\n';
const CORRUPT_BLOCK = /Corrupt database file: .* in block at location \d+/;

const guardOf = (path: string): string => `${path}.guard`;

/** Copies the blocks of these numbers; they are on the disk when this returns. */
export function saveBlocks(path: string, blockBytes: number, ids: readonly number[]): void {
  const file = openSync(path, 'r');
  try {
    const saved: SavedBlocks = {
      head: readAt(file, 0, HEAD_BYTES),
      blocks: ids.map((id) => {
        const offset = HEAD_BYTES + id * blockBytes;
        return { offset, bytes: readAt(file, offset, blockBytes) };
      }),
    };
    writeWholeFile(guardOf(path), encode(saved));
  } finally {
    closeSync(file);
  }
}

/**
 * Puts the saved blocks back when `error` says that a block is torn and the checkpoint before which they were saved did
 * not complete. Gives how many differed; 0 when this is no help. The database must not be open.
 */
export function putBlocksBack(path: string, error: unknown): number {
  if (!(error instanceof Error) || !CORRUPT_BLOCK.test(error.message)) return 0;
  const saved = existsSync(guardOf(path)) ? decode(readFileSync(guardOf(path))) : null;
  if (!saved) return 0;
  const file = openSync(path, 'r+');
  try {
    if (!isSame(readAt(file, 0, HEAD_BYTES), saved.head)) return 0;
    const torn = saved.blocks.filter((b) => !isSame(readAt(file, b.offset, b.bytes.length), b.bytes));
    for (const { offset, bytes } of torn) writeSync(file, bytes, 0, bytes.length, offset);
    fsyncSync(file);
    return torn.length;
  } finally {
    closeSync(file);
  }
}

function encode({ head, blocks }: SavedBlocks): Uint8Array {
  const index = blocks.map(({ offset, bytes }) => [offset, bytes.length]);
  const body = Buffer.concat([head, ...blocks.map((b) => b.bytes)]);
  const sum = new Bun.CryptoHasher('sha256').update(body).digest('hex');
  return Buffer.concat([Buffer.from(`${MAGIC}${JSON.stringify({ index, sum })}\n`), body]);
}

/** Null for what is not whole. */
function decode(file: Buffer): SavedBlocks | null {
  const end = file.indexOf('\n', MAGIC.length);
  if (file.toString('latin1', 0, MAGIC.length) !== MAGIC || end < 0) return null;
  const { index, sum } = JSON.parse(file.toString('utf8', MAGIC.length, end)) as { index: number[][]; sum: string };
  const body = file.subarray(end + 1);
  if (new Bun.CryptoHasher('sha256').update(body).digest('hex') !== sum) return null;
  let at = HEAD_BYTES;
  const blocks = index.map(([offset = 0, length = 0]) => {
    at += length;
    return { offset, bytes: body.subarray(at - length, at) };
  });
  return { head: body.subarray(0, HEAD_BYTES), blocks };
}

/** As much of it as there is. */
function readAt(file: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = readSync(file, bytes, done, length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
