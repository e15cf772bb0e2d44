import type { Clock } from '../core/clock.ts';
import type { LocalStep } from '../core/local-steps.ts';
import type { Log } from '../core/log.ts';
import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues, Reading, RejectedValue } from '../core/reading.ts';
import { periodAt } from '../core/zone.ts';
import type { BookCheck } from './book-check.ts';
import type { Booking } from './booking-service.ts';
import type { Correction } from './correction.ts';
import type { CorrectionEffect } from './correction-effect.ts';
import type { CameAgain } from './late.ts';
import { LatestValues } from './latest.ts';
import { PastWatch } from './past-watch.ts';
import { mergeSorted, type PendingRow, PendingRows } from './pending.ts';
import type {
  EnergyPeriod,
  EnergyTotals,
  Forgotten,
  HistorySeries,
  JournalPosition,
  LatestReading,
  ReadingSink,
  TelemetryAdmin,
  TelemetryCorrections,
  TelemetryReader,
  TimeRange,
} from './ports.ts';
import type { DayTally, QualityDay } from './quality.ts';
import { QualityWatch } from './quality-service.ts';
import type { QuarterHours } from './quarter-hours.ts';
import { RollupQueue } from './rollup-queue.ts';
import { ROW_GROUP_ROWS } from './row-group.ts';
import type { SourceRecord } from './source-record.ts';
import { measures, Unmeasured } from './unmeasured.ts';

/** What telemetry must know of a source. */
export interface SourceFacts {
  timeZone: string;
  installedCapacityW: number | null;
}

/** What the service needs of the telemetry database. Writes are called one after the other. */
export interface TelemetryStore {
  flushedPosition(): JournalPosition;
  find(sourceId: string): SourceRecord | undefined;
  all(): Iterable<SourceRecord>;
  /**
   * Rows (ascending by time) and the position, in one transaction; `null` leaves the position as it is. Gives the times of
   * those that were there already and said nothing new, by source.
   */
  write(batch: ReadonlyMap<string, readonly PendingRow[]>, position: JournalPosition | null): Promise<CameAgain>;
  /** Stores rows (ascending) of long times in bulk. The same is given. */
  take(sourceId: string, rows: readonly PendingRow[]): Promise<CameAgain>;
  /** Adds to what is stored of the quality of days. */
  addQuality(tallies: ReadonlyMap<string, ReadonlyMap<number, DayTally>>): Promise<void>;
  quality(sourceId: string, range: TimeRange, now: number): Promise<QualityDay[]>;
  /** Brings rollups and books of a source up to date: one pass of it. True when nothing is left to do. */
  rollUp(sourceId: string): Promise<boolean>;
  /** Share of a source's time whose energy is booked, 0..1. */
  bookProgress(sourceId: string): number;
  /** Books some days of a source anew and compares with what is stored; null for a source without readings. */
  checkBooks(sourceId: string, days: number): Promise<BookCheck | null>;
  /** Everything of a source is booked anew at the next passes. */
  bookAnew(sourceId: string): Promise<void>;
  /** True if so much is not booked that nobody should wait for it. */
  isFarBehind(sourceId: string): boolean;
  /** Share of a source's days that are packed, 0..1, and how many are not. */
  packProgress(sourceId: string): { share: number; left: number };
  page(
    sourceId: string,
    range: TimeRange,
    options: { limit: number; unwritten?: readonly PendingRow[] },
  ): Promise<{ time: number; values: MetricValues }[]>;
  newestRows(sourceId: string): Promise<PendingRow[]>;
  history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    options: { points: number; unwritten?: readonly PendingRow[] },
  ): Promise<HistorySeries>;
  quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours>;
  energy(
    sourceId: string,
    period: LocalStep,
    range: TimeRange,
    options: { now: number; timeZone?: string; unwritten?: readonly PendingRow[] },
  ): Promise<EnergyPeriod[]>;
  corrections(sourceId: string): readonly Correction[];
  /** What becomes of readings and energy if the correction is as given (new, or undone); null without readings. */
  correctionEffect(sourceId: string, correction: Correction, now: number): Promise<CorrectionEffect | null>;
  /** Brings a correction into force, or undoes it, as it says itself. */
  correct(sourceId: string, correction: Correction): Promise<void>;
  deleteSource(sourceId: string): Promise<void>;
  forget(sourceId: string, what: Forgotten): Promise<void>;
  readingCount(): number;
  size(): { databaseBytes: number; walBytes: number };
}

