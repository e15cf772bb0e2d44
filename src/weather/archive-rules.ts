import { DAY_MS } from './hours.ts';

/** Which days to ask the archive for. Days are counted since 1970-01-01 UTC; ranges here include both ends. */

/** The archive knows a day about five days later. */
const LAG_DAYS = 6;
const LONGEST_YEARS = 10;
/** One question asks for at most a year, so that no answer is larger than a megabyte. */
const MOST_DAYS_AT_ONCE = 366;
/** Two gaps so close together are asked for as one. */
const JOIN_WITHIN_DAYS = 14;
/** A day that the archive did not know wholly is asked for again only while it is younger than this. */
const RETRY_FOR_DAYS = 30;

export interface DayRange {
  first: number;
  last: number;
}

/** The days to have when the first reading is of `firstReadingAt`; null when there are none yet. */
export function wantedDays(firstReadingAt: number, now: number): DayRange | null {
  const today = Math.floor(now / DAY_MS);
  const first = Math.max(Math.floor(firstReadingAt / DAY_MS), today - Math.round(LONGEST_YEARS * 365.25));
  const last = today - LAG_DAYS;
  return first <= last ? { first, last } : null;
}

/** The questions that fill what is missing of `wanted`, newest first: the last year is worth most to a model that learns. */
export function missingRanges(
  wanted: DayRange,
  known: readonly { day: number; fetchedAt: number; isWhole: boolean }[],
): DayRange[] {
  const done = new Set(known.filter(isDone).map(({ day }) => day));
  const gaps: DayRange[] = [];
  for (let day = wanted.first; day <= wanted.last; day++) {
    if (done.has(day)) continue;
    const open = gaps.at(-1);
    const joins = open && day - open.last <= JOIN_WITHIN_DAYS && day - open.first < MOST_DAYS_AT_ONCE;
    if (joins) open.last = day;
    else gaps.push({ first: day, last: day });
  }
  return gaps.reverse();
}

function isDone({ day, fetchedAt, isWhole }: { day: number; fetchedAt: number; isWhole: boolean }): boolean {
  return isWhole || Math.floor(fetchedAt / DAY_MS) - day > RETRY_FOR_DAYS;
}
