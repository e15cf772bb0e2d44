import type { TimeSpan } from '../../core/time-range.ts';
import { startOfDay, startOfMonth } from '../../core/wall-clock.ts';
import { periodAt } from '../../core/zone.ts';
import { periodOfKey, periodProblem, type TotalsPeriod } from '../totals/totals-query.ts';
import type { RangeProblem } from './chosen-range.ts';

/**
 * Which time History shows. The first five end now and move with it; `period` is a day, month or year of the calendar,
 * `custom` any two moments.
 */
export type RangeName = '24h' | '7d' | '30d' | 'year' | 'all' | 'period' | 'custom';
export type MovingRange = Exclude<RangeName, 'period' | 'custom'>;

export interface NamedRange {
  rangeName: RangeName;
  range: TimeSpan;
  /** `2026-11-21`, `2026-11` or `2026` of a period of the calendar; else null. */
  periodKey: string | null;
}

interface Context {
  now: number;
  timeZone: string;
  /** First and last time stored; null when there is nothing. */
  span: TimeSpan | null;
}

const DAY = 86_400_000;

/** The range that the address names, or the usual one. A period of the calendar ends with today where it goes on. */
export function readNamedRange(text: string | undefined, isEnergy: boolean, context: Context): NamedRange {
  const period = text === undefined ? null : periodOfKey(text, context);
  if (period && period.kind !== 'all') return periodRange(period, context);
  const usual = isEnergy ? '30d' : '24h';
  const name = isMovingRange(text) && !(isEnergy && text === '24h') ? text : usual;
  const range = isEnergy ? wholePeriods(name, context) : upToNow(name, context);
  return { rangeName: name, range, periodKey: null };
}

/** What is wrong with a range that the address names; null where nothing is, or none is named. */
export function namedRangeProblem(text: string | undefined, context: Context): RangeProblem | null {
  if (!text || isMovingRange(text) || periodOfKey(text, context)) return null;
  return { field: 'range', message: periodProblem(text, context), typed: { from: '', to: '' } };
}

function periodRange({ key, from, to }: TotalsPeriod, { now, timeZone }: Context): NamedRange {
  const range = { from, to: Math.min(to, startOfDay(now, timeZone, 1)) };
  return { rangeName: 'period', range, periodKey: key };
}

export const isMovingRange = (text: string | undefined): text is MovingRange =>
  text === '24h' || text === '7d' || text === '30d' || text === 'year' || text === 'all';

/** Lines end now. */
function upToNow(name: MovingRange, { now, span }: Context): TimeSpan {
  const all = Math.max(DAY, now - (span?.from ?? now - 365 * DAY));
  const width = { '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY, year: 365 * DAY, all }[name];
  return { from: now - width, to: now };
}

/** Bars hold whole days, months and years, this one to the end of today. */
function wholePeriods(name: MovingRange, { now, timeZone, span }: Context): TimeSpan {
  const to = startOfDay(now, timeZone, 1);
  if (name === 'year') return { from: startOfMonth(now, timeZone, -11), to };
  if (name === 'all') return wholeBars({ from: Math.min(now, span?.from ?? now - 365 * DAY), to }, { timeZone, now });
  return { from: startOfDay(now, timeZone, name === '7d' ? -6 : -29), to };
}

/** A range widened to the bars that it is shown by: whole days, months or years, this one to the end of today. */
export function wholeBars(range: TimeSpan, { timeZone, now }: Pick<Context, 'timeZone' | 'now'>): TimeSpan {
  const days = { from: startOfDay(range.from, timeZone), to: startOfDay(range.to - 1, timeZone, 1) };
  const bars = barsOf(days);
  if (bars === 'day') return days;
  const { to } = periodAt(bars, days.to - 1, timeZone);
  return { from: periodAt(bars, days.from, timeZone).from, to: Math.min(to, startOfDay(now, timeZone, 1)) };
}

/** How wide bars of energy are. */
export function barsOf(range: TimeSpan): 'day' | 'month' | 'year' {
  const days = (range.to - range.from) / DAY;
  if (days <= 93) return 'day';
  return days <= 5.1 * 366 ? 'month' : 'year';
}
