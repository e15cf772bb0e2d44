import type { MetricName } from '../../core/metrics.ts';
import type { Block } from '../archive/block.ts';
import { dayOf } from '../archive/levels.ts';
import { joinRows } from '../archive/rows.ts';
import { blockOfRows } from '../reading-block.ts';
import type { PendingRow } from '../writing/pending.ts';

/** Some columns of a day's rows. */
interface KeptDay {
  metrics: ReadonlySet<MetricName>;
  block: Block;
  /** Rows that followed, not joined before somebody asks. */
  tail: Block[];
}

/** Memory for all days together. */
const MOST_BYTES = 12 * 1024 * 1024;
/** Whoever asks again is back within so many writes: one a minute. */
const LONGEST_TAIL = 30;
/** More rows at once are a flood: turning them into columns twice would hold it up. */
const MOST_ROWS_AT_ONCE = 1000;

/**
 * The last days of each source as charts asked for them, by column, so that a house of many devices is drawn without
 * reading all of it from the database each time. Rows that follow are added; anything else makes a day forgotten.
 */
export class RecentDays {
  /** The day that was asked for longest ago comes first. */
  private readonly days = new Map<string, KeptDay>();
  private readonly versions = new Map<number, number>();
  private bytes = 0;

  /** Grows with every change of a source's rows: what was read before is not kept after. */
  versionOf(source: number): number {
    return this.versions.get(source) ?? 0;
  }

  /** The rows of a day with these columns, or undefined when they are not at hand. */
  get(source: number, day: number, metrics: readonly MetricName[]): Block | undefined {
    const key = keyOf(source, day);
    const kept = this.days.get(key);
    if (!kept?.metrics.isSupersetOf(new Set(metrics))) return undefined;
    this.drop(key);
    const whole: KeptDay = { ...kept, block: joinRows([kept.block, ...kept.tail]), tail: [] };
    this.add(key, whole);
    return withColumns(whole.block, metrics);
  }

  /** Columns that a day is kept with. */
  metricsOf(source: number, day: number): MetricName[] {
    return [...(this.days.get(keyOf(source, day))?.metrics ?? [])];
  }

  /** Keeps what was read of a day when the source was at `version`. */
  put(source: number, day: number, metrics: readonly MetricName[], block: Block, version: number): void {
    if (version !== this.versionOf(source) || bytesOf(block) > MOST_BYTES / 4) return;
    const key = keyOf(source, day);
    this.drop(key);
    this.add(key, { metrics: new Set(metrics), block, tail: [] });
    for (const oldest of this.days.keys()) {
      if (this.bytes <= MOST_BYTES) break;
      this.drop(oldest);
    }
  }

  /** Rows (ascending) were stored; `isAfterAll` when all of them are later than what was there. */
  stored(source: number, rows: readonly PendingRow[], isAfterAll: boolean): void {
    this.versions.set(source, this.versionOf(source) + 1);
    for (const [day, own] of Map.groupBy(rows, ({ time }) => dayOf(time))) {
      const kept = this.days.get(keyOf(source, day));
      if (!kept) continue;
      const isEasy = isAfterAll && own.length <= MOST_ROWS_AT_ONCE && kept.tail.length < LONGEST_TAIL;
      if (isEasy) kept.tail.push(blockOfRows(own, [...kept.metrics]));
      else this.drop(keyOf(source, day));
    }
  }

  /** A day's rows are others now, or gone. */
  changed(source: number, day: number): void {
    this.versions.set(source, this.versionOf(source) + 1);
    this.drop(keyOf(source, day));
  }

  private add(key: string, kept: KeptDay): void {
    this.days.set(key, kept);
    this.bytes += bytesOf(kept.block);
  }

  private drop(key: string): void {
    const kept = this.days.get(key);
    if (!kept) return;
    this.days.delete(key);
    this.bytes -= bytesOf(kept.block);
  }
}

const keyOf = (source: number, day: number): string => `${source} ${day}`;

const bytesOf = ({ times, numbers }: Block): number => 8 * times.length * (1 + numbers.size);

function withColumns({ times, numbers }: Block, metrics: readonly MetricName[]): Block {
  const wanted = metrics.flatMap((metric) => {
    const values = numbers.get(metric);
    return values ? [[metric, values] as const] : [];
  });
  return { times, numbers: new Map(wanted), texts: new Map() };
}
