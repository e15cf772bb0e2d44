import { findMetric } from '../../core/metrics.ts';
import type { SunPlace } from '../../core/solar/place.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { dayKey, localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { CHUNK_MS, type EnergyQuantity, energyQuantities } from '../energy/energy.ts';
import { measuredUntil } from '../source-record.ts';
import { WHOLE } from './coverage-words.ts';
import { type KnownTime, restingTimes } from './night-rest.ts';
import { type ArrivalCounts, addArrivals, noArrivals, type QualityDay } from './quality.ts';

/** One day as the page shows it. */
export interface ShownDay extends QualityDay {
  /** Its local midnights. */
  span: TimeSpan;
  /** False before the first reading of the source, and in days to come. A source that does not come back is missed. */
  isExpected: boolean;
  /** Values that were left out: on arrival, and powers that are no energy. */
  leftOut: number;
  /** How often a counter did other than counting on. */
  counted: number;
  /** True where all that is missing is the night, in which an inverter sleeps that lives of the sun alone. */
  isResting: boolean;
}

/** What one counter did in one way, over all days; or which values of a power were left out [W]. */
export interface CounterOddity {
  metric: string;
  kind: QualityDay['events'][number]['kind'];
  times: number;
  /** Energy that was booked for it. */
  kwh: number;
  /** The first time, the newest, and a moment after all of them that is not in the future. */
  first: number;
  newest: number;
  until: number;
  /** Values of the newest [kWh]. */
  before: number;
  after: number;
  done: string;
}

/** How well the readings of some days came, added up. */
export interface QualityView {
  days: ShownDay[];
  readings: number;
  /** Share of the time since the first reading that was measured, 0..1; null when nothing was expected. */
  coverage: number | null;
  /** True where the day of the very first reading is among them. */
  isFromFirst: boolean;
  /** Mean time between readings on the newest day that has any [ms]; null where there are none. */
  intervalMs: number | null;
  /** Days that were not measured all through, and of them those without any reading. */
  daysWithGaps: number;
  daysSilent: number;
  /** Days of which only the night is missing, while the inverter slept; they have no gaps. */
  daysResting: number;
  arrivals: ArrivalCounts;
  /** Values that were not taken, by reason, most first. */
  refused: { reason: string; values: number }[];
  counters: CounterOddity[];
  /** Energies of which nothing was said for a time in which other values came [ms], from the day on which they first were. */
  unsaid: { quantity: EnergyQuantity; ms: number; days: number }[];
  /** Powers that were left out of energy, newest first. */
  powers: CounterOddity[];
}

/** Adds up days. `span` is the first and last time stored; null when there is nothing. */
export function viewQuality(
  days: readonly QualityDay[],
  context: { timeZone: string; now: number; span: TimeSpan | null; place?: SunPlace },
): QualityView {
  const { timeZone, span } = context;
  const firstMs = span?.from ?? Number.NEGATIVE_INFINITY;
  const firstDay = span ? dayKey(localDayOf(span.from, timeZone)) : null;
  const intervalMs = days.findLast((day) => day.intervalMs !== null)?.intervalMs ?? null;
  const now = span ? measuredUntil(span.to, intervalMs, context.now) : context.now;
  const resting = restingDays(days, context);
  const shown = days.map((day): ShownDay => {
    const [from, to] = spanOf(day.day, timeZone);
    return {
      ...day,
      isResting: resting.has(day.day),
      span: { from, to },
      isExpected: firstDay !== null && day.day >= firstDay && (from < now || day.readings > 0),
      leftOut: sum(day.refused.map(({ values }) => values)) + timesOf(day.events.filter(isPower)),
      counted: timesOf(day.events.filter((event) => !isPower(event))),
    };
  });
  const expected = shown.filter((day) => day.isExpected);
  const lengthOf = ({ span }: ShownDay): number => Math.max(0, Math.min(span.to, now) - Math.max(span.from, firstMs));
  const shareOf = ({ day, coverage, span }: ShownDay): number =>
    day === firstDay ? sinceFirst(coverage, { from: span.from, to: Math.min(span.to, now) }, firstMs) : coverage;
  const whole = sum(expected.map(lengthOf));
  return {
    days: shown,
    readings: sum(shown.map((day) => day.readings)),
    coverage: whole > 0 ? sum(expected.map((day) => shareOf(day) * lengthOf(day))) / whole : null,
    isFromFirst: expected.some((day) => day.day === firstDay),
    intervalMs,
    daysWithGaps: expected.filter((day) => lengthOf(day) > 0 && shareOf(day) < WHOLE && !day.isResting).length,
    daysResting: expected.filter(({ isResting }) => isResting).length,
    daysSilent: expected.filter((day) => day.readings === 0).length,
    arrivals: shown.map((day) => day.arrivals).reduce(addArrivals, noArrivals),
    refused: refusedOf(shown),
    ...oddOf(shown, context.now),
    unsaid: unsaidIn(expected, now),
  };
}

