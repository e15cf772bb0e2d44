import type { NumericMetric } from '../core/metrics.ts';
import { type CountedInterval, readCounter } from './counter.ts';

/**
 * Energy by quarter hour out of readings: from the device's counters where they exist, from integrated power where they
 * do not. A gap is never filled with invented energy; what a counter knows of a gap is energy, not coverage.
 */

export type EnergyQuantity = 'solar' | 'load' | 'import' | 'export' | 'charge' | 'discharge';

interface QuantityRule {
  quantity: EnergyQuantity;
  total: NumericMetric;
  daily: NumericMetric | null;
  power: NumericMetric;
  /** Which side of a signed power belongs to it. */
  side: 1 | -1;
}

export const quantityRules: readonly QuantityRule[] = [
  { quantity: 'solar', total: 'totalEnergyProduced', daily: 'dailyEnergyProduced', power: 'solarPower', side: 1 },
  { quantity: 'load', total: 'totalEnergyConsumed', daily: 'dailyEnergyConsumed', power: 'loadPower', side: 1 },
  { quantity: 'import', total: 'totalGridImport', daily: 'dailyGridImport', power: 'gridPower', side: 1 },
  { quantity: 'export', total: 'totalGridExport', daily: 'dailyGridExport', power: 'gridPower', side: -1 },
  { quantity: 'charge', total: 'totalBatteryCharge', daily: null, power: 'batteryPower', side: 1 },
  { quantity: 'discharge', total: 'totalBatteryDischarge', daily: null, power: 'batteryPower', side: -1 },
];

/** Metrics that energy is made of. */
export const energyMetrics: readonly NumericMetric[] = [
  ...new Set(quantityRules.flatMap((r) => [r.total, ...(r.daily ? [r.daily] : []), r.power])),
];

const counterMetrics: readonly NumericMetric[] = quantityRules.flatMap((r) =>
  r.daily ? [r.total, r.daily] : [r.total],
);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const BUCKET_MS = HOUR / 4;

/** Readings by column, ascending by time [ms]; NaN where a reading says nothing of a metric. */
export interface EnergyReadings {
  times: Float64Array;
  columns: Partial<Record<NumericMetric, Float64Array>>;
  /** Last value of a counter before the first reading, where there is one further back. */
  prior?: Partial<Record<NumericMetric, { time: number; value: number }>>;
}

export interface EnergyRules {
  /** Readings further apart leave a gap [ms]. */
  longestStepMs: number;
  /** W; null when unknown. Bounds what a counter may have counted. */
  installedCapacityW: number | null;
  dayStart: (time: number) => number;
  /** Decide open doubts as they look now. */
  isFinal?: boolean;
}

/** Energy known over a gap of more than a day. */
export interface EnergyBridge extends CountedInterval {
  quantity: EnergyQuantity;
}

export interface EnergyBooks {
  /** Start of the first bucket [ms, a multiple of a quarter hour]. */
  firstBucket: number;
  /** kWh of each bucket; NaN where nothing measured the quantity. */
  kwh: Record<EnergyQuantity, Float64Array>;
  /** ms of each bucket that lie between readings close enough together. */
  covered: Float64Array;
  bridges: EnergyBridge[];
  /** Buckets before this moment do not change any more unless late readings come. */
  settledUntil: number;
}

/** Books the readings into quarter hours from the bucket of `from` to that of the last reading. */
export function bookEnergy(readings: EnergyReadings, from: number, rules: EnergyRules): EnergyBooks {
  const { times } = readings;
  const firstBucket = Math.floor(from / BUCKET_MS) * BUCKET_MS;
  const last = times[times.length - 1] ?? firstBucket;
  const count = Math.max(0, Math.floor(last / BUCKET_MS) - firstBucket / BUCKET_MS + 1);
  const blank = () => new Float64Array(count).fill(Number.NaN);
  const books: EnergyBooks = {
    firstBucket,
    kwh: { solar: blank(), load: blank(), import: blank(), export: blank(), charge: blank(), discharge: blank() },
    covered: new Float64Array(count),
    bridges: [],
    settledUntil: last,
  };
  bookCoverage(books, times, rules.longestStepMs);
  for (const rule of quantityRules) bookQuantity(books, readings, rule, rules);
  books.settledUntil = Math.max(firstBucket, Math.floor(books.settledUntil / BUCKET_MS) * BUCKET_MS);
  return books;
}

function bookCoverage(books: EnergyBooks, times: Float64Array, longestStepMs: number): void {
  for (let i = 1; i < times.length; i++) {
    const from = times[i - 1] as number;
    const to = times[i] as number;
    if (to - from > longestStepMs) continue;
    spread(books, from, to, (bucket, share) => {
      books.covered[bucket] = (books.covered[bucket] as number) + share * (to - from);
    });
  }
}

/** Calls `book` for each bucket the interval touches, with the share of the interval that lies in it. */
function spread(books: EnergyBooks, from: number, to: number, book: (bucket: number, share: number) => void): void {
  const { firstBucket, covered } = books;
  const start = Math.max(0, Math.floor((from - firstBucket) / BUCKET_MS));
  const end = Math.min(covered.length - 1, Math.floor((to - 1 - firstBucket) / BUCKET_MS));
  for (let bucket = start; bucket <= end; bucket++) {
    const low = Math.max(from, firstBucket + bucket * BUCKET_MS);
    const high = Math.min(to, firstBucket + (bucket + 1) * BUCKET_MS);
    if (high > low) book(bucket, (high - low) / (to - from));
  }
}

