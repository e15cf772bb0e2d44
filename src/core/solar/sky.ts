import type { TimeSpan } from '../time-range.ts';
import { acosDeg, cosDeg, sinDeg } from './angles.ts';
import { absoluteAirMass, dayOfYear, extraterrestrialWm2, pressurePa, relativeAirMass } from './atmosphere.ts';
import { type Irradiance, ineichenClearSky, linkeTurbidity } from './clear-sky.ts';
import type { SolarSite } from './place.ts';
import { createSunTracker, type SunPosition } from './position.ts';

/** Sun and cloudless sky of a site at one moment with the sun up. */
export interface SkyMoment {
  /** ms UTC. */
  time: number;
  sun: SunPosition;
  /** Towards the apparent sun: parts to the east, north and up of a vector of length 1. */
  east: number;
  north: number;
  /** Also the cosine of the apparent zenith, above 0. */
  cosZenith: number;
  extraterrestrialWm2: number;
  /** Relative, for Perez. */
  airMass: number;
  clear: Irradiance;
}

/** An interval as the sun crosses it: moments in the middle of equal steps, those with the sun down left out. */
export interface SkyInterval {
  span: TimeSpan;
  moments: readonly SkyMoment[];
  /** How many steps the interval was cut into: each moment stands for this part of it. */
  steps: number;
}

/** What the sun does in an interval, for features and charts. Means are over the whole interval, dark part included. */
export interface IntervalSun {
  /** Share of the interval with the sun up, 0..1. */
  daylight: number;
  /** Elevation and azimuth (from north, clockwise) where the clear sky's light comes from on average; elevation 0 at night. */
  elevationDeg: number;
  azimuthDeg: number;
  /** On a horizontal plane outside the atmosphere, W/m2. */
  extraterrestrialHorizontalWm2: number;
  clear: Irradiance;
}

/** Sun and clear sky over one site; keeps what neighbouring times share, so it is fastest when they ascend. */
export interface Sky {
  site: SolarSite;
  /** Undefined when the sun is down. */
  at(time: number): SkyMoment | undefined;
  over(span: TimeSpan): SkyInterval;
}

const STEP_MS = 5 * 60_000;
const MAX_STEPS = 48;

export function createSky(site: SolarSite): Sky {
  const pressure = pressurePa(site.altitudeM ?? 0);
  const track = createSunTracker(site, { pressurePa: pressure, temperatureC: 12 });
  const season = createSeason(site);
  const at = (time: number): SkyMoment | undefined => {
    const sun = track(time);
    if (sun.apparentZenithDeg >= 90) return undefined;
    const { extraterrestrial, turbidity } = season(time);
    const airMass = relativeAirMass(sun.apparentZenithDeg);
    const clear = ineichenClearSky({
      apparentZenithDeg: sun.apparentZenithDeg,
      airMass: absoluteAirMass(airMass, pressure),
      linkeTurbidity: turbidity,
      altitudeM: site.altitudeM ?? 0,
      extraterrestrialWm2: extraterrestrial,
    });
    const cosZenith = cosDeg(sun.apparentZenithDeg);
    const across = Math.sqrt(1 - cosZenith * cosZenith);
    const [east, north] = [across * sinDeg(sun.azimuthDeg), across * cosDeg(sun.azimuthDeg)];
    return { time, sun, east, north, cosZenith, extraterrestrialWm2: extraterrestrial, airMass, clear };
  };
  return { site, at, over: (span) => cut(span, at) };
}

/** The same, but what was asked for is kept: for several passes over a few times. */
export function rememberedSky(site: SolarSite): Sky {
  const sky = createSky(site);
  const kept = new Map<string, SkyInterval>();
  const over = (span: TimeSpan): SkyInterval => {
    const key = `${span.from} ${span.to}`;
    const seen = kept.get(key) ?? sky.over(span);
    kept.set(key, seen);
    return seen;
  };
  return { ...sky, over };
}

function cut(span: TimeSpan, at: Sky['at']): SkyInterval {
  const length = span.to - span.from;
  const steps = Math.min(MAX_STEPS, Math.max(1, Math.round(length / STEP_MS)));
  const moments: SkyMoment[] = [];
  for (let step = 0; step < steps; step++) {
    const moment = at(span.from + ((step + 0.5) * length) / steps);
    if (moment) moments.push(moment);
  }
  return { span, moments, steps };
}

/** What changes by the day: light outside the atmosphere, and turbidity between the middles of months. */
function createSeason(site: SolarSite): (time: number) => { extraterrestrial: number; turbidity: number } {
  let day = Number.NaN;
  let known = { extraterrestrial: 0, turbidity: 0 };
  return (time) => {
    const today = Math.floor(time / 86_400_000);
    if (today === day) return known;
    day = today;
    const ordinal = dayOfYear(time);
    const months = ((ordinal - 0.5) / 365.25) * 12 - 0.5;
    const before = Math.floor(months);
    const share = months - before;
    const turbidity =
      (1 - share) * linkeTurbidity(site, (before + 12) % 12) + share * linkeTurbidity(site, (before + 13) % 12);
    known = { extraterrestrial: extraterrestrialWm2(ordinal), turbidity };
    return known;
  };
}

/** Mean over the whole interval of what `value` gives while the sun is up. */
export function meanOver(interval: SkyInterval, value: (moment: SkyMoment) => number): number {
  let sum = 0;
  for (const moment of interval.moments) sum += value(moment);
  return sum / interval.steps;
}

export function clearMean(interval: SkyInterval): Irradiance {
  return {
    ghiWm2: meanOver(interval, (moment) => moment.clear.ghiWm2),
    dniWm2: meanOver(interval, (moment) => moment.clear.dniWm2),
    dhiWm2: meanOver(interval, (moment) => moment.clear.dhiWm2),
  };
}

/** Mean sun of an interval, over its daylit part weighted by the clear sky's light. */
export function intervalSun(interval: SkyInterval): IntervalSun {
  let [weight, x, y, z] = [0, 0, 0, 0];
  for (const { clear, east, north, cosZenith } of interval.moments) {
    x += north * clear.ghiWm2;
    y += east * clear.ghiWm2;
    z += cosZenith * clear.ghiWm2;
    weight += clear.ghiWm2;
  }
  return {
    daylight: interval.moments.length / interval.steps,
    elevationDeg: weight > 0 ? 90 - acosDeg(z / Math.hypot(x, y, z)) : 0,
    azimuthDeg: weight > 0 ? (Math.atan2(y, x) * (180 / Math.PI) + 360) % 360 : 0,
    extraterrestrialHorizontalWm2: meanOver(interval, (moment) => moment.extraterrestrialWm2 * moment.cosZenith),
    clear: clearMean(interval),
  };
}
