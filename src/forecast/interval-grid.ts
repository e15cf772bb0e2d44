import { quantile } from '../core/stats.ts';

/** Intervals of equal length one after the other; number i is `[from + i * stepMs, from + (i + 1) * stepMs)`, ms UTC. */
export interface IntervalGrid {
  from: number;
  stepMs: number;
  count: number;
}

const DAY_MS = 86_400_000;

export const startOf = (grid: IntervalGrid, index: number): number => grid.from + index * grid.stepMs;

/** Numbers of the intervals from one up to another, without that. */
export const numbersOf = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

/** How many intervals have wholly passed at a moment: those with a smaller number. */
export function endedBy(grid: IntervalGrid, time: number): number {
  return Math.min(grid.count, Math.max(0, Math.floor((time - grid.from) / grid.stepMs + 1e-9)));
}

/** Number of the first interval that starts at `time` or later. */
export function firstFrom(grid: IntervalGrid, time: number): number {
  return Math.min(grid.count, Math.max(0, Math.ceil((time - grid.from) / grid.stepMs - 1e-9)));
}

/** UTC day that an interval starts in, days since 1970. */
export function utcDayOf(grid: IntervalGrid, index: number): number {
  return Math.floor(startOf(grid, index) / DAY_MS);
}

/** Intervals a day, at least one. */
export function slotsPerDay(grid: IntervalGrid): number {
  return Math.max(1, Math.round(DAY_MS / grid.stepMs));
}

/** Intervals an hour, at least one. */
export function slotsPerHour(grid: IntervalGrid): number {
  return Math.max(1, Math.round(DAY_MS / 24 / grid.stepMs));
}

/** How many hours of evidence an interval is: one look at what came, however long it is. */
export const evidenceHours = (grid: IntervalGrid): number => Math.min(1, 24 / slotsPerDay(grid));

/** With a smaller share of distances than this alike, none of them is the step. */
const ALIKE = 0.2;
const DAY_MIN = 1440;
/** Steps of so many whole minutes fill a day. */
const WHOLE_STEPS_MIN = Array.from({ length: DAY_MIN }, (_, at) => at + 1).filter((minutes) => DAY_MIN % minutes === 0);
/** A step that is this near to such a one, as a share of it, is meant to be it. */
const SNAP = 0.04;

/**
 * The distance of neighbouring times: the most common one up to a day and a little or, where hardly two are alike because a device
 * keeps no exact time, the middle one; a length that fills a day where it is near to one. Null when it is under half a minute.
 */
export function commonStep(ascending: ArrayLike<number>): number | null {
  const steps: number[] = [];
  for (let row = 1; row < ascending.length; row++) {
    const step = (ascending[row] ?? 0) - (ascending[row - 1] ?? 0);
    if (step > 0 && step <= 1.1 * DAY_MS) steps.push(step);
  }
  const common = mostCommonShare(steps);
  if (!common) return null;
  const step = common.share < ALIKE ? quantile(steps, 0.5) : common.value;
  return step < 30_000 ? null : wholeStep(step);
}

/** The nearest whole number of minutes that fills a day, if it is near. */
function wholeStep(stepMs: number): number {
  const minutes = stepMs / 60_000;
  const off = (whole: number): number => Math.abs(whole - minutes);
  const nearest = WHOLE_STEPS_MIN.reduce((a, b) => (off(b) < off(a) ? b : a));
  return off(nearest) <= SNAP * nearest ? nearest * 60_000 : stepMs;
}

/** What times are over whole steps: the most common rest or, where hardly two are alike, their middle on the circle. */
export function commonPhase(times: Float64Array, stepMs: number): number {
  const rests = times.map((time) => ((time % stepMs) + stepMs) % stepMs);
  const common = mostCommonShare(rests);
  if (common && common.share >= ALIKE) return common.value;
  const angle = (rest: number): number => (2 * Math.PI * rest) / stepMs;
  const x = rests.reduce((sum, rest) => sum + Math.cos(angle(rest)), 0);
  const y = rests.reduce((sum, rest) => sum + Math.sin(angle(rest)), 0);
  const minutes = Math.round(((Math.atan2(y, x) / (2 * Math.PI)) * stepMs) / 60_000);
  return (minutes * 60_000 + stepMs) % stepMs;
}

/** The value that comes most often, the first of several, and its share of all. */
function mostCommonShare(values: ArrayLike<number>): { value: number; share: number } | null {
  const counts = new Map<number, number>();
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  let best: { value: number; count: number } | null = null;
  for (const [value, count] of counts) if (!best || count > best.count) best = { value, count };
  return best && { value: best.value, share: best.count / values.length };
}
