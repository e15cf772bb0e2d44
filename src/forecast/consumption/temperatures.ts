import { type IntervalGrid, slotsPerDay } from '../interval-grid.ts';
import type { WeatherGrid } from '../weather-grid.ts';

/** Means of the air's temperature before an interval: walls and habits answer to days, not to hours. */
export interface Temperatures {
  /** Over the 24 hours up to the interval's end. */
  day(index: number): number;
  /** Over the two weeks before those. */
  before(index: number): number;
}

const BEFORE_DAYS = 14;

export function createTemperatures(grid: IntervalGrid, weather: WeatherGrid | null): Temperatures {
  const values = weather?.columns.temperature_2m;
  const sums = new Float64Array(grid.count + 1);
  const counts = new Int32Array(grid.count + 1);
  for (let index = 0; index < grid.count; index++) {
    const value = values?.[index] ?? Number.NaN;
    sums[index + 1] = (sums[index] ?? 0) + (Number.isNaN(value) ? 0 : value);
    counts[index + 1] = (counts[index] ?? 0) + (Number.isNaN(value) ? 0 : 1);
  }
  const mean = (from: number, to: number): number => {
    const [start, end] = [Math.max(0, from), Math.max(0, to)];
    const count = (counts[end] ?? 0) - (counts[start] ?? 0);
    return count > 0 ? ((sums[end] ?? 0) - (sums[start] ?? 0)) / count : Number.NaN;
  };
  const slots = slotsPerDay(grid);
  return {
    day: (index) => mean(index + 1 - slots, index + 1),
    before: (index) => mean(index + 1 - (BEFORE_DAYS + 1) * slots, index + 1 - slots),
  };
}
