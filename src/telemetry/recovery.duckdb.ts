import type { LocalStep } from '../core/local-steps.ts';
import type { Log } from '../core/log.ts';
import type { NumericMetric } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import { type DuckdbDatabase, type DuckdbOptions, isInvalidated } from '../platform/duckdb.ts';
import { Archive } from './archive/archive.sqlite.ts';
import type { BookCheck } from './book-check.ts';
import type { Correction } from './correction.ts';
import type { CorrectionEffect } from './correction-effect.ts';
import type { Forgotten } from './figures.ts';
import type { CameAgain } from './late.ts';
import { openStore } from './opening.duckdb.ts';
import type { PendingRow } from './pending.ts';
import type {
  EnergyPeriod,
  HistoryDetail,
  HistorySeries,
  JournalPosition,
  SourceFacts,
  TelemetryStore,
  TimeRange,
} from './ports.ts';
import type { DayTally, QualityDay } from './quality.ts';
import type { QuarterHours } from './quarter-hours.ts';

import type { SourceRecord } from './source-record.ts';
import type { StoredLevel } from './storage.ts';
import type { DuckdbTelemetryStore } from './store.duckdb.ts';

/** Most memory that the database is given when its budget was too little to go on [MB]. */
const MOST_MEMORY_MB = 256;
const MOST_DOUBLINGS = 4;

export interface RecoveryOptions {
  database: DuckdbOptions;
  /** File of the days that are over. */
  archivePath: string;
  factsOf: (sourceId: string) => SourceFacts;
  now: () => number;
  log: Log;
  /** Called when the database came back with less than it had said it held: the journal must be replayed from `position`. */
  onLost?: (position: JournalPosition) => void;
}

/**
 * The telemetry database, opened anew by itself. After an error in a checkpoint (disk full, out of memory) DuckDB refuses
 * everything until its file is closed and opened again; what was committed is in its log and comes back. Operations
 * are tried again then: all of them may be repeated.
 */
export class RecoveringStore implements TelemetryStore {
  /** Why the database must be opened anew; null while it is well. */
  private invalid: Error | null = null;
  private opening: Promise<void> | null = null;
  private readonly running = new Set<Promise<unknown>>();
  private openings = 0;
  private isOpen = true;
  /** Doubled when it was too little: slower neighbours are better than a database that gives up. */
  private memoryLimitMb: number;
  private isClosed = false;

  private constructor(
    private readonly options: RecoveryOptions,
    private readonly archive: Archive,
    private database: DuckdbDatabase,
    private store: DuckdbTelemetryStore,
  ) {
    this.memoryLimitMb = options.database.memoryLimitMb;
  }

  /** Opens or creates the database and brings its schema up to date. Throws `DamagedDatabaseError` as the database does. */
  static async open(options: RecoveryOptions): Promise<RecoveringStore> {
    const archive = Archive.open(options.archivePath, options.now);
    try {
      const { database, store } = await openStore({ ...options, archive });
      return new RecoveringStore(options, archive, database, store);
    } catch (error) {
      archive.close();
      throw error;
    }
  }

  /** Moves what is in the log into the file, so that the next start has less to do. */
  async checkpoint(): Promise<void> {
    await this.use(() => this.database.checkpoint());
  }

  /** Closes as it is, when what is being asked and written is through. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.running);
    await this.shut();
    this.archive.close();
  }

  /** How often the database had to be opened anew. */
  recoveries(): number {
    return this.openings;
  }

  /** The database as it is open now; another one after it was opened anew. */
  current(): DuckdbDatabase {
    return this.database;
  }

  /** Runs something on the database itself, such as a copy. */
  async withDatabase<T>(work: (database: DuckdbDatabase) => Promise<T>): Promise<T> {
    return await this.use(() => work(this.database));
  }

  /** The packed days. */
  packed(): Archive {
    return this.archive;
  }

  flushedPosition(): JournalPosition {
    return this.store.flushedPosition();
  }

  find(sourceId: string): SourceRecord | undefined {
    return this.store.find(sourceId);
  }

  all(): Iterable<SourceRecord> {
    return this.store.all();
  }

  write(batch: ReadonlyMap<string, readonly PendingRow[]>, position: JournalPosition | null): Promise<CameAgain> {
    return this.use((store) => store.write(batch, position));
  }

  take(sourceId: string, rows: readonly PendingRow[]): Promise<CameAgain> {
    return this.use((store) => store.take(sourceId, rows));
  }

  packProgress(sourceId: string): { share: number; left: number } {
    return this.store.packProgress(sourceId);
  }

  rollUp(sourceId: string): Promise<boolean> {
    return this.use((store) => store.rollUp(sourceId));
  }

  remake(sourceId: string): Promise<boolean> {
    return this.use((store) => store.remake(sourceId));
  }

  remadeShare(sourceId: string): number | null {
    return this.store.remadeShare(sourceId);
  }

  bookProgress(sourceId: string): number {
    return this.store.bookProgress(sourceId);
  }

  isFarBehind(sourceId: string): boolean {
    return this.store.isFarBehind(sourceId);
  }

  recompute(sourceId: string): Promise<void> {
    return this.use((store) => store.recompute(sourceId));
  }

  page(
    sourceId: string,
    range: TimeRange,
    options: { limit: number; unwritten?: readonly PendingRow[]; isAsReceived?: boolean },
  ): Promise<{ time: number; values: MetricValues }[]> {
    return this.use((store) => store.page(sourceId, range, options), 'ask');
  }

