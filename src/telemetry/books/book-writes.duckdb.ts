import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';
import { saveRecords } from '../store/records.duckdb.ts';
import { removeChunks, storeChunks, timeOfStored } from './book-tables.duckdb.ts';
import type { Rebooked } from './bookkeeper.ts';
import type { ClosedChunk } from './chunks.ts';
import type { DaySums } from './day-sums.duckdb.ts';

/** What the books write, each in one transaction; the days that are kept in memory hear of it. */
export class BookWrites {
  constructor(
    private readonly writer: DuckdbConnection,
    private readonly days: DaySums,
  ) {}

  /** Stores chunks after all that are there, with the record as it is after them. */
  async add(after: SourceRecord, over: readonly ClosedChunk[]): Promise<void> {
    this.days.changed(after.key, timeOf(over));
    await this.writer.transaction(async () => {
      await storeChunks(this.writer, after, over, after.energyFromMs);
      await saveRecords(this.writer, [after]);
    }, 'rollup');
  }

  /** Stores chunks in place of those of the same time and of those that are gone, together with `more`. */
  async replace(
    record: SourceRecord,
    { gone, chunks }: Pick<Rebooked, 'gone' | 'chunks'>,
    more: () => Promise<void>,
  ): Promise<void> {
    const replaced = [...gone, ...chunks.map(({ chunk }) => chunk)];
    const changed = [timeOf(chunks), await timeOfStored(this.writer, record, replaced)];
    await this.writer.transaction(async () => {
      await removeChunks(this.writer, record, replaced);
      await storeChunks(this.writer, record, chunks, record.energyFromMs);
      await more();
      // From here on to the commit nobody reads the books of this source.
      for (const range of changed) this.days.changed(record.key, range);
    }, 'rollup');
  }
}

/** All time of which something was booked in these chunks. */
function timeOf(chunks: readonly ClosedChunk[]): TimeRange {
  const range = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  for (const { sheet } of chunks)
    for (const start of sheet.buckets.keys()) {
      range.from = Math.min(range.from, start);
      range.to = Math.max(range.to, start);
    }
  return range;
}
