import { hasPassed } from '../../core/durations.ts';
import { nextTurn } from '../../core/next-turn.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { Archive } from '../archive/archive.sqlite.ts';
import type { Block } from '../archive/block.ts';
import { DAY_MS, dayOf } from '../archive/levels.ts';
import type { MendedDays } from '../corrections/mended.duckdb.ts';
import { mergeWithStored } from '../late.ts';
import type { TimeRange } from '../ports.ts';
import { blockOfRows, namesOf, rowsOfBlock } from '../reading-block.ts';
import type { SourceRecord, StoredRows } from '../source-record.ts';
import { mergeSorted, type PendingRow } from '../writing/pending.ts';
import type { Past } from './past.duckdb.ts';
import type { ReadingStore } from './readings.duckdb.ts';
import type { RecentRows } from './recent.duckdb.ts';
import { saveRecords } from './records.duckdb.ts';

/** A day is packed when it is over for so long: most of what comes late has come by then. ms. */
const AFTER_DAY_MS = 3_600_000;
/** A packed day to which readings came is packed anew when none came for so long. ms. */
const AFTER_LATE_MS = 600_000;
/** Readings that are packed at once: what they take in memory is some ten times that of the archive. */
const PASS_ROWS = 100_000;

/** Moves days that are over into the archive. Called one after the other with everything else that writes. */
export class Packing {
  /** When readings came to a packed day, by source and day. */
  private readonly lateAt = new Map<number, Map<number, number>>();

  constructor(
    private readonly writer: DuckdbConnection,
    private readonly recent: RecentRows,
    private readonly archive: Archive,
    private readonly past: Past,
    private readonly mended: MendedDays,
    private readonly readings: ReadingStore,
    private readonly now: () => number,
    /** Told of the times at which readings were stored among others, once they are. */
    private readonly onChanged: (record: SourceRecord, times: readonly number[]) => void,
  ) {}

  /** Remembers that readings came to days that may be packed. */
  late(record: SourceRecord, times: readonly number[]): void {
    const days = this.lateAt.get(record.key) ?? new Map<number, number>();
    this.lateAt.set(record.key, days);
    const now = this.now();
    for (const time of times) days.set(dayOf(time), now);
  }

  /** Packs what is due, the oldest days first: one pass of it. True when nothing is left to do. */
  async pass(record: SourceRecord): Promise<boolean> {
    const isMended = await this.mendSome(record);
    const due = this.dueDays(record);
    const days = firstDays(due, (day) => this.recent.days(record).get(day) ?? 0);
    if (days.length > 0) await this.pack(record, days);
    return isMended && days.length === due.length;
  }

  /** Rolls up anew what an owner mended: one pass of it. True when nothing is left to do. */
  private async mendSome(record: SourceRecord): Promise<boolean> {
    const [range] = this.mended.of(record.key);
    if (!range) return true;
    const packed = this.archive.days(record.key, range);
    const days = firstDays([...packed.keys()], (day) => packed.get(day) ?? 0);
    if (days.length > 0) await this.pack(record, days);
    const isRest = days.length < packed.size;
    await this.mended.done(record, isRest ? { ...range, from: ((days.at(-1) ?? 0) + 1) * DAY_MS } : null);
    return this.mended.of(record.key).length === 0;
  }

  /** Packs every day before `day`, whether due or not. */
  async allBefore(record: SourceRecord, day: number): Promise<void> {
    const days = [...this.recent.days(record).keys()].filter((one) => one < day).sort((a, b) => a - b);
    for (const one of days) await this.pack(record, [one]);
  }

  /** Share of the days that are over which are packed, 0..1, and how many are not. */
  progress(record: SourceRecord): { share: number; left: number } {
    const left = this.dueDays(record).length;
    if (left === 0) return { share: 1, left };
    const packed = this.archive.days(record.key, { from: 0, to: this.now() + DAY_MS }).size;
    return { share: packed / (packed + left), left };
  }

  /**
   * Stores rows (ascending) of days that are over straight in the archive. Gives the rows of later days back, and the
   * times of those that were there already and said nothing new.
   */
  async take(sourceId: string, rows: readonly PendingRow[]): Promise<{ open: PendingRow[]; again: number[] }> {
    const today = this.firstOpenDay();
    const end = rows.findIndex((row) => dayOf(row.time) >= today);
    const past = end < 0 ? rows : rows.slice(0, end);
    const again = past.length > 0 ? await this.takeDays(sourceId, past) : [];
    return { open: rows.slice(past.length), again };
  }

