import { findMetric, type NumericMetric } from '../core/metrics.ts';
import type { DuckdbConnection } from '../platform/duckdb.ts';
import { columnOf } from './columns.ts';
import type { Correction, CorrectionKind, Corrections } from './correction.ts';
import type { SourceRecord } from './source-record.ts';

/** The table of corrections, and readings as they are to be read. */

/** All corrections, also those undone, in the order in which they were made. */
export async function readCorrections(
  connection: DuckdbConnection,
): Promise<{ source: number; correction: Correction }[]> {
  const rows = await connection.rows('SELECT * FROM corrections ORDER BY made_ms, id');
  const optional = (value: unknown) => (value === null ? null : Number(value));
  return rows.map((row) => ({
    source: Number(row.source),
    correction: {
      id: String(row.id),
      kind: String(row.kind) as CorrectionKind,
      metric: row.metric === null ? null : (String(row.metric) as NumericMetric),
      from: Number(row.from_ms),
      to: Number(row.to_ms),
      amount: optional(row.amount),
      above: optional(row.above),
      below: optional(row.below),
      note: String(row.note),
      madeAt: Number(row.made_ms),
      madeBy: String(row.made_by),
      undoneAt: optional(row.undone_ms),
      undoneBy: row.undone_by === null ? null : String(row.undone_by),
    },
  }));
}

/** Stores a new correction, as part of the open transaction. */
export async function insertCorrection(writer: DuckdbConnection, record: SourceRecord, c: Correction): Promise<void> {
  await writer.run('INSERT INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    ...[record.key, c.id, c.kind, c.metric, c.from, c.to, c.amount, c.above, c.below, c.note, c.madeAt, c.madeBy],
    ...[c.undoneAt, c.undoneBy],
  ]);
}

/** Marks a correction as undone, as part of the open transaction. */
export async function markUndone(writer: DuckdbConnection, c: Correction): Promise<void> {
  await writer.run('UPDATE corrections SET undone_ms = ?, undone_by = ? WHERE id = ?', [c.undoneAt, c.undoneBy, c.id]);
}

/** What stands for the table of readings where a source's readings are read: its corrections applied. */
export function readingsOf(record: Pick<SourceRecord, 'corrections'>): string {
  let from = 'readings';
  for (const correction of record.corrections.ofReadings) from = correctedSql(from, correction);
  return from;
}

function correctedSql(from: string, c: Corrections['ofReadings'][number]): string {
  const inRange = `time_ms >= ${c.from} AND time_ms < ${c.to}`;
  if (c.metric === null) return `(SELECT * FROM ${from} WHERE NOT (${inRange}))`;
  const { name } = columnOf(c.metric);
  const { min, max } = findMetric(c.metric) ?? {};
  const bounds = [
    ...(c.above === null ? [] : [`${name} > ${c.above}`]),
    ...(c.below === null ? [] : [`${name} < ${c.below}`]),
  ];
  const after = {
    remove: 'NULL',
    set: `${c.amount}`,
    scale: `${name} * ${c.amount}`,
    offset: `${name} + ${c.amount}`,
    jump: name,
  };
  const possible = [
    ...(min === undefined ? [] : [`${after[c.kind]} >= ${min}`]),
    ...(max === undefined ? [] : [`${after[c.kind]} <= ${max}`]),
  ].join(' AND ');
  const value =
    possible === '' || c.kind === 'remove' ? after[c.kind] : `CASE WHEN ${possible} THEN ${after[c.kind]} END`;
  const isMeant = [inRange, `${name} IS NOT NULL`, ...bounds].join(' AND ');
  return `(SELECT * REPLACE ((CASE WHEN ${isMeant} THEN ${value} ELSE ${name} END)::DOUBLE AS ${name}) FROM ${from})`;
}