  newestRows(sourceId: string): Promise<PendingRow[]> {
    return this.use((store) => store.newestRows(sourceId), 'ask');
  }

  history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    options: { points: number; unwritten?: readonly PendingRow[]; detail?: HistoryDetail | undefined },
  ): Promise<HistorySeries> {
    return this.use((store) => store.history(sourceId, metrics, range, options), 'ask');
  }

  quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours> {
    return this.use((store) => store.quarterHours(sourceId, range), 'ask');
  }

  energy(
    sourceId: string,
    period: LocalStep,
    range: TimeRange,
    options: { now: number; timeZone?: string; unwritten?: readonly PendingRow[] },
  ): Promise<EnergyPeriod[]> {
    return this.use((store) => store.energy(sourceId, period, range, options), 'ask');
  }

  addQuality(tallies: ReadonlyMap<string, ReadonlyMap<number, DayTally>>): Promise<void> {
    return this.use((store) => store.addQuality(tallies));
  }

  quality(sourceId: string, range: TimeRange, now: number): Promise<QualityDay[]> {
    return this.use((store) => store.quality(sourceId, range, now), 'ask');
  }

  checkBooks(sourceId: string, days: number): Promise<BookCheck | null> {
    return this.use((store) => store.checkBooks(sourceId, days), 'ask');
  }

  bookAnew(sourceId: string): Promise<void> {
    return this.use((store) => store.bookAnew(sourceId));
  }

  corrections(sourceId: string): readonly Correction[] {
    return this.store.corrections(sourceId);
  }

  correctionEffect(sourceId: string, correction: Correction, now: number): Promise<CorrectionEffect | null> {
    return this.use((store) => store.correctionEffect(sourceId, correction, now), 'ask');
  }

  correct(sourceId: string, correction: Correction): Promise<void> {
    return this.use((store) => store.correct(sourceId, correction));
  }

  deleteSource(sourceId: string): Promise<void> {
    return this.use((store) => store.deleteSource(sourceId));
  }

  forget(sourceId: string, what: Forgotten): Promise<void> {
    return this.use((store) => store.forget(sourceId, what));
  }

  readingCount(): number {
    return this.store.readingCount();
  }

  size(): { databaseBytes: number; walBytes: number } {
    return this.store.size();
  }

  storage(now: number): Omit<StoredLevel, 'keepDays'>[] {
    return this.store.storage(now);
  }

  private async use<T>(
    work: (store: DuckdbTelemetryStore) => Promise<T>,
    what: 'ask' | 'change' = 'change',
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      if (this.invalid !== null || this.opening !== null) await this.reopen();
      try {
        const result = await this.tracked(work);
        if (what === 'change') await this.database.checkpointIfDue();
        return result;
      } catch (error) {
        if (!isReasonToOpenAnew(error, what) || this.isClosed) throw error;
        this.invalid ??= error;
        // Without room on the disk the next change is for later, when there may be some.
        if ((what === 'change' && isForDisk(error)) || tries > (isForMemory(error) ? MOST_DOUBLINGS : 1)) throw error;
      }
    }
  }

  private async tracked<T>(work: (store: DuckdbTelemetryStore) => Promise<T>): Promise<T> {
    const result = work(this.store);
    const ended = result.catch(() => undefined);
    this.running.add(ended);
    try {
      return await result;
    } finally {
      this.running.delete(ended);
    }
  }

  /** Closes and opens the database; those who come meanwhile wait for the same attempt. */
  private reopen(): Promise<void> {
    this.opening ??= this.openAnew().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async openAnew(): Promise<void> {
    const cause = this.invalid;
    if (!cause) return;
    // Closing under a running statement would take its connection away.
    await Promise.all(this.running);
    if (this.isClosed) throw cause;
    this.options.log.warn('the telemetry database must be opened anew', { cause });
    const position = this.store.flushedPosition();
    await this.shut();
    if (isForMemory(cause))
      this.memoryLimitMb = Math.max(this.memoryLimitMb, Math.min(MOST_MEMORY_MB, 2 * this.memoryLimitMb));
    const { database, store } = await openStore({
      ...{ ...this.options, archive: this.archive },
      database: { ...this.options.database, memoryLimitMb: this.memoryLimitMb },
    });
    this.database = database;
    this.store = store;
    this.isOpen = true;
    this.invalid = null;
    this.openings++;
    this.options.log.info('The telemetry database was opened anew', {
      position: store.flushedPosition(),
      memoryLimitMb: this.memoryLimitMb,
    });
    if (store.flushedPosition() < position) this.options.onLost?.(store.flushedPosition());
  }

  private async shut(): Promise<void> {
    const wasOpen = this.isOpen;
    this.isOpen = false;
    if (wasOpen) await this.store.close();
  }
}

/** A change that found no memory can leave as much behind as one that failed to commit. */
function isReasonToOpenAnew(error: unknown, what: 'ask' | 'change'): error is Error {
  return isInvalidated(error) || (what === 'change' && error instanceof Error && isForMemory(error));
}

function isForDisk(error: Error): boolean {
  return /no space left|disk quota|input\/output error|read-only file system/i.test(error.message);
}

function isForMemory(error: Error): boolean {
  return /out of memory|pin block|allocate|memory limit/i.test(error.message);
}
