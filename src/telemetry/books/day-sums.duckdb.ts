import { localDayOf, offsetsIn, startOfLocalDay } from '../../core/zone.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import { energyQuantities } from '../energy/energy.ts';
import type { TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';

const DAY = 86_400_000;
/** Sources whose days are kept: ten years of one take half a megabyte. */
const MOST_SOURCES = 24;
/** More days than these are asked for anew altogether when they change. */
const MOST_CHANGED_DAYS = 400;

/** Columns of `energy_15m` in the order of a sheet of the books. */
export const energyColumns: readonly string[] = [
  'covered_ms',
  'readings',
  ...['kwh', 'power_kwh', 'bridged_kwh', 'known_ms'].flatMap((part) => energyQuantities.map((q) => `${q}_${part}`)),
];

/** Sums of them. Books by rules that kept no time of each quantity know it where readings came. */
export const energySums: readonly string[] = energyColumns.map((name) => {
  const [quantity] = name.split('_known_ms');
  const told =
    quantity === name ? name : `CASE WHEN ${quantity}_kwh IS NOT NULL THEN coalesce(${name}, covered_ms) END`;
  return `sum(${told})::DOUBLE`;
});

interface KnownDays {
  timeZone: string;
  /** By local day, days since 1970; null for a day of which nothing is booked. */
  days: Map<number, Float64Array | null>;
}

/** What is booked by local day, kept in memory once it was asked for: a year then costs what a day does. */
export class DaySums {
  private readonly sources = new Map<number, KnownDays>();

  /** Calls `add` with the start of each local day of the range of which something is booked, ascending, and its numbers. */
  async visit(
    connection: DuckdbConnection,
    record: SourceRecord,
    of: { timeZone: string; range: TimeRange },
    add: (time: number, numbers: Float64Array) => void,
  ): Promise<void> {
    const { timeZone, range } = of;
    const first = localDayOf(range.from, timeZone);
    const last = localDayOf(range.to - 1, timeZone);
    const { days } = this.knownOf(record.key, timeZone);
    const missing: number[] = [];
    for (let day = first; day <= last; day++) if (!days.has(day)) missing.push(day);
    if (missing.length > 0) await this.load(connection, record, timeZone, days, missing);
    for (let day = first; day <= last; day++) {
      const numbers = days.get(day);
      if (numbers) add(startOfLocalDay(day, timeZone), numbers);
    }
  }

  /** Called when something else is booked of a time. */
  changed(key: number, range: TimeRange): void {
    const known = this.sources.get(key);
    if (!known || range.from > range.to) return;
    if (range.to - range.from > MOST_CHANGED_DAYS * DAY) {
      this.sources.delete(key);
      return;
    }
    const last = localDayOf(range.to, known.timeZone);
    for (let day = localDayOf(range.from, known.timeZone); day <= last; day++) known.days.delete(day);
  }

  forget(key: number): void {
    this.sources.delete(key);
  }

  private knownOf(key: number, timeZone: string): KnownDays {
    const there = this.sources.get(key);
    const known = there?.timeZone === timeZone ? there : { timeZone, days: new Map() };
    // Last asked for, last to go.
    this.sources.delete(key);
    this.sources.set(key, known);
    const oldest = this.sources.keys().next();
    if (this.sources.size > MOST_SOURCES && !oldest.done) this.sources.delete(oldest.value);
    return known;
  }

  /** From the first to the last missing day: what lies in between is nearly always missing, too. */
  private async load(
    connection: DuckdbConnection,
    record: SourceRecord,
    timeZone: string,
    days: KnownDays['days'],
    missing: readonly number[],
  ): Promise<void> {
    const first = missing[0] as number;
    const last = missing[missing.length - 1] as number;
    const range = { from: startOfLocalDay(first, timeZone), to: startOfLocalDay(last + 1, timeZone) };
    const [found = new Float64Array(), ...columns] = await connection.numbers(
      `SELECT (${localDayOfBucket(timeZone, range)})::DOUBLE AS day, ${energySums.join(', ')} FROM energy_15m
       WHERE source = ${record.key} AND bucket_ms >= ${range.from} AND bucket_ms < ${range.to} GROUP BY day`,
    );
    // Only now: should the question fail, nothing is known of these days.
    for (let day = first; day <= last; day++) days.set(day, null);
    for (const [i, day] of found.entries())
      days.set(
        day,
        Float64Array.from(columns, (column) => column[i] ?? Number.NaN),
      );
  }
}

/** SQL for the local day of `bucket_ms`. */
export const localDayOfBucket = (timeZone: string, range: TimeRange): string =>
  `(bucket_ms + ${offsetCase(timeZone, range)}) // ${DAY}`;

/** SQL for the zone's offset at `bucket_ms`. */
function offsetCase(timeZone: string, range: TimeRange): string {
  const steps = offsetsIn(range, timeZone);
  const first = steps[0]?.offset ?? 0;
  if (steps.length === 1) return String(first);
  const whens = steps
    .slice(1)
    .reverse()
    .map((s) => `WHEN bucket_ms >= ${s.from} THEN ${s.offset}`);
  return `CASE ${whens.join(' ')} ELSE ${first} END`;
}