export interface TelemetryOptions {
  store: TelemetryStore;
  clock: Clock;
  log: Log;
  factsOf: (sourceId: string) => SourceFacts;
  /** Longest time readings stay in memory only [ms]; default one minute. */
  flushIntervalMs?: number;
  /**
   * So many pending rows are written at once; default 40,960, a whole row group: that goes straight into the file,
   * which costs half as much as going through the log.
   */
  flushRows?: number;
  /** So many rows waiting are too many: ingest must make its senders wait; default 150,000 (about 60 MB). */
  mostPendingRows?: number;
}

/** In a flood rows are written many times a minute: rolling up is for the regular flush, and for who asks. */
type FlushScope = 'rows only' | 'roll up';

interface SourceState {
  pending: PendingRows;
  /** Rows that are being written right now. */
  writing: readonly PendingRow[];
  latest: LatestValues;
  today: { at: number; day: number; totals: EnergyTotals } | null;
  unmeasured: Unmeasured;
  past: PastWatch;
}

const EVENT_MS = 200;
const TODAY_MS = 5000;
/** Quiet: in this time fewer messages than one in `QUIET_SHARE` of what is written at once (2,000 a second). */
const QUIET_MS = 250;
const QUIET_SHARE = 60;
const MOST_PENDING_ROWS = 150_000;
const IMPORT_ROWS = 2 * ROW_GROUP_ROWS;
const BURST = 2;
const LONGEST_BACKOFF_MS = 60_000;
/** Days to pack that are work for a job. */
const MANY_DAYS = 3;

/**
 * The way of a reading after it is durable in the journal: in memory and visible at once, in the database a little
 * later and in bulk. Implements what ingest, pages, API and other features see of telemetry.
 */
export class TelemetryService implements ReadingSink, TelemetryReader, TelemetryAdmin, TelemetryCorrections, Booking {
  private readonly sources = new Map<string, SourceState>();
  private readonly listeners = new Set<(sourceIds: ReadonlySet<string>) => void>();
  private readonly store: TelemetryStore;
  private readonly flushRows: number;
  private position: JournalPosition = 0;
  private pendingRows = 0;
  private writingRows = 0;
  /** Sources with rows in the database that rollups were not asked about yet. */
  private readonly unrolled = new RollupQueue();
  /** Those of them in which readings came behind others, or whose books may be behind. */
  private readonly unsettled = new Set<string>();
  private readonly watch: QualityWatch;
  private changed = new Set<string>();
  private eventTimer: ReturnType<typeof setTimeout> | null = null;
  private flushTimer: ReturnType<typeof setInterval> | null = null;
  private quietTimer: ReturnType<typeof setTimeout> | null = null;
  /** Position of the journal when it was last looked at whether a burst goes on. */
  private positionBefore: JournalPosition = 0;
  private queue: Promise<unknown> = Promise.resolve();
  private isFlushQueued = false;
  private failures = 0;
  private retryAt = 0;
  private lastError: string | null = null;

  constructor(private readonly options: TelemetryOptions) {
    this.store = options.store;
    this.flushRows = options.flushRows ?? ROW_GROUP_ROWS;
    this.position = this.store.flushedPosition();
    this.watch = new QualityWatch({
      timeZoneOf: (sourceId) => options.factsOf(sourceId).timeZone,
      save: (tallies) => this.store.addQuality(tallies),
    });
  }

  /** Fills `latest` from the database and starts the regular flush. */
  async start(): Promise<void> {
    const records = [...this.store.all()].sort((a, b) => b.newestMs - a.newestMs);
    for (const record of records) {
      const { latest } = this.stateOf(record.sourceId);
      latest.takeAll(await this.store.newestRows(record.sourceId));
      // What was not rolled up when it stopped, and what an update books otherwise.
      this.unrolled.add(record.sourceId);
      this.unsettled.add(record.sourceId);
    }
    this.flushTimer = setInterval(() => this.flushSoon(), this.options.flushIntervalMs ?? 60_000);
  }

  /** Writes what is pending. */
  async stop(): Promise<void> {
    if (this.flushTimer) clearInterval(this.flushTimer);
    if (this.eventTimer) clearTimeout(this.eventTimer);
    if (this.quietTimer) clearTimeout(this.quietTimer);
    this.flushTimer = null;
    this.eventTimer = null;
    this.quietTimer = null;
    this.retryAt = 0;
    await this.flush();
    await this.inTurn(() => this.saveQuality());
  }

