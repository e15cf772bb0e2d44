import { type MetricName, numericMetrics } from '../../core/metrics.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { Block } from '../archive/block.ts';
import { DAY_MS, dayOf } from '../archive/levels.ts';
import { inOrder, noRows, rowsBetween } from '../archive/rows.ts';
import type { TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';
import type { PendingRow } from '../writing/pending.ts';
import { RecentDays } from './recent-days.ts';
import { blockOfAnswer, everyMetric, selectSql } from './rows.duckdb.ts';

const numbers: ReadonlySet<MetricName> = new Set(numericMetrics);
/** More rows than three days of ten seconds are not kept in memory. */
const MOST_KEPT_ROWS = 30_000;
const LEAST_KEPT_MS = DAY_MS / 8;

/** Where and when a row is. */
export interface RowKey {
  source: number;
  time: number;
}

/**
 * Readings that are not in the archive yet: those of days that are not over, and late ones. Changes are part of the open
 * transaction; how many rows each day has is kept in memory and told by `count` once that is committed.
 */
export class RecentRows {
  /** Rows by day of each source. */
  private readonly byDay = new Map<number, Map<number, number>>();
  /** False once nothing is left of what older versions stored. */
  private hasOld = false;
  private readonly kept = new RecentDays();

  constructor(private readonly writer: DuckdbConnection) {}

  async load(): Promise<void> {
    await this.writer.run('CREATE TEMP TABLE some_keys (source INTEGER, time_ms BIGINT)');
    const [old] = await this.writer.rows('SELECT 1 FROM old_readings LIMIT 1');
    this.hasOld = old !== undefined;
    for (const table of this.tables()) {
      const [sources, days, counts] = await this.writer.numbers(
        `SELECT source::DOUBLE, (time_ms // ${DAY_MS})::DOUBLE AS day, count(*)::DOUBLE FROM ${table} GROUP BY ALL`,
      );
      for (let i = 0; i < (sources?.length ?? 0); i++)
        this.count(sources?.[i] ?? 0, (days?.[i] ?? 0) * DAY_MS, counts?.[i] ?? 0);
    }
  }

  /** Days that have rows, and how many. */
  days(record: SourceRecord): ReadonlyMap<number, number> {
    return this.byDay.get(record.key) ?? new Map();
  }

  /** Remembers what was stored (ascending) and whom it replaced; `isAfterAll` when it is later than all that was there. */
  stored(source: number, rows: readonly PendingRow[], replaced: readonly number[], isAfterAll: boolean): void {
    for (const { time } of rows) this.count(source, time, 1);
    for (const time of replaced) this.count(source, time, -1);
    this.kept.stored(source, rows, isAfterAll);
  }

  /** Remembers that the rows of a day are gone. */
  removed(source: number, day: number): void {
    this.byDay.get(source)?.delete(day);
    this.kept.changed(source, day);
  }

  private count(source: number, time: number, rows: number): void {
    const days = this.byDay.get(source) ?? new Map<number, number>();
    this.byDay.set(source, days);
    const left = (days.get(dayOf(time)) ?? 0) + rows;
    if (left > 0) days.set(dayOf(time), left);
    else days.delete(dayOf(time));
  }

  forget(record: SourceRecord): void {
    for (const day of this.days(record).keys()) this.kept.changed(record.key, day);
    this.byDay.delete(record.key);
  }

  /** Rows at these places, by source. */
  async at(keys: readonly RowKey[]): Promise<Map<number, Block>> {
    const found = new Map<number, Block>();
    if (!keys.some(({ source, time }) => this.byDay.get(source)?.has(dayOf(time)))) return found;
    await this.fillKeys(keys);
    const least = keys.reduce((t, k) => Math.min(t, k.time), Number.POSITIVE_INFINITY);
    const most = keys.reduce((t, k) => Math.max(t, k.time), Number.NEGATIVE_INFINITY);
    for (const source of new Set(keys.map((k) => k.source))) {
      const where = `source = ${source} AND time_ms BETWEEN ${least} AND ${most}
        AND time_ms IN (SELECT time_ms FROM some_keys WHERE source = ${source})`;
      found.set(source, await this.select(this.writer, everyMetric, where));
    }
    return found;
  }

  /** Removes rows at these places. */
  async remove(keys: readonly RowKey[]): Promise<void> {
    if (keys.length === 0) return;
    await this.fillKeys(keys);
    for (const table of this.tables())
      await this.writer.run(
        `DELETE FROM ${table} USING some_keys k WHERE ${table}.source = k.source AND ${table}.time_ms = k.time_ms`,
      );
  }

  async removeRange(record: SourceRecord, range: TimeRange): Promise<void> {
    for (const table of this.tables()) await this.writer.run(`DELETE FROM ${table} WHERE ${within(record, range)}`);
  }

  /** Rows in the range, ascending, with the values of some metrics; at most `limit`. */
  async read(
    connection: DuckdbConnection,
    record: SourceRecord,
    metrics: readonly MetricName[] | 'all',
    range: TimeRange,
    limit?: number,
  ): Promise<Block> {
    if (!this.hasAny(record, range)) return noRows();
    const wanted: readonly MetricName[] = metrics === 'all' ? [...record.metrics] : metrics;
    return await this.select(connection, wanted, within(record, range), { isWhole: metrics === 'all', limit });
  }

  /** Rows in the range with the values of some metrics: blocks of ascending rows, one after the other; shares memory. */
  async parts(
    connection: DuckdbConnection,
    record: SourceRecord,
    metrics: readonly MetricName[],
    range: TimeRange,
  ): Promise<Block[]> {
    const days = await this.keptDays(connection, record, metrics, range);
    if (!days) return [await this.read(connection, record, metrics, range)];
    return days.map((day) => rowsBetween(day, range.from, range.to));
  }

  /** The days of the range from memory, where charts ask; undefined where the database is to be asked for just the range. */
  private async keptDays(
    connection: DuckdbConnection,
    record: SourceRecord,
    metrics: readonly MetricName[],
    range: TimeRange,
  ): Promise<Block[] | undefined> {
    if (!metrics.every((name) => numbers.has(name))) return undefined;
    const known = this.days(record);
    const days = [...known.keys()].filter((day) => day >= dayOf(range.from) && day <= dayOf(range.to - 1));
    const rows = days.reduce((sum, day) => sum + (known.get(day) ?? 0), 0);
    // Whoever writes reads what is newest, others may look at an hour: a whole day is not worth it then.
    const mayRead = connection !== this.writer && rows <= MOST_KEPT_ROWS && range.to - range.from >= LEAST_KEPT_MS;
    const blocks: Block[] = [];
    for (const day of days.sort((a, b) => a - b)) {
      const block =
        this.kept.get(record.key, day, metrics) ?? (mayRead && (await this.readDay(connection, record, day, metrics)));
      if (!block) return undefined;
      blocks.push(block);
    }
    return blocks;
  }

  private async readDay(
    connection: DuckdbConnection,
    record: SourceRecord,
    day: number,
    metrics: readonly MetricName[],
  ): Promise<Block> {
    const version = this.kept.versionOf(record.key);
    const wanted = [...new Set([...metrics, ...this.kept.metricsOf(record.key, day)])];
    const where = within(record, { from: day * DAY_MS, to: (day + 1) * DAY_MS });
    const block = await this.select(connection, wanted, where, { isWhole: false });
    this.kept.put(record.key, day, wanted, block, version);
    return block;
  }

  /** Time of the first row at or after `time`; null when there is none. */
  async firstFrom(connection: DuckdbConnection, record: SourceRecord, time: number): Promise<number | null> {
    const range = { from: time, to: Number.MAX_SAFE_INTEGER };
    if (!this.hasAny(record, range)) return null;
    const firsts = await Promise.all(
      this.tables().map(async (table) => {
        const sql = `SELECT min(time_ms)::DOUBLE FROM ${table} WHERE ${within(record, range)}`;
        return (await connection.numbers(sql))[0]?.[0] ?? Number.NaN;
      }),
    );
    const known = firsts.filter((first) => !Number.isNaN(first));
    return known.length > 0 ? Math.min(...known) : null;
  }

  private hasAny(record: SourceRecord, range: TimeRange): boolean {
    const [first, last] = [dayOf(range.from), dayOf(range.to - 1)];
    for (const day of this.days(record).keys()) if (day >= first && day <= last) return true;
    return false;
  }

  private tables(): string[] {
    return this.hasOld ? ['readings', 'old_readings'] : ['readings'];
  }

  private async select(
    connection: DuckdbConnection,
    metrics: readonly MetricName[],
    where: string,
    options: { isWhole?: boolean; limit?: number | undefined } = { isWhole: true },
  ): Promise<Block> {
    const { columns, shapes } = selectSql(metrics, options.isWhole ?? false);
    const parts = this.tables().map(
      (table) => `SELECT ${columns(table === 'old_readings')} FROM ${table} WHERE ${where}`,
    );
    const limit = options.limit === undefined ? '' : ` ORDER BY 1 LIMIT ${options.limit}`;
    // They come in stretches, each in order: putting those in order here costs a fraction of what it costs there.
    return inOrder(blockOfAnswer(await connection.columns(`${parts.join(' UNION ALL ')}${limit}`), shapes));
  }

  private async fillKeys(keys: readonly RowKey[]): Promise<void> {
    await this.writer.run('DELETE FROM some_keys');
    await this.writer.append(
      'temp.main.some_keys',
      [
        { type: 'integer', values: Float64Array.from(keys, (k) => k.source) },
        { type: 'bigint', values: Float64Array.from(keys, (k) => k.time) },
      ],
      keys.length,
    );
  }
}

function within(record: SourceRecord, range: TimeRange): string {
  return `source = ${record.key} AND time_ms >= ${range.from} AND time_ms < ${range.to}`;
}