/** Days of which only the night is missing, of a source that tells of nothing but the sun. */
function restingDays(
  days: readonly QualityDay[],
  { timeZone, now, place }: { timeZone: string; now: number; place?: SunPlace },
): ReadonlySet<string> {
  const said = energyQuantities.filter((quantity) => days.some(({ known }) => known[quantity] !== undefined));
  const isOfSun = said.length === 1 && said[0] === 'solar';
  if (!place || !isOfSun) return new Set();
  const times = days.map(({ day, coverage, readings }): KnownTime => {
    const [from, to] = spanOf(day, timeZone);
    return { ...{ period: day, from, to, coverage }, solarKwh: readings > 0 ? 0 : null };
  });
  return restingTimes(times, times, { place, now });
}

/** The share of a day that was measured, as one of the time since the very first reading: before that nothing is missing. */
function sinceFirst(coverage: number, day: TimeSpan, firstMs: number): number {
  const expected = day.to - firstMs;
  return expected > 0 ? Math.min(1, (coverage * (day.to - day.from)) / expected) : coverage;
}

/** Less of a day is a counter that is asked seldom, or two devices that speak in turn. */
const LEAST_UNSAID = 0.02;

function unsaidIn(days: readonly ShownDay[], now: number): QualityView['unsaid'] {
  return energyQuantities.flatMap((quantity) => {
    const first = days.findIndex(({ known }) => known[quantity] !== undefined);
    const missing = (first < 0 ? [] : days.slice(first)).flatMap(({ coverage, known, span }) => {
      const share = coverage - (known[quantity] ?? 0);
      return share >= LEAST_UNSAID ? [share * (Math.min(span.to, now) - span.from)] : [];
    });
    return missing.length > 0 ? [{ quantity, ms: sum(missing), days: missing.length }] : [];
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const timesOf = (events: readonly { times: number }[]): number => sum(events.map(({ times }) => times));
const isPower = ({ metric }: { metric: string }): boolean => findMetric(metric)?.unit === 'W';

function spanOf(key: string, timeZone: string): [from: number, to: number] {
  const day = Date.parse(`${key}T00:00:00Z`) / 86_400_000;
  return [startOfLocalDay(day, timeZone), startOfLocalDay(day + 1, timeZone)];
}

function refusedOf(days: readonly QualityDay[]): QualityView['refused'] {
  const byReason = new Map<string, number>();
  for (const { reason, values } of days.flatMap((day) => day.refused))
    byReason.set(reason, (byReason.get(reason) ?? 0) + values);
  return [...byReason].map(([reason, values]) => ({ reason, values })).sort((a, b) => b.values - a.values);
}

/** What is often odd is told of once in the readings of a chunk, and may be decided in the next. */
const TOLD_WITHIN_MS = 2 * CHUNK_MS;

function oddOf(days: readonly QualityDay[], now: number): Pick<QualityView, 'counters' | 'powers'> {
  const found = new Map<string, CounterOddity>();
  for (const { metric, kind, times, kwh, time, before, after, done } of days.flatMap((day) => day.events)) {
    const key = `${metric} ${kind}`;
    const known = found.get(key);
    found.set(key, {
      ...{ metric, kind, done, before, after, newest: time },
      first: known?.first ?? time,
      until: Math.min(now, time + TOLD_WITHIN_MS),
      times: (known?.times ?? 0) + times,
      kwh: (known?.kwh ?? 0) + kwh,
    });
  }
  const newestFirst = [...found.values()].sort((a, b) => b.newest - a.newest);
  return { counters: newestFirst.filter((one) => !isPower(one)), powers: newestFirst.filter(isPower) };
}
