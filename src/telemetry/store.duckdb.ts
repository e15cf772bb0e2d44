import type { LocalStep } from '../core/local-steps.ts';
import type { NumericMetric } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import { localDayOf, startOfLocalDay } from '../core/zone.ts';
import type { DuckdbConnection, DuckdbDatabase } from '../platform/duckdb.ts';
import { chunkOf } from './books/chunks.ts';
import { Books } from './books.duckdb.ts';
import { type Correction, Corrections } from './correction.ts';
import { changedRange, effectOf } from './correction-effect.duckdb.ts';
import type { CorrectionEffect } from './correction-effect.ts';
import { insertCorrection, markUndone } from './corrections.duckdb.ts';
import { DaySums } from './day-sums.duckdb.ts';
import { dayStarter, readEnergy } from './energy.duckdb.ts';
import { BUCKET_MS } from './energy.ts';
import { readHistory } from './history.duckdb.ts';
import type { PendingRow } from './pending.ts';
import type { EnergyPeriod, HistorySeries, JournalPosition, TimeRange } from './ports.ts';
import { addQuality, forgetQualityBefore, readQuality } from './quality.duckdb.ts';
import type { DayTally, QualityDay } from './quality.ts';
import { readQuarterHours } from './quarter-hours.duckdb.ts';
import { emptyQuarterHours, type QuarterHours } from './quarter-hours.ts';
import { type CameAgain, ReadingStore } from './readings.duckdb.ts';
import { Rollups } from './rollups.duckdb.ts';
import type { SourceFacts, TelemetryStore } from './service.ts';
import type { SourceRecord } from './source-record.ts';

const emptySeries = (metrics: readonly NumericMetric[], range: TimeRange, points: number): HistorySeries => {
  const width = Math.max(1, Math.ceil((range.to - range.from) / Math.max(1, points)));
  const count = Math.ceil((range.to - range.from) / width);
  const nothing = () => Object.fromEntries(metrics.map((m) => [m, new Array<null>(count).fill(null)]));
  return {
    times: Array.from({ length: count }, (_, i) => range.from + i * width),
    series: nothing(),
    lows: nothing(),
    highs: nothing(),
    bucketMs: width,
  };
};

/** Readings of more than this are not booked while somebody waits. */
const FAR_BEHIND_MS = 4 * 86_400_000;

/** Everything the telemetry database does, over one connection that writes and some that read. */
export class DuckdbTelemetryStore implements TelemetryStore {
  private readonly readings: ReadingStore;
  private readonly rollups: Rollups;
  private readonly books: Books;
  private readonly days = new DaySums();
  private turn = 0;

  private constructor(
    private readonly database: DuckdbDatabase,
    private readonly writer: DuckdbConnection,
    private readonly readers: readonly DuckdbConnection[],
    private readonly factsOf: (sourceId: string) => SourceFacts,
  ) {
    const [first = writer] = readers;
    this.readings = new ReadingStore(writer, first, (record, time) => this.books.changed(record, time));
    const starters = new Map<string, (time: number) => number>();
    this.rollups = new Rollups(writer);
    this.books = new Books(writer, this.days, (sourceId) => {
      const { timeZone, installedCapacityW } = this.factsOf(sourceId);
      const dayStart = starters.get(timeZone) ?? dayStarter(timeZone, startOfLocalDay);
      starters.set(timeZone, dayStart);
      return { installedCapacityW, dayStart, timeZone };
    });
  }

  /** Takes over a migrated database. */
  static async open(
    database: DuckdbDatabase,
    factsOf: (sourceId: string) => SourceFacts,
  ): Promise<DuckdbTelemetryStore> {
    const connections = await Promise.all([database.connect(), database.connect(), database.connect()]);
    const [writer, ...readers] = connections;
    const store = new DuckdbTelemetryStore(database, writer as DuckdbConnection, readers, factsOf);
    await store.readings.load();
    return store;
  }

  close(): void {
    for (const reader of this.readers) reader.close();
    this.writer.close();
    this.database.close();
  }

  flushedPosition(): JournalPosition {
    return this.readings.flushedPosition();
  }

  find(sourceId: string): SourceRecord | undefined {
    return this.readings.find(sourceId);
  }

  all(): Iterable<SourceRecord> {
    return this.readings.all();
  }

  async write(batch: ReadonlyMap<string, readonly PendingRow[]>, position: JournalPosition | null): Promise<CameAgain> {
    return await this.readings.write(batch, position);
  }

  async rollUp(sourceId: string): Promise<boolean> {
    const record = this.readings.find(sourceId);
    if (!record) return true;
    // Each step is known once it is in the database: what fails after it is tried again from there.
    this.readings.put(await this.rollups.bring(record));
    const booked = await this.books.pass(this.readings.find(sourceId) ?? record);
    this.readings.put(booked.record);
    return booked.isDone;
  }

  bookProgress(sourceId: string): number {
    const record = this.readings.find(sourceId);
    return record ? this.books.progress(record) : 1;
  }

  isFarBehind(sourceId: string): boolean {
    const record = this.readings.find(sourceId);
    return record !== undefined && record.newestMs - (record.bookedUntilMs ?? record.firstMs) > FAR_BEHIND_MS;
  }

