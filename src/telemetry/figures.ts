import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import type { Level } from './archive/levels.ts';
import type { EnergyQuantity } from './energy/energy.ts';

/** Place in the journal, growing by one a message; readings carry that of the message they came from. */
export type JournalPosition = number;

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

/** How energy became known. */
export interface EnergyOrigin {
  /** `counter`: the device counted it; `power`: integrated from power; `mixed`: some of each. */
  from: 'counter' | 'power' | 'mixed';
  /** The part that was integrated from power [kWh]. */
  powerKwh: number;
  /** The part that a counter knew of time in which nothing was heard [kWh]: true in all, spread as far as anybody knows. */
  bridgedKwh: number;
  /** Share of the period of which it is known, gaps that a counter bridged left out, 0..1. */
  coverage: number;
}

export type EnergyOrigins = Partial<Record<EnergyQuantity, EnergyOrigin>>;

/** What follows from several energies of the same times [kWh]; null where there is no such time. */
export interface EnergyTogether {
  /** The load that the balance of the others leaves, of times in which nothing measures it. */
  balanceKwh: number | null;
  /** Of the times in which both are known. */
  made: { solarKwh: number; exportKwh: number } | null;
  /** The same; the load as measured, or as the balance leaves it. */
  used: { loadKwh: number; importKwh: number } | null;
}

export interface EnergyTotals {
  solarKwh: number | null;
  loadKwh: number | null;
  importKwh: number | null;
  exportKwh: number | null;
  chargeKwh: number | null;
  dischargeKwh: number | null;
  /** Share of the period of which all is known that is told here: that of the energy known least, 0..1. */
  coverage: number;
  /** How each quantity that is known came about; absent where that was not asked. */
  origins?: EnergyOrigins;
  /** What follows, where it was worked out of shorter times; else it follows from the totals themselves. */
  together?: EnergyTogether;
  /** Whether some or all of what coverage leaves open is the sun's power by night, of inverters that sleep then; only where pages ask. */
  rests?: 'all' | 'some';
}

export interface EnergyPeriod extends EnergyTotals {
  /** `2026-03-29`, `2026-03` or `2026`, in the source's time zone. */
  period: string;
  origins: EnergyOrigins;
}

/** Half-open: `from` is in, `to` is not. Both ms UTC. */
export interface TimeRange {
  from: number;
  to: number;
}

/** What is to be taken away of a source's past. */
export interface Forgotten {
  level: Level;
  /** Whole days (UTC) before this moment go. ms. */
  before: number;
  /** Readings leave what is rolled up of them by minute. */
  leavesMinutes: boolean;
}

/** What a series tells of its buckets: means alone, or lows and highs, too. */
export type HistoryDetail = 'means' | 'extremes';

/** Which of a range's readings are asked for. */
export interface ReadingsPage {
  limit: number;
  /** `nextCursor` of the answer before. */
  cursor?: string;
  /** True for what the device sent, whatever an owner corrected. */
  isAsReceived?: boolean;
}
