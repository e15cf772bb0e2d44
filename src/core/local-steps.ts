import { toZonedIso } from './wall-clock.ts';
import { type CalendarPeriod, type PeriodSpan, periodsIn, QUARTER_HOUR_MS, zoneOffsetMs } from './zone.ts';

/** A period of the calendar, or a part of its days. */
export type LocalStep = 'quarterHour' | 'hour' | CalendarPeriod;

const HOUR = 3_600_000;

/**
 * Every step of the zone that shares time with the half-open range, whole, ascending. Hours are those of the clock on the
 * wall: 23 or 25 in the day of a clock change, and half past the hour of UTC where the zone is. Their keys carry the offset
 * (`2026-10-25T01:00+00:00`), so that an hour that comes twice is told apart.
 */
export function stepsIn(step: LocalStep, range: { from: number; to: number }, timeZone: string): PeriodSpan[] {
  if (step === 'quarterHour') return quarterHoursIn(range, timeZone);
  if (step !== 'hour') return periodsIn(step, range, timeZone);
  const hours: PeriodSpan[] = [];
  // A clock change of half an hour makes an hour of 90 minutes: two hours of margin hold its beginning and its end.
  for (const quarter of quarterHoursIn({ from: range.from - 2 * HOUR, to: range.to + 2 * HOUR }, timeZone)) {
    const last = hours[hours.length - 1];
    if (last && !beginsHour(quarter.from, timeZone)) last.to = quarter.to;
    else hours.push({ ...quarter });
  }
  return hours.filter((hour) => hour.to > range.from && hour.from < range.to);
}

function quarterHoursIn(range: { from: number; to: number }, timeZone: string): PeriodSpan[] {
  const spans: PeriodSpan[] = [];
  for (let from = Math.floor(range.from / QUARTER_HOUR_MS) * QUARTER_HOUR_MS; from < range.to; from += QUARTER_HOUR_MS)
    spans.push({ key: keyOf(from, timeZone), from, to: from + QUARTER_HOUR_MS });
  return spans;
}

/** `2026-10-25T01:00+00:00`: the seconds say nothing. */
const keyOf = (time: number, timeZone: string): string => toZonedIso(time, timeZone).replace(/:00([+-])/, '$1');

/** True where another hour is on the clock than a quarter of an hour before, or where it was set back to a whole one. */
function beginsHour(time: number, timeZone: string): boolean {
  const [before, now] = [time - QUARTER_HOUR_MS, time].map((t) => t + zoneOffsetMs(t, timeZone)) as [number, number];
  const isSet = now - before !== QUARTER_HOUR_MS;
  return Math.floor(before / HOUR) !== Math.floor(now / HOUR) || (isSet && now % HOUR === 0);
}
