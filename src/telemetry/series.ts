import { findMetric, type NumericMetric } from '../core/metrics.ts';
import { CounterBins, GaugeBins, type Grid, type Rows } from './archive/bins.ts';
import type { Block } from './archive/block.ts';
import { finestFirst, type Level, levels } from './archive/levels.ts';
import { partOf, rolledGauge } from './archive/rollup.ts';
import type { HistoryDetail, HistorySeries, TimeRange } from './figures.ts';

/** A chart's series in even buckets: how they lie, and what becomes of readings in them. */

export interface SeriesGrid extends Grid {
  /** In what detail the past is read for it. */
  level: Level;
  /** End of what is read: that of the range, or where the level has a row end. The last bucket may reach further. */
  to: number;
}

/** Rows that a chart may read when the range begins where no coarser level has a row begin. */
const MOST_ROWS = 100_000;

/**
 * At most `points` buckets, none finer than the source reports or than what is left (`finest`). They begin where the range does if that is possible: with
 * wide buckets the start moves back to where what was rolled up begins.
 */
export function gridFor(
  range: TimeRange,
  points: number,
  intervalMs: number | null,
  finest: Level = 'readings',
): SeriesGrid {
  const most = Math.max(1, Math.floor(points));
  const wanted = Math.max(1, Math.ceil((range.to - range.from) / most), intervalMs ?? 1);
  const level = levelFor(range, wanted, finest);
  const unit = levels[level].widthMs;
  const from = Math.floor(range.from / unit) * unit;
  const width = Math.max(1, Math.ceil(Math.max(intervalMs ?? 1, (range.to - from) / most) / unit)) * unit;
  const to = Math.ceil(range.to / unit) * unit;
  return { level, from, to, width, count: Math.max(0, Math.ceil((range.to - from) / width)) };
}

/** The coarsest level that is finer than the buckets and begins where they do; else the coarsest that is finer. */
function levelFor(range: TimeRange, width: number, finest: Level): Level {
  const there = coarsestFirst.slice(0, coarsestFirst.indexOf(finest) + 1);
  // Minutes are only left of days whose readings are gone.
  const finer = there.filter((level) => levels[level].widthMs <= width && (level !== 'minute' || finest === 'minute'));
  const fits = (level: Level) =>
    range.from % levels[level].widthMs === 0 && (range.to - range.from) / levels[level].widthMs <= MOST_ROWS;
  return finer.find((level) => level !== 'readings' && fits(level)) ?? finer[0] ?? finest;
}

const coarsestFirst = finestFirst.toReversed();

export const isCounter = (metric: NumericMetric): boolean => findMetric(metric)?.kind !== 'gauge';

/** Series while they are put together. What is added may come in any order, each reading once. */
export class SeriesBins {
  private readonly gauges = new Map<NumericMetric, GaugeBins>();
  private readonly counters = new Map<NumericMetric, CounterBins>();

  constructor(
    private readonly grid: SeriesGrid,
    private readonly metrics: readonly NumericMetric[],
    private readonly detail: HistoryDetail = 'extremes',
  ) {
    for (const metric of metrics)
      if (isCounter(metric)) this.counters.set(metric, new CounterBins(grid));
      else this.gauges.set(metric, new GaugeBins(grid));
  }

  addReadings({ times, numbers }: Pick<Block, 'times' | 'numbers'>): void {
    const all: Rows = { from: 0, to: times.length };
    for (const metric of this.metrics) {
      const values = numbers.get(metric);
      if (values) (this.gauges.get(metric) ?? this.counters.get(metric))?.add(times, values, all);
    }
  }

  /** Adds rows of a level that was rolled up. `column` gives its columns by name. */
  addRolled(times: Float64Array, column: (name: string) => Float64Array | undefined, rows: Rows): void {
    // Without the columns of extremes means stand for them.
    const isWanted = (name: string) => this.detail === 'extremes' || !/\.(min|max)$/.test(name);
    const wanted = (name: string) => (isWanted(name) ? column(name) : undefined);
    for (const [metric, bins] of this.gauges) {
      const rolled = rolledGauge(wanted, metric);
      if (rolled) bins.addRolled(times, rolled, rows);
    }
    for (const [metric, bins] of this.counters) {
      const last = column(partOf(metric, 'last'));
      if (last) bins.add(times, last, rows);
    }
  }

  /** Means of a gauge, NaN where there is none. */
  means(gauge: NumericMetric): Float64Array {
    const bins = this.gauges.get(gauge);
    return Float64Array.from({ length: this.grid.count }, (_, bin) => bins?.mean(bin) ?? Number.NaN);
  }

  /** Values of the gauge that has most of them, by bucket. */
  mostValues(): Float64Array {
    const most = new Float64Array(this.grid.count);
    for (const { n } of this.gauges.values())
      for (let i = 0; i < n.length; i++) most[i] = Math.max(most[i] as number, n[i] as number);
    return most;
  }

  series(): HistorySeries {
    const { grid } = this;
    const list = <T>(of: (bin: number) => T): T[] => {
      const values = new Array<T>(grid.count);
      for (let bin = 0; bin < values.length; bin++) values[bin] = of(bin);
      return values;
    };
    const answer: HistorySeries = {
      times: list((bin) => grid.from + bin * grid.width),
      series: {},
      lows: {},
      highs: {},
      bucketMs: grid.width,
    };
    for (const [metric, bins] of this.counters) answer.series[metric] = list((bin) => orNull(bins.last[bin]));
    for (const [metric, bins] of this.gauges) {
      answer.series[metric] = list((bin) => ((bins.n[bin] as number) > 0 ? tidy(bins.mean(bin)) : null));
      if (this.detail === 'means') continue;
      answer.lows[metric] = list((bin) => orNull(bins.min[bin]));
      answer.highs[metric] = list((bin) => orNull(bins.max[bin]));
    }
    return answer;
  }
}

const orNull = (value = Number.NaN): number | null => (Number.isNaN(value) ? null : value);

/** Without the tail that adding up leaves on a mean: with seven digits. */
function tidy(value: number): number {
  const digits = 6 - Math.floor(Math.log10(Math.abs(value)));
  // Zero has no logarithm; no metric is so small or so large that the power of ten is not exact.
  if (!(digits >= 0 && digits <= 22)) return Number(value.toPrecision(7));
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
