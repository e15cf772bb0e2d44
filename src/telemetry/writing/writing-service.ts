import type { Clock } from '../../core/clock.ts';
import { Lanes } from '../../core/lanes.ts';
import type { Log } from '../../core/log.ts';
import type { Reading, RejectedValue } from '../../core/reading.ts';
import { firstLineOf } from '../first-line.ts';
import type { News } from '../news.ts';
import type { JournalPosition, ReadingSink, TelemetryStore } from '../ports.ts';
import type { QualityWatch } from '../quality/quality-service.ts';
import type { Batch, SourceStates } from '../source-states.ts';
import { ROW_GROUP_ROWS } from '../store/row-group.ts';
import { RollupService } from './rollup-service.ts';
import { measures } from './unmeasured.ts';

export interface WritingDeps {
  store: Pick<TelemetryStore, 'write' | 'rollUp' | 'flushedPosition' | 'find'>;
  states: SourceStates;
  watch: QualityWatch;
  news: News;
  clock: Clock;
  log: Log;
}

export interface WritingOptions {
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

/** Quiet: in this time fewer messages than one in `QUIET_SHARE` of what is written at once (2,000 a second). */
const QUIET_MS = 250;
const QUIET_SHARE = 60;
const MOST_PENDING_ROWS = 150_000;
const BURST = 2;
const FLUSH_INTERVAL_MS = 60_000;
const LONGEST_BACKOFF_MS = 60_000;

/** The way of a reading into the database: it waits in memory, and is written with others. */
export class WritingService implements ReadingSink {
  readonly rollups: RollupService;
  /** What changes the database goes one after the other; one that fails does not stop the next. */
  private readonly turns = new Lanes<'database'>();
  private readonly flushRows: number;
  private readonly mostPendingRows: number;
  private position: JournalPosition;
  private flushTimer: ReturnType<typeof setInterval> | null = null;
  private quietTimer: ReturnType<typeof setTimeout> | null = null;
  /** Position of the journal when it was last looked at whether a burst goes on. */
  private positionBefore: JournalPosition = 0;
  private isFlushQueued = false;
  private failures = 0;
  private retryAt = 0;
  private lastError: string | null = null;

  constructor(
    private readonly deps: WritingDeps,
    private readonly options: WritingOptions,
  ) {
    const { store, clock, log } = deps;
    this.flushRows = options.flushRows ?? ROW_GROUP_ROWS;
    this.mostPendingRows = options.mostPendingRows ?? MOST_PENDING_ROWS;
    this.position = store.flushedPosition();
    this.rollups = new RollupService({ store, clock, log, onRest: () => this.flushSoon() });
  }

  /** Starts the regular flush. */
  start(): void {
    this.flushTimer = setInterval(() => this.flushSoon(), this.options.flushIntervalMs ?? FLUSH_INTERVAL_MS);
  }

  /** Writes what is pending. */
  async stop(): Promise<void> {
    if (this.flushTimer) clearInterval(this.flushTimer);
    if (this.quietTimer) clearTimeout(this.quietTimer);
    this.flushTimer = null;
    this.quietTimer = null;
    this.retryAt = 0;
    await this.flush();
    await this.saveQuality();
  }

  // ReadingSink

  add(readings: readonly Reading[], position: JournalPosition): void {
    const { states, news } = this.deps;
    for (const reading of readings) this.take(reading);
    if (position > this.position) this.position = position;
    news.tellSoon();
    const waiting = states.waitingCount();
    if (waiting >= BURST * this.flushRows) this.flushSoon('rows only');
    else if (waiting >= this.flushRows / 10) this.quietTimer ??= setTimeout(() => this.flushIfQuiet(), QUIET_MS);
  }

  noteRefused(sourceId: string, receivedAt: number, values: readonly RejectedValue[]): void {
    this.deps.watch.refused(sourceId, receivedAt, values);
  }

  isSaturated(): boolean {
    return this.deps.states.unwrittenCount() >= this.mostPendingRows;
  }

  waitingRows(): number {
    return this.deps.states.unwrittenCount();
  }

  flush(): Promise<void> {
    return this.inTurn(() => this.flushNow('roll up'));
  }

  flushedPosition(): JournalPosition {
    return this.deps.store.flushedPosition();
  }

  /** The database holds less than it did: what the journal has after its position comes again, in order. */
  rewind(): void {
    this.position = this.deps.store.flushedPosition();
  }

  /** Why the last write failed, or null when it did not; readings wait in memory and in the journal meanwhile. */
  problem(): string | null {
    return this.lastError;
  }

  // For whoever changes or asks the database

