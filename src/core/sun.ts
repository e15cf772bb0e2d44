/**
 * Sunrise and sunset after the NOAA solar calculator, which follows Jean Meeus, "Astronomical Algorithms", 2nd ed.,
 * chapters 25 (solar coordinates), 22 (obliquity) and 28 (equation of time); https://gml.noaa.gov/grad/solcalc/.
 * Within 10 s of the Solar Position Algorithm in the reference table (latitudes up to 64 degrees).
 */
import type { TimeSpan } from './time-range.ts';

const RAD = Math.PI / 180;
const DAY_MS = 86_400_000;
const J2000_MS = Date.UTC(2000, 0, 1, 12);
/** Zenith of the sun's centre when its upper edge touches the horizon: refraction 34' and half diameter 16'. */
const HORIZON_ZENITH_DEG = 90.833;

const sin = (degrees: number): number => Math.sin(degrees * RAD);
const cos = (degrees: number): number => Math.cos(degrees * RAD);
const tan = (degrees: number): number => Math.tan(degrees * RAD);
const asin = (x: number): number => Math.asin(x) / RAD;

export interface SunPlace {
  /** Degrees, north positive. */
  latitude: number;
  /** Degrees, east positive. */
  longitude: number;
}

/** Declination [deg] and equation of time [min] at a moment (ms UTC). */
export function sunCoordinates(time: number): { declinationDeg: number; equationOfTimeMin: number } {
  const t = (time - J2000_MS) / DAY_MS / 36_525;
  const meanLongitude = (280.46646 + t * (36_000.76983 + t * 0.0003032)) % 360;
  const meanAnomaly = 357.52911 + t * (35_999.05029 - 0.0001537 * t);
  const eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
  const centre =
    sin(meanAnomaly) * (1.914602 - t * (0.004817 + 0.000014 * t)) +
    sin(2 * meanAnomaly) * (0.019993 - 0.000101 * t) +
    sin(3 * meanAnomaly) * 0.000289;
  const node = 125.04 - 1934.136 * t;
  const apparentLongitude = meanLongitude + centre - 0.00569 - 0.00478 * sin(node);
  const obliquity = 23 + (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60 + 0.00256 * cos(node);
  const y = tan(obliquity / 2) ** 2;
  const equation =
    y * sin(2 * meanLongitude) -
    2 * eccentricity * sin(meanAnomaly) +
    4 * eccentricity * y * sin(meanAnomaly) * cos(2 * meanLongitude) -
    0.5 * y * y * sin(4 * meanLongitude) -
    1.25 * eccentricity * eccentricity * sin(2 * meanAnomaly);
  return {
    declinationDeg: asin(sin(obliquity) * sin(apparentLongitude)),
    equationOfTimeMin: (4 * equation) / RAD,
  };
}

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
      cos(HORIZON_ZENITH_DEG) / (cos(place.latitude) * cos(declinationDeg)) - tan(place.latitude) * tan(declinationDeg)
    );
  };
  const atNoon = hourAngle(noon);
  if (atNoon <= -1 || Number.isNaN(atNoon)) return { noon, kind: 'alwaysUp', sunrise: noon, sunset: noon };
  if (atNoon >= 1) return { noon, kind: 'alwaysDown', sunrise: noon, sunset: noon };
  const eventAt = (sign: 1 | -1): number => {
    let at = noon;
    // The declination moves while the sun does; two rounds bring the moment below a second.
    for (let round = 0; round < 3; round++) {
      const angle = Math.acos(Math.min(1, Math.max(-1, hourAngle(at)))) / RAD;
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