function bookQuantity(books: EnergyBooks, readings: EnergyReadings, rule: QuantityRule, rules: EnergyRules): void {
  let known: CountedInterval[] = [];
  for (const metric of [rule.total, rule.daily]) {
    const values = metric && readings.columns[metric];
    if (!metric || !values || !hasEnergy(values, readings.prior?.[metric])) continue;
    const outcome = readCounter(
      readings.times,
      values,
      {
        kind: metric === rule.total ? 'total' : 'daily',
        limitKw: Math.max(200, (3 * (rules.installedCapacityW ?? 0)) / 1000),
        dayStart: rules.dayStart,
      },
      { prior: readings.prior?.[metric], isFinal: rules.isFinal ?? false },
    );
    hold(books, readings.times, outcome.openSinceMs ?? outcome.lastGoodMs, DAY);
    known = layer(known, outcome.intervals);
  }
  const power = readings.columns[rule.power];
  if (power) {
    const outcome = integrate(readings.times, power, rule.side, rules.longestStepMs);
    hold(books, readings.times, outcome.lastMs, rules.longestStepMs);
    known = layer(known, outcome.intervals);
  }
  for (const interval of known) bookInterval(books, rule.quantity, interval);
}

/** A counter that stands at zero all the time counts nothing: power speaks instead. */
function hasEnergy(values: Float64Array, prior: { value: number } | undefined): boolean {
  return (prior !== undefined && prior.value > 0) || values.some((v) => v > 0);
}

/** Buckets after a metric's last value may still change while it is expected to go on. */
function hold(books: EnergyBooks, times: Float64Array, lastMs: number | null, patienceMs: number): void {
  const end = times[times.length - 1];
  if (lastMs !== null && end !== undefined && end - lastMs <= patienceMs)
    books.settledUntil = Math.min(books.settledUntil, lastMs);
}

function bookInterval(books: EnergyBooks, quantity: EnergyQuantity, interval: CountedInterval): void {
  const { from, to, kwh } = interval;
  if (to - from > DAY) {
    if (to > books.firstBucket) books.bridges.push({ quantity, from, to, kwh });
    return;
  }
  const buckets = books.kwh[quantity];
  spread(books, from, to, (bucket, share) => {
    const before = buckets[bucket] as number;
    buckets[bucket] = (Number.isNaN(before) ? 0 : before) + share * kwh;
  });
}

/** `upper` where it knows, `lower` in between; parts of a lower interval count by their share of its time. */
export function layer(upper: readonly CountedInterval[], lower: readonly CountedInterval[]): CountedInterval[] {
  if (upper.length === 0) return [...lower];
  const merged: CountedInterval[] = [];
  let u = 0;
  for (const low of lower) {
    let from = low.from;
    while (u < upper.length && (upper[u] as CountedInterval).to <= low.from) merged.push(upper[u++] as CountedInterval);
    let peek = u;
    while (from < low.to) {
      const above = upper[peek];
      const end = above ? Math.min(low.to, above.from) : low.to;
      if (end > from) merged.push({ from, to: end, kwh: (low.kwh * (end - from)) / (low.to - low.from) });
      if (!above || above.from >= low.to) break;
      from = Math.max(from, above.to);
      peek++;
    }
  }
  while (u < upper.length) merged.push(upper[u++] as CountedInterval);
  return merged;
}

/** Trapezoids between values close enough together, cut at quarter hours and where the power changes its sign. */
export function integrate(
  times: Float64Array,
  power: Float64Array,
  side: 1 | -1,
  longestStepMs: number,
): { intervals: CountedInterval[]; lastMs: number | null } {
  const intervals: CountedInterval[] = [];
  let before = -1;
  for (let i = 0; i < times.length; i++) {
    if (Number.isNaN(power[i] as number)) continue;
    if (before >= 0) {
      const from = times[before] as number;
      const to = times[i] as number;
      if (to > from && to - from <= longestStepMs)
        integrateStep(intervals, {
          from,
          to,
          start: side * (power[before] as number),
          end: side * (power[i] as number),
        });
    }
    before = i;
  }
  return { intervals, lastMs: before >= 0 ? (times[before] as number) : null };
}

interface PowerStep {
  from: number;
  to: number;
  /** W at both ends, positive on the side that counts. */
  start: number;
  end: number;
}

function integrateStep(into: CountedInterval[], step: PowerStep): void {
  const { from, to, start, end } = step;
  const at = (time: number) => start + ((end - start) * (time - from)) / (to - from);
  for (let low = from; low < to; ) {
    const high = Math.min(to, (Math.floor(low / BUCKET_MS) + 1) * BUCKET_MS);
    const kwh = (positiveArea(at(low), at(high)) * (high - low)) / HOUR / 1000;
    into.push({ from: low, to: high, kwh });
    low = high;
  }
}

/** Mean of the positive part of a straight line between two values. */
function positiveArea(start: number, end: number): number {
  if (start >= 0 && end >= 0) return (start + end) / 2;
  if (start <= 0 && end <= 0) return 0;
  const top = Math.max(start, end);
  return (top * top) / (2 * Math.abs(end - start));
}

/** Counters, whose last value may lie far back. */
export const energyCounters: readonly NumericMetric[] = counterMetrics;
