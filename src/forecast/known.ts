import { endedBy, firstFrom, type IntervalGrid, startOf } from './interval-grid.ts';

/** What may be looked at when an interval is forecast: the only door to the future, so that nothing else can leak. */
export interface Known {
  /** Power is known of intervals with a smaller number. */
  power: number;
  /** Weather is known of intervals with a smaller number. */
  weather: number;
}

/** When the forecast of an interval is taken to have been made. */
export type KnownFor = (index: number) => Known;

const DAY_MS = 86_400_000;

/** Day ahead: at the start of the interval's UTC day, with the weather of that day. */
export function knownAtMidnightUtc(grid: IntervalGrid): KnownFor {
  let day = Number.NaN;
  let known: Known = { power: 0, weather: 0 };
  return (index) => {
    const today = Math.floor(startOf(grid, index) / DAY_MS);
    if (today === day) return known;
    day = today;
    known = { power: endedBy(grid, today * DAY_MS), weather: firstFrom(grid, (today + 1) * DAY_MS) };
    return known;
  };
}

/**
 * For training what serves at any time of day and days ahead: each interval as if forecast some hours before, the hours
 * drawn from `leadsH` by a fixed sequence.
 */
export function knownSomeHoursBefore(grid: IntervalGrid, leadsH: readonly number[]): KnownFor {
  return (index) => {
    const draw = Math.imul(index ^ 0x9e3779b9, 0x85ebca6b) >>> 8;
    const leadMs = (leadsH[draw % leadsH.length] ?? 0) * 3_600_000;
    const madeAt = startOf(grid, index) - leadMs;
    return { power: endedBy(grid, madeAt), weather: Math.min(grid.count, firstFrom(grid, madeAt + 8 * DAY_MS)) };
  };
}
