import { backOff } from '../core/back-off.ts';
import { solarDay } from '../core/solar/day.ts';
import { DAY_MS, HOUR_MS } from './hours.ts';
import { pointDegrees, type WeatherPoint } from './place.ts';

/** When to ask for weather, and for how much of it. */

const MINUTE = 60_000;
/** A little less than the hour at which the job comes by, so that its jitter never skips one. */
const BY_DAY_MS = 55 * MINUTE;
const BY_NIGHT_MS = 3 * HOUR_MS - 5 * MINUTE;
/** The forecast of the day is wanted before the sun rises. */
const BEFORE_SUNRISE_MS = HOUR_MS;
const FIRST_WAIT_MS = 5 * MINUTE;
const LONGEST_WAIT_MS = HOUR_MS;
/** Two whole days back: models correct the last hours, and every zone's today began at most a day before UTC's. */
const LEAST_PAST_DAYS = 2;
/** As far as the forecast service looks back. */
const MOST_PAST_DAYS = 92;

interface Asked extends WeatherPoint {
  fetchedAt: number | null;
  triedAt: number | null;
  nextTryAt: number | null;
}

/** The moment from which a place is worth asking for again: hourly while there is sun, every three hours at night. */
export function dueAt(place: Asked, now: number): number {
  // The clock was set back since it was asked for: nobody waits until it has caught up.
  if ((place.triedAt ?? 0) > now) return 0;
  if (place.nextTryAt !== null) return place.nextTryAt;
  if (place.fetchedAt === null) return 0;
  return place.fetchedAt + (isNight(place, now) ? BY_NIGHT_MS : BY_DAY_MS);
}

function isNight(place: Asked, now: number): boolean {
  const sun = solarDay(now, pointDegrees(place));
  if (sun.kind !== 'normal') return sun.kind === 'alwaysDown';
  return now < sun.sunrise - BEFORE_SUNRISE_MS || now > sun.sunset;
}

/** When to try again after so many failures in a row, ms UTC. */
export function retryAt(failures: number, now: number, random?: () => number): number {
  return now + backOff(failures, FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
}

/** How many days before today to ask for, so that hours that were missed while there was no internet are filled. */
export function pastDaysFor(fetchedAt: number | null, now: number): number {
  if (fetchedAt === null) return MOST_PAST_DAYS;
  const gap = Math.floor(now / DAY_MS) - Math.floor(fetchedAt / DAY_MS);
  return Math.min(MOST_PAST_DAYS, Math.max(LEAST_PAST_DAYS, gap + 1));
}
