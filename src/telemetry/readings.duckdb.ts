import { type MetricName, metrics } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import type { DuckdbConnection } from '../platform/duckdb.ts';
import { chunkTables, forgetBooksBefore } from './book-tables.duckdb.ts';
import { gaugeColumns } from './columns.ts';
import { Corrections } from './correction.ts';
import { readCorrections, readingsOf } from './corrections.duckdb.ts';
import { withDerivedPowers } from './derive.ts';
import { mergeRows, type PendingRow } from './pending.ts';
import type { JournalPosition, TimeRange } from './ports.ts';
import { qualityTables } from './quality.duckdb.ts';
import { appendRows, readRows, type StoredRow, selectList } from './rows.duckdb.ts';
import { IntervalWatch, type SourceRecord } from './source-record.ts';

/** Late readings closer together than this are one stretch to roll up anew. */
const SAME_STRETCH_MS = 6 * 3_600_000;

/** Times of readings that came again, by source. */
export type CameAgain = ReadonlyMap<string, readonly number[]>;

/**
 * The readings table and what is known of each source. Writes go one after the other (the service sees to it); what
 * is kept in memory changes only after the commit.
 */
export class ReadingStore {
  private readonly records = new Map<string, SourceRecord>();
  private readonly watches = new Map<string, IntervalWatch>();
  private position: JournalPosition = 0;
  private nextKey = 1;

  constructor(
    private readonly writer: DuckdbConnection,
    private readonly reader: DuckdbConnection,
    /** Told of the earliest time at which readings came after others of later time, once they are stored. */
    private readonly onLate?: (record: SourceRecord, time: number) => void,
  ) {}

