import type { MetricName } from '../core/metrics.ts';
import type { Corrections } from './correction.ts';

/** What the store knows of a source without reading its rows. */
export interface SourceRecord {
  /** The small number that stands for the source in every table. */
  key: number;
  sourceId: string;
  firstMs: number;
  newestMs: number;
  readings: number;
  metrics: ReadonlySet<MetricName>;
  /** Rollups before this moment are written; null before the first of them. */
  rolledUntilMs: number | null;
  /** Readings before this moment are booked; null before the first of them. */
  bookedUntilMs: number | null;
  /** By which rules the books were made; null before the first time. */
  bookRules: string | null;
  /** Readings before this moment are gone, and books before it stay as they are; null while all are there. */
  booksFromMs: number | null;
  /** What the owner mended by hand, where it is in force. */
  corrections: Corrections;
  /** Usual time between two readings; null until there were two. */
  intervalMs: number | null;
}

const QUARTER_HOUR = 900_000;

/**
 * Readings further apart than this leave a gap between them: 15 minutes, or three times the source's usual interval
 * if that is more.
 */
export function longestStep(intervalMs: number | null): number {
  return Math.max(QUARTER_HOUR, 3 * (intervalMs ?? 0));
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
