import { type Metric, type MetricUnit, metrics, type NumericMetric } from '../core/metrics.ts';

/** How the catalogue lies in the telemetry database: names of columns, their types and their order. */

const unitSuffix: Record<MetricUnit, string> = {
  '%': '_pct',
  V: '_v',
  A: '_a',
  W: '_w',
  VA: '_va',
  Hz: '_hz',
  degC: '_c',
  Ah: '_ah',
  kWh: '_kwh',
};

export interface MetricColumn {
  metric: Metric;
  /** Column of the readings table; rollups add `_mean`, `_min`, `_max`, `_n`, or `_last`. */
  name: string;
  kind: 'gauge' | 'counter' | 'text' | 'list';
}

function columnName(metric: Metric): string {
  const snake = metric.name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
  return snake + (metric.unit ? unitSuffix[metric.unit] : '');
}

/** A column a metric, in the catalogue's order, which is the table's order. */
export const metricColumns: readonly MetricColumn[] = metrics.map((metric) => ({
  metric,
  name: columnName(metric),
  kind: metric.kind === 'dailyCounter' ? 'counter' : metric.kind,
}));

export const gaugeColumns = metricColumns.filter((c) => c.kind === 'gauge');
export const counterColumns = metricColumns.filter((c) => c.kind === 'counter');

const columnByMetric = new Map(metricColumns.map((c) => [c.metric.name, c]));

/** The column of a numeric metric. */
export function columnOf(metric: NumericMetric): MetricColumn {
  const column = columnByMetric.get(metric);
  if (!column) throw new Error(`no column for ${metric}`);
  return column;
}

/**
 * The number that was meant by a 32-bit float: the shortest decimal that rounds to it, so that 52.3 comes back as 52.3
 * and not as 52.29999923706055.
 */
export function shortestFloat(value: number): number {
  // Nearly all values have few decimals. Floats this small lie closer together than those, so none is shorter.
  const size = Math.abs(value);
  const scale = size < 4096 ? 1000 : 100;
  const short = Math.round(value * scale) / scale;
  if (size < 65_536 && Math.fround(short) === value) return short;
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}

/** The schema that the catalogue asks for; the migration holds the same text, and a test compares them. */
export function schemaSql(): { readings: string; rollup: string } {
  const types = { gauge: 'FLOAT', counter: 'DOUBLE', text: 'VARCHAR', list: 'VARCHAR[]' };
  const readings = metricColumns.map((c) => `  ${c.name} ${types[c.kind]},`).join('\n');
  const rollup = [
    ...gaugeColumns.map(
      (c) => `  ${c.name}_mean FLOAT, ${c.name}_min FLOAT, ${c.name}_max FLOAT, ${c.name}_n INTEGER,`,
    ),
    ...counterColumns.map((c) => `  ${c.name}_last DOUBLE,`),
  ].join('\n');
  return { readings, rollup };
}
