import { dayKey, localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { endedBy, type IntervalGrid, startOf } from '../interval-grid.ts';
import {
  type DayOdds,
  type ForecastIssue,
  type IssueSteps,
  issueLevels,
  stepCount,
  stepLength,
  stepStart,
} from '../issue.ts';
import type { ForecastReason } from '../reasons.ts';
import type { Served, ServedInterval } from '../recipe/recipe.ts';
import { type BandWidths, dayWidthAt, widthAt } from './band-widths.ts';
import { HORIZON_DAYS, type SubjectData } from './subject-data.ts';

const HOUR_MS = 3_600_000;
const FINE_FOR_H = 48;
const REASONS_FOR_H = 72;
const MOST_REASONS = 3;
/** An effect below this share of the largest power is not worth a word. */
const LEAST_EFFECT = 0.002;

export interface IssueContext {
  data: SubjectData;
  now: number;
  weather: { at: number; until: number } | null;
  /** Null for physics and usual values alone. */
  model: string | null;
  widths: BandWidths;
}

/** End of what a forecast made at a moment speaks of. */
export function horizonEnd(grid: IntervalGrid, now: number): number {
  return Math.floor(stepsFrom(grid, now) / HOUR_MS) * HOUR_MS + HORIZON_DAYS * 24 * HOUR_MS;
}

const stepsFrom = (grid: IntervalGrid, now: number): number => startOf(grid, endedBy(grid, now));

/** The next two days in the data's own intervals, the rest of the horizon by the hour. */
export function issueSteps(grid: IntervalGrid, now: number): IssueSteps {
  const from = stepsFrom(grid, now);
  const fineTo = Math.floor(from / HOUR_MS) * HOUR_MS + FINE_FOR_H * HOUR_MS;
  return {
    from,
    fineMs: grid.stepMs,
    fineCount: Math.round((fineTo - from) / grid.stepMs),
    coarseMs: HOUR_MS,
    coarseCount: Math.round((horizonEnd(grid, now) - fineTo) / HOUR_MS),
  };
}

/** Puts a forecast into steps and days, its bands as wide as recent days ask for. */
export function issueOf(served: Served, context: IssueContext): ForecastIssue {
  const { data, now, weather } = context;
  const steps = issueSteps(data.grid, now);
  const columns = issueLevels.map(() => new Float64Array(served.intervals.length));
  const intervals = served.intervals.map((interval) => widened(interval, context));
  intervals.forEach((interval, at) => {
    quantilesOf(interval, served.limitW).forEach((value, place) => {
      const column = columns[place];
      if (column) column[at] = value;
    });
  });
  const reference = Float64Array.from(served.intervals, ({ referenceW }) => referenceW);
  return {
    issuedAt: now,
    steps,
    quantilesW: columns.map((column) => stepMeans(column, data.grid, steps)),
    referenceW: stepMeans(reference, data.grid, steps),
    weatherUntil: weather ? Math.max(steps.from, weather.until) : steps.from,
    weatherAt: weather?.at ?? null,
    model: context.model,
    isReplayed: false,
    days: daysOf({ ...served, intervals }, context, steps.from),
    reasons: reasonsOf(served, steps.from),
  };
}

/** An interval with its odds as wide as weather of its age has been missed of late. */
function widened(interval: ServedInterval, { weather, widths }: IssueContext): ServedInterval {
  if (!interval.hasWeather || !weather) return interval;
  const { powerW, odds, from, sizeW } = interval;
  const width = widthAt(widths, (from - weather.at) / HOUR_MS);
  return { ...interval, sizeW: sizeW * width, odds: (level) => powerW + (odds(level) - powerW) * width };
}

/** Quantiles of an interval by `issueLevels`: ascending, never below zero, never above what there can be. */
function quantilesOf({ powerW, odds }: ServedInterval, limitW: number): number[] {
  let last = 0;
  return issueLevels.map((level) => {
    last = Math.max(last, Math.min(limitW, level === 0.5 ? powerW : odds(level)));
    return last;
  });
}

function stepMeans(column: Float64Array, grid: IntervalGrid, steps: IssueSteps): Float32Array {
  return Float32Array.from({ length: stepCount(steps) }, (_, step) => {
    const from = Math.round((stepStart(steps, step) - steps.from) / grid.stepMs);
    const count = Math.max(1, Math.round(stepLength(steps, step) / grid.stepMs));
    let sum = 0;
    for (let at = from; at < from + count; at++) sum += column[at] ?? 0;
    return sum / count;
  });
}

/** The whole days of the source's calendar from today on that the forecast reaches to the end of. */
function daysOf(served: Served, { data, now, widths }: IssueContext, firstAhead: number): DayOdds[] {
  const { timeZone } = data;
  const today = localDayOf(now, timeZone);
  const reach = served.intervals.at(-1)?.to ?? now;
  const days: DayOdds[] = [];
  for (let ahead = 0; ahead <= HORIZON_DAYS; ahead++) {
    const [from, to] = [startOfLocalDay(today + ahead, timeZone), startOfLocalDay(today + ahead + 1, timeZone)];
    if (to > reach) break;
    const soFarKwh = ahead === 0 ? measuredKwh(data, from, firstAhead) : 0;
    const rest = served.intervals.filter((interval) => interval.from >= from && interval.from < to);
    const odds = served.energy(rest);
    const middle = odds(0.5);
    const [leastKwh, mostKwh] = outermostKwh(rest, served.limitW);
    let last = 0;
    const kwh = issueLevels.map((level) => {
      const value = middle + (odds(level) - middle) * dayWidthAt(widths, ahead);
      last = Math.max(last, Math.min(Math.max(mostKwh, odds(level)), Math.max(Math.min(leastKwh, odds(level)), value)));
      return soFarKwh + last;
    });
    days.push({ date: dayKey(today + ahead), from, to, kwh, soFarKwh });
  }
  return days;
}

/**
 * What comes when every interval is at its worst and at its best: further than that no misses of other days widen a day, or it
 * would promise sun at night.
 */
function outermostKwh(intervals: readonly ServedInterval[], limitW: number): readonly [least: number, most: number] {
  const levels = [issueLevels[0], issueLevels[issueLevels.length - 1] ?? 1] as const;
  const [least, most] = levels.map((level) =>
    intervals.reduce((sum, one) => sum + kwhOf(Math.min(limitW, Math.max(0, one.odds(level))), one), 0),
  );
  return [least ?? 0, most ?? 0];
}

const kwhOf = (watts: number, { from, to }: { from: number; to: number }): number =>
  (watts * (to - from)) / HOUR_MS / 1000;

function measuredKwh({ grid, powerW }: SubjectData, from: number, to: number): number {
  let kwh = 0;
  for (let index = Math.max(0, Math.ceil((from - grid.from) / grid.stepMs)); startOf(grid, index) < to; index++)
    kwh += ((powerW[index] || 0) * grid.stepMs) / HOUR_MS / 1000;
  return kwh;
}

/** What moved each hour: the means of its intervals' effects. */
function reasonsOf(served: Served, from: number): ForecastReason[][] {
  const first = Math.floor(from / HOUR_MS);
  const strong = served.intervals.reduce((most, { powerW }) => Math.max(most, powerW), 0);
  const hours = Map.groupBy(
    served.intervals.filter((interval) => interval.from < (first + REASONS_FOR_H) * HOUR_MS),
    (interval) => Math.floor(interval.from / HOUR_MS) - first,
  );
  const last = Math.max(-1, ...hours.keys());
  return Array.from({ length: last + 1 }, (_, hour) => hourReasons(hours.get(hour) ?? [], LEAST_EFFECT * strong));
}

function hourReasons(intervals: readonly ServedInterval[], leastW: number): ForecastReason[] {
  const sums = new Map<ForecastReason['topic'], number>();
  for (const interval of intervals)
    for (const { topic, effectW } of interval.reasons()) sums.set(topic, (sums.get(topic) ?? 0) + effectW);
  return [...sums]
    .map(([topic, sum]) => ({ topic, effectW: sum / intervals.length }))
    .filter(({ effectW }) => Math.abs(effectW) >= leastW)
    .sort((a, b) => Math.abs(b.effectW) - Math.abs(a.effectW))
    .slice(0, MOST_REASONS);
}
