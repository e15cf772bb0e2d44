import { formatDate } from '../core/format.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { startOfDay, startOfMonth } from '../core/wall-clock.ts';
import { dayKey, localDay, localDayOf, startOfLocalDay } from '../core/zone.ts';

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
}

interface Context {
  now: number;
  timeZone: string;
  /** First and last time stored; null when there is nothing. */
  span: TimeSpan | null;
}

const RECENT_DAYS = 30;

/** Reads the address; what is no month that can be looked at is the last thirty days. */
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
  };
}

const stepFrom = (range: TimeSpan, isMonth: boolean, now: number, timeZone: string): number =>
  isMonth ? range.from : startOfMonth(now, timeZone);

const keyBefore = (range: TimeSpan, isMonth: boolean, now: number, timeZone: string): string =>
  keyOf(startOfMonth(stepFrom(range, isMonth, now, timeZone), timeZone, -1), timeZone);

const keyOf = (time: number, timeZone: string): string => dayKey(localDayOf(time, timeZone)).slice(0, 7);

function monthRange(text: string, timeZone: string): TimeSpan | null {
  const [, year = '', month = ''] = /^(20[1-9]\d)-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (!year) return null;
  const start = (offset: number) => startOfLocalDay(localDay(Number(year), Number(month) + offset, 1), timeZone);
  return { from: start(0), to: start(1) };
}

/** The address of a source's data page. */
export const qualityUrl = (sourceId: string, key = 'recent'): string =>
  `/sources/${sourceId}/data${key === 'recent' ? '' : `?month=${key}`}`;
