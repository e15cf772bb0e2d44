import type { MetricName, NumericMetric } from '../../core/metrics.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { Archive } from '../archive/archive.sqlite.ts';
import type { Block } from '../archive/block.ts';
import { DAY_MS, dayOf, type Level, levels } from '../archive/levels.ts';
import { joinRows, layOver, layOverEach, noRows, placeOf, rowsBetween } from '../archive/rows.ts';
import type { MendedDays } from '../corrections/mended.duckdb.ts';
import type { HistoryDetail, HistorySeries, TimeRange } from '../figures.ts';
import { blockOfRows, rowsOfBlock } from '../reading-block.ts';
import { gridFor, SeriesBins, type SeriesGrid } from '../series.ts';
import type { SourceRecord } from '../source-record.ts';
import { mergeSorted, type PendingRow } from '../writing/pending.ts';
import type { RecentRows } from './recent.duckdb.ts';

/** Days read at once where a whole range would be too much for the memory. */
const DAYS_AT_ONCE = 8;

/** A stored row, and whether it is still among the recent ones. */
export interface StoredRow {
  row: PendingRow;
  isRecent: boolean;
}

/**
 * All readings of a source: those in the archive, and recent ones laid over them. Recent ones are read first: while a day is
 * being packed it is in both, never in neither.
 */
export class Past {
  constructor(
    private readonly recent: RecentRows,
    private readonly archive: Archive,
    private readonly mended: MendedDays,
  ) {}

  /** Readings in the range as they are to be read, ascending, with the values of these metrics. */
  async columns(
    connection: DuckdbConnection,
    record: SourceRecord,
    metrics: readonly MetricName[],
    range: TimeRange,
  ): Promise<Block> {
    return joinRows(await this.parts(connection, record, metrics, range));
  }

  /** The same as blocks one after the other, with rows that are not stored yet: nobody copies what charts only look at. */
  private async parts(
    connection: DuckdbConnection,
    record: SourceRecord,
    metrics: readonly MetricName[],
    range: TimeRange,
    unwritten: Block = noRows(),
  ): Promise<Block[]> {
    const recent = await this.recent.parts(connection, record, metrics, range);
    const packed = this.archive.read('readings', record.key, range).map((block) => block.columns(metrics));
    const cut = (block: Block) => rowsBetween(block, range.from, range.to);
    const stored = layOverEach(packed.map(cut), recent);
    return layOverEach(stored, [cut(unwritten)]).map((block) => record.corrections.applyTo(block));
  }

  /** Readings in the range as they were received, with all that is stored of them. Damaged ones are thrown where they would be written anew. */
  async whole(
    connection: DuckdbConnection,
    record: SourceRecord,
    range: TimeRange,
    damaged: 'left out' | 'thrown' = 'left out',
  ): Promise<Block> {
    const recent = await this.recent.read(connection, record, 'all', range);
    return layOver(this.archive.rows('readings', record.key, range, damaged), recent);
  }

  /** The first `limit` readings of the range as they are to be read, with rows that are not stored yet. */
  async page(
    connection: DuckdbConnection,
    record: SourceRecord,
    range: TimeRange,
    limit: number,
    unwritten: readonly PendingRow[] = [],
  ): Promise<PendingRow[]> {
    const rows: PendingRow[] = [];
    const pending = unwritten.filter(({ time }) => time >= range.from && time < range.to);
    for (let { from } = range; rows.length < limit; ) {
      const part = await this.firstRows(connection, record, { from, to: range.to }, limit);
      const end = part.isAll ? range.to : (part.block.times[part.block.times.length - 1] ?? range.to) + 1;
      const own = pending.filter(({ time }) => time >= from && time < end);
      const all = own.length > 0 ? blockOfRows(mergeSorted(rowsOfBlock(part.block), own)) : part.block;
      rows.push(...rowsOfBlock(record.corrections.applyTo(all)));
      if (part.isAll) break;
      from = end;
    }
    return rows.slice(0, limit);
  }

  /** The first rows of a range as they were received, `limit` of them or all there are. */
  private async firstRows(connection: DuckdbConnection, record: SourceRecord, range: TimeRange, limit: number) {
    const recent = await this.recent.read(connection, record, 'all', range, limit);
    let packed = noRows();
    for (const day of this.archive.days(record.key, range).keys()) {
      const own = { from: Math.max(range.from, day * DAY_MS), to: Math.min(range.to, (day + 1) * DAY_MS) };
      packed = joinRows([packed, this.archive.rows('readings', record.key, own)]);
      if (packed.times.length >= limit) break;
    }
    const both = layOver(packed, recent);
    const isAll = packed.times.length < limit && recent.times.length < limit;
    return { isAll, block: isAll ? both : rowsBetween(both, range.from, both.times[limit] ?? range.to) };
  }

