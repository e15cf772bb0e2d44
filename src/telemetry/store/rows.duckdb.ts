import { type MetricName, metrics } from '../../core/metrics.ts';
import type { AnswerColumn, Column, NumberColumn } from '../../platform/duckdb-columns.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { Block } from '../archive/block.ts';
import { DERIVED, METADATA } from '../reading-block.ts';
import { type MetricColumn, metricColumns } from './columns.ts';

/** Readings as columns of the `readings` table and back. */

export const everyMetric: readonly MetricName[] = metrics.map((m) => m.name);

/** Appends rows of a source to `readings`, as part of the open transaction. */
export async function appendBlock(connection: DuckdbConnection, source: number, block: Block): Promise<void> {
  const count = block.times.length;
  await connection.append('readings', columnsOf(source, block), count);
}

function columnsOf(source: number, block: Block): Column[] {
  const count = block.times.length;
  const nothing = new Float64Array(count).fill(Number.NaN);
  const noTexts = new Array<null>(count).fill(null);
  const numbers = (type: NumberColumn['type'], values: Float64Array | undefined): NumberColumn => ({
    type,
    values: values ?? nothing,
  });
  const metricColumn = ({ metric, kind }: MetricColumn): Column => {
    if (kind === 'text') return { type: 'text', values: block.texts.get(metric.name) ?? noTexts };
    if (kind !== 'list') return numbers('double', block.numbers.get(metric.name));
    const lists = block.texts.get(metric.name)?.map((text) => (text === null ? null : (JSON.parse(text) as string[])));
    return { type: 'list', values: lists ?? noTexts };
  };
  return [
    numbers('integer', new Float64Array(count).fill(source)),
    numbers('bigint', block.times),
    numbers('integer', block.numbers.get(DERIVED)),
    ...metricColumns.map(metricColumn),
    { type: 'text', values: block.texts.get(METADATA) ?? noTexts },
  ];
}

/**
 * What `SELECT` needs so that `blockOfAnswer` understands the answer: time first, then, of whole rows, what was derived and
 * metadata, then the metrics. Older versions kept gauges in 32 bits: those come as the shortest decimal that they stand for.
 */
export function selectSql(wanted: Iterable<MetricName>, isWhole: boolean) {
  const names = new Set(wanted);
  const shapes = metricColumns.filter((c) => names.has(c.metric.name));
  const columns = ['time_ms::DOUBLE', ...(isWhole ? ['coalesce(derived, 0)::DOUBLE', 'metadata'] : [])];
  return {
    columns: (isOld: boolean) =>
      [...columns, ...shapes.map((s) => (isOld && s.kind === 'gauge' ? `${s.name}::VARCHAR::DOUBLE` : s.name))].join(
        ', ',
      ),
    shapes: { metrics: shapes, isWhole },
  };
}

/** The answer to a query of `selectSql`. Columns without any value are left out. */
export function blockOfAnswer(
  answer: { rowCount: number; columns: AnswerColumn[] },
  shapes: { metrics: readonly MetricColumn[]; isWhole: boolean },
): Block {
  const [times, ...rest] = answer.columns;
  const block: Block = {
    times: times && 'numbers' in times ? times.numbers : new Float64Array(),
    numbers: new Map(),
    texts: new Map(),
  };
  const names = [...(shapes.isWhole ? [DERIVED, METADATA] : []), ...shapes.metrics.map((s) => s.metric.name)];
  for (const [i, name] of names.entries()) addColumn(block, name, rest[i]);
  return block;
}

function addColumn(block: Block, name: string, column: AnswerColumn | undefined): void {
  if (!column) return;
  if ('numbers' in column) {
    if (column.numbers.some((value) => !Number.isNaN(value))) block.numbers.set(name, column.numbers);
    return;
  }
  const texts = column.texts.map((text) => (Array.isArray(text) ? JSON.stringify(text) : text));
  if (texts.some((text) => text !== null)) block.texts.set(name, texts);
}
