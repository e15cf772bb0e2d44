import { findMetric, type Metric } from '../../core/metrics.ts';
import { CounterBins, GaugeBins, type Grid, type RolledGauge } from './bins.ts';
import type { Block } from './block.ts';

/**
 * Readings by minute, quarter hour, hour and day: gauges as mean, extremes and count of values, counters as their last value.
 * Each is made from the one below it and nothing else, so what is written is what working it out anew gives.
 */

/** How many readings a bucket holds. */
export const READINGS = 'readings';
export const gaugeParts = ['mean', 'min', 'max', 'n'] as const;

export const partOf = (metric: string, part: (typeof gaugeParts)[number] | 'last'): string => `${metric}.${part}`;

/** Rolls readings up into buckets of `width` ms. */
export function rollUp(readings: Block, width: number): Block {
  const grid = gridOf(readings.times, width);
  const all = { from: 0, to: readings.times.length };
  const columns: [string, Float64Array][] = [];
  for (const [name, values] of readings.numbers) {
    const metric = findMetric(name);
    if (metric?.kind === 'gauge') {
      const bins = new GaugeBins(grid);
      bins.add(readings.times, values, all);
      columns.push(...gaugeColumns(metric, bins));
    } else if (metric) columns.push(counterColumn(name, grid, readings.times, values));
  }
  return rowsWithReadings(grid, countRows(grid, readings.times), columns);
}

/** Rolls up further what was rolled up; `width` is a multiple of its width. Rows of one time count together. */
export function rollUpFurther(finer: Block, width: number): Block {
  const grid = gridOf(finer.times, width);
  const all = { from: 0, to: finer.times.length };
  const columns: [string, Float64Array][] = [];
  for (const [name, values] of finer.numbers) {
    const [metricName = '', part] = name.split('.');
    const metric = findMetric(metricName);
    if (part === 'last') columns.push(counterColumn(metricName, grid, finer.times, values));
    if (part !== 'mean' || !metric) continue;
    const bins = new GaugeBins(grid);
    const rolled = rolledGauge((column) => finer.numbers.get(column), metricName);
    if (rolled) bins.addRolled(finer.times, rolled, all);
    columns.push(...gaugeColumns(metric, bins));
  }
  return rowsWithReadings(grid, countRows(grid, finer.times, finer.numbers.get(READINGS)), columns);
}

/** The columns of a gauge in what was rolled up, where `column` gives them by name; undefined when it has none. */
export function rolledGauge(
  column: (name: string) => Float64Array | undefined,
  metric: string,
): RolledGauge | undefined {
  const mean = column(partOf(metric, 'mean'));
  if (!mean) return undefined;
  const n = column(partOf(metric, 'n')) ?? column(READINGS) ?? mean.map(() => 1);
  return { mean, min: column(partOf(metric, 'min')) ?? mean, max: column(partOf(metric, 'max')) ?? mean, n };
}

/**
 * Without the columns that tell nothing: extremes that are the mean, as of one value a bucket, and counts that are those of
 * the readings.
 */
export function slim(block: Block): Block {
  const numbers = new Map(block.numbers);
  const drop = (name: string, like: string) => {
    const [values, others] = [numbers.get(name), numbers.get(like)];
    if (values && others && values.every((value, i) => Object.is(value, others[i]))) numbers.delete(name);
  };
  for (const name of block.numbers.keys()) {
    const [metric = '', part] = name.split('.');
    if (part === 'min' || part === 'max') drop(name, partOf(metric, 'mean'));
    if (part === 'n') drop(name, READINGS);
  }
  return { ...block, numbers };
}

/** With all columns of every gauge again. */
export function filledOut(block: Block): Block {
  const numbers = new Map(block.numbers);
  for (const name of block.numbers.keys()) {
    const [metric = '', part] = name.split('.');
    if (part !== 'mean') continue;
    const rolled = rolledGauge((column) => block.numbers.get(column), metric);
    for (const of of gaugeParts) if (rolled) numbers.set(partOf(metric, of), rolled[of]);
  }
  return { ...block, numbers };
}

/** From the first time to the last, which may stand anywhere. */
function gridOf(times: Float64Array, width: number): Grid {
  if (times.length === 0) return { from: 0, width, count: 0 };
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const from = Math.floor(first / width) * width;
  return { from, width, count: Math.floor((last - from) / width) + 1 };
}

function countRows(grid: Grid, times: Float64Array, counts?: Float64Array): Float64Array {
  const rows = new Float64Array(grid.count);
  for (let i = 0; i < times.length; i++) {
    const bin = Math.floor(((times[i] as number) - grid.from) / grid.width);
    rows[bin] = (rows[bin] as number) + (counts?.[i] ?? 1);
  }
  return rows;
}

function gaugeColumns(metric: Metric, bins: GaugeBins): [string, Float64Array][] {
  const scale = 10 ** meanDigits(metric);
  // The mean of one value is that value, with all its digits.
  const mean = bins.sum.map((sum, bin) => {
    const count = bins.n[bin] as number;
    return count === 1 ? sum : Math.round((sum / count) * scale) / scale;
  });
  const n = bins.n.map((count) => (count === 0 ? Number.NaN : count));
  return [
    [partOf(metric.name, 'mean'), mean],
    [partOf(metric.name, 'min'), bins.min],
    [partOf(metric.name, 'max'), bins.max],
    [partOf(metric.name, 'n'), n],
  ];
}

/** Digits that a mean is kept with: one more than devices report, and in a form that packs well. */
function meanDigits(metric: Metric): number {
  if (metric.unit === 'W' || metric.unit === 'VA') return 1;
  return metric.unit === 'A' || metric.unit === 'Hz' ? 3 : 2;
}

function counterColumn(metric: string, grid: Grid, times: Float64Array, values: Float64Array): [string, Float64Array] {
  const bins = new CounterBins(grid);
  bins.add(times, values, { from: 0, to: times.length });
  return [partOf(metric, 'last'), bins.last];
}

/** Only buckets that hold a reading become rows. */
function rowsWithReadings(grid: Grid, counts: Float64Array, columns: readonly [string, Float64Array][]): Block {
  const rows = Array.from(counts.keys()).filter((bin) => (counts[bin] as number) > 0);
  const pick = (values: Float64Array) => Float64Array.from(rows, (bin) => values[bin] as number);
  return {
    times: Float64Array.from(rows, (bin) => grid.from + bin * grid.width),
    numbers: new Map([[READINGS, pick(counts)], ...columns.map(([name, v]) => [name, pick(v)] as const)]),
    texts: new Map(),
  };
}

/** True if both blocks hold the same rows; a column without any value is none. */
export function isSameRolled(a: Block, b: Block): boolean {
  if (!isSameColumn(a.times, b.times)) return false;
  const [full, other] = [filledOut(a).numbers, filledOut(b).numbers];
  const nothing = new Float64Array(a.times.length).fill(Number.NaN);
  const names = new Set([...full.keys(), ...other.keys()]);
  return [...names].every((name) => isSameColumn(full.get(name) ?? nothing, other.get(name) ?? nothing));
}

const isSameColumn = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i] || (Number.isNaN(value) && Number.isNaN(b[i])));