  /** Rolls up and books everything of a source anew from its readings, for checks. */
  async recompute(sourceId: string): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    this.readings.put(await this.rollups.reset(record));
    await this.books.bookAllAnew(this.readings.find(sourceId) ?? record);
    while (!(await this.rollUp(sourceId)));
  }

  async page(sourceId: string, range: TimeRange, limit: number): Promise<{ time: number; values: MetricValues }[]> {
    const record = this.readings.find(sourceId);
    return record ? await this.readings.page(record, range, limit) : [];
  }

  async newestRows(sourceId: string): Promise<PendingRow[]> {
    const record = this.readings.find(sourceId);
    return record ? await this.readings.newestRows(record) : [];
  }

  async history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    points: number,
  ): Promise<HistorySeries> {
    const record = this.readings.find(sourceId);
    if (!record) return emptySeries(metrics, range, points);
    return await readHistory(this.reader(), record, { metrics, range, points });
  }

  async quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours> {
    const record = this.readings.find(sourceId);
    if (record) return await readQuarterHours(this.reader(), record, range);
    const from = Math.floor(range.from / BUCKET_MS) * BUCKET_MS;
    return emptyQuarterHours(from, Math.max(0, Math.ceil((range.to - from) / BUCKET_MS)));
  }

  async energy(
    sourceId: string,
    period: LocalStep,
    range: TimeRange,
    options: { now: number; timeZone?: string; unwritten?: readonly PendingRow[] },
  ): Promise<EnergyPeriod[]> {
    const record = this.readings.find(sourceId) ?? unknownSource(sourceId, range.from);
    const timeZone = options.timeZone ?? this.factsOf(sourceId).timeZone;
    const reader = this.reader();
    return await this.books.withOpen(record, reader, options.unwritten ?? [], (sheets) =>
      readEnergy(reader, record, { period, range, timeZone, now: options.now, days: this.days, sheets }),
    );
  }

  /** Adds to what is stored of the quality of days. What is of sources without readings is left out. */
  async addQuality(tallies: ReadonlyMap<string, ReadonlyMap<number, DayTally>>): Promise<void> {
    const known = [...tallies].flatMap(([sourceId, days]) => {
      const record = this.readings.find(sourceId);
      return record ? [{ record, days }] : [];
    });
    if (known.length > 0) await addQuality(this.writer, known);
  }

  async quality(sourceId: string, range: TimeRange, now: number): Promise<QualityDay[]> {
    const record = this.readings.find(sourceId) ?? unknownSource(sourceId, range.from);
    const { timeZone } = this.factsOf(sourceId);
    const reader = this.reader();
    return await this.books.withOpen(record, reader, [], (sheets) =>
      readQuality(reader, record, { range, timeZone, now, days: this.days, sheets }),
    );
  }

  corrections(sourceId: string): readonly Correction[] {
    return this.readings.find(sourceId)?.corrections.all ?? [];
  }

  /** What becomes of readings and energy if the correction is as given. Null for a source without readings. */
  async correctionEffect(sourceId: string, correction: Correction, now: number): Promise<CorrectionEffect | null> {
    const record = this.readings.find(sourceId);
    if (!record) return null;
    const connection = this.reader();
    const { timeZone } = this.factsOf(sourceId);
    return await effectOf(
      { readings: this.readings, books: this.books, days: this.days, connection, timeZone, now },
      record,
      correction,
    );
  }

  /** Brings a correction into force, or undoes it, as it says itself; energy and rollups follow at the next passes. */
  async correct(sourceId: string, correction: Correction): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    const isNew = !record.corrections.all.some((c) => c.id === correction.id);
    const range = await changedRange(this.writer, record, correction);
    await this.books.alone(record, () =>
      this.writer.transaction(async () => {
        if (isNew) await insertCorrection(this.writer, record, correction);
        else await markUndone(this.writer, correction);
        await this.readings.markChanged(record, range);
      }),
    );
    this.readings.put({ ...record, corrections: record.corrections.with(correction) });
  }

  async deleteSource(sourceId: string): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    await this.books.alone(record, () => this.readings.deleteSource(sourceId));
  }

  async deleteBefore(sourceId: string, time: number): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    const start = chunkOf(time);
    await this.books.alone(record, () => this.readings.deleteBefore(record, start));
    await forgetQualityBefore(this.writer, record, localDayOf(start, this.factsOf(sourceId).timeZone));
  }

  readingCount(): number {
    let count = 0;
    for (const record of this.readings.all()) count += record.readings;
    return count;
  }

  size(): { databaseBytes: number; walBytes: number } {
    return this.database.size();
  }

  private reader(): DuckdbConnection {
    this.turn = (this.turn + 1) % this.readers.length;
    return this.readers[this.turn] ?? this.writer;
  }
}

/** Stands for a source without readings; no row has its number. */
function unknownSource(sourceId: string, at: number): SourceRecord {
  return {
    key: -1,
    sourceId,
    firstMs: at,
    newestMs: at,
    readings: 0,
    metrics: new Set(),
    rolledUntilMs: null,
    bookedUntilMs: null,
    bookRules: null,
    corrections: Corrections.none,
    booksFromMs: null,
    intervalMs: null,
  };
}
