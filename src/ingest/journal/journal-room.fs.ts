import type { Log } from '../../core/log.ts';
import type { JournalPosition } from '../../telemetry/ports.ts';
import type { JournalDisk } from './journal-disk.fs.ts';
import type { JournalFiles } from './journal-files.fs.ts';

export interface JournalRoomOptions {
  disk: JournalDisk;
  files: JournalFiles;
  log: Log;
  /** Up to where the database holds everything. */
  flushedPosition: () => JournalPosition;
  steadyNow: () => number;
}

/** Left on the disk for the databases, whose work is what frees journal segments: so much, or a share of a small disk. */
const MOST_RESERVED_BYTES = 16 * 1024 * 1024;
const RESERVED_SHARE = 0.02;
/** How often the room on the disk is looked at while there is enough. */
const LOOK_EVERY_MS = 1000;

/** What is said when the room that is left belongs to the databases. */
export const NO_ROOM = 'the disk is full';

/** The room on the disk: some of it is kept for the databases, and old messages make more. */
export class JournalRoom {
  private knownUntil = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: JournalRoomOptions) {}

  /** How much is free, and how much of it is left to the databases, bytes. */
  async size(): Promise<{ freeBytes: number; reserveBytes: number }> {
    const { freeBytes, totalBytes } = await this.options.disk.room();
    return { freeBytes, reserveBytes: Math.min(MOST_RESERVED_BYTES, totalBytes * RESERVED_SHARE) };
  }

  /** Throws when `more` bytes would take the room that the databases need, unless old messages can make some. */
  async keepReserve(more: number): Promise<void> {
    const { steadyNow } = this.options;
    if (steadyNow() < this.knownUntil) return;
    for (;;) {
      const { freeBytes, reserveBytes } = await this.size();
      if (freeBytes - more >= reserveBytes) break;
      if (!(await this.make())) throw Object.assign(new Error(NO_ROOM), { code: 'ENOSPC' });
    }
    this.knownUntil = steadyNow() + LOOK_EVERY_MS;
  }

  /** Looks now, whatever was known. */
  async look(): Promise<void> {
    this.knownUntil = Number.NEGATIVE_INFINITY;
    await this.keepReserve(0);
  }

  /** Removes the oldest messages that the database holds before their time; false when there are none. */
  async make(): Promise<boolean> {
    const { files, log } = this.options;
    const oldest = files.finished[0];
    if (!oldest || oldest.last > this.options.flushedPosition()) return false;
    log.warn('The disk is full: the oldest raw messages, which the database holds, were removed early', {
      segment: oldest.name,
    });
    await files.drop(oldest);
    return true;
  }
}

/** Whether an error says that the disk, or what one may use of it, is full. */
export function isFull(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
