import type { LocalStep } from '../../core/local-steps.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import type { MetricValues } from '../../core/reading.ts';
import type { DuckdbDatabase } from '../../platform/duckdb.ts';
import type { Archive } from '../archive/archive.sqlite.ts';
import type { BookCheck } from '../books/book-check.ts';
import type { Correction } from '../corrections/correction.ts';
import type { CorrectionEffect } from '../corrections/correction-effect.ts';
import type { QuarterHours } from '../energy/quarter-hours.ts';
import type { Forgotten } from '../figures.ts';
import type { CameAgain } from '../late.ts';
import type {
  EnergyPeriod,
  HistoryDetail,
  HistorySeries,
  JournalPosition,
  TelemetryStore,
  TimeRange,
} from '../ports.ts';
import type { DayTally, QualityDay } from '../quality/quality.ts';
import type { SourceRecord } from '../source-record.ts';
import type { StoredLevel } from '../storage/storage.ts';
import type { PendingRow } from '../writing/pending.ts';
import { type RecoveryOptions, ReopeningDatabase } from './reopening.duckdb.ts';

/** The telemetry store over a database that opens anew by itself: what is asked and changed goes through `ReopeningDatabase`. */
export class RecoveringStore implements TelemetryStore {
  private constructor(private readonly reopening: ReopeningDatabase) {}

  /** Opens or creates the database and brings its schema up to date. Throws `DamagedDatabaseError` as the database does. */
  static async open(options: RecoveryOptions): Promise<RecoveringStore> {
    return new RecoveringStore(await ReopeningDatabase.open(options));
  }

  /** Moves what is in the log into the file, so that the next start has less to do. */
  async checkpoint(): Promise<void> {
    await this.reopening.use(() => this.reopening.database().checkpoint());
  }

  /** Closes as it is, when what is being asked and written is through. */
  async close(): Promise<void> {
    await this.reopening.close();
  }

  /** How often the database had to be opened anew. */
  recoveries(): number {
    return this.reopening.recoveries();
  }

  /** The database as it is open now; another one after it was opened anew. */
  current(): DuckdbDatabase {
    return this.reopening.database();
  }

  /** The packed days. */
  packed(): Archive {
    return this.reopening.archive;
  }

  flushedPosition(): JournalPosition {
    return this.reopening.store().flushedPosition();
  }

  find(sourceId: string): SourceRecord | undefined {
    return this.reopening.store().find(sourceId);
  }

  all(): Iterable<SourceRecord> {
    return this.reopening.store().all();
  }

  write(batch: ReadonlyMap<string, readonly PendingRow[]>, position: JournalPosition | null): Promise<CameAgain> {
    return this.reopening.use((store) => store.write(batch, position));
  }

  take(sourceId: string, rows: readonly PendingRow[]): Promise<CameAgain> {
    return this.reopening.use((store) => store.take(sourceId, rows));
  }

  packProgress(sourceId: string): { share: number; left: number } {
    return this.reopening.store().packProgress(sourceId);
  }

  rollUp(sourceId: string): Promise<boolean> {
    return this.reopening.use((store) => store.rollUp(sourceId));
  }

  remake(sourceId: string): Promise<boolean> {
    return this.reopening.use((store) => store.remake(sourceId));
  }

  remadeShare(sourceId: string): number | null {
    return this.reopening.store().remadeShare(sourceId);
  }

  bookProgress(sourceId: string): number {
    return this.reopening.store().bookProgress(sourceId);
  }

  isFarBehind(sourceId: string): boolean {
    return this.reopening.store().isFarBehind(sourceId);
  }

  recompute(sourceId: string): Promise<void> {
    return this.reopening.use((store) => store.recompute(sourceId));
  }

  page(
    sourceId: string,
    range: TimeRange,
    options: { limit: number; unwritten?: readonly PendingRow[]; isAsReceived?: boolean },
  ): Promise<{ time: number; values: MetricValues }[]> {
    return this.reopening.use((store) => store.page(sourceId, range, options), 'ask');
  }

  newestRows(sourceId: string): Promise<PendingRow[]> {
    return this.reopening.use((store) => store.newestRows(sourceId), 'ask');
  }

  history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    options: { points: number; unwritten?: readonly PendingRow[]; detail?: HistoryDetail | undefined },
  ): Promise<HistorySeries> {
    return this.reopening.use((store) => store.history(sourceId, metrics, range, options), 'ask');
  }

  quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours> {
    return this.reopening.use((store) => store.quarterHours(sourceId, range), 'ask');
  }

  energy(
    sourceId: string,
    period: LocalStep,
    range: TimeRange,
    options: { now: number; timeZone?: string; unwritten?: readonly PendingRow[] },
  ): Promise<EnergyPeriod[]> {
    return this.reopening.use((store) => store.energy(sourceId, period, range, options), 'ask');
  }

  addQuality(tallies: ReadonlyMap<string, ReadonlyMap<number, DayTally>>): Promise<void> {
    return this.reopening.use((store) => store.addQuality(tallies));
  }

  quality(sourceId: string, range: TimeRange, now: number): Promise<QualityDay[]> {
    return this.reopening.use((store) => store.quality(sourceId, range, now), 'ask');
  }

  checkBooks(sourceId: string, days: number): Promise<BookCheck | null> {
    return this.reopening.use((store) => store.checkBooks(sourceId, days), 'ask');
  }

  bookAnew(sourceId: string): Promise<void> {
    return this.reopening.use((store) => store.bookAnew(sourceId));
  }

  corrections(sourceId: string): readonly Correction[] {
    return this.reopening.store().corrections(sourceId);
  }

  correctionEffect(sourceId: string, correction: Correction, now: number): Promise<CorrectionEffect | null> {
    return this.reopening.use((store) => store.correctionEffect(sourceId, correction, now), 'ask');
  }

  correct(sourceId: string, correction: Correction): Promise<void> {
    return this.reopening.use((store) => store.correct(sourceId, correction));
  }

  deleteSource(sourceId: string): Promise<void> {
    return this.reopening.use((store) => store.deleteSource(sourceId));
  }

  forget(sourceId: string, what: Forgotten): Promise<void> {
    return this.reopening.use((store) => store.forget(sourceId, what));
  }

  readingCount(): number {
    return this.reopening.store().readingCount();
  }

  size(): { databaseBytes: number; walBytes: number } {
    return this.reopening.store().size();
  }

  storage(now: number): Omit<StoredLevel, 'keepDays'>[] {
    return this.reopening.store().storage(now);
  }
}
