import type { LocalStep } from '../../core/local-steps.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import type { MetricValues } from '../../core/reading.ts';
import { localDayOf, startOfLocalDay } from '../../core/zone.ts';
import type { DuckdbDatabase } from '../../platform/duckdb.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { Archive } from '../archive/archive.sqlite.ts';
import { DAY_MS, dayOf } from '../archive/levels.ts';
import type { BookCheck } from '../books/book-check.ts';
import { remadeShare } from '../books/book-rules.ts';
import { Books } from '../books/books.duckdb.ts';
import { DaySums } from '../books/day-sums.duckdb.ts';
import { type Correction, Corrections } from '../corrections/correction.ts';
import { changedRange, effectOf } from '../corrections/correction-effect.duckdb.ts';
import type { CorrectionEffect } from '../corrections/correction-effect.ts';
import { insertCorrection, markUndone } from '../corrections/corrections.duckdb.ts';
import { MendedDays } from '../corrections/mended.duckdb.ts';
import { dayStarter, readEnergy } from '../energy/energy.duckdb.ts';
import { BUCKET_MS } from '../energy/energy.ts';
import { readQuarterHours } from '../energy/quarter-hours.duckdb.ts';
import { emptyQuarterHours, type QuarterHours } from '../energy/quarter-hours.ts';
import type { Forgotten } from '../figures.ts';
import type { CameAgain } from '../late.ts';
import type {
  EnergyPeriod,
  HistoryDetail,
  HistorySeries,
  JournalPosition,
  SourceFacts,
  TelemetryStore,
  TimeRange,
} from '../ports.ts';
import { addQuality, forgetQualityBefore, readQuality } from '../quality/quality.duckdb.ts';
import type { DayTally, QualityDay } from '../quality/quality.ts';
import { newRecord, type SourceRecord } from '../source-record.ts';
import { storageOf } from '../storage/storage.sqlite.ts';
import type { StoredLevel } from '../storage/storage.ts';
import type { PendingRow } from '../writing/pending.ts';
import { forget } from './forgetting.duckdb.ts';
import { Packing } from './packing.duckdb.ts';
import { Past } from './past.duckdb.ts';
import { ReadingStore } from './readings.duckdb.ts';
import { RecentRows } from './recent.duckdb.ts';

/** Readings of more than this are not booked while somebody waits. */
const FAR_BEHIND_MS = 4 * 86_400_000;

/** Rows that tell how a source stands. */
const NEWEST_ROWS = 500;

export interface StoreOptions {
  archive: Archive;
  factsOf: (sourceId: string) => SourceFacts;
  now: () => number;
}

/** Everything the telemetry database does, over one connection that writes and some that read. */
export class DuckdbTelemetryStore implements TelemetryStore {
  private readonly past: Past;
  private readonly readings: ReadingStore;
  private readonly packing: Packing;
  private readonly books: Books;
  private readonly days = new DaySums();
  private turn = 0;

  private constructor(
    private readonly database: DuckdbDatabase,
    private readonly writer: DuckdbConnection,
    private readonly readers: readonly DuckdbConnection[],
    private readonly options: StoreOptions,
  ) {
    const { archive, factsOf, now } = options;
    const recent = new RecentRows(writer);
    const mended = new MendedDays(writer);
    this.past = new Past(recent, archive, mended);
    const onLate = (record: SourceRecord, times: readonly number[]) => this.changed(record, times);
    this.readings = new ReadingStore(writer, recent, archive, this.past, mended, onLate);
    this.packing = new Packing(writer, recent, archive, this.past, mended, this.readings, now, onLate);
    const starters = new Map<string, (time: number) => number>();
    this.books = new Books(writer, this.past, this.days, (sourceId) => {
      const { timeZone, installedCapacityW } = factsOf(sourceId);
      const dayStart = starters.get(timeZone) ?? dayStarter(timeZone, startOfLocalDay);
      starters.set(timeZone, dayStart);
      return { installedCapacityW, dayStart, timeZone };
    });
  }

  /** Takes over a migrated database. */
  static async open(database: DuckdbDatabase, options: StoreOptions): Promise<DuckdbTelemetryStore> {
    const connections = await Promise.all([database.connect(), database.connect(), database.connect()]);
    const [writer, ...readers] = connections;
    const store = new DuckdbTelemetryStore(database, writer as DuckdbConnection, readers, options);
    await store.readings.load();
    await store.noteEarlier();
    return store;
  }

