import type { MetricName } from '../../core/metrics.ts';
import type { MetricValues, Reading } from '../../core/reading.ts';

/** One reading waiting for the database. */
export interface PendingRow {
  time: number;
  values: MetricValues;
  metadata: Record<string, unknown> | null;
}

/** Readings of one source that are not yet in the database, ascending by time, each time once. */
export class PendingRows {
  readonly rows: PendingRow[] = [];
  /** Rows from here on were added or changed since `takeUnseen`. */
  private unseenFrom = 0;

  /** Adds or merges; returns how many rows that made more (0 or 1). Readings nearly always come in order. */
  add(reading: Reading): number {
    const last = this.rows[this.rows.length - 1];
    if (!last || reading.time > last.time) {
      this.rows.push(rowOf(reading));
      return 1;
    }
    const at = this.indexOf(reading.time);
    const there = this.rows[at];
    if (there && there.time === reading.time) {
      this.rows[at] = mergeRows(there, rowOf(reading));
      this.unseenFrom = Math.min(this.unseenFrom, at);
      return 0;
    }
    this.rows.splice(at, 0, rowOf(reading));
    this.unseenFrom = Math.min(this.unseenFrom, at);
    return 1;
  }

  /** True if a reading of its time is there and says all that this one says. */
  has({ time, values }: Reading): boolean {
    const last = this.rows[this.rows.length - 1];
    if (!last || time > last.time) return false;
    const there = this.rows[this.indexOf(time)];
    if (!there || there.time !== time) return false;
    for (const name in values) {
      const [a, b] = [values[name as MetricName], there.values[name as MetricName]];
      const isEqual = Array.isArray(a) && Array.isArray(b) ? a.join('\n') === b.join('\n') : a === b;
      if (!isEqual) return false;
    }
    return true;
  }

  /** Puts metadata beside what waits of the same moment; false when nothing of that moment does. */
  note({ time, metadata }: Reading): boolean {
    const at = this.indexOf(time);
    const there = this.rows[at];
    if (there === undefined || there.time !== time) return false;
    if (metadata !== undefined) this.rows[at] = { ...there, metadata: { ...there.metadata, ...metadata } };
    return true;
  }

  /** Shows where the rows begin that were added or changed since the last visit (with perhaps some after them). */
  takeUnseen(visit: (rows: readonly PendingRow[], from: number) => void): void {
    if (this.unseenFrom < this.rows.length) visit(this.rows, this.unseenFrom);
    this.unseenFrom = this.rows.length;
  }

  /** Puts rows back that could not be written; what came since is newer and wins. */
  restore(older: readonly PendingRow[]): void {
    const newer = this.rows.splice(0);
    const merged = mergeSorted(older, newer);
    for (const row of merged) this.rows.push(row);
    this.unseenFrom = 0;
  }

  /** First index whose time is at least `time`. */
  private indexOf(time: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.rows[middle]?.time ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function rowOf(reading: Reading): PendingRow {
  return { time: reading.time, values: reading.values, metadata: reading.metadata ?? null };
}

/** One reading out of two of the same time: metrics merge, for one metric the later word wins. */
export function mergeRows(earlier: PendingRow, later: PendingRow): PendingRow {
  const metadata =
    earlier.metadata && later.metadata
      ? { ...earlier.metadata, ...later.metadata }
      : (later.metadata ?? earlier.metadata);
  return { time: later.time, values: { ...earlier.values, ...later.values }, metadata };
}

/** Two ascending lists as one; where both have a time the second wins. */
export function mergeSorted(first: readonly PendingRow[], second: readonly PendingRow[]): PendingRow[] {
  const merged: PendingRow[] = [];
  let a = 0;
  let b = 0;
  while (a < first.length || b < second.length) {
    const x = first[a];
    const y = second[b];
    if (x && y && x.time === y.time) {
      merged.push(mergeRows(x, y));
      a++;
      b++;
    } else if (x && (!y || x.time < y.time)) {
      merged.push(x);
      a++;
    } else if (y) {
      merged.push(y);
      b++;
    }
  }
  return merged;
}
