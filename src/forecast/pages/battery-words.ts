import { formatDate, formatPercent, joinShown } from '../../core/format.ts';
import { localDayOf } from '../../core/zone.ts';
import type { BatteryCourse } from './battery-course.ts';

const QUARTER_MS = 15 * 60_000;

/** "02:45", from five in the morning of another day on "09:00 tomorrow": whatever is forecast is "about". */
function clockOf(time: number, now: number, timeZone: string): string {
  const round = Math.round(time / QUARTER_MS) * QUARTER_MS;
  const text = formatDate(round, timeZone, 'time');
  const isOther = localDayOf(round, timeZone) !== localDayOf(now, timeZone);
  return isOther && Number(text.slice(0, 2)) >= 5 ? `${text} tomorrow` : text;
}

const percent = (charge: number): string => joinShown(formatPercent(charge));

/** What the battery has before it, in one or two sentences. */
export function sayCourse(course: BatteryCourse, now: number, timeZone: string): string {
  let saidTomorrow = false;
  const at = (time: number): string => {
    const text = clockOf(time, now, timeZone);
    // What follows a time of tomorrow is of tomorrow.
    const shown = saidTomorrow ? text.replace(' tomorrow', '') : text;
    saidTomorrow ||= text.endsWith(' tomorrow');
    return shown;
  };
  if (course.isCharging && course.fullUntil !== null)
    return `Full until about ${at(course.fullUntil)}. ${sayNight(course, at)}`.trim();
  if (course.isCharging) return `${sayFilling(course, at, 'Full')} ${sayNight(course, at)}`.trim();
  return `${sayUntilSun(course, now, at)} ${course.chargedFrom === null ? '' : sayFilling(course, at, 'Then full')}`.trim();
}

type At = (time: number) => string;

function sayFilling({ fullAt, highest }: BatteryCourse, at: At, full: string): string {
  if (fullAt !== null) return `${full} by about ${at(fullAt)}.`;
  return `At most about ${percent(highest.charge)}, at about ${at(highest.time)}.`;
}

function sayNight({ emptyAt, floor, seesNight }: BatteryCourse, at: At): string {
  if (emptyAt !== null) return `After that down to ${percent(floor)} by about ${at(emptyAt)}.`;
  return seesNight ? 'That lasts the night.' : '';
}

function sayUntilSun({ chargedFrom, emptyAt, floor, lowest, points }: BatteryCourse, now: number, at: At): string {
  const isEmptyNow = (points[0]?.charge ?? 0) <= floor + 1;
  if (chargedFrom === null) {
    const end = points.at(-1)?.time ?? now;
    if (isEmptyNow) return `The sun is not seen to charge it before ${at(end)}.`;
    return emptyAt === null
      ? `Lasts beyond ${at(end)}, without any sun to spare until then.`
      : `Down to ${percent(floor)} by about ${at(emptyAt)}, with no sun to spare before ${at(end)}.`;
  }
  if (isEmptyNow) return `The sun charges it from about ${at(chargedFrom)}.`;
  if (emptyAt !== null)
    return `Down to ${percent(floor)} by about ${at(emptyAt)}; the sun charges it from about ${at(chargedFrom)}.`;
  return `Lasts until the sun charges it from about ${at(chargedFrom)}, with about ${percent(lowest.charge)} left.`;
}
