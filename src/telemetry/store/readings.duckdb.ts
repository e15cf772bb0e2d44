import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { Archive } from '../archive/archive.sqlite.ts';
import { Corrections } from '../corrections/correction.ts';
import { readCorrections } from '../corrections/corrections.duckdb.ts';
import type { MendedDays } from '../corrections/mended.duckdb.ts';
import { type CameAgain, mergeWithStored, stretchesOf } from '../late.ts';
import type { JournalPosition, TimeRange } from '../ports.ts';
import { blockOfRows, namesOf } from '../reading-block.ts';
import { advanceRecord, IntervalWatch, newRecord, type SourceRecord, type StoredRows } from '../source-record.ts';
import type { PendingRow } from '../writing/pending.ts';
import type { Past } from './past.duckdb.ts';
import type { RecentRows } from './recent.duckdb.ts';
import { insertRecord, readRecords, saveRecords } from './records.duckdb.ts';
import { appendBlock } from './rows.duckdb.ts';
import { agreeOnNumbers, sourceTables } from './source-numbers.duckdb.ts';

/** What one batch does to a source. */
interface Change {
  record: SourceRecord;
  /** Rows that are appended, ascending. */
  rows: PendingRow[];
  /** Times at which a recent row gives way to one of them. */
  replaced: number[];
  /** Times at which rows came behind others. */
  late: number[];
  /** Times of rows that were there already and said nothing new. */
  again: number[];
}

/**
 * Takes readings in, and knows what is known of each source. Writes go one after the other (the service sees to it); what
 * is kept in memory changes only after the commit.
 */
export class ReadingStore {
  private readonly records = new Map<string, SourceRecord>();
  private readonly watches = new Map<string, IntervalWatch>();
  private position: JournalPosition = 0;

  constructor(
    private readonly writer: DuckdbConnection,
    private readonly recent: RecentRows,
    private readonly archive: Archive,
    private readonly past: Past,
    private readonly mended: MendedDays,
    /** Told of the times of readings that came after others of later time, once they are stored. */
    private readonly onLate: (record: SourceRecord, times: readonly number[]) => void,
  ) {}

  /** Reads what a restart needs: sources and the journal position. What the archive holds counts more than what was noted. */
  async load(): Promise<void> {
    const noted = await agreeOnNumbers(this.writer, this.archive, await readRecords(this.writer));
    await this.recent.load();
    await this.mended.load();
    const [at] = await this.writer.rows('SELECT position FROM journal_position');
    this.position = Number(at?.position ?? 0);
    const archived = this.archive.all();
    const corrections = await readCorrections(this.writer);
    for (const record of noted) {
      const packed = archived.get(record.key);
      const own = corrections.filter((c) => c.source === record.key).map((c) => c.correction);
      this.put({
        ...record,
        corrections: new Corrections(own),
        firstMs: Math.min(record.firstMs, packed?.firstMs ?? record.firstMs),
        newestMs: Math.max(record.newestMs, packed?.lastMs ?? record.newestMs),
        readings: Math.max(record.readings, packed?.readings ?? 0),
      });
    }
  }

  flushedPosition(): JournalPosition {
    return this.position;
  }

  find(sourceId: string): SourceRecord | undefined {
    return this.records.get(sourceId);
  }

  all(): Iterable<SourceRecord> {
    return this.records.values();
  }

  /** Makes a record's new state known, after its transaction has been committed. */
  put(record: SourceRecord): void {
    this.records.set(record.sourceId, record);
  }

  /**
   * Stores rows (ascending) and the journal position in one transaction; what is late is merged into its place. Gives the
   * times of those that were there already and said nothing new.
   */
  async write(batch: ReadonlyMap<string, readonly PendingRow[]>, position: JournalPosition | null): Promise<CameAgain> {
    const changes: Change[] = [];
    await this.writer.transaction(async () => {
      for (const [sourceId, rows] of batch) changes.push(await this.store(await this.recordFor(sourceId, rows), rows));
      await saveRecords(
        this.writer,
        changes.map((change) => change.record),
      );
      if (position !== null) await this.writer.run(`UPDATE journal_position SET position = ${position}`);
    });
    for (const change of changes) this.know(change);
    if (position !== null) this.position = position;
    return new Map(changes.map(({ record, again }) => [record.sourceId, again]));
  }

