import type { MetricName } from '../core/metrics.ts';
import type { TimeRange } from './figures.ts';
import { mergeRows, type PendingRow } from './writing/pending.ts';

/** Readings that come after later ones, or again. */

export interface Merged {
  /** What is to be stored: rows at new times, and whole rows in place of those that change. */
  rows: PendingRow[];
  /** How many of them are at new times. */
  added: number;
  /** Times of those that said nothing new. */
  again: number[];
}

/** Times of readings that came again and said nothing new, by source. */
export type CameAgain = ReadonlyMap<string, readonly number[]>;

/** Merges rows with what is stored at their times; those that change nothing are left out. */
export function mergeWithStored(rows: readonly PendingRow[], stored: ReadonlyMap<number, PendingRow>): Merged {
  const merged: Merged = { rows: [], added: 0, again: [] };
  for (const row of rows) {
    const there = stored.get(row.time);
    if (!there) {
      merged.rows.push(row);
      merged.added++;
      continue;
    }
    const whole = mergeRows(there, row);
    if (isSame(there, whole)) merged.again.push(row.time);
    else merged.rows.push(whole);
  }
  return merged;
}

/** True if storing `merged` instead of `stored` would change nothing. */
function isSame(stored: PendingRow, merged: PendingRow): boolean {
  for (const name in merged.values) {
    const a = stored.values[name as MetricName];
    const b = merged.values[name as MetricName];
    if (a === b) continue;
    if (Array.isArray(a) && Array.isArray(b) && a.join('\n') === b.join('\n') && a.length === b.length) continue;
    return false;
  }
  return JSON.stringify(stored.metadata) === JSON.stringify(merged.metadata);
}

/** Late readings closer together than this are one stretch to book anew. */
const SAME_STRETCH_MS = 6 * 3_600_000;

/** Half-open stretches that hold the times, those close together in one. */
export function stretchesOf(unsorted: readonly number[]): TimeRange[] {
  const ranges: TimeRange[] = [];
  for (const time of [...unsorted].sort((a, b) => a - b)) {
    const last = ranges[ranges.length - 1];
    if (last && time - last.to < SAME_STRETCH_MS) last.to = time + 1;
    else ranges.push({ from: time, to: time + 1 });
  }
  return ranges;
}
