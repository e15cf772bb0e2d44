import { type Metric, type MetricUnit, metrics } from '../../core/metrics.ts';

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
  /** Column of the readings table. */
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

/** The columns that the catalogue asks for; the migration holds the same text, and a test compares them. */
export function readingColumnsSql(): string {
  const types = { gauge: 'DOUBLE', counter: 'DOUBLE', text: 'VARCHAR', list: 'VARCHAR[]' };
  return metricColumns.map((c) => `  ${c.name} ${types[c.kind]},`).join('\n');
}
