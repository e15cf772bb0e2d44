import { type IntervalGrid, slotsPerDay } from './interval-grid.ts';
import type { LightGrid } from './light-grid.ts';
import type { WeatherGrid } from './weather-grid.ts';
import type { WeatherColumn } from './weather-table.ts';

/** Means of the weather over an interval's solar day, as far as the weather is known (below `end`). */
export interface DayMeans {
  /** Light on the ground over the clear sky's, by energy. */
  clearness(index: number, end: number): number;
  mean(column: WeatherColumn, index: number, end: number): number;
}

export function createDayMeans(grid: IntervalGrid, light: LightGrid, weather: WeatherGrid | null): DayMeans {
  const slots = slotsPerDay(grid);
  const dayOf = (index: number, end: number): [number, number] => {
    const since = Math.round((((light.hourAngleDeg[index] ?? 0) + 180) / 360) * slots);
    return [Math.max(0, index - since), Math.min(end, index - since + slots)];
  };
  const lightOf = remembered((from, to) => {
    let [ghi, clear] = [0, 0];
    for (let at = from; at < to; at++) {
      const value = light.ghiWm2[at] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      ghi += value;
      clear += light.clearGhiWm2[at] ?? 0;
    }
    return clear > 0 ? ghi / clear : Number.NaN;
  });
  const meanOf = (values: Float64Array | undefined) =>
    remembered((from, to) => {
      let [sum, count] = [0, 0];
      for (let at = from; at < to; at++) {
        const value = values?.[at] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
      return count > 0 ? sum / count : Number.NaN;
    });
  const means = new Map<WeatherColumn, (from: number, to: number) => number>();
  return {
    clearness: (index, end) => lightOf(...dayOf(index, end)),
    mean: (column, index, end) => {
      const known = means.get(column) ?? meanOf(weather?.columns[column]);
      means.set(column, known);
      return known(...dayOf(index, end));
    },
  };
}

/** Keeps the last answer: the intervals of a day ask one after the other. */
function remembered(compute: (from: number, to: number) => number): (from: number, to: number) => number {
  let last = { from: -1, to: -1, value: Number.NaN };
  return (from, to) => {
    if (last.from !== from || last.to !== to) last = { from, to, value: compute(from, to) };
    return last.value;
  };
}