  /** Readings of a range are read otherwise now: it was marked so. */
  changed(record: SourceRecord, range: TimeRange): void {
    this.mended.know(record.key, range);
  }

  forget(record: SourceRecord): void {
    this.lateAt.delete(record.key);
  }

  private firstOpenDay(): number {
    return dayOf(this.now() - AFTER_DAY_MS);
  }

  private dueDays(record: SourceRecord): number[] {
    const now = this.now();
    const lateAt = this.lateAt.get(record.key);
    return [...this.recent.days(record).keys()]
      .filter((day) => day < this.firstOpenDay() && hasPassed(lateAt?.get(day) ?? 0, AFTER_LATE_MS, now))
      .sort((a, b) => a - b);
  }

  private async pack(record: SourceRecord, days: readonly number[]): Promise<void> {
    const blocks: Block[] = [];
    for (const day of days) blocks.push(await this.past.whole(this.writer, record, rangeOf(day), 'thrown'));
    await this.archive.putDays(record.key, blocks, (readings) => record.corrections.applyTo(readings));
    await this.removeRecent(record, days);
  }

  /** Recent rows of these days, which the archive holds by now. */
  private async removeRecent(record: SourceRecord, days: readonly number[]): Promise<void> {
    const known = this.recent.days(record);
    const filled = days.filter((day) => known.has(day));
    if (filled.length === 0) return;
    await this.writer.transaction(async () => {
      for (const day of filled) await this.recent.removeRange(record, rangeOf(day));
    }, 'packing');
    for (const day of filled) {
      this.recent.removed(record.key, day);
      this.lateAt.get(record.key)?.delete(day);
    }
  }

  /**
   * What the archive will hold is made known first: should the power go between, the books are made anew for nothing, and
   * nothing is forgotten.
   */
  private async takeDays(sourceId: string, rows: readonly PendingRow[]): Promise<number[]> {
    const blocks: Block[] = [];
    const again: number[] = [];
    const changed: number[] = [];
    let added = 0;
    const before = this.readings.find(sourceId);
    for (const [day, own] of Map.groupBy(rows, (row) => dayOf(row.time))) {
      await nextTurn();
      const stored = before ? rowsOfBlock(await this.past.whole(this.writer, before, rangeOf(day), 'thrown')) : [];
      const merged = mergeWithStored(own, new Map(stored.map((row) => [row.time, row])));
      again.push(...merged.again);
      if (merged.rows.length === 0) continue;
      added += merged.added;
      for (const row of merged.rows) changed.push(row.time);
      blocks.push(blockOfRows(stored.length > 0 ? mergeSorted(stored, merged.rows) : merged.rows));
    }
    const names = new Set(blocks.flatMap(namesOf));
    const record = await this.announce(sourceId, { rows, added: 0, names }, changed);
    await this.archive.putDays(record.key, blocks, (readings) => record.corrections.applyTo(readings));
    await this.removeRecent(
      record,
      blocks.map((block) => dayOf(block.times[0] ?? 0)),
    );
    const counted = { ...record, readings: record.readings + added };
    await this.writer.transaction(() => saveRecords(this.writer, [counted]));
    this.readings.put(counted);
    if (before && changed.length > 0) this.onChanged(counted, changed);
    return again;
  }

  private async announce(sourceId: string, stored: StoredRows, changed: readonly number[]): Promise<SourceRecord> {
    const record = await this.writer.transaction(async () => {
      const known = await this.readings.recordFor(sourceId, stored.rows);
      await this.readings.markDirty(known, changed);
      const advanced = this.readings.advance(known, stored);
      await saveRecords(this.writer, [advanced]);
      return advanced;
    });
    this.readings.put(record);
    return record;
  }
}

/** Days, as many as one pass may take. */
function firstDays(days: readonly number[], rowsOf: (day: number) => number): number[] {
  const first: number[] = [];
  for (let rows = 0; first.length < days.length && rows < PASS_ROWS; ) {
    const day = days[first.length] as number;
    rows += rowsOf(day);
    first.push(day);
  }
  return first;
}

const rangeOf = (day: number) => ({ from: day * DAY_MS, to: (day + 1) * DAY_MS });
