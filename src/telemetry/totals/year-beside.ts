/** The parts of a time beside the same parts of the year before: each of those stands once, on days of clock changes too. */
import { keyYearBefore } from './totals-query.ts';
import type { NamedSummary } from './totals-records.ts';

export interface YearBeside {
  /** The part of the year before by the name of a part; the second hour of a name gets the second one, if there is one. */
  besideOf: ReadonlyMap<string, NamedSummary>;
  /** What no part stands beside: an hour that the clock left out this year, or 29 February. Ascending. */
  alone: NamedSummary[];
}

/** An hour by the hour on the clock, whatever its offset; every other part by its name. */
const plain = (key: string): string => key.slice(0, 16);

/** Pairs parts with those of the year before; years have none beside them. */
export function pairYears(parts: readonly { period: string }[], before: readonly NamedSummary[]): YearBeside {
  const waiting = new Map<string, NamedSummary[]>();
  for (const one of before) waiting.set(plain(one.period), [...(waiting.get(plain(one.period)) ?? []), one]);
  const besideOf = new Map<string, NamedSummary>();
  for (const { period } of parts) {
    const key = yearBeforeOf(period);
    const one = key === null ? undefined : waiting.get(key)?.shift();
    if (one) besideOf.set(period, one);
  }
  const paired = new Set(besideOf.values());
  return { besideOf, alone: before.filter((one) => !paired.has(one)) };
}

const yearBeforeOf = (period: string): string | null => (period.length === 4 ? null : keyYearBefore(plain(period)));

/** A row of a table or file: a part, or what stood alone in the year before. */
export type BesideRow<P> = { part: P; alone: null } | { part: null; alone: NamedSummary };

/** Parts and what stands alone in the year before, each in its place on the clock. */
export function besideRows<P extends { period: string }>(
  parts: readonly P[],
  alone: readonly NamedSummary[],
): BesideRow<P>[] {
  const rows: BesideRow<P>[] = [];
  let next = 0;
  const addAloneUntil = (key: string | null): void => {
    for (let one = alone[next]; one && (key === null || plain(one.period) < key); one = alone[++next])
      rows.push({ part: null, alone: one });
  };
  for (const part of parts) {
    // 29 February has no name in the year before, and nothing stands alone before it.
    const key = yearBeforeOf(part.period);
    if (key !== null) addAloneUntil(key);
    rows.push({ part, alone: null });
  }
  addAloneUntil(null);
  return rows;
}