  /** The newest rows as they are to be read, ascending, of the source's last hour. */
  async newest(connection: DuckdbConnection, record: SourceRecord, most: number): Promise<PendingRow[]> {
    const range = { from: record.newestMs - 3_600_000, to: record.newestMs + 1 };
    const block = record.corrections.applyTo(await this.whole(connection, record, range));
    const from = block.times[Math.max(0, block.times.length - most)] ?? range.from;
    return rowsOfBlock(rowsBetween(block, from, range.to));
  }

  /** Time of the first reading at or after `time` that was not removed by hand; null when there is none. */
  async firstFrom(connection: DuckdbConnection, record: SourceRecord, time: number): Promise<number | null> {
    const recent = await this.recent.firstFrom(connection, record, time);
    const packed = this.archive.firstFrom(record.key, time);
    const first = recent === null || packed === null ? (recent ?? packed) : Math.min(recent, packed);
    if (first === null) return null;
    const removal = record.corrections.ofReadings.find((c) => c.metric === null && first >= c.from && first < c.to);
    return removal ? await this.firstFrom(connection, record, removal.to) : first;
  }

  /** What is rolled up of packed days of a range otherwise than their readings say, in words. */
  wrongDays(record: SourceRecord, range: TimeRange): string[] {
    const problems: string[] = [];
    for (const day of this.archive.days(record.key, range).keys()) {
      // What an owner mended is rolled up anew in a while, and read from the readings until then.
      if (this.mended.has(record.key, day)) continue;
      const wrong = this.archive.wrongLevels(record.key, day, (readings) => record.corrections.applyTo(readings));
      if (wrong.length > 0)
        problems.push(
          `${new Date(day * DAY_MS).toISOString().slice(0, 10)} is rolled up otherwise (${wrong.join(', ')})`,
        );
    }
    return problems;
  }

  /** What is stored at these times (ascending), by time. */
  async at(record: SourceRecord, times: readonly number[]): Promise<Map<number, StoredRow>> {
    const found = new Map<number, StoredRow>();
    const recent = await this.recent.at(times.map((time) => ({ source: record.key, time })));
    for (const [day, own] of Map.groupBy(times, dayOf)) {
      const [packed] = this.archive.read('readings', record.key, { from: day * DAY_MS, to: (day + 1) * DAY_MS });
      const stored = packed?.times();
      if (!packed || !stored || !own.some((time) => stored[placeOf(stored, time)] === time)) continue;
      const wanted = new Set(own);
      for (const row of rowsOfBlock(packed.whole()))
        if (wanted.has(row.time)) found.set(row.time, { row, isRecent: false });
    }
    for (const row of rowsOfBlock(recent.get(record.key) ?? noRows())) found.set(row.time, { row, isRecent: true });
    return found;
  }

  /** Series in even buckets, with rows that are not stored yet. */
  async history(
    connection: DuckdbConnection,
    record: SourceRecord,
    request: { metrics: readonly NumericMetric[]; range: TimeRange; points: number; detail: HistoryDetail },
    unwritten: readonly PendingRow[] = [],
  ): Promise<HistorySeries> {
    const grid = gridFor(request.range, request.points, record.intervalMs, this.finestOf(record, request.range));
    const asked = { metrics: request.metrics, detail: request.detail };
    const bins = await this.fill(connection, record, grid, asked, unwritten);
    return bins.series();
  }

  /** Means of gauges by quarter hour from that of `range.from` on, NaN where there is none, and how many readings made them. */
  async quarterHours<Metric extends NumericMetric>(
    connection: DuckdbConnection,
    record: SourceRecord,
    gauges: readonly Metric[],
    range: TimeRange,
  ): Promise<{ means: Map<Metric, Float64Array>; readings: Float64Array }> {
    const width = levels.quarter.widthMs;
    const from = Math.floor(range.from / width) * width;
    const count = Math.ceil((range.to - from) / width);
    const grid: SeriesGrid = { level: 'quarter', from, to: from + count * width, width, count };
    const bins = await this.fill(connection, record, grid, { metrics: gauges, detail: 'means' }, []);
    return { means: new Map(gauges.map((metric) => [metric, bins.means(metric)])), readings: bins.mostValues() };
  }

