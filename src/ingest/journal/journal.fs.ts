import { type Clock, houseTimeOf } from '../../core/clock.ts';
import { minutes } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import { isUnsetStamp } from '../../core/unset-time.ts';
import type { JournalPosition } from '../../telemetry/ports.ts';
import type { Journal, JournalRecord } from '../ports.ts';
import { CommitPacing, defaultPacing } from './commit-pacing.ts';
import { GroupCommit, type OnDurable } from './group-commit.ts';
import { encodeGroup } from './journal-codec.fs.ts';
import type { JournalDisk } from './journal-disk.fs.ts';
import { JournalFiles } from './journal-files.fs.ts';
import type { GroupEncoder } from './journal-format.ts';
import { newestRecordsOf, replayFiles } from './journal-reading.fs.ts';
import { isFull, JournalRoom, NO_ROOM } from './journal-room.fs.ts';
import { type Segment, visitSegment } from './journal-segments.fs.ts';

export interface JournalOptions {
  disk: JournalDisk;
  clock: Clock;
  log: Log;
  /** Longest wait for others, ms. */
  windowMs: number;
  /** How long records are kept once the database holds them, ms. */
  retentionMs: number;
  /** Up to where the database holds everything. */
  flushedPosition: () => JournalPosition;
  segmentBytes?: number;
  /** A steady clock in ms; only differences count. */
  steadyNow?: () => number;
}

export interface JournalStatistics {
  lastPosition: JournalPosition;
  segments: number;
  /** On disk, finished segments and the one that is being written. */
  bytes: number;
  commits: number;
  failedCommits: number;
  /** Bytes written by commits, in whole pages, since the start. */
  writtenBytes: number;
  pendingBytes: number;
  lastCommitMs: number;
  /** Why the last commit failed, or null when it did not. */
  problem: string | null;
}

const SEGMENT_BYTES = 8 * 1024 * 1024;
/** More than this waiting means that the disk does not keep up: new messages are refused until it does. */
const MOST_PENDING_BYTES = 32 * 1024 * 1024;
/** How often `tidy` is worth calling. */
export const TIDY_EVERY_MS = minutes(5);

/**
 * Append-only segment files with group commit. A commit that fails is refused to its senders, and the next one is
 * written to the same place: the journal mends itself as soon as there is space again.
 */
export class FileJournal implements Journal {
  private readonly log: Log;
  private readonly files: JournalFiles;
  private readonly space: JournalRoom;
  private readonly commits: GroupCommit;
  private lastPosition: JournalPosition = 0;
  private tidying: Promise<unknown> = Promise.resolve();
  private isOpen = false;

  constructor(private readonly options: JournalOptions) {
    const { disk, clock, log, flushedPosition } = options;
    const steadyNow = options.steadyNow ?? (() => performance.now());
    this.log = log;
    this.files = new JournalFiles({ disk, clock, log, segmentBytes: options.segmentBytes ?? SEGMENT_BYTES });
    this.space = new JournalRoom({ disk, files: this.files, log, flushedPosition, steadyNow });
    const pacing = new CommitPacing({ ...defaultPacing, windowMs: options.windowMs });
    this.commits = new GroupCommit({ write: (group) => this.write(group), pacing, steadyNow, log });
  }

  /** Recovers what is there. Positions go on above everything ever given out, `floor` included. */
  async open(floor: JournalPosition = 0): Promise<void> {
    this.lastPosition = Math.max(await this.files.recover(), floor);
    this.isOpen = true;
  }

  append(record: Omit<JournalRecord, 'position'>, onDurable: OnDurable, isUrgent = false): void {
    if (!this.isOpen) onDurable(new Error('The journal is closed.'), this.lastPosition);
    else if (this.commits.pendingBytes > MOST_PENDING_BYTES)
      onDurable(new Error('The disk does not keep up; try again in a moment.'), this.lastPosition);
    else this.commits.add(record, ++this.lastPosition, onDurable, isUrgent);
  }

  commit(): Promise<void> {
    return this.commits.flush();
  }

  replay(after: JournalPosition, visit: (record: JournalRecord) => unknown): Promise<JournalPosition> {
    return replayFiles(this.reading(), after, visit);
  }

  newestOf(sourceId: string, limit: number): Promise<JournalRecord[]> {
    return newestRecordsOf(this.reading(), sourceId, limit);
  }

  reach(since: number, mostRecords: number): JournalPosition {
    const older = this.files.finished.filter((segment) => this.ageTime(segment) < since);
    return Math.max(0, older.at(-1)?.last ?? 0, this.lastPosition - mostRecords);
  }

