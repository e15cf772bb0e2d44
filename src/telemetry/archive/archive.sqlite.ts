import type { Database } from 'bun:sqlite';
import { nextTurn } from '../../core/next-turn.ts';
import type { TimeRange } from '../figures.ts';
import type { Block, PackedBlock } from './block.ts';
import { type Archived, BlockFile, type NewBlock } from './blocks.sqlite.ts';
import {
  blockId,
  DAY_MS,
  dayOf,
  finestFirst,
  type Level,
  levels,
  type RolledLevel,
  stretchOf,
  timeOfStretch,
} from './levels.ts';
import { filledOut, isSameRolled, rollUp, rollUpFurther, slim } from './rollup.ts';
import { joinRows, rowsBetween } from './rows.ts';

const rolledLevels: readonly RolledLevel[] = ['minute', 'quarter', 'hour', 'day'];

/** Blocks that are taken away in one transaction. */
const FORGOTTEN_BLOCKS = 64;

/**
 * Days that are over, packed (docs/decisions/telemetry-layout.md). A day's readings and what is rolled up of them are written
 * in one transaction, so they always agree. Reading is quick enough to be done at once; changes go one after the other.
 */
export class Archive {
  constructor(private readonly file: BlockFile) {}

  static open(path: string, now: () => number): Archive {
    return new Archive(BlockFile.open(path, now));
  }

  /** Its connection, for a backup. */
  database(): Database {
    return this.file.db;
  }

  close(): void {
    this.file.close();
  }

  /** The numbers of sources, by their ids. */
  sources(): Map<string, number> {
    return this.file.sources();
  }

  /** The number that stands for a source in both files; a new one, `wanted` if that was never used, when it has none. */
  numberOf(sourceId: string, wanted?: number): number {
    return this.file.numberOf(sourceId, wanted);
  }

  /** Metrics of which the archive holds something of a source. */
  metricsOf(source: number): string[] {
    const days = this.file.read('day', source, { from: 0, to: Number.MAX_SAFE_INTEGER }, 'left out');
    return [...new Set(days.flatMap((block) => block.names().map((name) => name.split('.')[0] ?? '')))];
  }

  /** The readings of each source, by its number. */
  all(): Map<number, Archived> {
    return this.file.all();
  }

  /** Days of the range that have readings here, and how many. */
  days(source: number, range: TimeRange): Map<number, number> {
    return this.file.there('readings', source, range);
  }

  /** Blocks that share time with the range, ascending; without those that are damaged. */
  read(level: Level, source: number, range: TimeRange): PackedBlock[] {
    return this.file.read(level, source, range, 'left out');
  }

  /** Rows of a level in the range, with all their columns. Damaged ones are thrown where they would be written anew. */
  rows(level: Level, source: number, range: TimeRange, damaged: 'left out' | 'thrown' = 'left out'): Block {
    const blocks = this.file.read(level, source, range, damaged).map((packed) => packed.whole());
    return rowsBetween(joinRows(blocks), range.from, range.to);
  }

  /** Levels of a day that are not what rolling up its readings gives, as `read` says that they are to be read. */
  wrongLevels(source: number, day: number, read: (readings: Block) => Block): RolledLevel[] {
    const range = { from: day * DAY_MS, to: (day + 1) * DAY_MS };
    const readings = this.rows('readings', source, range);
    if (readings.times.length === 0) return [];
    return rollUpDay(read(readings), false).flatMap(([level, rows]) =>
      isSameRolled(rows, this.rows(level, source, range)) ? [] : [level],
    );
  }

  /** Blocks that were found damaged since the start; what they hold is missing wherever it is asked for. */
  damagedCount(): number {
    return this.file.damagedCount();
  }

  /** Time of the first reading at or after `time`; null when there is none. */
  firstFrom(source: number, time: number): number | null {
    const day = this.file.firstDayFrom(source, time);
    if (!day || day.firstMs >= time) return day?.firstMs ?? null;
    const [block] = this.read('readings', source, { from: day.firstMs, to: day.lastMs + 1 });
    return block?.times().find((t) => t >= time) ?? null;
  }

  /**
   * Stores all readings of days that are over, each day by itself and ascending, in place of what is there of them; with
   * what is rolled up of them as `read` says that they are to be read. Of a day whose readings are gone already, they count
   * as more of it.
   */
  async putDays(source: number, days: readonly Block[], read: (readings: Block) => Block = (b) => b): Promise<void> {
    const written: NewBlock[] = [];
    const rolled = new Map<RolledLevel, RolledDay[]>(rolledLevels.map((level) => [level, []]));
    const retired = this.retiredOf(source, days);
    for (const readings of days) {
      const day = dayOf(readings.times[0] ?? 0);
      const isRetired = retired.has(day);
      if (!isRetired) written.push(this.file.pack('readings', source, day, readings));
      for (const [level, fresh] of rollUpDay(read(readings), isRetired)) {
        const rows = isRetired ? this.withMore(level, source, day, fresh) : fresh;
        if (rows) rolled.get(level)?.push({ day, rows });
      }
      await nextTurn();
    }
    for (const [level, own] of rolled) written.push(...(await this.splice(level, source, own)));
    this.file.write(written);
  }

