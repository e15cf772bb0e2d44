import type { Clock } from '../core/clock.ts';
import type { LocalStep } from '../core/local-steps.ts';
import type { Log } from '../core/log.ts';
import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues, Reading, RejectedValue } from '../core/reading.ts';
import { AnswerService } from './answer-service.ts';
import type { BookCheck } from './books/book-check.ts';
import type { Booking } from './books/booking-service.ts';
import type { Correction } from './corrections/correction.ts';
import type { CorrectionEffect } from './corrections/correction-effect.ts';
import type { QuarterHours } from './energy/quarter-hours.ts';
import { News } from './news.ts';
import type {
  EnergyPeriod,
  Forgotten,
  HistoryDetail,
  HistorySeries,
  JournalPosition,
  LatestReading,
  ReadingSink,
  ReadingsPage,
  SourceFacts,
  TelemetryAdmin,
  TelemetryCorrections,
  TelemetryReader,
  TelemetryStore,
  TimeRange,
} from './ports.ts';
import type { QualityDay } from './quality/quality.ts';
import { QualityWatch } from './quality/quality-service.ts';
import { SourceStates } from './source-states.ts';
import type { StoredLevel } from './storage/storage.ts';
import { UpkeepService } from './writing/upkeep-service.ts';
import { type WritingOptions, WritingService } from './writing/writing-service.ts';

export interface TelemetryOptions extends WritingOptions {
  store: TelemetryStore;
  clock: Clock;
  log: Log;
  factsOf: (sourceId: string) => SourceFacts;
}

/**
 * The way of a reading after it is durable in the journal: in memory and visible at once, in the database a little
 * later and in bulk. What ingest, pages, API and other features see of telemetry, as one: `WritingService` takes readings,
 * `AnswerService` answers, `UpkeepService` looks after the past.
 */
export class TelemetryService implements ReadingSink, TelemetryReader, TelemetryAdmin, TelemetryCorrections, Booking {
  private readonly store: TelemetryStore;
  private readonly states: SourceStates;
  private readonly news: News;
  private readonly writing: WritingService;
  private readonly answers: AnswerService;
  private readonly upkeep: UpkeepService;

  constructor(options: TelemetryOptions) {
    const { store, clock, log, factsOf } = options;
    const states = new SourceStates((sourceId) => store.find(sourceId)?.newestMs);
    const news = new News((error) => log.error('a listener for readings failed', { error }));
    const watch = new QualityWatch({
      timeZoneOf: (sourceId) => factsOf(sourceId).timeZone,
      save: (tallies) => store.addQuality(tallies),
    });
    const writing = new WritingService({ store, states, watch, news, clock, log }, options);
    this.store = store;
    this.states = states;
    this.news = news;
    this.writing = writing;
    this.answers = new AnswerService({ store, states, writing, news, clock, factsOf });
    this.upkeep = new UpkeepService({ store, states, writing, watch, news, clock });
  }

  /** Fills `latest` from the database and starts the regular flush. */
  async start(): Promise<void> {
    const records = [...this.store.all()].sort((a, b) => b.newestMs - a.newestMs);
    for (const { sourceId } of records) {
      this.states.of(sourceId).latest.takeAll(await this.store.newestRows(sourceId));
      // What was not rolled up when it stopped, and what an update books otherwise.
      this.writing.rollups.unsettle(sourceId);
    }
    this.writing.start();
  }

  /** Writes what is pending. */
  async stop(): Promise<void> {
    this.news.stop();
    await this.writing.stop();
  }

  // ReadingSink, and what the database does

  add(readings: readonly Reading[], position: JournalPosition): void {
    this.writing.add(readings, position);
  }

  noteRefused(sourceId: string, receivedAt: number, values: readonly RejectedValue[]): void {
    this.writing.noteRefused(sourceId, receivedAt, values);
  }

  waitingRows(): number {
    return this.writing.waitingRows();
  }

  isSaturated(): boolean {
    return this.writing.isSaturated();
  }

  flush(): Promise<void> {
    return this.writing.flush();
  }

  flushedPosition(): JournalPosition {
    return this.writing.flushedPosition();
  }

  /** The database holds less than it did: what the journal has after its position comes again, in order. */
  rewind(): void {
    this.writing.rewind();
  }

