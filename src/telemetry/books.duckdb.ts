import type { DuckdbConnection } from '../platform/duckdb.ts';
import { columnOf } from './columns.ts';
import {
  BUCKET_MS,
  bookEnergy,
  type EnergyBooks,
  type EnergyReadings,
  type EnergyRules,
  energyCounters,
  energyMetrics,
  quantityRules,
} from './energy.ts';
import type { PendingRow } from './pending.ts';
import type { TimeRange } from './ports.ts';
import { saveRecords } from './readings.duckdb.ts';
import { longestStep, type SourceRecord } from './source-record.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Rows that one pass takes into memory. */
const PASS_ROWS = 100_000;

/** What the arithmetic must know of a source beyond its readings. */
export type RulesOf = (sourceId: string) => Pick<EnergyRules, 'installedCapacityW' | 'dayStart'>;

/**
 * The energy books by quarter hour: each bucket is written once, when it is settled; late readings write theirs anew.
 * Where the table ends, queries go on with the readings themselves.
 */
export class Books {
  /** Bucket of the newest reading at the last pass: a pass a quarter hour is enough. */
  private readonly passedAt = new Map<number, number>();

  private readonly stepUsed = new Map<number, number>();

  constructor(
    private readonly writer: DuckdbConnection,
    private readonly rulesOf: RulesOf,
  ) {}

  /** Remembers by which rules the stored books were made; called for each source before anything is written. */
  remember(record: SourceRecord): void {
    this.stepUsed.set(record.key, longestStep(record.intervalMs));
  }

  /** Writes what has become settled since the last time and what late readings changed. Returns the new record. */
  async bring(start: SourceRecord): Promise<SourceRecord> {
    let record = await this.withCurrentRules(start);
    record = await this.mendDirty(record);
    const newestBucket = Math.floor(record.newestMs / BUCKET_MS) * BUCKET_MS;
    if (this.passedAt.get(record.key) === newestBucket) return record;
    let span = firstSpan(record);
    while ((record.bookedUntilMs ?? floor(record.firstMs)) < newestBucket) {
      const from = record.bookedUntilMs ?? floor(record.firstMs);
      const end = from + span;
      const books = await this.book(record, { from, to: end });
      const until = Math.min(books.settledUntil, floor(end));
      if (until <= from && end > record.newestMs) break;
      if (until <= from) {
        span *= 4;
        continue;
      }
      record = await this.write(record, { from, to: until }, books, { ...record, bookedUntilMs: until });
      span = firstSpan(record);
    }
    this.passedAt.set(record.key, newestBucket);
    return record;
  }

  /** What counts as a gap hangs on the source's rhythm: when that changes, the books are written anew. */
  private async withCurrentRules(record: SourceRecord): Promise<SourceRecord> {
    const step = longestStep(record.intervalMs);
    const used = this.stepUsed.get(record.key) ?? step;
    this.stepUsed.set(record.key, step);
    return used === step || record.bookedUntilMs === null ? record : await this.reset(record);
  }

  /** Energy after the booked time out of the readings themselves, with rows that are still in memory. */
  async open(
    record: SourceRecord,
    connection: DuckdbConnection,
    extra: readonly PendingRow[] = [],
  ): Promise<EnergyBooks> {
    const from = record.bookedUntilMs ?? floor(record.firstMs);
    const readings = await this.load(record, { from, to: Number.MAX_SAFE_INTEGER }, connection);
    const books = bookEnergy(withRows(readings, extra), from, { ...this.rules(record), isFinal: true });
    return await this.withoutBooked(record, books, connection);
  }

  /**
   * A counter that comes back after more than a day tells of time whose energy may already stand in the books from its
   * power: only what is missing is new.
   */
  private async withoutBooked(
    record: SourceRecord,
    books: EnergyBooks,
    connection: DuckdbConnection,
  ): Promise<EnergyBooks> {
    for (const bridge of books.bridges) {
      const [sum] = await connection.numbers(
        `SELECT sum(${bridge.quantity}_kwh) FROM energy_15m WHERE source = ${record.key}
         AND bucket_ms >= ${floor(bridge.from) + BUCKET_MS} AND bucket_ms < ${books.firstBucket}`,
      );
      const booked = sum?.[0] ?? Number.NaN;
      if (!Number.isNaN(booked)) bridge.kwh = Math.max(0, bridge.kwh - booked);
    }
    return books;
  }

