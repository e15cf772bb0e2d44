import type { LocalStep } from '../core/local-steps.ts';
import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues, Reading, RejectedValue } from '../core/reading.ts';
import type { BookCheck } from './books/book-check.ts';
import type { Correction } from './corrections/correction.ts';
import type { CorrectionEffect } from './corrections/correction-effect.ts';
import type { QuarterHours } from './energy/quarter-hours.ts';
import type {
  EnergyOrigin,
  EnergyOrigins,
  EnergyPeriod,
  EnergyTotals,
  Forgotten,
  HistoryDetail,
  HistorySeries,
  JournalPosition,
  LatestReading,
  ReadingsPage,
  TimeRange,
} from './figures.ts';
import type { CameAgain } from './late.ts';
import type { PanelDay } from './performance/performance.ts';
import type { DayTally, QualityDay } from './quality/quality.ts';
import type { SourceRecord } from './source-record.ts';
import type { StoredLevel } from './storage/storage.ts';
import type { PendingRow } from './writing/pending.ts';

export type {
  EnergyOrigin,
  EnergyOrigins,
  EnergyPeriod,
  EnergyTotals,
  Forgotten,
  HistoryDetail,
  HistorySeries,
  JournalPosition,
  LatestReading,
  ReadingsPage,
  TimeRange,
};

/** Takes readings whose message is already durable in the journal. */
export interface ReadingSink {
  /** Merges the readings into memory and makes them visible (latest, live); they reach the database with the next flush. */
  add(readings: readonly Reading[], position: JournalPosition): void;
  /** Counts values of a source that were not taken, for the quality of its data. */
  noteRefused(sourceId: string, receivedAt: number, values: readonly RejectedValue[]): void;
  /** Makes readings visible that are not stored yet, because nobody knows their time. */
  show?(readings: readonly Reading[]): void;
  /** True when so much waits for the database (a full disk, say) that no more may be taken: ingest refuses until it is false. */
  isSaturated(): boolean;
  /** Rows that wait for the database. */
  waitingRows?(): number;
  /** Writes everything added so far into the database, with its position in the same transaction. */
  flush(): Promise<void>;
  /** Position up to which the database holds everything; a restart replays the journal after it. */
  flushedPosition(): JournalPosition;
}

/** What pages, API and later features read. Callers have checked that the viewer may see the source. */
export interface TelemetryReader {
  latest(sourceId: string): LatestReading | undefined;
  /** Ascending by time; `cursor` is the `nextCursor` of the answer before. */
  readings(
    sourceId: string,
    range: TimeRange,
    page: ReadingsPage,
  ): Promise<{ items: { time: number; values: MetricValues }[]; nextCursor: string | null }>;
  /** At most `points` buckets of even width over the range; costs the same for a day and for ten years. */
  history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    points: number,
    /** `means` leaves the extremes of buckets out, which are two thirds of what is to be read. */
    detail?: HistoryDetail,
  ): Promise<HistorySeries>;
  /** The quarter hours that share time with the range, in arrays that suit a learner. */
  quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours>;
  /** Every period that shares time with the range, whole; of the source's time zone unless another is named. */
  energy(sourceId: string, period: LocalStep, range: TimeRange, timeZone?: string): Promise<EnergyPeriod[]>;
  /**
   * Another number than before once the energy of days that are over may have changed at a stroke: late readings, a
   * correction, an import, a deletion, a gap that ended. Whoever keeps sums of closed periods keeps this with them.
   */
  pastRevision(sourceId: string): number;
  /**
   * While the energy of a source is made anew by the rules of today (a new version, another zone): the share of it that is,
   * 0..1; the rest is what the earlier rules made of it. Null when all is.
   */
  remadeShare(sourceId: string): number | null;
  /** How well readings came, for every local day that shares time with the range. */
  quality(sourceId: string, range: TimeRange): Promise<QualityDay[]>;
  /** First and last time stored, or null when there is nothing. */
  span(sourceId: string): Promise<TimeRange | null>;
  /** Metrics that this source has ever reported. */
  metricsOf(sourceId: string): Promise<MetricName[]>;
  /** Called after readings were added and are durable; returns the way to stop. */
  onReadings(listener: (sourceIds: ReadonlySet<string>) => void): () => void;
}

/** Light on the panels of sources as they are stated, by day; plugged in by those who know the weather. */
export interface PanelLightOfDays {
  /** By date of the source's calendar, both ends included; days of which nothing is known are left out. From disk in milliseconds. */
  panelLight(sourceId: string, first: string, last: string): ReadonlyMap<string, PanelDay>;
  /** Another number than before once that may have changed. */
  lightRevision(sourceId: string): number;
}

export interface TelemetryAdmin {
  /** Stores history in bulk, past the journal; for import and demo. Durable when it returns. */
  importReadings(
    sourceId: string,
    readings: Iterable<Reading> | AsyncIterable<Reading>,
    onProgress?: (count: number) => void,
  ): Promise<number>;
  deleteSource(sourceId: string): Promise<void>;
  /** Takes one level of a source's past away, for a retention that the owner set; the other levels stay as they are. */
  forget(sourceId: string, what: Forgotten): Promise<void>;
  /** Books some days of a source anew and compares with what is stored; null for a source without readings. */
  checkBooks(sourceId: string, days: number): Promise<BookCheck | null>;
  /** Books everything of a source anew from its readings. */
  bookAnew(sourceId: string): Promise<void>;
  /** Rows, bytes on disk, pending rows. */
  statistics(): Promise<{ readings: number; pendingReadings: number; databaseBytes: number; walBytes: number }>;
  /** Room that each part of the past takes, and its pace. */
  storage(): Promise<Omit<StoredLevel, 'keepDays'>[]>;
}

/** What owners mend by hand. Callers have checked whose source it is and what is asked. */
export interface TelemetryCorrections {
  /** All that were made, in order, also those undone. */
  corrections(sourceId: string): readonly Correction[];
  /** What becomes of readings and energy if the correction is as given (new, or undone); null without readings. */
  correctionEffect(sourceId: string, correction: Correction): Promise<CorrectionEffect | null>;
  /** Brings a correction into force, or undoes it, as it says itself; durable when it returns, energy follows at once. */
  correct(sourceId: string, correction: Correction): Promise<void>;
}

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
  /**
   * Brings rollups and books of a source up to date: one pass of it. True when nothing is left to do but for books by earlier
   * rules.
   */
  rollUp(sourceId: string): Promise<boolean>;
  /** Makes books by earlier rules anew once `rollUp` has nothing left to do: one pass of it. True when there are none. */
  remake(sourceId: string): Promise<boolean>;
  /** Share of a source's books that are by today's rules, 0..1; null when all are. */
  remadeShare(sourceId: string): number | null;
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
    options: { limit: number; unwritten?: readonly PendingRow[]; isAsReceived?: boolean },
  ): Promise<{ time: number; values: MetricValues }[]>;
  newestRows(sourceId: string): Promise<PendingRow[]>;
  history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    options: { points: number; unwritten?: readonly PendingRow[]; detail?: HistoryDetail | undefined },
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
  /** Room that each part of the past takes, and its pace. */
  storage(now: number): Omit<StoredLevel, 'keepDays'>[];
}