  /** Why the last write failed, or null when it did not; readings wait in memory and in the journal meanwhile. */
  problem(): string | null {
    return this.writing.problem();
  }

  /** Why rollups of a source keep failing, or null; the readings themselves are stored. */
  rollupProblem(): string | null {
    return this.writing.rollups.problem();
  }

  /** Writes everything added so far, and does `work` before anything else is written. */
  quiet<T>(work: () => Promise<T>): Promise<T> {
    return this.writing.quiet(work);
  }

  /** Readings that are not in the database yet. */
  pendingCount(): number {
    return this.states.unwrittenCount();
  }

  // TelemetryReader

  latest(sourceId: string): LatestReading | undefined {
    return this.answers.latest(sourceId);
  }

  readings(
    sourceId: string,
    range: TimeRange,
    page: ReadingsPage,
  ): Promise<{ items: { time: number; values: MetricValues }[]; nextCursor: string | null }> {
    return this.answers.readings(sourceId, range, page);
  }

  history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    points: number,
    detail?: HistoryDetail,
  ): Promise<HistorySeries> {
    return this.answers.history(sourceId, metrics, range, points, detail);
  }

  quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours> {
    return this.answers.quarterHours(sourceId, range);
  }

  energy(sourceId: string, period: LocalStep, range: TimeRange, timeZone?: string): Promise<EnergyPeriod[]> {
    return this.answers.energy(sourceId, period, range, timeZone);
  }

  pastRevision(sourceId: string): number {
    return this.answers.pastRevision(sourceId);
  }

  remadeShare(sourceId: string): number | null {
    return this.answers.remadeShare(sourceId);
  }

  quality(sourceId: string, range: TimeRange): Promise<QualityDay[]> {
    return this.answers.quality(sourceId, range);
  }

  span(sourceId: string): Promise<TimeRange | null> {
    return this.answers.span(sourceId);
  }

  metricsOf(sourceId: string): Promise<MetricName[]> {
    return this.answers.metricsOf(sourceId);
  }

  onReadings(listener: (sourceIds: ReadonlySet<string>) => void): () => void {
    return this.answers.onReadings(listener);
  }

  // Booking

  farBehind(): string[] {
    return this.upkeep.farBehind();
  }

  bookPass(sourceId: string): Promise<boolean> {
    return this.upkeep.bookPass(sourceId);
  }

  bookProgress(sourceId: string): number {
    return this.upkeep.bookProgress(sourceId);
  }

  /** What the books must know of a source has changed: its zone, what is installed. */
  factsChanged(sourceId: string): void {
    this.upkeep.factsChanged(sourceId);
  }

  // TelemetryCorrections

  corrections(sourceId: string): readonly Correction[] {
    return this.upkeep.corrections(sourceId);
  }

  correctionEffect(sourceId: string, correction: Correction): Promise<CorrectionEffect | null> {
    return this.upkeep.correctionEffect(sourceId, correction);
  }

  correct(sourceId: string, correction: Correction): Promise<void> {
    return this.upkeep.correct(sourceId, correction);
  }

  // TelemetryAdmin

  importReadings(
    sourceId: string,
    readings: Iterable<Reading> | AsyncIterable<Reading>,
    onProgress?: (count: number) => void,
  ): Promise<number> {
    return this.upkeep.importReadings(sourceId, readings, onProgress);
  }

  deleteSource(sourceId: string): Promise<void> {
    return this.upkeep.deleteSource(sourceId);
  }

  forget(sourceId: string, what: Forgotten): Promise<void> {
    return this.upkeep.forget(sourceId, what);
  }

  checkBooks(sourceId: string, days: number): Promise<BookCheck | null> {
    return this.upkeep.checkBooks(sourceId, days);
  }

  bookAnew(sourceId: string): Promise<void> {
    return this.upkeep.bookAnew(sourceId);
  }

  statistics(): Promise<{ readings: number; pendingReadings: number; databaseBytes: number; walBytes: number }> {
    return this.upkeep.statistics();
  }

  storage(): Promise<Omit<StoredLevel, 'keepDays'>[]> {
    return this.upkeep.storage();
  }
}
