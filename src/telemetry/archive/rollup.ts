import { findMetric, type Metric } from '../../core/metrics.ts';
import { CounterBins, GaugeBins, type Grid } from './bins.ts';
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

/** Rolls up further what was rolled up; `width` is a multiple of its width. */
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
    bins.addRolled(finer.times, rolledGauge(finer, metricName), all);
    columns.push(...gaugeColumns(metric, bins));
  }
  return rowsWithReadings(grid, countRows(grid, finer.times, finer.numbers.get(READINGS)), columns);
}

/** The columns of a gauge in a block that was rolled up; empty ones where it has none. */
export function rolledGauge(block: Pick<Block, 'times' | 'numbers'>, metric: string) {
  const empty = () => new Float64Array(block.times.length).fill(Number.NaN);
  const of = (part: (typeof gaugeParts)[number]) => block.numbers.get(partOf(metric, part)) ?? empty();
  return { mean: of('mean'), min: of('min'), max: of('max'), n: of('n') };
}

function gridOf(times: Float64Array, width: number): Grid {
  const from = Math.floor((times[0] ?? 0) / width) * width;
  const last = times[times.length - 1] ?? from - 1;
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
  const mean = bins.sum.map((sum, bin) => Math.round((sum / (bins.n[bin] as number)) * scale) / scale);
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