  /** Forgets what is kept in memory about a source. */
  forget(record: SourceRecord): void {
    this.passedAt.delete(record.key);
  }

  /** Everything of the source is booked anew at the next pass; after its rules changed. */
  async reset(record: SourceRecord): Promise<SourceRecord> {
    const fresh = { ...record, bookedUntilMs: null };
    await this.writer.transaction(async () => {
      for (const table of ['energy_15m', 'energy_bridges', 'books_dirty'])
        await this.writer.run(`DELETE FROM ${table} WHERE source = ${record.key}`);
      await saveRecords(this.writer, [fresh]);
    });
    this.passedAt.delete(record.key);
    return fresh;
  }

  private rules(record: SourceRecord): EnergyRules {
    return { longestStepMs: longestStep(record.intervalMs), ...this.rulesOf(record.sourceId) };
  }

  private async book(record: SourceRecord, range: TimeRange): Promise<EnergyBooks> {
    const isLast = range.to > record.newestMs;
    const to = isLast ? range.to : await this.firstAfter(record, range.to);
    const readings = await this.load(record, { from: range.from, to }, this.writer);
    const books = bookEnergy(readings, range.from, this.rules(record));
    return await this.withoutBooked(record, books, this.writer);
  }

  /** Just after the first reading at or after `time`, so that the step over `time` is seen whole. */
  private async firstAfter(record: SourceRecord, time: number): Promise<number> {
    const [next] = await this.writer.numbers(
      `SELECT min(time_ms)::DOUBLE FROM readings WHERE source = ${record.key} AND time_ms >= ${time}`,
    );
    const first = next?.[0] ?? Number.NaN;
    return (Number.isNaN(first) ? time : first) + 1;
  }

  /** Readings of the range with enough before it to know where counters and powers stood. */
  private async load(
    record: SourceRecord,
    range: TimeRange,
    connection: DuckdbConnection,
    context = contextOf(record),
  ): Promise<EnergyReadings> {
    const metrics = energyMetrics.filter((m) => record.metrics.has(m));
    const from = range.from - context;
    const names = metrics.map((m) => columnOf(m).name);
    const [times = new Float64Array(), ...columns] = await connection.numbers(
      `SELECT ${['time_ms::DOUBLE', ...names].join(', ')} FROM readings
       WHERE source = ${record.key} AND time_ms >= ${from} AND time_ms < ${range.to} ORDER BY time_ms`,
    );
    const readings: EnergyReadings = { times, columns: {} };
    for (const [i, metric] of metrics.entries()) readings.columns[metric] = columns[i] ?? new Float64Array();
    readings.prior = await this.priors(record, readings, { from, to: range.from }, connection);
    return readings;
  }

  /** Where counters stood before the loaded readings, for those that said nothing in the time just before the range. */
  private async priors(
    record: SourceRecord,
    readings: EnergyReadings,
    before: TimeRange,
    connection: DuckdbConnection,
  ): Promise<NonNullable<EnergyReadings['prior']>> {
    const prior: NonNullable<EnergyReadings['prior']> = {};
    if (record.firstMs >= before.from) return prior;
    for (const metric of energyCounters) {
      const values = readings.columns[metric];
      if (!values || saysBefore(readings.times, values, before.to)) continue;
      const name = columnOf(metric).name;
      const [bucket] = await connection.numbers(
        `SELECT max(bucket_ms)::DOUBLE FROM rollup_15m
         WHERE source = ${record.key} AND bucket_ms < ${before.from} AND ${name}_last > 0`,
      );
      const start = bucket?.[0] ?? Number.NaN;
      if (Number.isNaN(start)) continue;
      const [time, value] = await connection.numbers(
        `SELECT max(time_ms)::DOUBLE, arg_max(${name}, time_ms) FROM readings
         WHERE source = ${record.key} AND time_ms >= ${start} AND time_ms < ${Math.min(start + BUCKET_MS, before.from)} AND ${name} > 0`,
      );
      if (time && value && !Number.isNaN(time[0] ?? Number.NaN))
        prior[metric] = { time: time[0] ?? 0, value: value[0] ?? 0 };
    }
    return prior;
  }