  // ReadingSink

  add(readings: readonly Reading[], position: JournalPosition): void {
    for (const reading of readings) this.take(reading);
    if (position > this.position) this.position = position;
    if (this.changed.size > 0) this.eventTimer ??= setTimeout(() => this.tell(), EVENT_MS);
    if (this.pendingRows >= BURST * this.flushRows) this.flushSoon('rows only');
    else if (this.pendingRows >= this.flushRows / 10)
      this.quietTimer ??= setTimeout(() => this.flushIfQuiet(), QUIET_MS);
  }

  noteRefused(sourceId: string, receivedAt: number, values: readonly RejectedValue[]): void {
    this.watch.refused(sourceId, receivedAt, values);
  }

  isSaturated(): boolean {
    return this.pendingRows + this.writingRows >= (this.options.mostPendingRows ?? MOST_PENDING_ROWS);
  }

  flush(): Promise<void> {
    return this.inTurn(() => this.flushNow('roll up'));
  }

  flushedPosition(): JournalPosition {
    return this.store.flushedPosition();
  }

  /** The database holds less than it did: what the journal has after its position comes again, in order. */
  rewind(): void {
    this.position = this.store.flushedPosition();
  }

  /** Why the last write failed, or null when it did not; readings wait in memory and in the journal meanwhile. */
  problem(): string | null {
    return this.lastError;
  }

  /** Why rollups of a source keep failing, or null; the readings themselves are stored. */
  rollupProblem(): string | null {
    return this.unrolled.problem();
  }

