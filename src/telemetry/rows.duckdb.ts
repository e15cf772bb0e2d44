import type { MetricName } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import type { AnswerColumn, Column, DuckdbConnection, NumberColumn } from '../platform/duckdb.ts';
import { type MetricColumn, metricColumns, shortestFloat } from './columns.ts';
import { derivedNames, withDerivedPowers } from './derive.ts';
import type { PendingRow } from './pending.ts';

/** Readings as columns of the `readings` table and back. */

/** A row with the number of its source. */
export interface StoredRow {
  source: number;
  row: PendingRow;
}

/** Appends rows to `readings`, with derived powers. Returns the metrics that occurred. */
export async function appendRows(connection: DuckdbConnection, rows: readonly StoredRow[]): Promise<void> {
  const count = rows.length;
  const source = numbers('integer', count);
  const time = numbers('bigint', count);
  const derived = numbers('integer', count);
  const metadata: (string | null)[] = new Array(count).fill(null);
  const byMetric = new Map<string, Column>();
  for (let i = 0; i < count; i++) {
    const { source: key, row } = rows[i] as StoredRow;
    const { values, bits } = withDerivedPowers(row.values);
    source.values[i] = key;
    time.values[i] = row.time;
    if (bits !== 0) derived.values[i] = bits;
    if (row.metadata) metadata[i] = JSON.stringify(row.metadata);
    for (const name in values) put(byMetric, name, i, count, values[name as MetricName]);
  }
  const metrics = metricColumns.map((c) => byMetric.get(c.metric.name) ?? emptyColumn(c, count));
  await connection.append('readings', [source, time, derived, ...metrics, { type: 'text', values: metadata }], count);
}

const shapeOf = new Map<string, MetricColumn>(metricColumns.map((c) => [c.metric.name, c]));

function put(columns: Map<string, Column>, name: string, row: number, count: number, value: unknown): void {
  let column = columns.get(name);
  if (!column) {
    const shape = shapeOf.get(name);
    if (!shape) return;
    column = emptyColumn(shape, count);
    columns.set(name, column);
  }
  (column.values as unknown[] | Float64Array as unknown[])[row] = value;
}

function numbers(type: NumberColumn['type'], count: number): NumberColumn {
  return { type, values: new Float64Array(count).fill(Number.NaN) };
}

function emptyColumn(shape: MetricColumn, count: number): Column {
  if (shape.kind === 'text') return { type: 'text', values: new Array(count).fill(null) };
  if (shape.kind === 'list') return { type: 'list', values: new Array(count).fill(null) };
  return numbers(shape.kind === 'gauge' ? 'float' : 'double', count);
}

/** What `SELECT` needs so that `readRows` understands the answer. */
export function selectList(metrics: Iterable<MetricName>): { sql: string; shapes: MetricColumn[] } {
  const wanted = new Set(metrics);
  const shapes = metricColumns.filter((c) => wanted.has(c.metric.name));
  const sql = ['source::DOUBLE', 'time_ms::DOUBLE', 'derived::DOUBLE', 'metadata', ...shapes.map((c) => c.name)];
  return { sql: sql.join(', '), shapes };
}

/** The rows of an answer to `selectList`; derived powers are left out, since nobody reported them. */
export function readRows(answer: { rowCount: number; columns: AnswerColumn[] }, shapes: MetricColumn[]): StoredRow[] {
  const [source, time, derived, metadata, ...columns] = answer.columns;
  const rows: StoredRow[] = [];
  for (let i = 0; i < answer.rowCount; i++) {
    const values: MetricValues = {};
    for (const [c, shape] of shapes.entries()) {
      const value = valueAt(columns[c], i, shape);
      if (value !== undefined) (values as Record<string, unknown>)[shape.metric.name] = value;
    }
    const bits = numberAt(derived, i);
    if (bits > 0) for (const name of derivedNames(bits)) delete values[name];
    const extra = valueAt(metadata, i, undefined);
    rows.push({
      source: numberAt(source, i),
      row: { time: numberAt(time, i), values, metadata: typeof extra === 'string' ? JSON.parse(extra) : null },
    });
  }
  return rows;
}

function numberAt(column: AnswerColumn | undefined, row: number): number {
  return column && 'numbers' in column ? (column.numbers[row] ?? Number.NaN) : Number.NaN;
}

function valueAt(column: AnswerColumn | undefined, row: number, shape: MetricColumn | undefined) {
  if (!column) return undefined;
  if ('texts' in column) return column.texts[row] ?? undefined;
  const value = column.numbers[row] ?? Number.NaN;
  if (Number.isNaN(value)) return undefined;
  return shape?.kind === 'gauge' ? shortestFloat(value) : value;
}
