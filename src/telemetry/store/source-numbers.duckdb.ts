import { findMetric, type MetricName } from '../../core/metrics.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { Archive } from '../archive/archive.sqlite.ts';
import { chunkTables } from '../books/book-tables.duckdb.ts';
import { qualityTables } from '../quality/quality.duckdb.ts';
import { newRecord, type SourceRecord } from '../source-record.ts';
import { insertRecord, saveRecords } from './records.duckdb.ts';

/** Tables with rows of single sources. */
export const sourceTables: readonly string[] = [
  ...['readings', 'old_readings', ...chunkTables, 'books_dirty', 'packed_dirty', 'corrections'],
  ...qualityTables,
  'telemetry_sources',
];

/**
 * Both files know sources by the same small numbers, and the archive says which. They part when one of the files is
 * restored or begun anew by itself: then the database's numbers follow, and it learns of sources that it does not know.
 */
export async function agreeOnNumbers(
  writer: DuckdbConnection,
  archive: Archive,
  noted: readonly SourceRecord[],
): Promise<SourceRecord[]> {
  const agreed = noted.map((record) => ({ ...record, key: archive.numberOf(record.sourceId, record.key) }));
  const moved = noted.flatMap(({ key }, i) => (agreed[i]?.key === key ? [] : [`(${key}, ${agreed[i]?.key})`]));
  const known = new Set(noted.map((record) => record.sourceId));
  const forgotten = [...archive.sources()].filter(([sourceId]) => !known.has(sourceId));
  if (moved.length + forgotten.length === 0) return agreed;
  const archived = archive.all();
  const learnt = forgotten.map(([sourceId, key]): SourceRecord => {
    const first = archive.first('day', key) ?? 0;
    const { firstMs = first, lastMs = first, readings = 0 } = archived.get(key) ?? {};
    const metrics = new Set(archive.metricsOf(key).filter((name) => findMetric(name)) as MetricName[]);
    return { ...newRecord(key, sourceId, firstMs), newestMs: lastMs, readings, metrics };
  });
  await writer.transaction(async () => {
    if (moved.length > 0)
      for (const table of sourceTables)
        await writer.run(
          `UPDATE ${table} SET source = m.new FROM (VALUES ${moved.join(', ')}) m(old, new) WHERE ${table}.source = m.old`,
        );
    for (const record of learnt) await insertRecord(writer, record);
    await saveRecords(writer, learnt);
  });
  return [...agreed, ...learnt];
}
