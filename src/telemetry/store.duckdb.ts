import type { NumericMetric } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import { type CalendarPeriod, periodAt, startOfLocalDay } from '../core/zone.ts';
import type { DuckdbConnection, DuckdbDatabase } from '../platform/duckdb.ts';
import { Books } from './books.duckdb.ts';
import { dayStarter, readEnergy } from './energy.duckdb.ts';
import { BUCKET_MS } from './energy.ts';
import { readHistory } from './history.duckdb.ts';
import type { PendingRow } from './pending.ts';
import type { EnergyPeriod, HistorySeries, JournalPosition, TimeRange } from './ports.ts';
import { ReadingStore } from './readings.duckdb.ts';
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

/** Everything the telemetry database does, over one connection that writes and some that read. */
export class DuckdbTelemetryStore implements TelemetryStore {
  private readonly readings: ReadingStore;
  private readonly rollups: Rollups;
  private readonly books: Books;
  private turn = 0;

  private constructor(
    private readonly database: DuckdbDatabase,
    private readonly writer: DuckdbConnection,
    private readonly readers: readonly DuckdbConnection[],
    private readonly factsOf: (sourceId: string) => SourceFacts,
  ) {
    const [first = writer] = readers;
    this.readings = new ReadingStore(writer, first);
    const starters = new Map<string, (time: number) => number>();
    this.rollups = new Rollups(writer);
    this.books = new Books(writer, (sourceId) => {
      const { timeZone, installedCapacityW } = this.factsOf(sourceId);
      const dayStart = starters.get(timeZone) ?? dayStarter(timeZone, startOfLocalDay);
      starters.set(timeZone, dayStart);
      return { installedCapacityW, dayStart };
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
    for (const record of store.readings.all()) store.books.remember(record);
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

  async write(batch: ReadonlyMap<string, readonly PendingRow[]>, position: JournalPosition | null): Promise<void> {
    await this.readings.write(batch, position);
  }

  async rollUp(sourceIds: Iterable<string>): Promise<void> {
    for (const sourceId of sourceIds) {
      const record = this.readings.find(sourceId);
      if (!record) continue;
      // Each step is known once it is in the database: what fails after it is tried again from there.
      this.readings.put(await this.rollups.bring(record));
      this.readings.put(await this.books.bring(this.readings.find(sourceId) ?? record));
    }
  }

  /** Rolls up and books everything of a source anew from its readings; for checks and after its rules changed. */
  async recompute(sourceId: string): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    this.readings.put(await this.rollups.reset(record));
    this.readings.put(await this.books.reset(this.readings.find(sourceId) ?? record));
    await this.rollUp([sourceId]);
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

  async energy(
    sourceId: string,
    period: CalendarPeriod,
    range: TimeRange,
    options: { now: number; unwritten?: readonly PendingRow[] },
  ): Promise<EnergyPeriod[]> {
    const record = this.readings.find(sourceId) ?? unknownSource(sourceId, range.from);
    const { timeZone } = this.factsOf(sourceId);
    const whole = periodAt(period, range.to - 1, timeZone);
    const reader = this.reader();
    const reachesOpen = whole.to > (record.bookedUntilMs ?? record.firstMs);
    const open = reachesOpen ? await this.books.open(record, reader, options.unwritten) : null;
    return await readEnergy(reader, record, { period, range, timeZone, now: options.now, open });
  }

  async deleteSource(sourceId: string): Promise<void> {
    const record = this.readings.find(sourceId);
    if (!record) return;
    this.books.forget(record);
    await this.readings.deleteSource(sourceId);
  }

  async deleteBefore(sourceId: string, time: number): Promise<void> {
    const record = this.readings.find(sourceId);
    if (record) await this.readings.deleteBefore(record, Math.floor(time / BUCKET_MS) * BUCKET_MS);
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
    intervalMs: null,
  };
}
