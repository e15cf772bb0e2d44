import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { Archive } from '../archive/archive.sqlite.ts';
import type { Block } from '../archive/block.ts';
import { DAY_MS, dayOf } from '../archive/levels.ts';
import { forgetBooksBefore } from '../books/book-tables.duckdb.ts';
import type { Forgotten } from '../figures.ts';
import type { SourceRecord } from '../source-record.ts';
import { saveRecords } from './records.duckdb.ts';

/**
 * Takes one level of the past away. Readings must be packed and booked up to there: what was rolled up of them and the energy
 * stay as they are. With the days goes the energy. Gives the record after it.
 */
export async function forget(
  writer: DuckdbConnection,
  archive: Archive,
  record: SourceRecord,
  { level, before, leavesMinutes }: Forgotten,
): Promise<SourceRecord> {
  const day = dayOf(before);
  const time = day * DAY_MS;
  const later = (known: number | null) => Math.max(known ?? time, time);
  let after = record;
  if (level === 'readings') after = { ...after, booksFromMs: later(record.booksFromMs) };
  if (level === 'day') {
    const firstMs = Math.max(record.firstMs, Math.min(time, record.newestMs));
    after = { ...after, firstMs, energyFromMs: later(record.energyFromMs) };
  }
  // First said, then done: should the power go between, the next night does the rest.
  await writer.transaction(async () => {
    await saveRecords(writer, [after]);
    if (level === 'readings')
      await writer.run(`DELETE FROM books_dirty WHERE source = ${record.key} AND to_ms <= ${time}`);
    if (level === 'day') await forgetBooksBefore(writer, record, time);
  });
  const read = (readings: Block) => record.corrections.applyTo(readings);
  const leave = level === 'readings' && leavesMinutes ? ({ level: 'minute', read } as const) : undefined;
  const removed = await archive.forgetBefore(level, record.key, day, leave);
  if (level !== 'readings' || removed === 0) return after;
  const counted = { ...after, readings: Math.max(0, after.readings - removed) };
  await writer.transaction(() => saveRecords(writer, [counted]));
  return counted;
}
