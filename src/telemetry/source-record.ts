import { findMetric, type MetricName } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import { Corrections } from './corrections/correction.ts';
import { withDerivedPowers } from './derive.ts';
import type { PendingRow } from './writing/pending.ts';

/** What the store knows of a source without reading its rows. */
export interface SourceRecord {
  /** The small number that stands for the source in every table. */
  key: number;
  sourceId: string;
  firstMs: number;
  newestMs: number;
  readings: number;
  metrics: ReadonlySet<MetricName>;
  /** Readings before this moment are booked; null before the first of them. */
  bookedUntilMs: number | null;
  /** By which rules the books were made; null before the first time. */
  bookRules: string | null;
  /** Books from this moment on are by earlier rules, and are made anew from here on; null when none are. */
  earlierFromMs: number | null;
  /** The oldest version of the rules that those were made by. */
  earlierVersion: number | null;
  /** Readings before this moment are gone, and books before it stay as they are; null while all are there. */
  booksFromMs: number | null;
  /** What the owner mended by hand, where it is in force. */
  corrections: Corrections;
  /** Energy before this moment is gone; null while all of it is there. */
  energyFromMs: number | null;
  /** Usual time between two readings; null until there were two. */
  intervalMs: number | null;
}

/** A source of which nothing is stored yet. */
export function newRecord(key: number, sourceId: string, firstMs: number): SourceRecord {
  return {
    key,
    sourceId,
    firstMs,
    newestMs: firstMs,
    readings: 0,
    metrics: new Set(),
    bookedUntilMs: null,
    bookRules: null,
    earlierFromMs: null,
    earlierVersion: null,
    booksFromMs: null,
    energyFromMs: null,
    corrections: Corrections.none,
    intervalMs: null,
  };
}

/** What was stored of a source. */
export interface StoredRows {
  /** Ascending. */
  rows: readonly PendingRow[];
  /** How many of them at times that had none. */
  added: number;
  /** Columns in which some of them have values; others than metrics do not count. */
  names: Iterable<string>;
}

/** The record after rows were stored. */
export function advanceRecord(
  record: SourceRecord,
  { rows, added, names: stored }: StoredRows,
  watch: IntervalWatch,
): SourceRecord {
  const first = rows[0]?.time ?? record.firstMs;
  const newest = rows[rows.length - 1]?.time ?? record.newestMs;
  let before = record.readings > 0 && first > record.newestMs ? record.newestMs : first;
  for (const { time } of rows) {
    if (time > before) watch.add(time - before);
    before = time;
  }
  const names = new Set(record.metrics);
  for (const name of stored) if (findMetric(name)) names.add(name as MetricName);
  for (const name of derivableFrom(names)) names.add(name);
  return {
    ...record,
    firstMs: Math.min(record.firstMs, first),
    newestMs: Math.max(record.newestMs, newest),
    readings: record.readings + added,
    metrics: names,
    intervalMs: watch.usual(record.intervalMs),
  };
}

function derivableFrom(known: ReadonlySet<MetricName>): MetricName[] {
  const probe: MetricValues = {};
  for (const name of known) (probe as Record<string, unknown>)[name] = 1;
  return Object.keys(withDerivedPowers(probe).values).filter((n) => !known.has(n as MetricName)) as MetricName[];
}

const QUARTER_HOUR = 900_000;

/**
 * Readings further apart than this leave a gap between them: 15 minutes, or three times the source's usual interval
 * if that is more.
 */
export function longestStep(intervalMs: number | null): number {
  return Math.max(QUARTER_HOUR, 3 * (intervalMs ?? 0));
}

/**
 * Until when the source can have been measured: its newest reading while the next is not due yet, so that the minutes
 * since then are no gap; `now` once it is overdue.
 */
export function measuredUntil(newest: number, intervalMs: number | null, now: number): number {
  return newest < now && now - newest <= longestStep(intervalMs) ? newest : now;
}

/** The latest intervals between readings, whose median is the usual interval. */
export class IntervalWatch {
  private readonly recent: number[] = [];
  private next = 0;

  constructor(private readonly capacity = 256) {}

  /** Values of one message burst (less than a second apart) say nothing about the device's rhythm. */
  add(intervalMs: number): void {
    if (intervalMs < 1000) return;
    this.recent[this.next] = intervalMs;
    this.next = (this.next + 1) % this.capacity;
  }

  /** The median, or `known` while there is too little to say otherwise. */
  usual(known: number | null): number | null {
    if (this.recent.length === 0 || (known !== null && this.recent.length < 16)) return known;
    const sorted = [...this.recent].sort((a, b) => a - b);
    const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
    // Small wobbles are not worth a write.
    return known !== null && median !== null && Math.abs(median - known) < known * 0.1 ? known : median;
  }
}
