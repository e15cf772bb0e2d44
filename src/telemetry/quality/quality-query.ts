import { formatDate } from '../../core/format.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { startOfDay, startOfMonth } from '../../core/wall-clock.ts';
import { dayKey, localDay, localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { EARLIEST_YEAR } from '../history/chosen-range.ts';

/** Which days the page of a source's data shows: the last thirty, or a month. */
export interface QualityPeriod {
  /** `recent`, or `2026-03`. */
  key: string;
  title: string;
  /** Whole local days, today to its end. */
  range: TimeSpan;
  /** The month before and after, as `key`; null where nothing was measured, or is still to come. */
  earlier: string | null;
  later: string | null;
  /** Why the month of the address cannot be shown, as a sentence; nothing is shown then. */
  problem: string | null;
}

interface Context {
  now: number;
  timeZone: string;
  /** First and last time stored; null when there is nothing. */
  span: TimeSpan | null;
}

const RECENT_DAYS = 30;

/** Reads the address. A month that cannot be is not replaced by other days: `problem` says what is wrong with it. */
export function readQualityPeriod(month: string | undefined, context: Context): QualityPeriod {
  const { now, timeZone } = context;
  const chosen = month ? monthRange(month, timeZone) : null;
  const isMonth = chosen !== null && chosen.from < now;
  const endOfToday = startOfDay(now, timeZone, 1);
  const range = isMonth
    ? { from: chosen.from, to: Math.min(chosen.to, endOfToday) }
    : { from: startOfDay(now, timeZone, 1 - RECENT_DAYS), to: endOfToday };
  const first = context.span?.from ?? now;
  return {
    key: isMonth ? keyOf(range.from, timeZone) : 'recent',
    title: isMonth ? formatDate(range.from, timeZone, 'longMonth') : `The last ${RECENT_DAYS} days`,
    range,
    // From the last thirty days back is to the last month that is over.
    earlier: first < stepFrom(range, isMonth, now, timeZone) ? keyBefore(range, isMonth, now, timeZone) : null,
    later: isMonth && chosen.to <= now ? keyOf(chosen.to, timeZone) : null,
    problem: month && !isMonth ? monthProblem(month) : null,
  };
}

const stepFrom = (range: TimeSpan, isMonth: boolean, now: number, timeZone: string): number =>
  isMonth ? range.from : startOfMonth(now, timeZone);

const keyBefore = (range: TimeSpan, isMonth: boolean, now: number, timeZone: string): string =>
  keyOf(startOfMonth(stepFrom(range, isMonth, now, timeZone), timeZone, -1), timeZone);

const keyOf = (time: number, timeZone: string): string => dayKey(localDayOf(time, timeZone)).slice(0, 7);

/** Why a text is no month that can be shown. */
function monthProblem(text: string): string {
  const shown = `“${text.slice(0, LONGEST_SHOWN)}”`;
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return `${shown} is no month of the calendar.`;
  return Number(text.slice(0, 4)) < EARLIEST_YEAR
    ? `Nothing is kept from before ${EARLIEST_YEAR}.`
    : `${shown} has not begun yet.`;
}

const LONGEST_SHOWN = 40;

function monthRange(text: string, timeZone: string): TimeSpan | null {
  const [, year = '', month = ''] = /^(20[1-9]\d)-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (!year) return null;
  const start = (offset: number) => startOfLocalDay(localDay(Number(year), Number(month) + offset, 1), timeZone);
  return { from: start(0), to: start(1) };
}

/** The address of a source's data page. */
export const qualityUrl = (sourceId: string, key = 'recent'): string =>
  `/sources/${sourceId}/data${key === 'recent' ? '' : `?month=${key}`}`;
