import { type IntervalGrid, slotsPerDay } from './interval-grid.ts';

/** What the same time of day gave on the days before, newest first, each as it would be under today's clear sky. */
export interface SameTime {
  yesterday: number;
  median3: number;
  median7: number;
  median14: number;
  median30: number;
  /** Quantiles of the last 14 days: bright and dull days. */
  high14: number;
  low14: number;
}

const MOST_DAYS = 30;
/** Days without a value are passed over, this many at most. */
const SPARE_DAYS = 10;
const EMPTY: SameTime = Object.freeze({
  yesterday: Number.NaN,
  median3: Number.NaN,
  median7: Number.NaN,
  median14: Number.NaN,
  median30: Number.NaN,
  high14: Number.NaN,
  low14: Number.NaN,
});

/**
 * Reads the same-time history of intervals. `clearW` carries a value from one day to another: by the ratio of the two clear
 * skies, within a factor of 2 (clear-sky persistence; Yang, J. Renewable Sustainable Energy 11, 2019). `base` keeps dawn's
 * ratios tame.
 */
export function createSameTime(grid: IntervalGrid, powerW: ArrayLike<number>, clearW: ArrayLike<number>, base: number) {
  const slots = slotsPerDay(grid);
  const values = new Float64Array(MOST_DAYS);
  return (index: number, known: number): SameTime => {
    const today = (clearW[index] ?? 0) + base;
    let count = 0;
    let at = index - slots * Math.max(1, Math.ceil((index - known + 1) / slots));
    for (let day = 0; day < MOST_DAYS + SPARE_DAYS && count < MOST_DAYS && at >= 0; day++, at -= slots) {
      const power = powerW[at] ?? Number.NaN;
      if (Number.isNaN(power)) continue;
      const ratio = today / ((clearW[at] ?? 0) + base);
      values[count++] = power * Math.min(2, Math.max(0.5, ratio));
    }
    if (count === 0) return EMPTY;
    const week = values.slice(0, Math.min(7, count)).sort();
    const fortnight = values.slice(0, Math.min(14, count)).sort();
    return {
      yesterday: values[0] ?? Number.NaN,
      median3: quantileOf(values.slice(0, Math.min(3, count)).sort(), 0.5),
      median7: quantileOf(week, 0.5),
      median14: quantileOf(fortnight, 0.5),
      median30: quantileOf(values.slice(0, count).sort(), 0.5),
      high14: quantileOf(fortnight, 0.85),
      low14: quantileOf(fortnight, 0.15),
    };
  };
}

/** Quantile of sorted values. */
function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place - Math.floor(place));
}
