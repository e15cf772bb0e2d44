import { hours, minutes } from '../../core/durations.ts';
import { solarDay } from '../../core/solar/day.ts';
import type { Source } from '../../sources/source.ts';
import type { LatestReading } from '../figures.ts';

/** Who was silent for longer has slept through a day. */
const LONGEST_SLEEP_MS = hours(20);
/** Low light wakes no inverter: so long after sunrise and before sunset it may sleep. */
export const TWILIGHT_MS = minutes(30);
/** Who measures any of these lives of something else than the sun. */
const ofOthers = ['loadPower', 'gridPower', 'batteryPower', 'generatorPower', 'stateOfCharge'] as const;

type Place = Pick<Source, 'role' | 'latitude' | 'longitude' | 'timeZone'>;

/** True for a silent source that may be: its inverter lives of the sun alone, and the sun is down there. */
export function isAsleep(source: Place, latest: LatestReading | undefined, now: number): boolean {
  if (!latest || now - latest.time >= LONGEST_SLEEP_MS) return false;
  return seesSunAlone(source, latest) && isNight(source, now);
}

function seesSunAlone({ role }: Place, { values }: LatestReading): boolean {
  if (role !== 'system') return role === 'solar';
  return values.solarPower !== undefined && ofOthers.every((metric) => values[metric] === undefined);
}

function isNight(place: Place, now: number): boolean {
  const day = solarDay(now, place);
  if (day.kind !== 'normal') return day.kind === 'alwaysDown';
  return now < day.sunrise + TWILIGHT_MS || now > day.sunset - TWILIGHT_MS;
}