  private async write(
    record: SourceRecord,
    range: TimeRange,
    books: EnergyBooks,
    after: SourceRecord,
    alsoDelete?: TimeRange,
  ): Promise<SourceRecord> {
    await this.writer.transaction(async () => {
      if (alsoDelete) await this.clear(record, alsoDelete);
      await this.appendEnergy(record, range, books);
      for (const b of books.bridges)
        if (b.to > range.from && b.to <= range.to)
          await this.writer.run(
            `INSERT INTO energy_bridges VALUES (${record.key}, '${b.quantity}', ${b.from}, ${b.to}, ${b.kwh})`,
          );
      await saveRecords(this.writer, [after]);
    }, 'rollup');
    return after;
  }

  private async clear(record: SourceRecord, range: TimeRange): Promise<void> {
    const inRange = `source = ${record.key} AND bucket_ms >= ${range.from} AND bucket_ms < ${range.to}`;
    await this.writer.run(`DELETE FROM energy_15m WHERE ${inRange}`);
    await this.writer.run(
      `DELETE FROM energy_bridges WHERE source = ${record.key} AND to_ms > ${range.from} AND to_ms <= ${range.to}`,
    );
  }

  private async appendEnergy(record: SourceRecord, range: TimeRange, books: EnergyBooks): Promise<void> {
    const picked: number[] = [];
    const first = (range.from - books.firstBucket) / BUCKET_MS;
    const last = Math.min(books.covered.length, (range.to - books.firstBucket) / BUCKET_MS);
    for (let i = first; i < last; i++) {
      const isEmpty =
        books.covered[i] === 0 && quantityRules.every((r) => Number.isNaN(books.kwh[r.quantity][i] as number));
      if (!isEmpty) picked.push(i);
    }
    const pick = (values: Float64Array) => Float64Array.from(picked, (i) => values[i] as number);
    await this.writer.append(
      'energy_15m',
      [
        { type: 'integer', values: new Float64Array(picked.length).fill(record.key) },
        { type: 'bigint', values: Float64Array.from(picked, (i) => books.firstBucket + i * BUCKET_MS) },
        ...quantityRules.map((r) => ({ type: 'double' as const, values: pick(books.kwh[r.quantity]).map(roundKwh) })),
        { type: 'integer', values: pick(books.covered).map(Math.round) },
      ],
      picked.length,
    );
  }

  /** Books anew what late readings changed, as far around as their neighbours reach. */
  private async mendDirty(start: SourceRecord): Promise<SourceRecord> {
    const record = start;
    const limit = record.bookedUntilMs;
    if (limit === null) return record;
    const [from, to] = await this.writer.numbers(
      `SELECT from_ms::DOUBLE, to_ms::DOUBLE FROM books_dirty WHERE source = ${record.key} ORDER BY from_ms`,
    );
    if (!from || !to || from.length === 0) return record;
    const regions: TimeRange[] = [];
    for (let i = 0; i < from.length; i++) {
      const around = await this.around(record, { from: from[i] as number, to: to[i] as number });
      const region = { from: Math.max(around.from, floor(record.firstMs)), to: Math.min(around.to, limit) };
      if (region.from >= region.to) continue;
      const last = regions[regions.length - 1];
      if (last && region.from <= last.to) {
        last.from = Math.min(last.from, region.from);
        last.to = Math.max(last.to, region.to);
      } else regions.push(region);
    }
    for (const region of regions) await this.mend(record, region);
    await this.writer.run(`DELETE FROM books_dirty WHERE source = ${record.key}`);
    return record;
  }

