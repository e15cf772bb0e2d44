import type { TimeSpan } from '../core/time-range.ts';
import { type IntervalGrid, startOf } from './interval-grid.ts';
import { type WeatherColumn, type WeatherTable, weatherColumns } from './weather-table.ts';

/** A weather table laid on the intervals of a power series: means over each interval, NaN where nothing is known. */
export interface WeatherGrid {
  grid: IntervalGrid;
  columns: Partial<Record<WeatherColumn, Float64Array>>;
  /** Length of the weather's own step where it is longer than the intervals: its means are then over `spanOf`. */
  coarseStepMs: number | null;
}

/** Moments this far apart are still joined by a straight line. */
const MAX_BRIDGE_MS = 3 * 3_600_000;

export function layWeather(table: WeatherTable, grid: IntervalGrid): WeatherGrid {
  const columns: WeatherGrid['columns'] = {};
  for (const [name, values] of Object.entries(table.columns) as [WeatherColumn, Float64Array][]) {
    columns[name] =
      weatherColumns[name].holds === 'before' ? meansBefore(table, values, grid) : moments(table, values, grid);
  }
  return { grid, columns, coarseStepMs: table.stepMs > grid.stepMs ? table.stepMs : null };
}

/** The interval's own span or, with coarser weather, the step of the weather that its middle lies in. */
export function spanOf(weather: WeatherGrid, index: number): TimeSpan {
  const from = startOf(weather.grid, index);
  const step = weather.coarseStepMs;
  if (step === null) return { from, to: from + weather.grid.stepMs };
  const start = Math.floor((from + weather.grid.stepMs / 2) / step) * step;
  return { from: start, to: start + step };
}

/** What holds for the step before each stamp, averaged over the interval by overlap. */
function meansBefore(table: WeatherTable, values: Float64Array, grid: IntervalGrid): Float64Array {
  const { times, stepMs } = table;
  const out = new Float64Array(grid.count).fill(Number.NaN);
  let first = 0;
  for (let index = 0; index < grid.count; index++) {
    const from = startOf(grid, index);
    const to = from + grid.stepMs;
    while (first < times.length && (times[first] ?? 0) <= from) first++;
    let sum = 0;
    let covered = 0;
    for (let row = first; row < times.length; row++) {
      const end = times[row] ?? 0;
      if (end - stepMs >= to) break;
      const value = values[row] ?? Number.NaN;
      const overlap = Math.min(end, to) - Math.max(end - stepMs, from);
      if (overlap <= 0 || Number.isNaN(value)) continue;
      sum += value * overlap;
      covered += overlap;
    }
    if (covered >= grid.stepMs / 2) out[index] = sum / covered;
  }
  return out;
}

/** What holds at moments, at the middle of short intervals and averaged over long ones. */
function moments(table: WeatherTable, values: Float64Array, grid: IntervalGrid): Float64Array {
  const out = new Float64Array(grid.count).fill(Number.NaN);
  const parts = Math.max(1, Math.round(grid.stepMs / table.stepMs));
  const line = createLine(table.times, values);
  for (let index = 0; index < grid.count; index++) {
    let sum = 0;
    let known = 0;
    for (let part = 0; part < parts; part++) {
      const value = line(startOf(grid, index) + ((part + 0.5) * grid.stepMs) / parts);
      if (Number.isNaN(value)) continue;
      sum += value;
      known++;
    }
    if (known > 0) out[index] = sum / known;
  }
  return out;
}

/** Straight lines between known values; beyond the last one its value holds for a while. Asked in ascending order. */
function createLine(times: Float64Array, values: Float64Array): (time: number) => number {
  let next = 0;
  let [beforeTime, beforeValue] = [Number.NEGATIVE_INFINITY, Number.NaN];
  return (time) => {
    while (next < times.length && (times[next] ?? 0) <= time) {
      const value = values[next] ?? Number.NaN;
      if (!Number.isNaN(value)) [beforeTime, beforeValue] = [times[next] ?? 0, value];
      next++;
    }
    let after = next;
    while (
      after < times.length &&
      Number.isNaN(values[after] ?? Number.NaN) &&
      (times[after] ?? 0) - time < MAX_BRIDGE_MS
    )
      after++;
    const afterTime = after < times.length ? (times[after] ?? 0) : Number.POSITIVE_INFINITY;
    const afterValue = values[after] ?? Number.NaN;
    const isBefore = time - beforeTime <= MAX_BRIDGE_MS;
    const isAfter = afterTime - time <= MAX_BRIDGE_MS && !Number.isNaN(afterValue);
    if (isBefore && isAfter)
      return beforeValue + ((afterValue - beforeValue) * (time - beforeTime)) / (afterTime - beforeTime);
    if (isBefore) return beforeValue;
    return isAfter ? afterValue : Number.NaN;
  };
}
