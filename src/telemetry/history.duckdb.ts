import { findMetric, type NumericMetric } from '../core/metrics.ts';
import type { DuckdbConnection } from '../platform/duckdb.ts';
import { columnOf, shortestFloat } from './columns.ts';
import { readingsOf } from './corrections.duckdb.ts';
import { BUCKET_MS } from './energy.ts';
import type { HistorySeries, TimeRange } from './ports.ts';
import type { SourceRecord } from './source-record.ts';

/** Ranges up to this long are drawn from the readings themselves, longer ones from quarter hours. */
const RAW_RANGE_MS = 2 * 86_400_000;

export interface HistoryRequest {
  metrics: readonly NumericMetric[];
  range: TimeRange;
  /** Most buckets in the answer. */
  points: number;
}

/** Sums while buckets are put together from rollups and from readings. */
interface Bin {
  weighted: Float64Array;
  weight: Float64Array;
  low: Float64Array;
  high: Float64Array;
  last: Float64Array;
}

/** Series of a source in even buckets. */
export async function readHistory(
  connection: DuckdbConnection,
  record: SourceRecord,
  request: HistoryRequest,
): Promise<HistorySeries> {
  const grid = gridOf(request, record);
  const bins = new Map(request.metrics.map((m) => [m, emptyBin(grid.count)]));
  const known = request.metrics.filter((m) => record.metrics.has(m));
  if (known.length > 0) {
    const split = grid.isRaw ? grid.from : Math.min(Math.max(record.rolledUntilMs ?? 0, grid.from), grid.to);
    if (split > grid.from) await addRollups(connection, record, known, { ...grid, to: split }, bins);
    if (split < grid.to && split <= record.newestMs) await addReadings(connection, record, known, grid, split, bins);
  }
  return seriesOf(request.metrics, grid, bins);
}

interface Grid {
  /** Start of the first bucket. */
  from: number;
  /** End of the asked range: what lies after is not read. */
  to: number;
  /** Start of the asked range. */
  since: number;
  width: number;
  count: number;
  isRaw: boolean;
}

/** Buckets no finer than the source reports, on quarter hours where they come from rollups. */
function gridOf(request: HistoryRequest, record: SourceRecord): Grid {
  const { from, to } = request.range;
  const points = Math.max(1, Math.floor(request.points));
  const isRaw = to - from <= RAW_RANGE_MS;
  if (isRaw) {
    const width = Math.max(1, Math.ceil((to - from) / points), record.intervalMs ?? 1);
    return { from, to, since: from, width, count: Math.ceil((to - from) / width), isRaw };
  }
  const start = Math.floor(from / BUCKET_MS) * BUCKET_MS;
  const width = Math.max(1, Math.ceil((to - start) / points / BUCKET_MS)) * BUCKET_MS;
  return { from: start, to, since: start, width, count: Math.ceil((to - start) / width), isRaw };
}

function emptyBin(count: number): Bin {
  const blank = () => new Float64Array(count).fill(Number.NaN);
  return {
    weighted: new Float64Array(count),
    weight: new Float64Array(count),
    low: blank(),
    high: blank(),
    last: blank(),
  };
}

const isCounter = (metric: NumericMetric): boolean => {
  const kind = findMetric(metric)?.kind;
  return kind === 'counter' || kind === 'dailyCounter';
};

async function addRollups(
  connection: DuckdbConnection,
  record: SourceRecord,
  metrics: readonly NumericMetric[],
  grid: Grid,
  bins: Map<NumericMetric, Bin>,
): Promise<void> {
  const select = metrics.map((m) => {
    const name = columnOf(m).name;
    return isCounter(m)
      ? `arg_max(${name}_last, bucket_ms)`
      : `sum(${name}_mean::DOUBLE * ${name}_n), sum(${name}_n)::DOUBLE, min(${name}_min), max(${name}_max)`;
  });
  const columns = await connection.numbers(
    `SELECT ((bucket_ms - ${grid.from}) // ${grid.width})::DOUBLE AS b, ${select.join(', ')} FROM rollup_15m
     WHERE source = ${record.key} AND bucket_ms >= ${grid.from} AND bucket_ms < ${grid.to} GROUP BY b`,
  );
  addColumns(columns, metrics, bins);
}