  private async mend(record: SourceRecord, region: TimeRange): Promise<void> {
    for (let from = region.from; from < region.to; ) {
      const to = Math.min(region.to, from + firstSpan(record));
      const after = await this.firstAfter(record, to + Math.max(DAY, longestStep(record.intervalMs)));
      const readings = await this.load(record, { from, to: after }, this.writer, Math.max(DAY, contextOf(record)));
      const books = await this.withoutBooked(
        record,
        bookEnergy(readings, from, { ...this.rules(record), isFinal: true }),
        this.writer,
      );
      await this.write(record, { from, to }, books, record, { from, to });
      from = to;
    }
  }

  /** The buckets that a change in the range can reach: to the neighbours of each metric, and an hour for doubts. */
  private async around(record: SourceRecord, range: TimeRange): Promise<TimeRange> {
    const metrics = energyMetrics.filter((m) => record.metrics.has(m));
    const reach = Math.max(DAY, longestStep(record.intervalMs));
    const filters = metrics.map((m) => ` FILTER (${columnOf(m).name} IS NOT NULL)`);
    const select = (f: string) => ['', ...filters].map((filter) => `${f}(time_ms)${filter}::DOUBLE`);
    const of = `FROM readings WHERE source = ${record.key} AND time_ms`;
    const before = await this.writer.numbers(
      `SELECT ${select('max').join(', ')} ${of} < ${range.from} AND time_ms >= ${range.from - reach}`,
    );
    const after = await this.writer.numbers(
      `SELECT ${select('min').join(', ')} ${of} >= ${range.to} AND time_ms < ${range.to + reach}`,
    );
    const lows = before.map((c) => c[0] ?? Number.NaN).filter((t) => !Number.isNaN(t));
    const highs = after.map((c) => c[0] ?? Number.NaN).filter((t) => !Number.isNaN(t));
    return {
      from: floor(Math.min(range.from, ...lows) - HOUR),
      to: floor(Math.max(range.to, ...highs) + HOUR) + BUCKET_MS,
    };
  }
}

const floor = (time: number): number => Math.floor(time / BUCKET_MS) * BUCKET_MS;
/** Watt-hours to four digits: what lies below is noise of the arithmetic, and round numbers are stored in less. */
const roundKwh = (kwh: number): number => Math.round(kwh * 1e7) / 1e7;

function firstSpan(record: SourceRecord): number {
  return Math.min(31 * DAY, Math.max(DAY / 4, floor(PASS_ROWS * Math.max(1000, record.intervalMs ?? 60_000))));
}

/** How far before a range counters and powers are read, so that their state at its start is known. */
function contextOf(record: SourceRecord): number {
  const step = record.intervalMs ?? 0;
  return Math.max(HOUR, longestStep(step), Math.min(DAY, 500 * step));
}

function saysBefore(times: Float64Array, values: Float64Array, limit: number): boolean {
  for (let i = 0; i < times.length && (times[i] as number) < limit; i++) if ((values[i] as number) > 0) return true;
  return false;
}

/** The readings with rows after them that are not in the database yet. */
function withRows(readings: EnergyReadings, extra: readonly PendingRow[]): EnergyReadings {
  const last = readings.times[readings.times.length - 1] ?? Number.NEGATIVE_INFINITY;
  const rows = extra.filter((r) => r.time > last);
  if (rows.length === 0) return readings;
  const more = (column: Float64Array | undefined, of: (row: PendingRow) => number) => {
    const longer = new Float64Array(readings.times.length + rows.length).fill(Number.NaN);
    if (column) longer.set(column);
    for (const [i, row] of rows.entries()) longer[readings.times.length + i] = of(row);
    return longer;
  };
  const columns: EnergyReadings['columns'] = {};
  for (const metric of energyMetrics) {
    const there = readings.columns[metric];
    if (there || rows.some((r) => r.values[metric] !== undefined))
      columns[metric] = more(there, (r) => r.values[metric] ?? Number.NaN);
  }
  return { times: more(readings.times, (r) => r.time), columns, prior: readings.prior ?? {} };
}