  private async fill(
    connection: DuckdbConnection,
    record: SourceRecord,
    grid: SeriesGrid,
    { metrics: asked, detail }: { metrics: readonly NumericMetric[]; detail: HistoryDetail },
    unwritten: readonly PendingRow[],
  ): Promise<SeriesBins> {
    const bins = new SeriesBins(grid, asked, detail);
    const pending = blockOfRows(unwritten, asked);
    const newest = Math.max(record.newestMs, pending.times[pending.times.length - 1] ?? 0);
    const range = { from: grid.from, to: Math.max(grid.from, Math.min(grid.to, newest + 1)) };
    const metrics = asked.filter((metric) => record.metrics.has(metric) || pending.numbers.has(metric));
    const packed = this.archive.days(record.key, range);
    const open = grid.level === 'readings' ? null : this.openDays(record, grid, range, [pending, packed]);
    for (const part of open ? stretchesOfDays(open, range) : windows(range)) {
      for (const rows of await this.parts(connection, record, metrics, part, pending)) bins.addReadings(rows);
    }
    if (open) this.addRolled(record, grid, range, new Set(open.filter((day) => packed.has(day))), bins);
    return bins;
  }

  /** The finest level that goes back as far as the range does, or as anything. */
  private finestOf(record: SourceRecord, range: TimeRange): Level {
    const first = (level: Level) => this.archive.first(level, record.key) ?? Number.POSITIVE_INFINITY;
    const start = Math.max(range.from, Math.min(first('day'), first('hour'), first('quarter')) + DAY_MS);
    if (start >= range.to || !Number.isFinite(start)) return 'readings';
    const isThere = (level: Level) => first(level) <= start;
    return (['readings', 'minute', 'quarter', 'hour'] as const).find(isThere) ?? 'day';
  }

  /** Days with readings that what was rolled up does not hold, ascending. */
  private openDays(
    record: SourceRecord,
    grid: SeriesGrid,
    range: TimeRange,
    [pending, packed]: [Block, ReadonlyMap<number, number>],
  ): number[] {
    const days = new Set([...this.recent.days(record).keys(), ...Array.from(pending.times, dayOf)]);
    for (const day of packed.keys()) if (this.mended.has(record.key, day)) days.add(day);
    if (grid.level === 'minute') for (const day of packed.keys()) days.add(day);
    const [first, last] = [dayOf(range.from), dayOf(range.to - 1)];
    return [...days].filter((day) => day >= first && day <= last).sort((a, b) => a - b);
  }

  private addRolled(
    record: SourceRecord,
    grid: SeriesGrid,
    range: TimeRange,
    without: ReadonlySet<number>,
    bins: SeriesBins,
  ): void {
    for (const packed of this.archive.read(grid.level, record.key, range)) {
      const times = packed.times();
      const end = placeOf(times, range.to);
      const columns = new Map<string, Float64Array | undefined>();
      const column = (name: string) => {
        if (!columns.has(name)) columns.set(name, packed.numbers(name));
        return columns.get(name);
      };
      for (let from = placeOf(times, range.from); from < end; ) {
        let to = from;
        while (to < end && !without.has(dayOf(times[to] as number))) to++;
        if (to > from) bins.addRolled(times, column, { from, to });
        from = to + 1;
      }
    }
  }
}

/** The range a few days at a time. */
function windows(range: TimeRange): TimeRange[] {
  const parts: TimeRange[] = [];
  for (let from = range.from; from < range.to; ) {
    const to = Math.min(range.to, (dayOf(from) + DAYS_AT_ONCE) * DAY_MS);
    parts.push({ from, to });
    from = to;
  }
  return parts;
}

/** Days (ascending) that follow each other as one stretch, a few at a time. */
function stretchesOfDays(days: readonly number[], range: TimeRange): TimeRange[] {
  const parts: TimeRange[] = [];
  for (const day of days) {
    const last = parts[parts.length - 1];
    if (last?.to === day * DAY_MS && last.to - last.from < DAYS_AT_ONCE * DAY_MS) last.to += DAY_MS;
    else parts.push({ from: day * DAY_MS, to: (day + 1) * DAY_MS });
  }
  return parts.map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }));
}