  /** The record of a source, made when there is none; part of the open transaction. */
  async recordFor(sourceId: string, rows: readonly PendingRow[]): Promise<SourceRecord> {
    const known = this.records.get(sourceId);
    if (known) return known;
    const record = newRecord(this.archive.numberOf(sourceId), sourceId, rows[0]?.time ?? 0);
    await insertRecord(this.writer, record);
    return record;
  }

  /** The record after rows were stored. */
  advance(record: SourceRecord, stored: StoredRows): SourceRecord {
    const watch = this.watches.get(record.sourceId) ?? new IntervalWatch();
    this.watches.set(record.sourceId, watch);
    return advanceRecord(record, stored, watch);
  }

  /** Remembers which stretches of the books changed, in the same transaction as the change. */
  async markDirty(record: SourceRecord, times: readonly number[]): Promise<void> {
    const { bookedUntilMs } = record;
    if (bookedUntilMs === null) return;
    for (const { from, to } of stretchesOf(times.filter((time) => time < bookedUntilMs)))
      await this.writer.run(`INSERT INTO books_dirty VALUES (${record.key}, ${from}, ${to})`);
  }

  /** Remembers that a range is to be rolled up anew, as part of the open transaction. */
  async markMended(record: SourceRecord, { from, to }: TimeRange): Promise<void> {
    await this.mended.add(record.key, { from, to });
  }

  /** Remembers that readings of a range are to be read otherwise, as part of the open transaction. */
  async markChanged(record: SourceRecord, { from, to }: TimeRange): Promise<void> {
    await this.markMended(record, { from, to });
    const limit = record.bookedUntilMs;
    if (limit !== null && from < limit)
      await this.writer.run(`INSERT INTO books_dirty VALUES (${record.key}, ${from}, ${Math.min(to, limit)})`);
  }

  /** Removes everything of a source. */
  async deleteSource(record: SourceRecord): Promise<void> {
    await this.writer.transaction(async () => {
      for (const table of sourceTables) await this.writer.run(`DELETE FROM ${table} WHERE source = ${record.key}`);
    });
    await this.archive.deleteSource(record.key);
    this.recent.forget(record);
    this.mended.forget(record);
    this.records.delete(record.sourceId);
    this.watches.delete(record.sourceId);
  }

  private async store(record: SourceRecord, rows: readonly PendingRow[]): Promise<Change> {
    const isNew = !this.records.has(record.sourceId);
    const fresh = isNew ? 0 : rows.findIndex((row) => row.time > record.newestMs);
    const late = rows.slice(0, fresh < 0 ? rows.length : fresh);
    const stored =
      late.length > 0
        ? await this.past.at(
            record,
            late.map((row) => row.time),
          )
        : new Map();
    const merged = mergeWithStored(late, new Map([...stored].map(([time, { row }]) => [time, row])));
    const changed = merged.rows.map((row) => row.time);
    const replaced = changed.filter((time) => stored.get(time)?.isRecent);
    await this.recent.remove(replaced.map((time) => ({ source: record.key, time })));
    await this.markDirty(record, changed);
    const appended = [...merged.rows, ...rows.slice(late.length)];
    const block = blockOfRows(appended);
    await appendBlock(this.writer, record.key, block);
    const added = merged.added + rows.length - late.length;
    const advanced = this.advance(record, { rows, added, names: namesOf(block) });
    return { record: advanced, rows: appended, replaced, late: changed, again: merged.again };
  }

  private know({ record, rows, replaced, late }: Change): void {
    this.put(record);
    this.recent.stored(record.key, rows, replaced, late.length === 0);
    if (late.length > 0) this.onLate(record, late);
  }
}
