import type { TimeSpan } from '../core/time-range.ts';
import { type IntervalGrid, startOf } from './interval-grid.ts';
import { type WeatherColumn, type WeatherTable, weatherColumns } from './weather-table.ts';

/** A weather table laid on the intervals of a power series: means over each interval, NaN where nothing is known. */
export interface WeatherGrid {
  grid: IntervalGrid;
  columns: Partial<Record<WeatherColumn, Float64Array>>;
  /** Steps of the light that the middles of the intervals lie in, where some are longer than the intervals: means are then over these. */
  spans: Spans | null;
}

/** Starts and ends by interval, ms UTC. */
interface Spans {
  from: Float64Array;
  to: Float64Array;
}

/** Moments this far apart are still joined by a straight line. */
const MAX_BRIDGE_MS = 3 * 3_600_000;
/** Longer than this are no steps but gaps. */
const MOST_STEP_MS = 6 * 3_600_000;
/** So many distances in a row that are alike are a step of their own, fewer are gaps. */
const FEWEST_ALIKE = 6;

export function layWeather(table: WeatherTable, grid: IntervalGrid): WeatherGrid {
  const columns: WeatherGrid['columns'] = {};
  const spans = ownSpans(grid);
  for (const [name, values] of Object.entries(table.columns) as [WeatherColumn, Float64Array][]) {
    if (weatherColumns[name].holds === 'moment') {
      columns[name] = moments(table, values, grid);
      continue;
    }
    const steps = knownSteps(table, values);
    columns[name] = meansOver(steps, grid);
    if (isLight(name)) widen(spans, steps, grid);
  }
  const isLonger = spans.from.some((from, index) => (spans.to[index] ?? from) - from > grid.stepMs);
  return { grid, columns, spans: isLonger ? spans : null };
}

/** The intervals from one number up to another, with numbers of their own. */
export function partOfWeather({ grid, columns, spans }: WeatherGrid, from: number, to: number): WeatherGrid {
  const cut = Object.entries(columns).map(([name, values]) => [name, values.subarray(from, to)]);
  return {
    grid: { from: startOf(grid, from), stepMs: grid.stepMs, count: to - from },
    columns: Object.fromEntries(cut),
    spans: spans && { from: spans.from.subarray(from, to), to: spans.to.subarray(from, to) },
  };
}

/** The interval's own span or, with coarser weather, the step of the weather that its middle lies in. */
export function spanOf({ grid, spans }: WeatherGrid, index: number): TimeSpan {
  const start = startOf(grid, index);
  return { from: spans?.from[index] ?? start, to: spans?.to[index] ?? start + grid.stepMs };
}

function ownSpans(grid: IntervalGrid): Spans {
  const from = Float64Array.from({ length: grid.count }, (_, index) => startOf(grid, index));
  return { from, to: from.map((start) => start + grid.stepMs) };
}

/** A value over the step that it is the mean of. */
interface Step {
  from: number;
  to: number;
  value: number;
}

/**
 * The steps of a column's known values, each up to its stamp: as long as the table's, or as the distance from the value before where
 * several in a row are as far apart: a file of hours that goes on in quarters, or a column with values each third hour only.
 */
function knownSteps({ times, stepMs }: WeatherTable, values: Float64Array): Step[] {
  const rows = [...values.keys()].filter((row) => !Number.isNaN(values[row] ?? Number.NaN));
  const ends = rows.map((row) => times[row] ?? 0);
  const distance = (at: number): number => (ends[at] ?? Number.POSITIVE_INFINITY) - (ends[at - 1] ?? 0);
  const lengths = rows.map((_, at) => Math.min(stepMs, at > 0 ? distance(at) : stepMs));
  for (let first = 1; first < rows.length; ) {
    const length = distance(first);
    let end = first + 1;
    while (distance(end) === length) end++;
    // The first value of all has none before it that shows how long its step is.
    if (length <= MOST_STEP_MS && end - first >= FEWEST_ALIKE) lengths.fill(length, first === 1 ? 0 : first, end);
    first = end;
  }
  return ends.map((to, at) => ({ from: to - (lengths[at] ?? 0), to, value: values[rows[at] ?? -1] ?? Number.NaN }));
}

const isLight = (name: WeatherColumn): boolean => /radiation|irradiance/.test(name);

/** Each interval's span becomes the step that its middle lies in, where that is longer. */
function widen(spans: Spans, steps: readonly Step[], grid: IntervalGrid): void {
  for (const { from, to } of steps) {
    if (to - from <= grid.stepMs) continue;
    const middle = grid.from + grid.stepMs / 2;
    const last = Math.min(grid.count, Math.ceil((to - middle) / grid.stepMs));
    for (let index = Math.max(0, Math.ceil((from - middle) / grid.stepMs)); index < last; index++) {
      if ((spans.to[index] ?? 0) - (spans.from[index] ?? 0) >= to - from) continue;
      spans.from[index] = from;
      spans.to[index] = to;
    }
  }
}

/** What holds for whole steps, averaged over the interval by overlap. */
function meansOver(steps: readonly Step[], grid: IntervalGrid): Float64Array {
  const out = new Float64Array(grid.count).fill(Number.NaN);
  let first = 0;
  for (let index = 0; index < grid.count; index++) {
    const start = startOf(grid, index);
    const end = start + grid.stepMs;
    while ((steps[first]?.to ?? end) <= start) first++;
    let [sum, covered] = [0, 0];
    for (let at = first; (steps[at]?.from ?? end) < end; at++) {
      const { from, to, value } = steps[at] ?? { from: end, to: start, value: 0 };
      const overlap = Math.min(to, end) - Math.max(from, start);
      if (overlap <= 0) continue;
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
