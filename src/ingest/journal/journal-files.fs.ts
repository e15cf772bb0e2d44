import type { Clock } from '../../core/clock.ts';
import { hasPassed, hours } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import { failPoint } from '../../platform/fail-points.ts';
import type { JournalPosition } from '../../telemetry/ports.ts';
import type { JournalRecord } from '../ports.ts';
import type { EncodedGroup } from './journal-codec.fs.ts';
import type { JournalDisk, JournalFile } from './journal-disk.fs.ts';
import { type GroupEncoder, groupSpan } from './journal-format.ts';
import {
  LOOSE_GROUP_BYTES,
  recoverSegments,
  rewriteSegment,
  type Segment,
  segmentName,
} from './journal-segments.fs.ts';

/** The segment that is being written. */
export interface ActiveSegment {
  readonly file: JournalFile;
  readonly name: string;
  readonly first: JournalPosition;
  last: JournalPosition;
  /** Where the next group goes. */
  end: number;
  readonly openedAt: number;
  newestTime: number;
  rawBytes: number;
  readonly groups: { offset: number; span: number }[];
}

export interface JournalFilesOptions {
  disk: JournalDisk;
  clock: Clock;
  log: Log;
  segmentBytes: number;
}

const SEGMENT_AGE_MS = hours(6);

/** The segments of a journal: the finished ones, oldest first, and the one that is being written. */
export class JournalFiles {
  finished: readonly Segment[] = [];
  active: ActiveSegment | null = null;
  /** Bytes written by commits, in whole pages. */
  writtenBytes = 0;

  constructor(private readonly options: JournalFilesOptions) {}

  /** Recovers what is there; answers the last position in it. */
  async recover(): Promise<JournalPosition> {
    const { segments, last } = await recoverSegments(this.options.disk, this.options.log);
    this.finished = segments;
    return last;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.finished.reduce((sum, segment) => sum + segment.bytes, this.active?.end ?? 0);
  }

  get count(): number {
    return this.finished.length + (this.active ? 1 : 0);
  }

  /** Names and lengths of what is durable. */
  lengths(): Map<string, number> {
    const files = new Map(this.finished.map((segment) => [segment.name, segment.bytes]));
    if (this.active && this.active.end > 0) files.set(this.active.name, this.active.end);
    return files;
  }

  /** Writes a group behind the last one; on disk when this returns. After an error the same place is written again. */
  async put({ bytes, bodyBytes }: EncodedGroup, group: GroupEncoder): Promise<void> {
    const span = groupSpan(bodyBytes);
    const segment = await this.segmentFor(span, group.firstPosition);
    await segment.file.write(bytes, segment.end);
    failPoint('journal.written');
    await segment.file.sync();
    failPoint('journal.synced');
    segment.groups.push({ offset: segment.end, span });
    segment.end += span;
    segment.last = group.lastPosition;
    segment.newestTime = Math.max(segment.newestTime, group.newestTime);
    segment.rawBytes += group.rawBytes;
    this.writtenBytes += span;
  }

  /** Ends the segment that is being written; the next group begins a new one. */
  async finishActive(): Promise<void> {
    const active = this.retire();
    if (!active) return;
    // What was acknowledged is on disk already; a tail that stays costs nothing but a look at the next start.
    await active.file.truncate(active.end).catch(() => {});
    failPoint('journal.segment-ended');
    await active.file.sync().catch(() => {});
    await active.file.close().catch(() => {});
    if (active.groups.length === 0) await this.options.disk.remove(active.name);
  }

  /** After an error nobody knows what is in the file: it is left as it is, and a new one begun. */
  async abandonActive(): Promise<void> {
    const active = this.retire();
    await active?.file.close().catch(() => {});
    if (active?.groups.length === 0) await this.options.disk.remove(active.name).catch(() => {});
  }

  async drop(segment: Segment): Promise<void> {
    this.finished = this.finished.filter((s) => s !== segment);
    await this.options.disk.remove(segment.name);
  }

  /** Packs a finished segment, with the records that `keep` wants. */
  async rewrite(segment: Segment, mustRewrite: boolean, keep: (record: JournalRecord) => boolean): Promise<void> {
    const { disk, log } = this.options;
    const rewritten = await rewriteSegment({ disk, log, segment, mustRewrite }, keep);
    const next = rewritten ?? { ...segment, isLoose: false };
    this.finished = this.finished.map((s) => (s === segment ? next : s));
  }

  private async segmentFor(span: number, first: JournalPosition): Promise<ActiveSegment> {
    const now = this.options.clock.now();
    const current = this.active;
    const isFull = current && current.end > 0 && current.end + span > this.options.segmentBytes;
    if (current && !isFull && !hasPassed(current.openedAt, SEGMENT_AGE_MS, now)) return current;
    await this.finishActive();
    const name = segmentName(first);
    const file = await this.newFile(name, Math.max(this.options.segmentBytes, span));
    this.active = { file, name, first, last: first - 1, end: 0, openedAt: now, newestTime: 0, rawBytes: 0, groups: [] };
    return this.active;
  }

  private async newFile(name: string, length: number): Promise<JournalFile> {
    const { disk } = this.options;
    const file = await disk.create(name);
    try {
      // The length is set once: otherwise each commit would have to write it too.
      await file.truncate(length);
      await file.sync();
      failPoint('journal.segment-made');
      await disk.syncDirectory();
      return file;
    } catch (cause) {
      await file.close();
      await disk.remove(name);
      throw cause;
    }
  }

  /** Nothing more goes into the active segment. It is among the finished ones at once, so that a replay finds it at any moment. */
  private retire(): ActiveSegment | null {
    const { active } = this;
    this.active = null;
    if (active && active.groups.length > 0) this.finished = [...this.finished, finishedOf(active)];
    return active;
  }
}

function finishedOf(active: ActiveSegment): Segment {
  const { name, first, last, newestTime } = active;
  const meanRawBytes = active.rawBytes / Math.max(1, active.groups.length);
  return { name, first, last, newestTime, bytes: active.end, isLoose: meanRawBytes < LOOSE_GROUP_BYTES };
}