async function addReadings(
  connection: DuckdbConnection,
  record: SourceRecord,
  metrics: readonly NumericMetric[],
  grid: Grid,
  split: number,
  bins: Map<NumericMetric, Bin>,
): Promise<void> {
  const select = metrics.map((m) => {
    const name = columnOf(m).name;
    return isCounter(m)
      ? `arg_max(${name}, time_ms)`
      : `sum(${name}::DOUBLE), count(${name})::DOUBLE, min(${name}), max(${name})`;
  });
  const columns = await connection.numbers(
    `SELECT ((time_ms - ${grid.from}) // ${grid.width})::DOUBLE AS b, ${select.join(', ')} FROM ${readingsOf(record)}
     WHERE source = ${record.key} AND time_ms >= ${Math.max(split, grid.since)} AND time_ms < ${grid.to} GROUP BY b`,
  );
  addColumns(columns, metrics, bins);
}

/** Rollups come first, so that a counter's last value is that of the readings after them. */
function addColumns(columns: Float64Array[], metrics: readonly NumericMetric[], bins: Map<NumericMetric, Bin>): void {
  const [buckets = new Float64Array(), ...rest] = columns;
  let at = 0;
  for (const metric of metrics) {
    const bin = bins.get(metric);
    const own = rest.slice(at, at + (isCounter(metric) ? 1 : 4));
    at += own.length;
    if (!bin) continue;
    for (let i = 0; i < buckets.length; i++) addTo(bin, buckets[i] as number, own, i, isCounter(metric));
  }
}

function addTo(bin: Bin, bucket: number, own: Float64Array[], row: number, isCount: boolean): void {
  const first = own[0]?.[row] ?? Number.NaN;
  if (Number.isNaN(first)) return;
  if (isCount) {
    bin.last[bucket] = first;
    return;
  }
  bin.weighted[bucket] = (bin.weighted[bucket] ?? 0) + first;
  bin.weight[bucket] = (bin.weight[bucket] ?? 0) + (own[1]?.[row] ?? 0);
  const low = own[2]?.[row] ?? Number.NaN;
  const high = own[3]?.[row] ?? Number.NaN;
  const lowest = bin.low[bucket] ?? Number.NaN;
  const highest = bin.high[bucket] ?? Number.NaN;
  bin.low[bucket] = Number.isNaN(lowest) ? low : Math.min(lowest, low);
  bin.high[bucket] = Number.isNaN(highest) ? high : Math.max(highest, high);
}

function seriesOf(metrics: readonly NumericMetric[], grid: Grid, bins: Map<NumericMetric, Bin>): HistorySeries {
  const answer: HistorySeries = {
    times: Array.from({ length: grid.count }, (_, i) => grid.from + i * grid.width),
    series: {},
    lows: {},
    highs: {},
    bucketMs: grid.width,
  };
  const orNull = (value: number) => (Number.isNaN(value) ? null : value);
  for (const metric of metrics) {
    const bin = bins.get(metric);
    if (!bin) continue;
    if (isCounter(metric)) {
      answer.series[metric] = Array.from(bin.last, orNull);
      continue;
    }
    answer.series[metric] = Array.from(bin.weighted, (sum, i) => {
      const weight = bin.weight[i] ?? 0;
      return weight > 0 ? tidy(sum / weight) : null;
    });
    answer.lows[metric] = Array.from(bin.low, (v) => (Number.isNaN(v) ? null : shortestFloat(v)));
    answer.highs[metric] = Array.from(bin.high, (v) => (Number.isNaN(v) ? null : shortestFloat(v)));
  }
  return answer;
}

/** Without the tail that 32-bit floats leave on a mean. */
const tidy = (value: number): number => Number(value.toPrecision(7));
