import { type IntervalGrid, slotsPerDay, slotsPerHour } from '../interval-grid.ts';

/** How the last hours and days were. */
export interface RecentLoad {
  /** Mean of the last three hours that are known, W. */
  lastHours: number;
  /** That over what was usual in those hours. */
  lastRatio: number;
  /** Mean of the last day, and of the week, W. */
  lastDay: number;
  lastWeek: number;
  /** The least of the last day: what is never switched off, W. */
  base: number;
}

const HOURS = 3;
/** A base or a mean wants so much of its span to be known. */
const LEAST_KNOWN = 0.3;

/** Reads it for forecasts made when intervals below `known` were over; remembers the last answer. */
export function createRecentLoad(
  grid: IntervalGrid,
  powerW: ArrayLike<number>,
  usualW: (index: number, known: number) => number,
): (known: number) => RecentLoad {
  const slots = slotsPerDay(grid);
  let last: { known: number; answer: RecentLoad } | undefined;
  return (known) => {
    if (last?.known !== known) last = { known, answer: read(known) };
    return last.answer;
  };
  function read(known: number): RecentLoad {
    const hours = span(known, HOURS * slotsPerHour(grid));
    const day = span(known, slots);
    let usual = 0;
    for (const index of hours.indices) usual += usualW(index, known);
    return {
      lastHours: hours.mean,
      lastRatio: usual > 0 ? Math.min(4, hours.sum / usual) : Number.NaN,
      lastDay: day.mean,
      lastWeek: span(known, 7 * slots).mean,
      base: day.least,
    };
  }
  function span(known: number, count: number) {
    const indices: number[] = [];
    let [sum, least] = [0, Number.NaN];
    for (let index = Math.max(0, known - count); index < known; index++) {
      const power = powerW[index] ?? Number.NaN;
      if (Number.isNaN(power)) continue;
      indices.push(index);
      sum += power;
      least = Number.isNaN(least) ? power : Math.min(least, power);
    }
    if (indices.length < Math.max(1, LEAST_KNOWN * count))
      return { indices: [], sum: Number.NaN, mean: Number.NaN, least: Number.NaN };
    return { indices, sum, mean: sum / indices.length, least };
  }
}