  /** Does something to the database while nobody else changes it. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.run('database', work);
  }

  /** The same after everything added so far was written. */
  inTurnAfterRows<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      await this.flushNow('rows only');
      return await work();
    });
  }

  /** Writes everything added so far, and does `work` before anything else is written. */
  quiet<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      await this.flushNow('roll up');
      return await work();
    });
  }

  /** Flushes in the background, unless that is already coming or a failure asks for patience. */
  flushSoon(scope: FlushScope = 'roll up'): void {
    if (this.isFlushQueued || this.mustWait()) return;
    this.isFlushQueued = true;
    // The failure is logged and kept by flushNow; readings stay pending.
    this.inTurn(() => this.flushNow(scope)).catch(() => undefined);
  }

  /**
   * Before energy is asked for: readings that came behind others change what is booked already. Others only follow it. If the
   * disk refuses, the answer is made of what is there.
   */
  async settle(sourceId: string): Promise<void> {
    if (this.isLate(sourceId, this.deps.states.unwrittenOf(sourceId)[0]?.time)) await this.tryToWrite();
    while (this.rollups.isUnsettled(sourceId)) await this.inTurn(() => this.rollups.pass(sourceId));
  }

  /** Before a question about what is in the database. If the disk refuses, the answer is made of what is there. */
  async settleAll(sourceId: string): Promise<void> {
    if (this.deps.states.unwrittenOf(sourceId).length > 0) await this.tryToWrite();
    await this.settle(sourceId);
  }

  /** Counts are not worth a failure: what cannot be stored now is stored later. */
  saveQuality(): Promise<void> {
    return this.inTurn(() => this.saveQualityNow((now) => this.deps.watch.save(now)));
  }

  // Inside

  private take(reading: Reading): void {
    const { states, watch, news, clock } = this.deps;
    const state = states.of(reading.sourceId);
    const { pending, unmeasured, past } = state;
    if (!measures(reading)) {
      if (!pending.note(reading)) unmeasured.keep(reading);
      return;
    }
    watch.arrived(reading, pending.has(reading));
    states.wait(state, unmeasured.join(reading));
    past.heard(reading.time, clock.now());
    news.add(reading.sourceId);
  }

  /** A burst has the processor to itself: the database has its turn afterwards, or when `BURST` times as much waits. */
  private flushIfQuiet(): void {
    this.quietTimer = null;
    const added = this.position - this.positionBefore;
    this.positionBefore = this.position;
    if (this.deps.states.waitingCount() < this.flushRows / 10) return;
    if (added * QUIET_SHARE < this.flushRows) this.flushSoon();
    else this.quietTimer = setTimeout(() => this.flushIfQuiet(), QUIET_MS);
  }

  private async tryToWrite(): Promise<void> {
    await this.inTurn(() => this.flushNow('rows only')).catch(() => undefined);
  }

  private async flushNow(scope: FlushScope): Promise<void> {
    const { states, store, watch } = this.deps;
    this.isFlushQueued = false;
    const { position } = this;
    if (states.waitingCount() > 0 || position !== store.flushedPosition())
      await this.writeBatch(states.takeBatch(), position);
    if (scope === 'rows only') return;
    await this.rollups.passAll();
    await this.saveQualityNow((now) => watch.saveIfDue(now));
  }

  private async writeBatch(batch: Batch, position: JournalPosition): Promise<void> {
    const { store, states, watch } = this.deps;
    const late = [...batch].flatMap(([sourceId, [first]]) => (this.isLate(sourceId, first?.time) ? [sourceId] : []));
    try {
      watch.cameAgain(await store.write(batch, position));
      this.failures = 0;
      this.lastError = null;
    } catch (error) {
      states.putBack(batch);
      this.failed(error);
      throw error;
    }
    states.written(batch);
    for (const sourceId of batch.keys()) this.rollups.follow(sourceId);
    for (const sourceId of late) this.rollups.unsettle(sourceId);
  }

  /** True for a row that does not come after all that is stored of its source. */
  private isLate(sourceId: string, firstMs: number | undefined): boolean {
    const newest = this.deps.store.find(sourceId)?.newestMs;
    return firstMs !== undefined && newest !== undefined && firstMs <= newest;
  }

  private async saveQualityNow(save: (now: number) => Promise<void>): Promise<void> {
    try {
      await save(this.deps.clock.now());
    } catch (error) {
      this.deps.log.warn('what was counted of the quality of data could not be stored', { error });
    }
  }

  /** After a failure. What is longer than any wait comes of a clock that was set back. */
  private mustWait(): boolean {
    const leftMs = this.retryAt - this.deps.clock.now();
    return leftMs > 0 && leftMs <= LONGEST_BACKOFF_MS;
  }

  private failed(error: unknown): void {
    const { clock, log, states } = this.deps;
    this.failures++;
    const wait = Math.min(LONGEST_BACKOFF_MS, 1000 * 2 ** Math.min(6, this.failures));
    this.retryAt = clock.now() + wait;
    this.lastError = firstLineOf(error);
    log.error('readings could not be written to the database; they wait in memory and in the journal', {
      error,
      pending: states.waitingCount(),
      retryInMs: wait,
    });
    setTimeout(() => this.flushSoon(), wait + 10).unref?.();
  }
}
