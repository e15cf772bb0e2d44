import type { TimeSpan } from '../../core/time-range.ts';
import {
  type CalendarPeriod,
  firstDayAfter,
  localDay,
  localDayOf,
  periodAt,
  startOfLocalDay,
} from '../../core/zone.ts';
import type { EnergyQuantity } from '../energy/energy.ts';

/** What the Totals page adds up: a day, a month, a year, or all there is. */
export type TotalsKind = CalendarPeriod | 'all';

/** What is shown of it: everything together, one energy, or the share of the use that was not bought. */
export type TotalsSubject = 'together' | EnergyQuantity | 'own';

export const totalsSubjects: readonly TotalsSubject[] = [
  ...['together', 'solar', 'load', 'import', 'export', 'charge', 'discharge', 'own'],
] as TotalsSubject[];

export interface TotalsPeriod {
  kind: TotalsKind;
  /** `2026-11-21`, `2026-11`, `2026` or `all`. */
  key: string;
  /** Half-open, ms UTC; of `all` from the year of the first reading to the end of this one. */
  from: number;
  to: number;
}

export interface TotalsRequest {
  scope: string;
  period: TotalsPeriod;
  subject: TotalsSubject;
  isTable: boolean;
  /** What of the address cannot be shown; it has its usual value then, and nothing is shown. */
  problem: TotalsProblem | null;
}

export interface TotalsProblem {
  /** What the address calls it. */
  field: 'period' | 'of';
  /** Why, as a sentence. */
  message: string;
}

export interface TotalsContext {
  now: number;
  timeZone: string;
  /** First and last time stored; null when there is nothing. */
  span: TimeSpan | null;
}

/** Nothing is kept from before. */
const EARLIEST_YEAR = 2010;

/**
 * Reads the address: whatever is missing takes its usual value, so that every link shows something. A period or a sum that
 * cannot be is not replaced by another one: `problem` says what is wrong with it.
 */
export function readTotalsQuery(query: Record<string, string | undefined>, context: TotalsContext): TotalsRequest {
  const asked = query.period ? periodOfKey(query.period, context) : null;
  return {
    scope: query.show ?? 'house',
    period: asked ?? periodWith('month', context.now, context),
    subject: subjectNamed(query.of) ?? 'together',
    isTable: query.as === 'table',
    problem: problemOf(query, asked, context),
  };
}

const subjectNamed = (name: string | undefined): TotalsSubject | undefined =>
  totalsSubjects.find((subject) => subject === name);

function problemOf(
  { period, of }: Record<string, string | undefined>,
  asked: TotalsPeriod | null,
  context: TotalsContext,
): TotalsProblem | null {
  if (period && !asked) return { field: 'period', message: periodProblem(period, context) };
  if (!of || subjectNamed(of)) return null;
  return { field: 'of', message: `“${of.slice(0, LONGEST_SHOWN)}” is nothing that is added up here.` };
}

/** The period of a key that has begun, or the running one of a kind (`day`, `month`, `year`); null for any other text. */
export function periodOfKey(key: string, context: TotalsContext): TotalsPeriod | null {
  if (key === 'all' || key === 'day' || key === 'month' || key === 'year') return periodWith(key, context.now, context);
  const period = calendarPeriod(key, context);
  return period && isKept(key) && period.from <= context.now ? period : null;
}

/** Why a text is no period that can be shown, as a sentence. */
export function periodProblem(key: string, context: TotalsContext): string {
  const shown = `“${key.slice(0, LONGEST_SHOWN)}”`;
  if (!calendarPeriod(key, context)) return `${shown} is no day, month or year of the calendar.`;
  return isKept(key) ? `${shown} has not begun yet.` : `Nothing is kept from before ${EARLIEST_YEAR}.`;
}

const LONGEST_SHOWN = 40;
const isKept = (key: string): boolean => Number(key.slice(0, 4)) >= EARLIEST_YEAR;

