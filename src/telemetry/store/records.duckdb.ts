import type { MetricName } from '../../core/metrics.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import { Corrections } from '../corrections/correction.ts';
import type { SourceRecord } from '../source-record.ts';

/** What is known of each source, as rows of `telemetry_sources`. */

export async function readRecords(connection: DuckdbConnection): Promise<SourceRecord[]> {
  return (await connection.rows('SELECT * FROM telemetry_sources')).map(recordOf);
}

/** Adds a source that has no row yet, as part of the open transaction. */
export async function insertRecord(writer: DuckdbConnection, record: SourceRecord): Promise<void> {
  await writer.run(
    `INSERT INTO telemetry_sources (source, source_id, readings, metrics) VALUES (${record.key}, ?, 0, '')`,
    [record.sourceId],
  );
}

/** Writes the records' rows, as part of the open transaction. */
export async function saveRecords(writer: DuckdbConnection, records: readonly SourceRecord[]): Promise<void> {
  if (records.length === 0) return;
  const values = records.map(
    (r) =>
      `(${r.key}, ${r.firstMs}, ${r.newestMs}, ${r.readings}, '${[...r.metrics].join(',')}', ${r.bookedUntilMs ?? 'NULL'}, ${r.intervalMs ?? 'NULL'}, ${textSql(r.bookRules)}, ${r.booksFromMs ?? 'NULL'}, ${r.energyFromMs ?? 'NULL'}, ${r.earlierFromMs ?? 'NULL'}, ${r.earlierVersion ?? 'NULL'})`,
  );
  await writer.run(
    `UPDATE telemetry_sources s SET first_ms = v.first_ms, newest_ms = v.newest_ms, readings = v.readings,
       metrics = v.metrics, booked_until_ms = v.booked_until_ms, interval_ms = v.interval_ms,
       book_rules = v.book_rules, books_from_ms = v.books_from_ms, energy_from_ms = v.energy_from_ms,
       earlier_from_ms = v.earlier_from_ms, earlier_version = v.earlier_version
     FROM (VALUES ${values.join(', ')})
       v(source, first_ms, newest_ms, readings, metrics, booked_until_ms, interval_ms, book_rules, books_from_ms,
         energy_from_ms, earlier_from_ms, earlier_version)
     WHERE s.source = v.source`,
  );
}

const textSql = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);

function recordOf(row: Record<string, unknown>): SourceRecord {
  const optional = (value: unknown) => (value === null || value === undefined ? null : Number(value));
  return {
    key: Number(row.source),
    sourceId: String(row.source_id),
    firstMs: Number(row.first_ms ?? 0),
    newestMs: Number(row.newest_ms ?? 0),
    readings: Number(row.readings),
    metrics: new Set(String(row.metrics).split(',').filter(Boolean) as MetricName[]),
    bookedUntilMs: optional(row.booked_until_ms),
    bookRules: row.book_rules === null || row.book_rules === undefined ? null : String(row.book_rules),
    earlierFromMs: optional(row.earlier_from_ms),
    earlierVersion: optional(row.earlier_version),
    booksFromMs: optional(row.books_from_ms),
    energyFromMs: optional(row.energy_from_ms),
    corrections: Corrections.none,
    intervalMs: optional(row.interval_ms),
  };
}
