/**
 * Calendar arithmetic in IANA time zones on top of Intl: local days, months and years, those of 23 and 25 hours included.
 * A local day is a number, days since 1970-01-01 of the local calendar, so that calendars need no strings.
 */

const HOUR = 3_600_000;
const DAY = 86_400_000;

export type CalendarPeriod = 'day' | 'month' | 'year';

/** One local day, month or year; half-open, ms UTC. */
export interface PeriodSpan {
  /** `2026-03-29`, `2026-03` or `2026`. */
  key: string;
  from: number;
  to: number;
}

/** Offsets within one UTC day: constant, or changing once at `changesAt`. */
interface DayOffsets {
  before: number;
  changesAt: number;
  after: number;
}

class Zone {
  private readonly format: Intl.DateTimeFormat;
  private readonly days = new Map<number, DayOffsets>();

  constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  offset(time: number): number {
    const day = Math.floor(time / DAY);
    let entry = this.days.get(day);
    if (!entry) {
      entry = this.describe(day);
      this.days.set(day, entry);
    }
    return time < entry.changesAt ? entry.before : entry.after;
  }

  private describe(day: number): DayOffsets {
    const start = day * DAY;
    const before = this.ask(start);
    const after = this.ask(start + DAY - 1000);
    if (before === after) return { before, changesAt: start, after };
    let low = start;
    let high = start + DAY - 1000;
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (this.ask(middle) === before) low = middle;
      else high = middle;
    }
    return { before, changesAt: high, after };
  }

  /** The offset as Intl says it; slow, so asked for a few times a day of the calendar only. */
  private ask(time: number): number {
    const p: Record<string, string> = {};
    for (const part of this.format.formatToParts(time)) p[part.type] = part.value;
    const year = p.era === 'BC' ? 1 - Number(p.year) : Number(p.year);
    const wall = Date.UTC(year, Number(p.month) - 1, Number(p.day), Number(p.hour), Number(p.minute), Number(p.second));
    return wall - Math.floor(time / 1000) * 1000;
  }
}

const zones = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new Zone(name);
    zones.set(name, zone);
  }
  return zone;
}

/** True if the runtime knows the IANA zone. */
export function isTimeZone(name: string): boolean {
  try {
    zoneOf(name);
    return name !== '';
  } catch {
    return false;
  }
}

/** How far the zone's clock is ahead of UTC at `time` [ms]. Throws `RangeError` for an unknown zone. */
export function zoneOffsetMs(time: number, timeZone: string): number {
  return zoneOf(timeZone).offset(time);
}

/** The local calendar day that `time` falls in, days since 1970-01-01. */
export function localDayOf(time: number, timeZone: string): number {
  return Math.floor((time + zoneOffsetMs(time, timeZone)) / DAY);
}

/** First moment of a local day [ms UTC]; where the clock skips midnight, the moment of the change. */
export function startOfLocalDay(day: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  const wall = day * DAY;
  const first = zone.offset(wall - DAY);
  const second = zone.offset(wall + DAY);
  let low = wall - Math.max(first, second);
  let high = wall - Math.min(first, second);
  if (low + zone.offset(low) >= wall) return low;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (middle + zone.offset(middle) >= wall) high = middle;
    else low = middle;
  }
  return high;
}

/** `YYYY-MM-DD` of a local day. */
export function dayKey(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Local day of a calendar date; `month` 1..12 may run over. */
export function localDay(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / DAY);
}

/** First local day of the period that `day` lies in. */
export function firstDayOf(period: CalendarPeriod, day: number): number {
  const date = new Date(day * DAY);
  if (period === 'day') return day;
  return localDay(date.getUTCFullYear(), period === 'month' ? date.getUTCMonth() + 1 : 1, 1);
}

/** First local day of the period after the one that `day` lies in. */
export function firstDayAfter(period: CalendarPeriod, day: number): number {
  const date = new Date(day * DAY);
  if (period === 'day') return day + 1;
  if (period === 'month') return localDay(date.getUTCFullYear(), date.getUTCMonth() + 2, 1);
  return localDay(date.getUTCFullYear() + 1, 1, 1);
}

/** Name of the period that begins with local day `first`. */
export function periodKey(period: CalendarPeriod, first: number): string {
  const key = dayKey(first);
  return period === 'day' ? key : period === 'month' ? key.slice(0, 7) : key.slice(0, 4);
}

/** The local period that `time` falls in. */
export function periodAt(period: CalendarPeriod, time: number, timeZone: string): PeriodSpan {
  return spanFrom(period, firstDayOf(period, localDayOf(time, timeZone)), timeZone);
}

/** Every local period that shares time with the half-open range, whole, ascending. */
export function periodsIn(period: CalendarPeriod, range: { from: number; to: number }, timeZone: string): PeriodSpan[] {
  const spans: PeriodSpan[] = [];
  if (!(range.from < range.to)) return spans;
  const last = localDayOf(range.to - 1, timeZone);
  for (let day = firstDayOf(period, localDayOf(range.from, timeZone)); day <= last; day = firstDayAfter(period, day)) {
    const span = spanFrom(period, day, timeZone);
    // A calendar day that a zone left out (Samoa, 2011-12-30) has no time in it.
    if (span.to > span.from) spans.push(span);
  }
  return spans;
}

function spanFrom(period: CalendarPeriod, first: number, timeZone: string): PeriodSpan {
  return {
    key: periodKey(period, first),
    from: startOfLocalDay(first, timeZone),
    to: startOfLocalDay(firstDayAfter(period, first), timeZone),
  };
}

/** The moments in the range at which the zone's offset changes, with the offset that holds from there; the first entry is the range's start. */
export function offsetsIn(range: { from: number; to: number }, timeZone: string): { from: number; offset: number }[] {
  const zone = zoneOf(timeZone);
  const steps = [{ from: range.from, offset: zone.offset(range.from) }];
  for (let t = range.from; t < range.to; t += DAY) {
    const end = Math.min(t + DAY, range.to - 1);
    const now = steps[steps.length - 1]?.offset ?? 0;
    if (zone.offset(end) === now) continue;
    let low = t;
    let high = end;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (zone.offset(middle) === now) low = middle;
      else high = middle;
    }
    steps.push({ from: high, offset: zone.offset(high) });
  }
  return steps;
}

/** Quarter hours are the finest step that every zone in use shares with UTC (offsets of 15 minutes). */
export const QUARTER_HOUR_MS = HOUR / 4;
