import { type Clock, houseTimeOf } from '../core/clock.ts';
import { hours, minutes } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import { isUnsetStamp } from '../core/unset-time.ts';
import { failPoint } from '../platform/fail-points.ts';
import type { JournalPosition } from '../telemetry/ports.ts';
import { CommitPacing, defaultPacing } from './commit-pacing.ts';
import { crc32, encodeGroup } from './journal-codec.fs.ts';
import type { JournalDisk, JournalFile } from './journal-disk.fs.ts';
import { GroupEncoder, groupSpan, scanSegment } from './journal-format.ts';
import {
  recordsOf,
  recoverSegments,
  rewriteSegment,
  type Segment,
  segmentName,
  visitSegment,
} from './journal-segments.fs.ts';
import type { Journal, JournalRecord } from './ports.ts';

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

type OnDurable = (error: Error | null, position: JournalPosition) => void;

/** Messages of one commit, and who wants to know. */
interface Batch {
  group: GroupEncoder;
  senders: string[];
  waiting: OnDurable[];
  positions: JournalPosition[];
}

interface ActiveSegment {
  file: JournalFile;
  name: string;
  first: JournalPosition;
  last: JournalPosition;
  end: number;
  openedAt: number;
  newestTime: number;
  rawBytes: number;
  groups: { offset: number; span: number }[];
}

const SEGMENT_BYTES = 8 * 1024 * 1024;
/** More than this waiting means that the disk does not keep up: new messages are refused until it does. */
const MOST_PENDING_BYTES = 32 * 1024 * 1024;
const SEGMENT_AGE_MS = hours(6);
/** Left on the disk for the databases, whose work is what frees journal segments: so much, or a share of a small disk. */
const MOST_RESERVED_BYTES = 16 * 1024 * 1024;
const RESERVED_SHARE = 0.02;
const NO_ROOM = 'the disk is full';
/** How often the room on the disk is looked at while there is enough. */
const ROOM_EVERY_MS = 1000;
const NEWEST_SEARCH_BYTES = 24 * 1024 * 1024;

/**
 * Append-only segment files with group commit. One group is on its way to the disk while the next one fills.
 * A commit that fails is refused to its senders, and the next one is written to the same place: the journal mends
 * itself as soon as there is space again.
 */
