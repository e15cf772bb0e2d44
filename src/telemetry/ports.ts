import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues, Reading } from '../core/reading.ts';

/** Place in the journal, growing by one a message; readings carry that of the message they came from. */
export type JournalPosition = number;

/** Takes readings whose message is already durable in the journal. */
export interface ReadingSink {
  /** Merges the readings into memory and makes them visible (latest, live); they reach the database with the next flush. */
  add(readings: readonly Reading[], position: JournalPosition): void;
  /** Writes everything added so far into the database, with its position in the same transaction. */
  flush(): Promise<void>;
  /** Position up to which the database holds everything; a restart replays the journal after it. */
  flushedPosition(): JournalPosition;
}

/** The newest value of each metric of a source. */
export interface LatestReading {
  /** Time of the newest reading, ms UTC. */
  time: number;
  values: MetricValues;
  /** When each value was measured, ms UTC: values of one source may differ in age. */
  times: Partial<Record<MetricName, number>>;
  /** Metrics that Ampra worked out (a power from voltage and current). */
  derived: MetricName[];
}

export interface HistorySeries {
  /** Start of each bucket, ms UTC, evenly spaced. */
  times: number[];
  /** Mean of each bucket in the metric's unit; for counters the last value; null where nothing was measured. */
  series: Partial<Record<NumericMetric, (number | null)[]>>;
  /** Extremes of each bucket, for the band behind a line. */
  lows: Partial<Record<NumericMetric, (number | null)[]>>;
  highs: Partial<Record<NumericMetric, (number | null)[]>>;
  bucketMs: number;
}

export interface EnergyTotals {
  solarKwh: number | null;
  loadKwh: number | null;
  importKwh: number | null;
  exportKwh: number | null;
  chargeKwh: number | null;
  dischargeKwh: number | null;
  /** Share of the period that lies between consecutive readings close enough together, 0..1. */
  coverage: number;
}

export interface EnergyPeriod extends EnergyTotals {
  /** `2026-03-29`, `2026-03` or `2026`, in the source's time zone. */
  period: string;
}

/** Half-open: `from` is in, `to` is not. Both ms UTC. */
export interface TimeRange {
  from: number;
  to: number;
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
  energy(sourceId: string, period: 'day' | 'month' | 'year', range: TimeRange): Promise<EnergyPeriod[]>;
  /** Energy since local midnight, kept up to date in memory. */
  today(sourceId: string): Promise<EnergyTotals>;
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
  /** Rows, bytes on disk, pending rows. */
  statistics(): Promise<{ readings: number; pendingReadings: number; databaseBytes: number; walBytes: number }>;
}
