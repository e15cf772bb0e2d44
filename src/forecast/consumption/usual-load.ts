import { quantileOfSorted } from '../../core/stats.ts';
import type { WallGrid } from './wall-grid.ts';

/** What the same time of day took on days before; NaN where too little is known. */
export interface UsualLoad {
  /** The last known day. */
  yesterday: number;
  /** The same day of the week, one week and more back. */
  weekAgo: number;
  median3: number;
  median7: number;
  median28: number;
  /** Median of the last days of the same kind, of the working week or of the weekend. */
  sameKind: number;
  /** Median of the last weeks' same day of the week. */
  sameWeekday: number;
  /** Quantiles of the last 28 days: busy and quiet days. */
  high28: number;
  low28: number;
}

const MOST_DAYS = 42;
const MONTH = 28;
const KINDS = 10;
const WEEKS = 5;
const SATURDAY = 5;

export const isWeekend = (weekday: number): boolean => weekday >= SATURDAY;

/** The last four weeks' median of the same time of day alone, from what is known below `known`; NaN where nothing is. */
export function createUsualMedian(wall: WallGrid, powerW: ArrayLike<number>, excluded?: ArrayLike<number>) {
  const month = new Float64Array(MONTH);
  return (index: number, known: number): number => {
    const [day, slot] = [wall.day[index] ?? 0, wall.slot[index] ?? 0];
    let count = 0;
    for (let back = 1; back <= MOST_DAYS && count < MONTH; back++) {
      const at = wall.at(day - back, slot);
      const power = at < 0 || at >= known || excluded?.[at] ? Number.NaN : (powerW[at] ?? Number.NaN);
      if (!Number.isNaN(power)) month[count++] = power;
    }
    return quantileOfSorted(month.subarray(0, count).sort(), 0.5);
  };
}

/** Reads the same-time history of intervals from what is known below `known`. A time that is missing is passed over. */
export function createUsualLoad(wall: WallGrid, powerW: ArrayLike<number>, excluded?: ArrayLike<number>) {
  return (index: number, known: number): UsualLoad => {
    const [day, slot] = [wall.day[index] ?? 0, wall.slot[index] ?? 0];
    const weekday = wall.weekday[index] ?? 0;
    const all: number[] = [];
    const sameKind: number[] = [];
    const sameWeekday: number[] = [];
    for (let back = 1; back <= MOST_DAYS; back++) {
      const at = wall.at(day - back, slot);
      if (at < 0 || at >= known || excluded?.[at]) continue;
      const power = powerW[at] ?? Number.NaN;
      if (Number.isNaN(power)) continue;
      const other = wall.weekday[at] ?? 0;
      if (all.length < MONTH) all.push(power);
      if (isWeekend(other) === isWeekend(weekday) && sameKind.length < KINDS) sameKind.push(power);
      if (other === weekday && sameWeekday.length < WEEKS) sameWeekday.push(power);
    }
    const month = Float64Array.from(all).sort();
    return {
      yesterday: all[0] ?? Number.NaN,
      weekAgo: sameWeekday[0] ?? Number.NaN,
      median3: medianOf(all.slice(0, 3)),
      median7: medianOf(all.slice(0, 7)),
      median28: quantileOfSorted(month, 0.5),
      sameKind: medianOf(sameKind),
      sameWeekday: medianOf(sameWeekday),
      high28: quantileOfSorted(month, 0.85),
      low28: quantileOfSorted(month, 0.15),
    };
  };
}

const medianOf = (values: readonly number[]): number => quantileOfSorted(Float64Array.from(values).sort(), 0.5);