  /** Writes everything added so far, and does `work` before anything else is written. */
  quiet<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      await this.flushNow('roll up');
      return await work();
    });
  }

  // TelemetryReader

  latest(sourceId: string): LatestReading | undefined {
    const state = this.sources.get(sourceId);
    if (!state) return undefined;
    state.pending.takeUnseen((rows, from) => state.latest.takeAll(rows, from));
    return state.latest.read();
  }

  async readings(
    sourceId: string,
    range: TimeRange,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: { time: number; values: MetricValues }[]; nextCursor: string | null }> {
    const from = page.cursor === undefined ? range.from : Math.max(range.from, Number(page.cursor));
    const options = { limit: page.limit + 1, unwritten: this.unwrittenOf(sourceId) };
    const items = await this.store.page(sourceId, { from, to: range.to }, options);
    const isMore = items.length > page.limit;
    const shown = isMore ? items.slice(0, page.limit) : items;
    const last = shown[shown.length - 1];
    return { items: shown, nextCursor: isMore && last ? String(last.time + 1) : null };
  }

  async history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    points: number,
  ): Promise<HistorySeries> {
    return await this.store.history(sourceId, metrics, range, { points, unwritten: this.unwrittenOf(sourceId) });
  }

  async quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours> {
    await this.flushFor(sourceId);
    return await this.store.quarterHours(sourceId, range);
  }

  async energy(sourceId: string, period: LocalStep, range: TimeRange, zone?: string): Promise<EnergyPeriod[]> {
    const now = this.options.clock.now();
    const timeZone = zone ?? this.options.factsOf(sourceId).timeZone;
    await this.settle(sourceId);
    return await this.store.energy(sourceId, period, range, {
      ...{ now, timeZone },
      unwritten: this.unwrittenOf(sourceId),
    });
  }

  pastRevision(sourceId: string): number {
    return this.sources.get(sourceId)?.past.revision() ?? 0;
  }

  async today(sourceId: string): Promise<EnergyTotals> {
    const now = this.options.clock.now();
    const state = this.stateOf(sourceId);
    const day = periodAt('day', now, this.options.factsOf(sourceId).timeZone);
    if (state.today && state.today.day === day.from && Math.abs(now - state.today.at) < TODAY_MS)
      return state.today.totals;
    if (this.store.isFarBehind(sourceId)) return nothing;
    const unwritten = this.unwrittenOf(sourceId);
    const [only] = await this.store.energy(sourceId, 'day', day, { now, unwritten });
    const { period: _period, ...totals } = only ?? { period: '', ...nothing };
    state.today = { at: now, day: day.from, totals };
    return totals;
  }

  async quality(sourceId: string, range: TimeRange): Promise<QualityDay[]> {
    await this.flushFor(sourceId);
    await this.inTurn(() => this.saveQuality());
    return await this.store.quality(sourceId, range, this.options.clock.now());
  }

  span(sourceId: string): Promise<TimeRange | null> {
    const record = this.store.find(sourceId);
    const rows = this.sources.get(sourceId)?.pending.rows ?? [];
    const first = Math.min(record?.firstMs ?? Number.POSITIVE_INFINITY, rows[0]?.time ?? Number.POSITIVE_INFINITY);
    const last = Math.max(record?.newestMs ?? 0, rows[rows.length - 1]?.time ?? 0);
    return Promise.resolve(Number.isFinite(first) ? { from: first, to: last } : null);
  }

  metricsOf(sourceId: string): Promise<MetricName[]> {
    const names = new Set(this.store.find(sourceId)?.metrics ?? []);
    for (const name of Object.keys(this.latest(sourceId)?.values ?? {})) names.add(name as MetricName);
    return Promise.resolve([...names]);
  }

  onReadings(listener: (sourceIds: ReadonlySet<string>) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  // Booking

  farBehind(): string[] {
    const isBehind = (sourceId: string) =>
      this.store.isFarBehind(sourceId) || this.store.packProgress(sourceId).left > MANY_DAYS;
    return [...this.store.all()].flatMap(({ sourceId }) => (isBehind(sourceId) ? [sourceId] : []));
  }

  async bookPass(sourceId: string): Promise<boolean> {
    const isDone = await this.inTurn(() => this.store.rollUp(sourceId));
    this.sources.get(sourceId)?.past.changed();
    return isDone;
  }

  bookProgress(sourceId: string): number {
    return (this.store.bookProgress(sourceId) + this.store.packProgress(sourceId).share) / 2;
  }

  /** Books some days anew and compares with what is stored; null for a source without readings. Nothing is changed. */
  checkBooks(sourceId: string, days: number): Promise<BookCheck | null> {
    return this.store.checkBooks(sourceId, days);
  }

  /** Books everything of a source anew from its readings. */
  async bookAnew(sourceId: string): Promise<void> {
    await this.inTurn(() => this.store.bookAnew(sourceId));
    this.stateOf(sourceId).today = null;
    while (!(await this.bookPass(sourceId)));
  }

  /** What the books must know of a source has changed: its zone, what is installed. */
  factsChanged(sourceId: string): void {
    if (!this.store.find(sourceId)) return;
    const state = this.stateOf(sourceId);
    state.today = null;
    state.past.changed();
    this.unrolled.add(sourceId);
    this.unsettled.add(sourceId);
    this.flushSoon();
  }

  // TelemetryCorrections

  corrections(sourceId: string): readonly Correction[] {
    return this.store.corrections(sourceId);
  }

  async correctionEffect(sourceId: string, correction: Correction): Promise<CorrectionEffect | null> {
    const now = this.options.clock.now();
    await this.flushFor(sourceId);
    return await this.store.correctionEffect(sourceId, correction, now);
  }

  async correct(sourceId: string, correction: Correction): Promise<void> {
    await this.inTurn(async () => {
      await this.flushNow('rows only');
      await this.store.correct(sourceId, correction);
    });
    const state = this.stateOf(sourceId);
    state.today = null;
    state.past.changed();
    // The newest values may be among what is read otherwise now.
    state.latest = new LatestValues();
    state.latest.takeAll(await this.store.newestRows(sourceId));
    this.unrolled.add(sourceId);
    this.unsettled.add(sourceId);
    this.changed.add(sourceId);
    this.tell();
    this.flushSoon();
  }

  // TelemetryAdmin

  async importReadings(
    sourceId: string,
    readings: Iterable<Reading> | AsyncIterable<Reading>,
    onProgress?: (count: number) => void,
  ): Promise<number> {
    let count = 0;
    let batch = new PendingRows();
    const write = async () => {
      const rows = batch.rows;
      batch = new PendingRows();
      if (rows.length === 0) return;
      await this.inTurn(async () => this.watch.cameAgain(await this.store.take(sourceId, rows)));
      const state = this.stateOf(sourceId);
      state.latest.takeAll(rows, Math.max(0, rows.length - 500));
      onProgress?.(count);
    };
    for await (const reading of readings) {
      if (!measures(reading)) continue;
      batch.add(reading);
      count++;
      if (batch.rows.length >= IMPORT_ROWS) await write();
    }
    await write();
    while (!(await this.bookPass(sourceId)));
    this.stateOf(sourceId).today = null;
    this.changed.add(sourceId);
    this.tell();
    return count;
  }

  deleteSource(sourceId: string): Promise<void> {
    return this.inTurn(async () => {
      const state = this.sources.get(sourceId);
      this.pendingRows -= state?.pending.rows.length ?? 0;
      this.sources.delete(sourceId);
      this.rolledUp(sourceId);
      this.watch.forget(sourceId);
      await this.store.deleteSource(sourceId);
    });
  }

  forget(sourceId: string, what: Forgotten): Promise<void> {
    return this.inTurn(async () => {
      await this.flushNow('rows only');
      await this.store.forget(sourceId, what);
      this.sources.get(sourceId)?.past.changed();
    });
  }

  /** Readings that are not in the database yet. */
  pendingCount(): number {
    return this.pendingRows + this.writingRows;
  }

  statistics(): Promise<{ readings: number; pendingReadings: number; databaseBytes: number; walBytes: number }> {
    return Promise.resolve({
      readings: this.store.readingCount(),
      pendingReadings: this.pendingCount(),
      ...this.store.size(),
    });
  }

  // Inside

  private take(reading: Reading): void {
    const { pending, unmeasured, past } = this.stateOf(reading.sourceId);
    if (!measures(reading)) {
      if (!pending.note(reading)) unmeasured.keep(reading);
      return;
    }
    this.watch.arrived(reading, pending.has(reading));
    this.pendingRows += pending.add(unmeasured.join(reading));
    past.heard(reading.time, this.options.clock.now());
    this.changed.add(reading.sourceId);
  }

  private stateOf(sourceId: string): SourceState {
    let state = this.sources.get(sourceId);
    if (!state) {
      state = {
        pending: new PendingRows(),
        writing: [],
        latest: new LatestValues(),
        today: null,
        unmeasured: new Unmeasured(),
        past: new PastWatch(this.store.find(sourceId)?.newestMs ?? 0),
      };
      this.sources.set(sourceId, state);
    }
    return state;
  }

  private tell(): void {
    this.eventTimer = null;
    const changed = this.changed;
    this.changed = new Set();
    for (const listener of this.listeners) {
      try {
        listener(changed);
      } catch (error) {
        this.options.log.error('a listener for readings failed', { error });
      }
    }
  }

  /** Writes go one after the other; one that fails does not stop the next. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work, work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Flushes in the background, unless that is already coming or a failure asks for patience. */
  private flushSoon(scope: FlushScope = 'roll up'): void {
    if (this.isFlushQueued || this.options.clock.now() < this.retryAt) return;
    this.isFlushQueued = true;
    // The failure is logged and kept by flushNow; readings stay pending.
    this.inTurn(() => this.flushNow(scope)).catch(() => undefined);
  }

  /** A burst has the processor to itself: the database has its turn afterwards, or when `BURST` times as much waits. */
  private flushIfQuiet(): void {
    this.quietTimer = null;
    const added = this.position - this.positionBefore;
    this.positionBefore = this.position;
    if (this.pendingRows < this.flushRows / 10) return;
    if (added * QUIET_SHARE < this.flushRows) this.flushSoon();
    else this.quietTimer = setTimeout(() => this.flushIfQuiet(), QUIET_MS);
  }

  /** Readings of a source that are not in the database yet, ascending. */
  private unwrittenOf(sourceId: string): PendingRow[] {
    const state = this.sources.get(sourceId);
    return state ? mergeSorted(state.writing, state.pending.rows) : [];
  }

  /**
   * Before energy is asked for: readings that came behind others change what is booked already. Others only follow it. If the
   * disk refuses, the answer is made of what is there.
   */
  private async settle(sourceId: string): Promise<void> {
    const newest = this.store.find(sourceId)?.newestMs;
    const [first] = this.unwrittenOf(sourceId);
    if (first && newest !== undefined && first.time <= newest)
      await this.inTurn(() => this.flushNow('rows only')).catch(() => undefined);
    const isUnsettled = () => this.unsettled.has(sourceId) && this.unrolled.isDue(sourceId, this.options.clock.now());
    while (isUnsettled()) await this.inTurn(() => this.rollUp([sourceId]));
  }

  /** Before a question about what is in the database. If the disk refuses, the answer is made of what is there. */
  private async flushFor(sourceId: string): Promise<void> {
    if (this.unwrittenOf(sourceId).length > 0)
      await this.inTurn(() => this.flushNow('rows only')).catch(() => undefined);
    await this.settle(sourceId);
  }

  private async flushNow(scope: FlushScope): Promise<void> {
    this.isFlushQueued = false;
    const { position } = this;
    if (this.pendingRows > 0 || position !== this.store.flushedPosition()) await this.writeBatch(this.swap(), position);
    if (scope === 'rows only') return;
    await this.rollUp(this.unrolled.due(this.options.clock.now()));
    await this.saveQuality({ isOnlyIfDue: true });
  }

  /** Counts are not worth a failure: what cannot be stored now is stored later. */
  private async saveQuality({ isOnlyIfDue = false } = {}): Promise<void> {
    const now = this.options.clock.now();
    try {
      await (isOnlyIfDue ? this.watch.saveIfDue(now) : this.watch.save(now));
    } catch (error) {
      this.options.log.warn('what was counted of the quality of data could not be stored', { error });
    }
  }

  private async writeBatch(batch: Map<string, readonly PendingRow[]>, position: JournalPosition): Promise<void> {
    const late = [...batch].flatMap(([sourceId, [first]]) => {
      const newest = this.store.find(sourceId)?.newestMs;
      return first && newest !== undefined && first.time <= newest ? [sourceId] : [];
    });
    try {
      this.watch.cameAgain(await this.store.write(batch, position));
      this.failures = 0;
      this.lastError = null;
    } catch (error) {
      this.putBack(batch);
      this.failed(error);
      throw error;
    }
    this.written(batch);
    for (const sourceId of batch.keys()) this.unrolled.add(sourceId);
    for (const sourceId of late) this.unsettled.add(sourceId);
  }

  private async rollUp(sourceIds: readonly string[]): Promise<void> {
    for (const sourceId of sourceIds) {
      try {
        // One pass: what is left has its turn after whatever waits.
        if (await this.store.rollUp(sourceId)) this.rolledUp(sourceId);
        else this.flushSoon();
      } catch (error) {
        const retryInMs = this.unrolled.failed(sourceId, firstLineOf(error), this.options.clock.now());
        this.options.log.error('rollups could not be written; they are tried again', { error, sourceId, retryInMs });
      }
    }
  }

  private rolledUp(sourceId: string): void {
    this.unrolled.done(sourceId);
    this.unsettled.delete(sourceId);
  }

  private swap(): Map<string, readonly PendingRow[]> {
    const batch = new Map<string, readonly PendingRow[]>();
    for (const [sourceId, state] of this.sources) {
      if (state.pending.rows.length === 0) continue;
      state.pending.takeUnseen((rows, from) => state.latest.takeAll(rows, from));
      state.writing = state.pending.rows;
      state.pending = new PendingRows();
      batch.set(sourceId, state.writing);
    }
    this.writingRows = this.pendingRows;
    this.pendingRows = 0;
    return batch;
  }

  private written(batch: ReadonlyMap<string, readonly PendingRow[]>): void {
    this.writingRows = 0;
    for (const sourceId of batch.keys()) {
      const state = this.sources.get(sourceId);
      if (state) state.writing = [];
    }
  }

  private putBack(batch: ReadonlyMap<string, readonly PendingRow[]>): void {
    this.writingRows = 0;
    for (const [sourceId, rows] of batch) {
      const state = this.sources.get(sourceId);
      if (!state) continue;
      const before = state.pending.rows.length;
      state.pending.restore(rows);
      state.writing = [];
      this.pendingRows += state.pending.rows.length - before;
    }
  }

  private failed(error: unknown): void {
    this.failures++;
    const wait = Math.min(LONGEST_BACKOFF_MS, 1000 * 2 ** Math.min(6, this.failures));
    this.retryAt = this.options.clock.now() + wait;
    this.lastError = firstLineOf(error);
    this.options.log.error('readings could not be written to the database; they wait in memory and in the journal', {
      error,
      pending: this.pendingRows,
      retryInMs: wait,
    });
    setTimeout(() => this.flushSoon(), wait + 10).unref?.();
  }
}

function firstLineOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

const nothing: EnergyTotals = {
  solarKwh: null,
  loadKwh: null,
  importKwh: null,
  exportKwh: null,
  chargeKwh: null,
  dischargeKwh: null,
  coverage: 0,
};