  /** What cannot be written now (a full disk) is with the first pass over each source. */
  private async noteEarlier(): Promise<void> {
    const noted = await this.books.noteEarlier(this.readings.all()).catch(() => []);
    for (const record of noted) this.readings.put(record);
  }

  /** Closes when what is being asked and written is through. */
  async close(): Promise<void> {
    await Promise.all([...this.readers, this.writer].map((connection) => connection.close()));
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

  async take(sourceId: string, rows: readonly PendingRow[]): Promise<CameAgain> {
    const { open, again } = await this.packing.take(sourceId, rows);
    const written = open.length > 0 ? await this.readings.write(new Map([[sourceId, open]]), null) : new Map();
    return new Map([[sourceId, [...again, ...(written.get(sourceId) ?? [])]]]);
  }

  async rollUp(sourceId: string): Promise<boolean> {
    const record = this.readings.find(sourceId);
    if (!record) return true;
    const isPacked = await this.packing.pass(record);
    const booked = await this.books.pass(record);
    // Known once it is in the database: what fails is tried again from there.
    this.readings.put(booked.record);
    return isPacked && booked.isDone;
  }

  async remake(sourceId: string): Promise<boolean> {
    const record = this.readings.find(sourceId);
    if (!record) return true;
    const remade = await this.books.remake(record);
    this.readings.put(remade.record);
    return remade.isDone;
  }

  remadeShare(sourceId: string): number | null {
    const record = this.readings.find(sourceId);
    return record ? remadeShare(record) : null;
  }

  packProgress(sourceId: string): { share: number; left: number } {
    const record = this.readings.find(sourceId);
    return record ? this.packing.progress(record) : { share: 1, left: 0 };
  }

  bookProgress(sourceId: string): number {
    const record = this.readings.find(sourceId);
    return record ? this.books.progress(record) : 1;
  }

  isFarBehind(sourceId: string): boolean {
    const record = this.readings.find(sourceId);
    if (!record) return false;
    return this.books.isEarlier(record) || record.newestMs - (record.bookedUntilMs ?? record.firstMs) > FAR_BEHIND_MS;
  }

  /** Books everything of a source anew from its readings, for checks. */
  async recompute(sourceId: string): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    this.readings.put(await this.books.bookAllAnew(record));
    while (!(await this.rollUp(sourceId)));
    while (!(await this.remake(sourceId)));
  }

  async page(
    sourceId: string,
    range: TimeRange,
    options: { limit: number; unwritten?: readonly PendingRow[]; isAsReceived?: boolean },
  ): Promise<{ time: number; values: MetricValues }[]> {
    const known = this.readings.find(sourceId) ?? unknownSource(sourceId, range.from);
    const record = options.isAsReceived ? { ...known, corrections: Corrections.none } : known;
    const rows = await this.past.page(this.reader(), record, range, options.limit, options.unwritten);
    return rows.map(({ time, values }) => ({ time, values }));
  }

  async newestRows(sourceId: string): Promise<PendingRow[]> {
    const record = this.readings.find(sourceId);
    return record ? await this.past.newest(this.reader(), record, NEWEST_ROWS) : [];
  }