/** 2026-02-30 is no day, and 2026-13 no month. */
function calendarPeriod(key: string, context: TotalsContext): TotalsPeriod | null {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(key);
  if (!match) return null;
  const [year = 0, month = 1, day = 1] = match.slice(1).flatMap((part) => (part === undefined ? [] : [Number(part)]));
  const kind = match[3] ? 'day' : match[2] ? 'month' : 'year';
  const period = periodWith(kind, startOfLocalDay(localDay(year, month, day), context.timeZone), context);
  return period.key === key ? period : null;
}

/** The period of that kind in which a moment lies. */
export function periodWith(kind: TotalsKind, time: number, context: TotalsContext): TotalsPeriod {
  if (kind === 'all') return allOf(context);
  const { key, from, to } = periodAt(kind, time, context.timeZone);
  return { kind, key, from, to };
}

function allOf({ span, now, timeZone }: TotalsContext): TotalsPeriod {
  const first = periodAt('year', Math.min(span?.from ?? now, now), timeZone);
  const last = periodAt('year', now, timeZone);
  return { kind: 'all', key: 'all', from: first.from, to: last.to };
}

/** The same period a year before; null for all there is, for 29 February, and before the first reading. */
export function yearBefore(period: TotalsPeriod, context: TotalsContext): TotalsPeriod | null {
  const key = keyYearBefore(period.key);
  const before = key === null ? null : periodOfKey(key, context);
  return before && before.to <= (context.span?.from ?? Number.NEGATIVE_INFINITY) ? null : before;
}

/** `2025-11-21` for `2026-11-21`; null where that is no day of the calendar. */
export function keyYearBefore(key: string): string | null {
  if (key === 'all' || key.startsWith('-') || /-02-29$/.test(key.slice(0, 10))) return null;
  return `${Number(key.slice(0, 4)) - 1}${key.slice(4)}`;
}

/** The parts that a period is shown by. */
export const partsOf = { day: 'hour', month: 'day', year: 'month', all: 'year' } as const satisfies Record<
  TotalsKind,
  string
>;

/** The address of a request with some of it changed. */
export function totalsUrl(request: TotalsRequest, change: Partial<TotalsRequest> = {}, path = '/totals'): string {
  const next = { ...request, ...change };
  const query = new URLSearchParams({ period: next.period.key });
  if (next.subject !== 'together') query.set('of', next.subject);
  if (next.scope !== 'house') query.set('show', next.scope);
  if (next.isTable) query.set('as', 'table');
  return `${path}?${query.toString().replaceAll('%3A', ':')}`;
}

/** The address of another period, as a chart. */
export const urlOfKey = (request: TotalsRequest, key: string): string =>
  totalsUrl(request, { period: { ...request.period, key }, isTable: false });

/** The neighbours in time; null where nothing was measured, or has not begun. */
export function totalsSteps(
  { period }: Pick<TotalsRequest, 'period'>,
  context: TotalsContext,
): { earlier: TotalsPeriod | null; later: TotalsPeriod | null } {
  if (period.kind === 'all') return { earlier: null, later: null };
  const first = context.span?.from ?? context.now;
  return {
    earlier: period.from > first ? periodWith(period.kind, period.from - 1, context) : null,
    later: period.to <= context.now ? periodWith(period.kind, period.to, context) : null,
  };
}

/** The period of another kind that shows the same time: the one around it, or its last part that has begun. */
export function periodAs(kind: TotalsKind, period: TotalsPeriod, context: TotalsContext): TotalsPeriod {
  const last = Math.min(period.to - 1, context.now);
  const known = context.span ? Math.max(period.from, Math.min(last, context.span.to)) : last;
  return periodWith(kind, known, context);
}

/** The first moment of the day after, for links to History. */
export const nextDay = (time: number, timeZone: string): number =>
  startOfLocalDay(firstDayAfter('day', localDayOf(time, timeZone)), timeZone);
