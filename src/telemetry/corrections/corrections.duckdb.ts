import type { NumericMetric } from '../../core/metrics.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { SourceRecord } from '../source-record.ts';
import type { Correction, CorrectionKind } from './correction.ts';

/** The table of corrections. */

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
