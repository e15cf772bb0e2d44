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

/** Appends rows to `readings`, with derived powers. */
export async function appendRows(connection: DuckdbConnection, rows: readonly StoredRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += PORTION_ROWS) {
    const portion = rows.slice(from, from + PORTION_ROWS);
    await connection.append('readings', columnsOf(portion), portion.length);
  }
}

/** What is handed over at once: all columns of so many rows are in memory twice meanwhile (5 MB). */
const PORTION_ROWS = 8192;

/** Column by column and in small functions: that is several times faster here than value by value of each row. */
function columnsOf(rows: readonly StoredRow[]): Column[] {
  const count = rows.length;
  const source = numbers('integer', count);
  const time = numbers('bigint', count);
  const derived = numbers('integer', count);
  const metadata: (string | null)[] = new Array(count).fill(null);
  const values: MetricValues[] = new Array(count);
  for (let i = 0; i < count; i++) {
    const { source: key, row } = rows[i] as StoredRow;
    const { values: withPowers, bits } = withDerivedPowers(row.values);
    values[i] = withPowers;
    source.values[i] = key;
    time.values[i] = row.time;
    if (bits !== 0) derived.values[i] = bits;
    if (row.metadata) metadata[i] = JSON.stringify(row.metadata);
  }
  return [
    source,
    time,
    derived,
    ...metricColumns.map((c) => metricColumn(c, values)),
    { type: 'text', values: metadata },
  ];
}

function metricColumn(shape: MetricColumn, rows: readonly MetricValues[]): Column {
  const column = emptyColumn(shape, rows.length);
  if (column.type === 'text' || column.type === 'list') fill(column.values, rows, shape.metric.name);
  else fillNumbers(column.values, rows, shape.metric.name);
  return column;
}

function fillNumbers(into: Float64Array, rows: readonly MetricValues[], name: MetricName): void {
  for (let i = 0; i < rows.length; i++) {
    const value = (rows[i] as MetricValues)[name];
    if (value !== undefined) into[i] = value as number;
  }
}

function fill(into: unknown[], rows: readonly MetricValues[], name: MetricName): void {
  for (let i = 0; i < rows.length; i++) {
    const value = (rows[i] as MetricValues)[name];
    if (value !== undefined) into[i] = value;
  }
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
