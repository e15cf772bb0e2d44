import type { TimeSpan } from '../../core/time-range.ts';
import { allFromLocalInput, fromLocalInput, offsetText, startOfDay } from '../../core/wall-clock.ts';

/** A chosen range that cannot be, with what was typed, so that it can be put right. */
export interface RangeProblem {
  /** The field at fault, or the `range` or `view` of the address. */
  field: 'from' | 'to' | 'range' | 'view';
  /** Why, in one sentence. */
  message: string;
  typed: { from: string; to: string };
}

export type ChosenRange = { ok: true; range: TimeSpan; isCut: boolean } | { ok: false; problem: RangeProblem };

/** No reading from before is kept: clocks that were never set say 1970 or 2000. */
export const EARLIEST_YEAR = 2010;

/** The two ends as an address has them; a time that comes twice on its day is told apart by the zone's offset, `+02:00`. */
export interface TypedRange {
  from: string | undefined;
  to: string | undefined;
  fromOffset?: string | undefined;
  toOffset?: string | undefined;
}

interface Place {
  now: number;
  timeZone: string;
}

/**
 * Reads the two ends of a chosen range; null when none was chosen. An end left open is now, and one in days to come is
 * the end of today. Of a time that comes twice, unless it is said which, the range begins with the first and ends with
 * the second.
 */
export function readChosenRange(query: TypedRange, place: Place): ChosenRange | null {
  const typed = { from: (query.from ?? '').trim().slice(0, 40), to: (query.to ?? '').trim().slice(0, 40) };
  if (!typed.from && !typed.to) return null;
  const wrong = (field: 'from' | 'to', message: string): ChosenRange => ({
    ok: false,
    problem: { field, message, typed },
  });
  const from = readMoment(typed.from, place.timeZone, { offset: query.fromOffset, isEnd: false });
  const to = typed.to ? readMoment(typed.to, place.timeZone, { offset: query.toOffset, isEnd: true }) : place.now;
  if (!typed.from) return wrong('from', 'Say when it begins.');
  if (from === null) return wrong('from', `“${typed.from}” is not a day and time.`);
  if (to === null) return wrong('to', `“${typed.to}” is not a day and time.`);
  if (from < Date.UTC(EARLIEST_YEAR, 0, 1) - DAY) return wrong('from', `Nothing is kept from before ${EARLIEST_YEAR}.`);
  if (from >= place.now) return wrong('from', 'This has not happened yet.');
  if (to <= from) return wrong('to', 'The end must be later than the beginning.');
  const endOfToday = startOfDay(place.now, place.timeZone, 1);
  return { ok: true, range: { from, to: Math.min(to, endOfToday) }, isCut: to > endOfToday };
}

const DAY = 86_400_000;

/** Milliseconds, ISO 8601 with its zone, or a time on the source's clock; null for anything else. */
export function readMoment(text: string, timeZone: string, which: Which): number | null {
  const time = /^\d{12,14}$/.test(text)
    ? Number(text)
    : /(?:Z|[+-]\d\d:\d\d)$/.test(text)
      ? Date.parse(text)
      : (oneOfTwo(text, timeZone, which) ?? fromLocalInput(text, timeZone));
  return time !== null && Number.isFinite(time) && Math.abs(time) < 4_102_444_800_000 ? time : null;
}

/** Which of two moments that the clock shows alike is meant. */
interface Which {
  offset: string | undefined;
  isEnd: boolean;
}

function oneOfTwo(text: string, timeZone: string, { offset, isEnd }: Which): number | null {
  const moments = allFromLocalInput(text, timeZone);
  const said = moments.find((time) => offsetText(time, timeZone) === offset);
  return said ?? moments.at(isEnd ? -1 : 0) ?? null;
}
