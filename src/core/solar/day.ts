import type { TimeSpan } from '../time-range.ts';
import { acosDeg, cosDeg, sinDeg, tanDeg } from './angles.ts';
import { sunCoordinates } from './ephemeris.ts';
import type { SunPlace } from './place.ts';

/** Sunrise, noon and sunset. Within 3 s of the Solar Position Algorithm in the reference table (latitudes up to 64 degrees). */

const DAY_MS = 86_400_000;
/** Zenith of the sun's centre when its upper edge touches the horizon: refraction 34' and half diameter 16'. */
const HORIZON_ZENITH_DEG = 90.833;

/** The solar day around the noon nearest to `time`; `alwaysUp` or `alwaysDown` near the poles. */
export interface SolarDay {
  noon: number;
  kind: 'normal' | 'alwaysUp' | 'alwaysDown';
  /** ms UTC; equal to `noon` when the sun does not rise or set that day. */
  sunrise: number;
  sunset: number;
}

/** Sunrise, noon and sunset (ms UTC) of the solar day whose noon is nearest to `time`. */
export function solarDay(time: number, place: SunPlace): SolarDay {
  const offsetMs = (place.longitude / 360) * DAY_MS;
  const meanNoon = Math.floor((time + offsetMs) / DAY_MS) * DAY_MS + DAY_MS / 2 - offsetMs;
  const noon = meanNoon - sunCoordinates(meanNoon).equationOfTimeMin * 60_000;
  const hourAngle = (at: number): number => {
    const { declinationDeg } = sunCoordinates(at);
    return (
      cosDeg(HORIZON_ZENITH_DEG) / (cosDeg(place.latitude) * cosDeg(declinationDeg)) -
      tanDeg(place.latitude) * tanDeg(declinationDeg)
    );
  };
  const atNoon = hourAngle(noon);
  if (atNoon <= -1 || Number.isNaN(atNoon)) return { noon, kind: 'alwaysUp', sunrise: noon, sunset: noon };
  if (atNoon >= 1) return { noon, kind: 'alwaysDown', sunrise: noon, sunset: noon };
  const eventAt = (sign: 1 | -1): number => {
    let at = noon;
    // The declination moves while the sun does; two rounds bring the moment below a second.
    for (let round = 0; round < 3; round++) {
      const angle = acosDeg(hourAngle(at));
      at = meanNoon - sunCoordinates(at).equationOfTimeMin * 60_000 + sign * angle * 4 * 60_000;
    }
    return at;
  };
  return { noon, kind: 'normal', sunrise: eventAt(-1), sunset: eventAt(1) };
}

/** Nights (sunset to sunrise) within a range, clipped to it. Ranges beyond `maxDays` give none: they would only be stripes. */
export function nightsWithin(range: TimeSpan, place: SunPlace, maxDays = 16): TimeSpan[] {
  if (range.to - range.from > maxDays * DAY_MS) return [];
  const nights: TimeSpan[] = [];
  let dark = range.from;
  for (let at = range.from - DAY_MS; at <= range.to + DAY_MS; at += DAY_MS) {
    const day = solarDay(at, place);
    if (day.kind === 'alwaysDown') continue;
    const up = day.kind === 'alwaysUp' ? day.noon - DAY_MS / 2 : day.sunrise;
    const down = day.kind === 'alwaysUp' ? day.noon + DAY_MS / 2 : day.sunset;
    // Two white nights that touch leave a sliver of seconds, because noon drifts.
    if (up - dark > 600_000 && dark < range.to) nights.push({ from: dark, to: Math.min(up, range.to) });
    dark = Math.max(dark, down);
  }
  if (dark < range.to) nights.push({ from: dark, to: range.to });
  return nights;
}

/**
 * How long the sun is up on a day of the year (1 to 366), ms: to a few minutes, at the cost of nothing. The declination is
 * Cooper's (Solar Energy 12 (3), 1969).
 */
export function daylightMs(latitude: number, dayOfYear: number): number {
  const declinationDeg = 23.45 * sinDeg((360 / 365) * (284 + dayOfYear));
  const cosine =
    cosDeg(HORIZON_ZENITH_DEG) / (cosDeg(latitude) * cosDeg(declinationDeg)) -
    tanDeg(latitude) * tanDeg(declinationDeg);
  return (acosDeg(Math.max(-1, Math.min(1, cosine))) / 180) * DAY_MS;
}
