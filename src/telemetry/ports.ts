import type { LocalStep } from '../core/local-steps.ts';
import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues, Reading, RejectedValue } from '../core/reading.ts';
import type { BookCheck } from './book-check.ts';
import type { Correction } from './correction.ts';
import type { CorrectionEffect } from './correction-effect.ts';
import type {
  EnergyOrigin,
  EnergyOrigins,
  EnergyPeriod,
  EnergyTotals,
  Forgotten,
  HistorySeries,
  JournalPosition,
  LatestReading,
  TimeRange,
} from './figures.ts';
import type { QualityDay } from './quality.ts';
import type { QuarterHours } from './quarter-hours.ts';

export type {
  EnergyOrigin,
  EnergyOrigins,
  EnergyPeriod,
  EnergyTotals,
  Forgotten,
  HistorySeries,
  JournalPosition,
  LatestReading,
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
    page: { limit: number; cursor?: string },
  ): Promise<{ items: { time: number; values: MetricValues }[]; nextCursor: string | null }>;
  /** At most `points` buckets of even width over the range; costs the same for a day and for ten years. */
  history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    points: number,
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
  /** Energy since local midnight, kept up to date in memory. */
  today(sourceId: string): Promise<EnergyTotals>;
  /** How well readings came, for every local day that shares time with the range. */
  quality(sourceId: string, range: TimeRange): Promise<QualityDay[]>;
  /** First and last time stored, or null when there is nothing. */
  span(sourceId: string): Promise<TimeRange | null>;
  /** Metrics that this source has ever reported. */
  metricsOf(sourceId: string): Promise<MetricName[]>;
  /** Called after readings were added and are durable; returns the way to stop. */
  onReadings(listener: (sourceIds: ReadonlySet<string>) => void): () => void;
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
