import { Lanes } from '../../core/lanes.ts';
import { startOfLocalDay } from '../../core/zone.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import { dayStarter } from '../energy/energy.duckdb.ts';
import { CHUNK_MS } from '../energy/energy.ts';
import { energyColumnsOf, readEnergyColumns } from '../energy/energy-readings.duckdb.ts';
import type { TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';
import type { Past } from '../store/past.duckdb.ts';
import { saveRecords } from '../store/records.duckdb.ts';
import type { PendingRow } from '../writing/pending.ts';
import { type BookCheck, checkBooks, sampleDays } from './book-check.ts';
import { BOOK_VERSION, earlierBooks, isLittle, isReadable, remadeShare, rulesIn, rulesText } from './book-rules.ts';
import {
  firstChunkFrom,
  lastChunkBefore,
  readBuckets,
  readDirty,
  readStates,
  replaceDirty,
} from './book-tables.duckdb.ts';
import { BookWrites } from './book-writes.duckdb.ts';
import { type BookedSource, Bookkeeper, type BookStore, type Remade } from './bookkeeper.ts';
import { chunkOf } from './chunks.ts';
import type { DaySums } from './day-sums.duckdb.ts';
import type { EnergyRules } from './energy-fold.ts';
import type { EnergySheet } from './energy-sheet.ts';
import { type BookPreview, previewBooks } from './preview.ts';

/** Readings that one pass takes into memory. */
const PASS_ROWS = 50_000;
/** The same where books by earlier rules are made anew, beside whoever asks. */
const REMADE_ROWS = 20_000;
/** Chunks that one pass looks at, at most: half a year. */
const PASS_CHUNKS = 720;

/** What the books must know of a source beyond its readings. */
export interface BookFacts extends EnergyRules {
  timeZone: string;
}
export type BookFactsOf = (sourceId: string) => BookFacts;

/** The record after a pass, and whether nothing is left to do. */
export interface BookPass {
  record: SourceRecord;
  isDone: boolean;
}

/** The energy books of all sources in the telemetry database. */
export class Books {
  private readonly keepers = new Map<number, Bookkeeper>();
  /** One thing after the other for each source. */
  private readonly lanes = new Lanes<number>();
  private readonly writes: BookWrites;

  constructor(
    private readonly writer: DuckdbConnection,
    private readonly past: Past,
    private readonly days: DaySums,
    private readonly factsOf: BookFactsOf,
  ) {
    this.writes = new BookWrites(writer, days);
  }

  /**
   * Writes what has become known since the last time: one pass of it, so that others have their turn. Many books by earlier
   * rules are left to `remake`.
   */
  pass(record: SourceRecord): Promise<BookPass> {
    return this.lanes.run(record.key, async () => {
      const current = await this.withCurrentRules(record);
      const dirty = current.bookedUntilMs === null ? [] : await readDirty(this.writer, current);
      if (dirty.length > 0) {
        await this.bookAnew(current, dirty);
        return { record: current, isDone: false };
      }
      const { record: after, isDone } = await this.goOn(current);
      if (!isDone || after.earlierFromMs === null || !isLittle(after)) return { record: after, isDone };
      return await this.storeRemade(after, await this.remadeSome(after));
    });
  }

  /**
   * Stores also what is booked of a chunk whose readings all lie before `time` and are about to go: a source that ended may
   * never end its last chunk.
   */
  close(record: SourceRecord, time: number): Promise<SourceRecord> {
    return this.lanes.run(record.key, async () => {
      const keeper = this.keeperOf(record);
      await keeper.upToDate(this.storeOf(this.writer, record), bookedSource(record));
      keeper.closeBefore(time);
      return await this.storeOver(record);
    });
  }

  /**
   * Makes books by earlier rules anew: one pass of it, beside those who ask. Nothing else may change readings or books
   * meanwhile, and nothing may be left for `pass`.
   */
  async remake(record: SourceRecord): Promise<BookPass> {
    if (record.earlierFromMs === null) return { record, isDone: true };
    const remade = await this.remadeSome(record);
    return await this.storeRemade(record, remade, () => this.lanes.enter(record.key));
  }

  /** At a start: notes of all books by other rules than today's that they are, at once. Gives those records. */
  async noteEarlier(records: Iterable<SourceRecord>): Promise<SourceRecord[]> {
    const others = [...records].filter((r) => r.bookedUntilMs !== null && r.bookRules !== this.rulesOfToday(r));
    const noted = others.map((r) => ({ ...r, bookRules: this.rulesOfToday(r), ...earlierBooks(r) }));
    if (noted.length > 0) await this.writer.transaction(() => saveRecords(this.writer, noted));
    return noted;
  }

  /** True if many books are by earlier rules: those are made anew in the background. */
  isEarlier(record: SourceRecord): boolean {
    if (isLittle(record) || record.bookedUntilMs === null) return false;
    return record.earlierFromMs !== null || record.bookRules !== this.rulesOfToday(record);
  }

  /** How much of a source's time is booked by today's rules, 0..1. */
  progress(record: SourceRecord): number {
    const remade = remadeShare(record);
    if (remade !== null) return remade;
    const from = chunkOf(record.firstMs);
    const to = chunkOf(record.newestMs);
    return to <= from ? 1 : Math.min(1, Math.max(0, ((record.bookedUntilMs ?? from) - from) / (to - from)));
  }

  /** Runs `read` with all that is booked but not stored, and what is open as it looks now, with rows that follow. */
  withOpen<T>(
    record: SourceRecord,
    connection: DuckdbConnection,
    unwritten: readonly PendingRow[],
    read: (sheets: EnergySheet[]) => Promise<T>,
  ): Promise<T> {
    return this.lanes.run(record.key, async () => {
      const live = await this.keeperOf(record).upToDate(this.storeOf(connection, record), bookedSource(record));
      const rows = unwritten.filter((row) => row.time > live.newest());
      return await read(live.sheets(energyColumnsOf(rows)));
    });
  }

  /** Runs `read` with what is booked now and with what would be if the source's readings were those of `altered`. */
  withPreview<T>(
    record: SourceRecord,
    altered: SourceRecord,
    changed: TimeRange,
    connection: DuckdbConnection,
    read: (now: EnergySheet[], preview: BookPreview) => Promise<T>,
  ): Promise<T> {
    return this.lanes.run(record.key, async () => {
      const live = await this.keeperOf(record).upToDate(this.storeOf(connection, record), bookedSource(record));
      const facts = { rules: this.factsOf(record.sourceId), jumps: altered.corrections.jumps };
      const store = this.storeOf(connection, altered);
      return await read(live.sheets(), await previewBooks(store, bookedSource(altered), [changed], facts));
    });
  }

  /** Called when readings at or after `time` were added behind others, changed or removed, once that is committed. */
  changed(record: SourceRecord, time: number): void {
    this.keepers.get(record.key)?.changed(time);
  }

  /** Runs something that changes the source's readings or books while nobody else does. */
  alone<T>(record: SourceRecord, work: () => Promise<T>): Promise<T> {
    return this.lanes.run(record.key, async () => {
      this.keepers.delete(record.key);
      this.days.forget(record.key);
      return await work();
    });
  }

  /**
   * Books some days anew and compares with what is stored, by the rules that it was stored by; so does it with what is rolled
   * up of them. The days are the first booked one, the last, and others by chance. Nothing is changed.
   */
  check(record: SourceRecord, connection: DuckdbConnection, days: number): Promise<BookCheck> {
    return this.lanes.run(record.key, async () => {
      const rules = rulesOf(record);
      const share = remadeShare(record);
      if (share !== null) return { days: 0, problems: [], isWaiting: true, remadeShare: share };
      const isWaiting = rules === null || (await readDirty(connection, record)).length > 0;
      if (isWaiting || record.bookedUntilMs === null) return { days: 0, problems: [], isWaiting };
      const booked = { from: Math.max(record.firstMs, record.booksFromMs ?? 0), to: record.bookedUntilMs };
      const ranges = sampleDays(booked, days, Math.random);
      const deps = {
        ...{ store: this.storeOf(connection, record), rules, jumps: record.corrections.jumps },
        bucketsOf: (chunk: number) => readBuckets(connection, record, chunk),
        since: record.energyFromMs,
      };
      const problems: string[] = [];
      for (const range of ranges)
        problems.push(...(await checkBooks(deps, range)), ...this.past.wrongDays(record, range));
      return { days: ranges.length, problems, isWaiting };
    });
  }

  /** Everything of the source whose readings are there is booked anew at the next passes. Gives the new record. */
  async bookAllAnew(record: SourceRecord): Promise<SourceRecord> {
    return await this.alone(record, () => this.asEarlier(record, record.bookRules));
  }

  private rulesOfToday({ sourceId }: SourceRecord): string {
    return rulesText(this.factsOf(sourceId));
  }

  private keeperOf(record: SourceRecord): Bookkeeper {
    const { jumps } = record.corrections;
    const known = this.keepers.get(record.key);
    // Whoever began to ask before a correction comes with what was known then.
    if (known?.jumps === jumps) return known;
    const keeper = new Bookkeeper(this.factsOf(record.sourceId), jumps);
    this.keepers.set(record.key, keeper);
    return keeper;
  }

  /** When what the arithmetic must know of the source has changed, all books are those of earlier rules. */
  private async withCurrentRules(record: SourceRecord): Promise<SourceRecord> {
    const bookRules = this.rulesOfToday(record);
    if (record.bookRules === bookRules) return record;
    const after = await this.asEarlier(record, bookRules);
    this.keepers.delete(record.key);
    return after;
  }

  private async asEarlier(record: SourceRecord, bookRules: string | null): Promise<SourceRecord> {
    const after = { ...record, bookRules, ...earlierBooks(record) };
    await this.writer.transaction(() => saveRecords(this.writer, [after]));
    return after;
  }

  /** Goes on with the readings after those that were taken, and stores the chunks that are over. */
  private async goOn(record: SourceRecord): Promise<{ record: SourceRecord; isDone: boolean }> {
    const isDone = await this.keeperOf(record).advance(this.storeOf(this.writer, record), bookedSource(record));
    return { record: await this.storeOver(record), isDone };
  }

  private async storeOver(record: SourceRecord): Promise<SourceRecord> {
    const keeper = this.keeperOf(record);
    const over = [...keeper.over()];
    const last = over.at(-1);
    if (!last) return record;
    const after = { ...record, bookedUntilMs: last.chunk + CHUNK_MS };
    await this.writes.add(after, over);
    keeper.stored(over.length);
    return after;
  }

  private async bookAnew(record: SourceRecord, dirty: readonly TimeRange[]): Promise<void> {
    const rebooked = await this.keeperOf(record).rebook(this.storeOf(this.writer, record), bookedSource(record), dirty);
    await this.writes.replace(record, rebooked, () => replaceDirty(this.writer, record, rebooked.dirty));
  }

  private remadeSome(record: SourceRecord): Promise<Remade> {
    return this.keeperOf(record).remake(this.storeOf(this.writer, record), bookedSource(record, REMADE_ROWS));
  }

  /** `enter` is asked for its turn when all but the commit is done. */
  private async storeRemade(record: SourceRecord, remade: Remade, enter = async () => () => {}): Promise<BookPass> {
    const { earlierFromMs, isOtherEnd } = remade;
    const isDone = earlierFromMs === null;
    const after = { ...record, earlierFromMs, earlierVersion: isDone ? null : record.earlierVersion };
    let leave = () => {};
    try {
      await this.writes.replace(record, remade, async () => {
        await saveRecords(this.writer, [after]);
        leave = await enter();
      });
      if (isOtherEnd) this.keepers.delete(record.key);
    } finally {
      leave();
    }
    return { record: after, isDone };
  }

  private storeOf(connection: DuckdbConnection, record: SourceRecord): BookStore {
    return {
      readings: (range) => readEnergyColumns(this.past, connection, record, range),
      firstReadingFrom: (time) => this.past.firstFrom(connection, record, time),
      firstChunkFrom: (time) => firstChunkFrom(connection, record, time),
      states: (range) => readStates(connection, record, range),
      lastBefore: async (chunk) => {
        const last = await lastChunkBefore(connection, record, chunk);
        return last && !isReadable(record, last.chunk) ? { ...last, state: null } : last;
      },
    };
  }
}

/** The rules that the books of a source were made by; null when by another version's than today's. */
function rulesOf({ bookRules }: SourceRecord): EnergyRules | null {
  const { version, timeZone, installedCapacityW } = rulesIn(bookRules);
  if (version !== BOOK_VERSION) return null;
  return { installedCapacityW, dayStart: dayStarter(timeZone, startOfLocalDay) };
}

function bookedSource(record: SourceRecord, passRows = PASS_ROWS): BookedSource {
  const length = passRows * Math.max(1000, record.intervalMs ?? 60_000);
  return { ...record, passMs: Math.max(CHUNK_MS, Math.min(PASS_CHUNKS * CHUNK_MS, chunkOf(length))) };
}