  forget(sourceId: string): Promise<void> {
    return this.forgetThose((record) => record.sourceId === sourceId);
  }

  /** Removes the records that are meant from the files. */
  async forgetThose(isMeant: (record: JournalRecord) => boolean): Promise<void> {
    await this.commit();
    await this.commits.alone(() => this.files.finishActive());
    await this.exclusively(async () => {
      for (const segment of this.files.finished) {
        const bytes = await this.options.disk.readAll(segment.name);
        let isThere = false;
        await visitSegment({ bytes, log: this.log, name: segment.name }, (r) => {
          isThere ||= isMeant(r);
        });
        if (isThere) await this.files.rewrite(segment, true, (record) => !isMeant(record));
      }
    });
  }

  /** Removes what is old enough and in the database, and packs finished segments. Run it every few minutes. */
  async tidy(): Promise<void> {
    await this.exclusively(async () => {
      const oldest = this.options.clock.now() - this.options.retentionMs;
      const flushed = this.options.flushedPosition();
      for (const segment of this.files.finished) {
        if (this.ageTime(segment) < oldest && segment.last <= flushed) await this.files.drop(segment);
      }
      for (const segment of this.files.finished) {
        if (!this.isOpen) return; // A stop does not wait for tidiness.
        if (segment.isLoose) await this.files.rewrite(segment, false, () => true);
      }
    });
  }

  /** Removes the oldest finished segments until at most so much is left, whoever has read them or not. */
  async shrink(most: { bytes: number; records: number }): Promise<void> {
    await this.exclusively(async () => {
      for (;;) {
        const oldest = this.files.finished[0];
        if (!oldest) return;
        const isSmall = this.files.bytes <= most.bytes;
        if (isSmall && this.lastPosition - oldest.first < most.records) return;
        await this.files.drop(oldest);
      }
    });
  }

  /**
   * Leaves the files as they are while `work` copies them: names and lengths of what is durable. More is added behind that
   * meanwhile; only a full disk may take away the oldest.
   */
  async still<T>(work: (files: ReadonlyMap<string, number>) => Promise<T>): Promise<T> {
    const done = Promise.withResolvers<T>();
    await this.commit();
    await this.exclusively(() => work(this.files.lengths()).then(done.resolve, done.reject));
    return await done.promise;
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    await this.commit();
    this.isOpen = false;
    this.commits.cancelTimers();
    await this.tidying.catch(() => {});
    await this.commits.alone(() => this.files.finishActive());
  }

  statistics(): JournalStatistics {
    return {
      ...this.commits.totals,
      lastPosition: this.lastPosition,
      segments: this.files.count,
      bytes: this.files.bytes,
      writtenBytes: this.files.writtenBytes,
      pendingBytes: this.commits.pendingBytes,
      problem: this.commits.problem,
    };
  }

  /** Looks whether there is room, also while nobody sends: the pages say so before the first reading is refused. */
  async lookAtRoom(): Promise<void> {
    try {
      await this.space.look();
      if (this.commits.problem === NO_ROOM) this.commits.problem = null;
    } catch (cause) {
      if (cause instanceof Error) this.commits.problem ??= cause.message;
    }
  }

  /** How much is free, and how much of it is left to the databases, bytes. */
  room(): Promise<{ freeBytes: number; reserveBytes: number }> {
    return this.space.size();
  }

  /** Removes the oldest messages that the database holds before their time; false when there are none. */
  async dropOldest(): Promise<boolean> {
    let isDropped = false;
    await this.exclusively(async () => {
      isDropped = await this.space.make();
    });
    return isDropped;
  }

  private reading() {
    return { files: this.files, disk: this.options.disk, log: this.log };
  }

  /** On a full disk the oldest messages that the database holds make room for new ones. */
  private async write(group: GroupEncoder): Promise<void> {
    const encoded = await encodeGroup(group);
    await this.space.keepReserve(encoded.bytes.length);
    try {
      await this.files.put(encoded, group);
    } catch (cause) {
      if (!isFull(cause)) {
        await this.files.abandonActive();
        throw cause;
      }
      if (!(await this.space.make())) throw cause;
      await this.files.put(encoded, group);
    }
  }

  /** When its newest record came; what waits for the clock to be set is not old. */
  private ageTime({ newestTime }: Segment): number {
    if (!isUnsetStamp(newestTime)) return newestTime;
    return houseTimeOf(this.options.clock)?.trueTime(newestTime)?.time ?? Number.POSITIVE_INFINITY;
  }

  /** One rewriting of finished segments at a time. */
  private exclusively(work: () => Promise<void>): Promise<void> {
    const next = this.tidying.catch(() => {}).then(work);
    this.tidying = next;
    return next;
  }
}