  async history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    options: { points: number; unwritten?: readonly PendingRow[]; detail?: HistoryDetail | undefined },
  ): Promise<HistorySeries> {
    const record = this.readings.find(sourceId) ?? unknownSource(sourceId, range.from);
    const request = { metrics, range, points: options.points, detail: options.detail ?? 'extremes' };
    return await this.past.history(this.reader(), record, request, options.unwritten);
  }

  async quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours> {
    const record = this.readings.find(sourceId);
    if (record) return await readQuarterHours(this.past, this.reader(), record, range);
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
    const timeZone = options.timeZone ?? this.options.factsOf(sourceId).timeZone;
    const reader = this.reader();
    const newestMs = Math.max(record.newestMs, options.unwritten?.at(-1)?.time ?? 0);
    const { now } = options;
    return await this.books.withOpen(record, reader, options.unwritten ?? [], (sheets) =>
      readEnergy(reader, record, { period, range, timeZone, now, newestMs, days: this.days, sheets }),
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
    const { timeZone } = this.options.factsOf(sourceId);
    const reader = this.reader();
    return await this.books.withOpen(record, reader, [], (sheets) =>
      readQuality(reader, record, { range, timeZone, now, days: this.days, sheets }),
    );
  }

  /** Books some days of a source anew and compares; null for a source without readings. */
  async checkBooks(sourceId: string, days: number): Promise<BookCheck | null> {
    const record = this.readings.find(sourceId);
    return record ? await this.books.check(record, this.reader(), days) : null;
  }

  /** Everything of a source is booked and rolled up anew at the next passes. */
  async bookAnew(sourceId: string): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    const all = { from: 0, to: record.newestMs + 1 };
    await this.writer.transaction(() => this.readings.markMended(record, all));
    this.packing.changed(record, all);
    this.readings.put(await this.books.bookAllAnew(record));
  }

  corrections(sourceId: string): readonly Correction[] {
    return this.readings.find(sourceId)?.corrections.all ?? [];
  }

  /** What becomes of readings and energy if the correction is as given. Null for a source without readings. */
  async correctionEffect(sourceId: string, correction: Correction, now: number): Promise<CorrectionEffect | null> {
    const record = this.readings.find(sourceId);
    if (!record) return null;
    const connection = this.reader();
    const { timeZone } = this.options.factsOf(sourceId);
    const deps = { past: this.past, books: this.books, days: this.days, connection, timeZone, now };
    return await effectOf(deps, record, correction);
  }

  /** Brings a correction into force, or undoes it, as it says itself; energy and rollups follow at the next passes. */
  async correct(sourceId: string, correction: Correction): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    const isNew = !record.corrections.all.some((c) => c.id === correction.id);
    const range = await changedRange(this.past, this.writer, record, correction);
    await this.books.alone(record, () =>
      this.writer.transaction(async () => {
        if (isNew) await insertCorrection(this.writer, record, correction);
        else await markUndone(this.writer, correction);
        await this.readings.markChanged(record, range);
      }),
    );
    const after = { ...record, corrections: record.corrections.with(correction) };
    this.readings.put(after);
    this.packing.changed(after, range);
  }

  async deleteSource(sourceId: string): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    this.packing.forget(record);
    await this.books.alone(record, () => this.readings.deleteSource(record));
  }

  async forget(sourceId: string, what: Forgotten): Promise<void> {
    const found = this.readings.find(sourceId);
    if (!found) return;
    if (what.level === 'readings') {
      await this.packing.allBefore(found, dayOf(what.before));
      while (!(await this.rollUp(sourceId)));
      // Books that are still to be made anew need them; the next night does it.
      if (this.remadeShare(sourceId) !== null) return;
      this.readings.put(await this.books.close(this.readings.find(sourceId) ?? found, dayOf(what.before) * DAY_MS));
    }
    const record = this.readings.find(sourceId) ?? found;
    await this.books.alone(record, async () =>
      this.readings.put(await forget(this.writer, this.options.archive, record, what)),
    );
    this.days.forget(record.key);
    if (what.level === 'day')
      await forgetQualityBefore(this.writer, record, localDayOf(what.before, this.options.factsOf(sourceId).timeZone));
  }

  readingCount(): number {
    let count = 0;
    for (const record of this.readings.all()) count += record.readings;
    return count;
  }

  size(): { databaseBytes: number; walBytes: number } {
    return this.database.size();
  }

  storage(now: number): Omit<StoredLevel, 'keepDays'>[] {
    const { databaseBytes, walBytes } = this.size();
    return storageOf(this.options.archive, this.readings.all(), { energyBytes: databaseBytes + walBytes, now });
  }

  /** Readings were stored among others. */
  private changed(record: SourceRecord, times: readonly number[]): void {
    this.packing.late(record, times);
    this.books.changed(
      record,
      times.reduce((a, b) => Math.min(a, b)),
    );
  }

  private reader(): DuckdbConnection {
    this.turn = (this.turn + 1) % this.readers.length;
    return this.readers[this.turn] ?? this.writer;
  }
}

/** Stands for a source without readings; no row has its number. */
const unknownSource = (sourceId: string, at: number): SourceRecord => newRecord(-1, sourceId, at);