  /**
   * Removes a level before the start of a day, some blocks at a time. Readings leave their minutes when they are asked to.
   * Gives the number of rows that are gone.
   */
  async forgetBefore(
    level: Level,
    source: number,
    day: number,
    leave?: { level: 'minute'; read: (readings: Block) => Block },
  ): Promise<number> {
    const end = day * DAY_MS;
    const stretches = [...this.file.there(level, source, { from: 0, to: end })];
    let removed = 0;
    for (let at = 0; at < stretches.length; at += FORGOTTEN_BLOCKS) {
      const gone: number[] = [];
      const written: NewBlock[] = [];
      for (const [stretch, count] of stretches.slice(at, at + FORGOTTEN_BLOCKS)) {
        const rows = this.rows(level, source, timeOfStretch(level, stretch), 'thrown');
        const left = rowsBetween(rows, end, Number.MAX_SAFE_INTEGER);
        removed += count - left.times.length;
        if (left.times.length === 0) gone.push(blockId(level, source, stretch));
        else if (left.times.length < count) written.push(this.file.pack(level, source, stretch, left));
        if (leave) {
          const minutes = slim(rollUp(leave.read(rows), levels[leave.level].widthMs));
          written.push(this.file.pack(leave.level, source, stretch, minutes));
        }
        await nextTurn();
      }
      if (gone.length + written.length > 0) this.file.write(written, gone);
      await this.file.release();
    }
    return removed;
  }

  /** Time of the first row of a level; null when there is none. */
  first(level: Level, source: number): number | null {
    return this.file.first(level, source);
  }

  /** Removes all of a source. */
  async deleteSource(source: number): Promise<void> {
    this.file.deleteSource(source);
    await this.file.release();
  }

  /** What the blocks of a source that share time with the range hold, by level. */
  share(source: number, range: TimeRange): Record<Level, { rows: number; bytes: number }> {
    const shares = finestFirst.map((level) => [level, this.file.share(level, source, range)] as const);
    return Object.fromEntries(shares) as Record<Level, { rows: number; bytes: number }>;
  }

  /** Bytes by level. */
  bytes(): Record<Level, number> {
    const sizes = finestFirst.map((level) => [level, this.file.bytes(level)] as const);
    return Object.fromEntries(sizes) as Record<Level, number>;
  }

  /** Those of some days (ascending) whose readings are gone, where what was rolled up of them is not. */
  private retiredOf(source: number, days: readonly Block[]): Set<number> {
    const [first = 0, last = 0] = [days[0]?.times[0], days.at(-1)?.times[0]].map((time) => dayOf(time ?? 0));
    const range = { from: first * DAY_MS, to: (last + 1) * DAY_MS };
    const there = this.days(source, range);
    const rolled = this.file
      .read('day', source, range, 'thrown')
      .flatMap((packed) => Array.from(packed.times(), dayOf));
    return new Set(rolled.filter((day) => !there.has(day)));
  }

  /** What is left of a day with what came late added; undefined where nothing is left. */
  private withMore(level: RolledLevel, source: number, day: number, more: Block): Block | undefined {
    const there = this.rows(level, source, { from: day * DAY_MS, to: (day + 1) * DAY_MS }, 'thrown');
    if (there.times.length === 0) return undefined;
    return rollUpFurther(joinRows([filledOut(there), more]), levels[level].widthMs);
  }

  /** Puts rolled-up days (ascending) in their place in the blocks that hold them. */
  private async splice(level: RolledLevel, source: number, days: readonly RolledDay[]): Promise<NewBlock[]> {
    const written: NewBlock[] = [];
    for (const [stretch, own] of Map.groupBy(days, ({ day }) => stretchOf(level, day))) {
      const range = timeOfStretch(level, stretch);
      const there = filledOut(this.rows(level, source, range, 'thrown'));
      const parts: Block[] = [];
      let at = range.from;
      for (const { day, rows } of own) {
        parts.push(rowsBetween(there, at, day * DAY_MS), rows);
        at = (day + 1) * DAY_MS;
      }
      parts.push(rowsBetween(there, at, range.to));
      written.push(this.file.pack(level, source, stretch, slim(joinRows(parts))));
      await nextTurn();
    }
    return written;
  }
}

/** What was rolled up of a day. */
interface RolledDay {
  day: number;
  rows: Block;
}

/** Minutes are made of readings only when those are gone. */
function rollUpDay(readings: Block, isRetired: boolean): [RolledLevel, Block][] {
  const quarter = rollUp(readings, levels.quarter.widthMs);
  const hour = rollUpFurther(quarter, levels.hour.widthMs);
  const rolled: [RolledLevel, Block][] = [
    ['quarter', quarter],
    ['hour', hour],
    ['day', rollUpFurther(hour, levels.day.widthMs)],
  ];
  return isRetired ? [['minute', rollUp(readings, levels.minute.widthMs)], ...rolled] : rolled;
}