  /** Reads what a restart needs: sources and the journal position. */
  async load(): Promise<void> {
    await this.writer.run('CREATE TEMP TABLE late_keys (source INTEGER, time_ms BIGINT)');
    const [at] = await this.writer.rows('SELECT position FROM journal_position');
    this.position = Number(at?.position ?? 0);
    const corrections = await readCorrections(this.writer);
    for (const row of await this.writer.rows('SELECT * FROM telemetry_sources')) {
      const record = recordOf(row);
      const own = corrections.filter((c) => c.source === record.key).map((c) => c.correction);
      record.corrections = new Corrections(own);
      this.records.set(record.sourceId, record);
      this.nextKey = Math.max(this.nextKey, record.key + 1);
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
   * Stores rows and the journal position in one transaction; what is late is merged into its place. Gives the times of
   * those that were there already and said nothing new.
   */
  async write(batch: ReadonlyMap<string, readonly PendingRow[]>, position: JournalPosition | null): Promise<CameAgain> {
    const changed: SourceRecord[] = [];
    let late: StoredRow[] = [];
    let again: StoredRow[] = [];
    await this.writer.transaction(async () => {
      const fresh: StoredRow[] = [];
      late = [];
      for (const [sourceId, rows] of batch) {
        const record = await this.recordFor(sourceId, rows);
        const isNew = record.readings === 0;
        for (const row of rows) (isNew || row.time > record.newestMs ? fresh : late).push({ source: record.key, row });
        changed.push(record);
      }
      const added = await this.mergeLate(late, changed);
      again = added.again;
      await appendRows(this.writer, [...added.rows, ...fresh]);
      for (const { source } of fresh) added.newRows.set(source, (added.newRows.get(source) ?? 0) + 1);
      for (const [i, record] of changed.entries())
        changed[i] = this.advance(record, batch.get(record.sourceId) ?? [], added.newRows.get(record.key) ?? 0);
      await saveRecords(this.writer, changed);
      if (position !== null) await this.writer.run(`UPDATE journal_position SET position = ${position}`);
    });
    for (const record of changed) {
      this.records.set(record.sourceId, record);
      const times = late.flatMap((r) => (r.source === record.key ? [r.row.time] : []));
      if (times.length > 0)
        this.onLate?.(
          record,
          times.reduce((a, b) => Math.min(a, b)),
        );
    }
    if (position !== null) this.position = position;
    const ids = new Map(changed.map((record) => [record.key, record.sourceId]));
    const byId = Map.groupBy(again, (row) => ids.get(row.source) ?? '');
    return new Map([...byId].map(([id, rows]) => [id, rows.map((r) => r.row.time)]));
  }

  private async recordFor(sourceId: string, rows: readonly PendingRow[]): Promise<SourceRecord> {
    const known = this.records.get(sourceId);
    if (known) return known;
    const first = rows[0]?.time ?? 0;
    const record: SourceRecord = {
      key: this.nextKey++,
      sourceId,
      firstMs: first,
      newestMs: first,
      readings: 0,
      metrics: new Set(),
      rolledUntilMs: null,
      bookedUntilMs: null,
      bookRules: null,
      corrections: Corrections.none,
      booksFromMs: null,
      intervalMs: null,
    };
    await this.writer.run(
      `INSERT INTO telemetry_sources (source, source_id, readings, metrics) VALUES (${record.key}, ?, 0, '')`,
      [sourceId],
    );
    return record;
  }

  /** Merges late rows with what is stored at their times; rows that change nothing are left out. */
  private async mergeLate(
    late: readonly StoredRow[],
    records: readonly SourceRecord[],
  ): Promise<{ rows: StoredRow[]; newRows: Map<number, number>; again: StoredRow[] }> {
    const newRows = new Map<number, number>();
    const again: StoredRow[] = [];
    if (late.length === 0) return { rows: [], newRows, again };
    const there = new Map<string, StoredRow>();
    for (const stored of await this.rowsAt(late)) there.set(keyOf(stored), stored);
    const rows: StoredRow[] = [];
    const replaced: StoredRow[] = [];
    for (const incoming of late) {
      const stored = there.get(keyOf(incoming));
      if (!stored) {
        rows.push(incoming);
        newRows.set(incoming.source, (newRows.get(incoming.source) ?? 0) + 1);
        continue;
      }
      const merged = mergeRows(stored.row, incoming.row);
      if (isSame(stored.row, merged)) {
        again.push(incoming);
        continue;
      }
      replaced.push(stored);
      rows.push({ source: incoming.source, row: merged });
    }
    if (replaced.length > 0) {
      await this.fillKeys(replaced);
      await this.writer.run(
        'DELETE FROM readings USING late_keys k WHERE readings.source = k.source AND readings.time_ms = k.time_ms',
      );
    }
    await this.markDirty(rows, records);
    return { rows, newRows, again };
  }

  private async rowsAt(keys: readonly StoredRow[]): Promise<StoredRow[]> {
    await this.fillKeys(keys);
    const { sql, shapes } = selectList(everyMetric);
    const answer = await this.writer.columns(
      `SELECT ${sql} FROM readings SEMI JOIN late_keys USING (source, time_ms)
       WHERE time_ms BETWEEN ${least(keys)} AND ${most(keys)}`,
    );
    return readRows(answer, shapes);
  }

  private async fillKeys(keys: readonly StoredRow[]): Promise<void> {
    await this.writer.run('DELETE FROM late_keys');
    await this.writer.append(
      'temp.main.late_keys',
      [
        { type: 'integer', values: Float64Array.from(keys, (k) => k.source) },
        { type: 'bigint', values: Float64Array.from(keys, (k) => k.row.time) },
      ],
      keys.length,
    );
  }

  /** Remembers which stretches of rollups and books changed, in the same transaction as the change. */
  private async markDirty(rows: readonly StoredRow[], records: readonly SourceRecord[]): Promise<void> {
    for (const record of records) {
      const times = rows.filter((r) => r.source === record.key).map((r) => r.row.time);
      const mark = async (table: string, limit: number) => {
        for (const range of stretches(times.filter((time) => time < limit)))
          await this.writer.run(`INSERT INTO ${table} VALUES (${record.key}, ${range.from}, ${range.to})`);
      };
      if (record.rolledUntilMs !== null) await mark('rollup_dirty', record.rolledUntilMs);
      if (record.bookedUntilMs !== null) await mark('books_dirty', record.bookedUntilMs);
    }
  }

  /** Remembers that readings of a range are to be read otherwise, as part of the open transaction. */
  async markChanged(record: SourceRecord, range: TimeRange): Promise<void> {
    for (const [table, limit] of [
      ['rollup_dirty', record.rolledUntilMs],
      ['books_dirty', record.bookedUntilMs],
    ] as const)
      if (limit !== null && range.from < limit)
        await this.writer.run(
          `INSERT INTO ${table} VALUES (${record.key}, ${range.from}, ${Math.min(range.to, limit)})`,
        );
  }

  /** The record after these rows were stored. */
  private advance(record: SourceRecord, rows: readonly PendingRow[], added: number): SourceRecord {
    const first = rows[0]?.time ?? record.firstMs;
    const newest = rows[rows.length - 1]?.time ?? record.newestMs;
    const watch = this.watches.get(record.sourceId) ?? new IntervalWatch();
    this.watches.set(record.sourceId, watch);
    let before = record.readings > 0 && first > record.newestMs ? record.newestMs : first;
    for (const { time } of rows) {
      if (time > before) watch.add(time - before);
      before = time;
    }
    const names = new Set(record.metrics);
    for (const name of everyMetric) if (!names.has(name) && occurs(rows, name)) names.add(name);
    for (const name of derivableFrom(names)) names.add(name);
    return {
      ...record,
      firstMs: Math.min(record.firstMs, first),
      newestMs: Math.max(record.newestMs, newest),
      readings: record.readings + added,
      metrics: names,
      intervalMs: watch.usual(record.intervalMs),
    };
  }

  /** Readings of a source in the range after `afterMs`, ascending, at most `limit`. */
  async page(record: SourceRecord, range: TimeRange, limit: number): Promise<{ time: number; values: MetricValues }[]> {
    const { sql, shapes } = selectList(record.metrics);
    const answer = await this.reader.columns(
      `SELECT ${sql} FROM ${readingsOf(record)} WHERE source = ${record.key} AND time_ms >= ${range.from} AND time_ms < ${range.to}
       ORDER BY time_ms LIMIT ${limit}`,
    );
    return readRows(answer, shapes).map(({ row }) => ({ time: row.time, values: row.values }));
  }

  /** The newest rows of a source, ascending, of its last hour; for rebuilding `latest`. */
  async newestRows(record: SourceRecord): Promise<PendingRow[]> {
    const { sql, shapes } = selectList(record.metrics);
    const answer = await this.reader.columns(
      `SELECT ${sql} FROM ${readingsOf(record)} WHERE source = ${record.key} AND time_ms > ${record.newestMs - 3_600_000}
       ORDER BY time_ms DESC LIMIT 500`,
    );
    return readRows(answer, shapes)
      .map((r) => r.row)
      .reverse();
  }

  /** Removes what a source measured before `time`, the start of a chunk of the books. */
  async deleteBefore(record: SourceRecord, time: number): Promise<void> {
    if (time <= record.firstMs) return;
    let after = record;
    await this.writer.transaction(async () => {
      await this.writer.run(`DELETE FROM readings WHERE source = ${record.key} AND time_ms < ${time}`);
      await this.writer.run(`DELETE FROM rollup_15m WHERE source = ${record.key} AND bucket_ms < ${time}`);
      await forgetBooksBefore(this.writer, record, time);
      const [count, first] = await this.writer.numbers(
        `SELECT count(*)::DOUBLE, min(time_ms)::DOUBLE FROM readings WHERE source = ${record.key}`,
      );
      const firstMs = first && !Number.isNaN(first[0] ?? Number.NaN) ? (first[0] ?? record.newestMs) : record.newestMs;
      after = { ...record, readings: count?.[0] ?? 0, firstMs, booksFromMs: time };
      await saveRecords(this.writer, [after]);
    });
    this.records.set(record.sourceId, after);
  }

  /** Removes everything of a source. */
  async deleteSource(sourceId: string): Promise<void> {
    const record = this.records.get(sourceId);
    if (!record) return;
    await this.writer.transaction(async () => {
      for (const table of [
        'readings',
        'rollup_15m',
        ...chunkTables,
        'corrections',
        ...qualityTables,
        'rollup_dirty',
        'books_dirty',
        'telemetry_sources',
      ])
        await this.writer.run(`DELETE FROM ${table} WHERE source = ${record.key}`);
    });
    this.records.delete(sourceId);
    this.watches.delete(sourceId);
  }
}

/** Writes the records' rows, as part of the open transaction. */
export async function saveRecords(writer: DuckdbConnection, records: readonly SourceRecord[]): Promise<void> {
  if (records.length === 0) return;
  const values = records.map(
    (r) =>
      `(${r.key}, ${r.firstMs}, ${r.newestMs}, ${r.readings}, '${[...r.metrics].join(',')}', ${r.rolledUntilMs ?? 'NULL'}, ${r.bookedUntilMs ?? 'NULL'}, ${r.intervalMs ?? 'NULL'}, ${textSql(r.bookRules)}, ${r.booksFromMs ?? 'NULL'})`,
  );
  await writer.run(
    `UPDATE telemetry_sources s SET first_ms = v.first_ms, newest_ms = v.newest_ms, readings = v.readings,
       metrics = v.metrics, rolled_until_ms = v.rolled_until_ms, booked_until_ms = v.booked_until_ms,
       interval_ms = v.interval_ms, book_rules = v.book_rules, books_from_ms = v.books_from_ms
     FROM (VALUES ${values.join(', ')})
       v(source, first_ms, newest_ms, readings, metrics, rolled_until_ms, booked_until_ms, interval_ms,
         book_rules, books_from_ms)
     WHERE s.source = v.source`,
  );
}

const textSql = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);
const gauges: ReadonlySet<string> = new Set(gaugeColumns.map((c) => c.metric.name));
const everyMetric: readonly MetricName[] = metrics.map((m) => m.name);

function recordOf(row: Record<string, unknown>): SourceRecord {
  const optional = (value: unknown) => (value === null || value === undefined ? null : Number(value));
  return {
    key: Number(row.source),
    sourceId: String(row.source_id),
    firstMs: Number(row.first_ms ?? 0),
    newestMs: Number(row.newest_ms ?? 0),
    readings: Number(row.readings),
    metrics: new Set(String(row.metrics).split(',').filter(Boolean) as MetricName[]),
    rolledUntilMs: optional(row.rolled_until_ms),
    bookedUntilMs: optional(row.booked_until_ms),
    corrections: Corrections.none,
    bookRules: row.book_rules === null || row.book_rules === undefined ? null : String(row.book_rules),
    booksFromMs: optional(row.books_from_ms),
    intervalMs: optional(row.interval_ms),
  };
}

const keyOf = (r: StoredRow): string => `${r.source}/${r.row.time}`;
const least = (rows: readonly StoredRow[]): number =>
  rows.reduce((t, r) => Math.min(t, r.row.time), Number.MAX_SAFE_INTEGER);
const most = (rows: readonly StoredRow[]): number => rows.reduce((t, r) => Math.max(t, r.row.time), 0);

/** A question a metric is much cheaper than a look at every name of every row: most metrics are known after the first. */
function occurs(rows: readonly PendingRow[], name: MetricName): boolean {
  for (const row of rows) if (row.values[name] !== undefined) return true;
  return false;
}

/** True if storing `merged` instead of `stored` would change nothing; gauges are compared as the database keeps them. */
function isSame(stored: PendingRow, merged: PendingRow): boolean {
  for (const name in merged.values) {
    const a = stored.values[name as MetricName];
    const b = merged.values[name as MetricName];
    if (a === b) continue;
    if (gauges.has(name) && typeof a === 'number' && typeof b === 'number' && Math.fround(a) === Math.fround(b))
      continue;
    if (Array.isArray(a) && Array.isArray(b) && a.join('\n') === b.join('\n') && a.length === b.length) continue;
    return false;
  }
  return JSON.stringify(stored.metadata) === JSON.stringify(merged.metadata);
}

/** Half-open stretches that hold the times, those close together in one. */
function stretches(unsorted: readonly number[]): TimeRange[] {
  const ranges: TimeRange[] = [];
  for (const time of [...unsorted].sort((a, b) => a - b)) {
    const last = ranges[ranges.length - 1];
    if (last && time - last.to < SAME_STRETCH_MS) last.to = time + 1;
    else ranges.push({ from: time, to: time + 1 });
  }
  return ranges;
}

function derivableFrom(metrics: ReadonlySet<MetricName>): MetricName[] {
  const probe: MetricValues = {};
  for (const name of metrics) (probe as Record<string, unknown>)[name] = 1;
  return Object.keys(withDerivedPowers(probe).values).filter((n) => !metrics.has(n as MetricName)) as MetricName[];
}