export class FileJournal implements Journal {
  private readonly disk: JournalDisk;
  private readonly log: Log;
  private readonly pacing: CommitPacing;
  private readonly steadyNow: () => number;
  private readonly segmentBytes: number;
  private segments: Segment[] = [];
  private active: ActiveSegment | null = null;
  private lastPosition: JournalPosition = 0;
  private filling = newBatch();
  private spare: Batch | null = newBatch();
  private flight: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private immediate: ReturnType<typeof setImmediate> | null = null;
  private dueAt = Number.POSITIVE_INFINITY;
  private tidying: Promise<unknown> = Promise.resolve();
  private isOpen = false;
  private readonly totals = { commits: 0, failedCommits: 0, writtenBytes: 0, lastCommitMs: 0 };
  private problem: string | null = null;
  private roomKnownUntil = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: JournalOptions) {
    this.disk = options.disk;
    this.log = options.log;
    this.steadyNow = options.steadyNow ?? (() => performance.now());
    this.segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.pacing = new CommitPacing({ ...defaultPacing, windowMs: options.windowMs });
  }

  /** Recovers what is there. Positions go on above everything ever given out, `floor` included. */
  async open(floor: JournalPosition = 0): Promise<void> {
    const { segments, last } = await recoverSegments(this.disk, this.log);
    this.segments = segments;
    this.lastPosition = Math.max(last, floor);
    this.isOpen = true;
  }

  append(record: Omit<JournalRecord, 'position'>, onDurable: OnDurable, isUrgent = false): void {
    if (!this.isOpen) {
      onDurable(new Error('The journal is closed.'), this.lastPosition);
      return;
    }
    const batch = this.filling;
    if (batch.group.rawBytes > MOST_PENDING_BYTES) {
      onDurable(new Error('The disk does not keep up; try again in a moment.'), this.lastPosition);
      return;
    }
    const position = ++this.lastPosition;
    const sender = record.sourceId ?? '';
    batch.group.add(record, position);
    batch.senders.push(sender);
    batch.waiting.push(onDurable);
    batch.positions.push(position);
    const now = this.steadyNow();
    const waiting = batch.waiting.length;
    const wait = this.pacing.arrived({ sender, now, waiting, waitingBytes: batch.group.rawBytes, isUrgent });
    this.schedule(now + wait, now);
  }

  async commit(): Promise<void> {
    // What waits now is in the next flight at the latest.
    if (this.flight !== null) await this.flight;
    this.launch();
    if (this.flight !== null) await this.flight;
  }

  async replay(after: JournalPosition, visit: (record: JournalRecord) => unknown): Promise<JournalPosition> {
    const { log } = this;
    let at = after;
    for (;;) {
      // Segments end and begin while this reads: what comes next is looked up anew each time.
      const segment = this.segments.find((s) => s.last > at);
      const active = this.active;
      if (segment) {
        const bytes = await this.disk.readAll(segment.name);
        await visitSegment({ bytes, log, name: segment.name, after: at }, visit);
        at = segment.last;
      } else if (active && active.last > at) {
        const { last, name } = active;
        const bytes = await active.file.read(0, active.end).catch(() => null);
        if (bytes === null && this.active === active) throw new Error(`The journal cannot be read (${name}).`);
        if (bytes === null) continue;
        await visitSegment({ bytes, log, name, after: at }, visit);
        at = last;
      } else return at;
    }
  }

  async newestOf(sourceId: string, limit: number): Promise<JournalRecord[]> {
    const found: JournalRecord[] = [];
    let searched = 0;
    const take = (records: JournalRecord[]): boolean => {
      for (let i = records.length - 1; i >= 0 && found.length < limit; i--) {
        const record = records[i];
        if (record?.sourceId === sourceId) found.push({ ...record, payload: record.payload.slice() });
      }
      return found.length >= limit || searched > NEWEST_SEARCH_BYTES;
    };
    const active = this.active;
    for (const place of active ? [...active.groups].reverse() : []) {
      // Only the pages that were written are read: reading ahead would cost pages to be written twice.
      const bytes = await active?.file.read(place.offset, place.span).catch(() => null);
      if (!bytes || !active) break;
      const group = scanSegment(bytes, crc32).groups[0];
      searched += group?.header.rawBytes ?? 0;
      if (group && take(await recordsOf(group, active.name, this.log))) return found;
    }
    for (const segment of [...this.segments].reverse()) {
      const bytes = await this.disk.readAll(segment.name).catch(() => new Uint8Array());
      for (const group of scanSegment(bytes, crc32).groups.reverse()) {
        searched += group.header.rawBytes;
        if (take(await recordsOf(group, segment.name, this.log))) return found;
      }
    }
    return found;
  }

  forget(sourceId: string): Promise<void> {
    return this.forgetThose((record) => record.sourceId === sourceId);
  }

  /** Removes the records that are meant from the files. */
  async forgetThose(isMeant: (record: JournalRecord) => boolean): Promise<void> {
    await this.commit();
    await this.alone(() => this.finishActive());
    await this.exclusively(async () => {
      for (const segment of [...this.segments]) {
        const bytes = await this.disk.readAll(segment.name);
        let isThere = false;
        await visitSegment({ bytes, log: this.log, name: segment.name }, (r) => {
          isThere ||= isMeant(r);
        });
        if (isThere) await this.replace(segment, true, (record) => !isMeant(record));
      }
    });
  }

  /** Removes what is old enough and in the database, and packs finished segments. Run it every few minutes. */
  async tidy(): Promise<void> {
    await this.exclusively(async () => {
      const oldest = this.options.clock.now() - this.options.retentionMs;
      const flushed = this.options.flushedPosition();
      for (const segment of [...this.segments]) {
        if (this.ageTime(segment) < oldest && segment.last <= flushed) await this.drop(segment);
      }
      for (const segment of [...this.segments]) {
        if (!this.isOpen) return; // A stop does not wait for tidiness.
        if (segment.isLoose) await this.replace(segment, false, () => true);
      }
    });
  }

  /** When its newest record came; what waits for the clock to be set is not old. */
  private ageTime({ newestTime }: Segment): number {
    if (!isUnsetStamp(newestTime)) return newestTime;
    return houseTimeOf(this.options.clock)?.trueTime(newestTime)?.time ?? Number.POSITIVE_INFINITY;
  }

  /** Removes the oldest finished segments until at most so much is left, whoever has read them or not. */
  async shrink(most: { bytes: number; records: number }): Promise<void> {
    await this.exclusively(async () => {
      for (;;) {
        const oldest = this.segments[0];
        if (!oldest) return;
        const isSmall = this.statistics().bytes <= most.bytes;
        if (isSmall && this.lastPosition - oldest.first < most.records) return;
        await this.drop(oldest);
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
    await this.exclusively(async () => {
      const files = new Map(this.segments.map((s) => [s.name, s.bytes]));
      if (this.active && this.active.end > 0) files.set(this.active.name, this.active.end);
      await work(files).then(done.resolve, done.reject);
    });
    return await done.promise;
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    await this.commit();
    this.isOpen = false;
    this.cancelTimers();
    await this.tidying.catch(() => {});
    await this.alone(() => this.finishActive());
  }

  statistics(): JournalStatistics {
    const finished = this.segments.reduce((sum, s) => sum + s.bytes, 0);
    return {
      ...this.totals,
      lastPosition: this.lastPosition,
      segments: this.segments.length + (this.active ? 1 : 0),
      bytes: finished + (this.active?.end ?? 0),
      pendingBytes: this.filling.group.rawBytes,
      problem: this.problem,
    };
  }

  private schedule(dueAt: number, now: number): void {
    if (dueAt >= this.dueAt) return;
    this.dueAt = dueAt;
    if (this.flight !== null) return; // Looked at again when it has landed.
    this.arm(now);
  }

  /** Waits for `dueAt`. "At once" means after what is already in the sockets, so that it shares the commit. */
  private arm(now: number): void {
    this.cancelTimers();
    const wait = this.dueAt - now;
    if (wait <= 0) this.immediate = setImmediate(() => this.launch());
    else this.timer = setTimeout(() => this.launch(), wait);
  }

  private cancelTimers(): void {
    if (this.timer) clearTimeout(this.timer);
    if (this.immediate) clearImmediate(this.immediate);
    this.timer = null;
    this.immediate = null;
  }

  private launch(): void {
    if (this.flight !== null || this.filling.waiting.length === 0) return;
    this.cancelTimers();
    this.dueAt = Number.POSITIVE_INFINITY;
    const batch = this.filling;
    this.filling = this.spare ?? newBatch();
    this.spare = null;
    this.flight = this.fly(batch).finally(() => {
      this.flight = null;
      this.spare ??= emptied(batch);
      if (this.filling.waiting.length > 0) this.arm(this.steadyNow());
    });
  }

  private async fly(batch: Batch): Promise<void> {
    const startedAt = this.steadyNow();
    let failure: Error | null = null;
    try {
      await this.write(batch);
      this.totals.commits++;
      if (this.problem) this.log.info('The journal can be written again', { after: this.problem });
      this.problem = null;
    } catch (cause) {
      failure = cause instanceof Error ? cause : new Error(String(cause));
      this.totals.failedCommits++;
      if (this.problem !== failure.message)
        this.log.error('Readings cannot be written to disk and are not acknowledged', { cause: failure });
      this.problem = failure.message;
    }
    const now = this.steadyNow();
    this.totals.lastCommitMs = now - startedAt;
    this.settle(batch, failure, now);
  }

  private settle(batch: Batch, failure: Error | null, now: number): void {
    const { waiting, positions, senders } = batch;
    for (let i = 0; i < waiting.length; i++) {
      try {
        this.pacing.acknowledged(senders[i] ?? '', now);
        waiting[i]?.(failure, positions[i] ?? 0);
      } catch (cause) {
        this.log.error('What followed a commit failed', { cause });
      }
    }
  }

  private async write(batch: Batch): Promise<void> {
    const { group } = batch;
    const { bytes, bodyBytes } = await encodeGroup(group);
    await this.keepReserve(bytes.length);
    try {
      await this.put(bytes, bodyBytes, group);
    } catch (cause) {
      if (!isFull(cause)) {
        await this.abandonActive();
        throw cause;
      }
      if (!(await this.makeRoom())) throw cause;
      await this.put(bytes, bodyBytes, group);
    }
  }

  private async put(bytes: Uint8Array, bodyBytes: number, group: GroupEncoder): Promise<void> {
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
    this.totals.writtenBytes += span;
  }

  private async segmentFor(span: number, first: JournalPosition): Promise<ActiveSegment> {
    const now = this.options.clock.now();
    const current = this.active;
    const isFull = current && current.end > 0 && current.end + span > this.segmentBytes;
    if (current && !isFull && now - current.openedAt < SEGMENT_AGE_MS) return current;
    await this.finishActive();
    const name = segmentName(first);
    const file = await this.disk.create(name);
    try {
      // The length is set once: otherwise each commit would have to write it too.
      await file.truncate(Math.max(this.segmentBytes, span));
      await file.sync();
      failPoint('journal.segment-made');
      await this.disk.syncDirectory();
    } catch (cause) {
      await file.close();
      await this.disk.remove(name);
      throw cause;
    }
    this.active = { file, name, first, last: first - 1, end: 0, openedAt: now, newestTime: 0, rawBytes: 0, groups: [] };
    return this.active;
  }

  /** Ends the segment that is being written; the next commit begins a new one. */
  private async finishActive(): Promise<void> {
    const active = this.retire();
    if (!active) return;
    // What was acknowledged is on disk already; a tail that stays costs nothing but a look at the next start.
    await active.file.truncate(active.end).catch(() => {});
    failPoint('journal.segment-ended');
    await active.file.sync().catch(() => {});
    await active.file.close().catch(() => {});
    if (active.groups.length === 0) await this.disk.remove(active.name);
  }

  /** Nothing more goes into the active segment. It is among the finished ones at once, so that a replay finds it at any moment. */
  private retire(): ActiveSegment | null {
    const { active } = this;
    this.active = null;
    if (active && active.groups.length > 0) this.segments.push(finished(active));
    return active;
  }

  /** After an error nobody knows what is in the file: it is left as it is, and a new one begun. */
  private async abandonActive(): Promise<void> {
    const active = this.retire();
    await active?.file.close().catch(() => {});
    if (active?.groups.length === 0) await this.disk.remove(active.name).catch(() => {});
  }

  /** Looks whether there is room, also while nobody sends: the pages say so before the first reading is refused. */
  async lookAtRoom(): Promise<void> {
    try {
      this.roomKnownUntil = Number.NEGATIVE_INFINITY;
      await this.keepReserve(0);
      if (this.problem === NO_ROOM) this.problem = null;
    } catch (cause) {
      if (cause instanceof Error) this.problem ??= cause.message;
    }
  }

  /** How much is free, and how much of it is left to the databases, bytes. */
  async room(): Promise<{ freeBytes: number; reserveBytes: number }> {
    const { freeBytes, totalBytes } = await this.disk.room();
    return { freeBytes, reserveBytes: Math.min(MOST_RESERVED_BYTES, totalBytes * RESERVED_SHARE) };
  }

  /** Removes the oldest messages that the database holds before their time; false when there are none. */
  async dropOldest(): Promise<boolean> {
    let isDropped = false;
    await this.exclusively(async () => {
      isDropped = await this.makeRoom();
    });
    return isDropped;
  }

  /** Refuses what would take the room that the databases need, unless old messages can make some. */
  private async keepReserve(more: number): Promise<void> {
    if (this.steadyNow() < this.roomKnownUntil) return;
    for (;;) {
      const { freeBytes, reserveBytes } = await this.room();
      if (freeBytes - more >= reserveBytes) break;
      if (!(await this.makeRoom())) throw Object.assign(new Error(NO_ROOM), { code: 'ENOSPC' });
    }
    this.roomKnownUntil = this.steadyNow() + ROOM_EVERY_MS;
  }

  /** On a full disk the oldest messages that the database holds make room for new ones. */
  private async makeRoom(): Promise<boolean> {
    const flushed = this.options.flushedPosition();
    const oldest = this.segments[0];
    if (!oldest || oldest.last > flushed) return false;
    this.log.warn('The disk is full: the oldest raw messages, which the database holds, were removed early', {
      segment: oldest.name,
    });
    await this.drop(oldest);
    return true;
  }

  private async drop(segment: Segment): Promise<void> {
    this.segments = this.segments.filter((s) => s !== segment);
    await this.disk.remove(segment.name);
  }

  private async replace(
    segment: Segment,
    mustRewrite: boolean,
    keep: (record: JournalRecord) => boolean,
  ): Promise<void> {
    const { disk, log } = this;
    const rewritten = await rewriteSegment({ disk, log, segment, mustRewrite }, keep);
    const next = rewritten ?? { ...segment, isLoose: false };
    this.segments = this.segments.map((s) => (s === segment ? next : s));
  }

  /** Runs `work` while no commit is under way. */
  private async alone(work: () => Promise<void>): Promise<void> {
    while (this.flight !== null) await this.flight;
    this.flight = work().finally(() => {
      this.flight = null;
      if (this.filling.waiting.length > 0) this.arm(this.steadyNow());
    });
    await this.flight;
  }

  /** One rewriting of finished segments at a time. */
  private exclusively(work: () => Promise<void>): Promise<void> {
    const next = this.tidying.catch(() => {}).then(work);
    this.tidying = next;
    return next;
  }
}

function finished(active: ActiveSegment): Segment {
  const { name, first, last, newestTime } = active;
  const meanRawBytes = active.rawBytes / Math.max(1, active.groups.length);
  return { name, first, last, newestTime, bytes: active.end, isLoose: meanRawBytes < 32 * 1024 };
}

function newBatch(): Batch {
  return { group: new GroupEncoder(), senders: [], waiting: [], positions: [] };
}

function emptied(batch: Batch): Batch {
  batch.group.reset();
  batch.senders.length = 0;
  batch.waiting.length = 0;
  batch.positions.length = 0;
  return batch;
}

function isFull(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** How often `tidy` is worth calling. */
export const TIDY_EVERY_MS = minutes(5);
