/**
 * Light on a source's own panels over a day, from the weather's hours: the in-plane irradiation H_i of IEC 61724-1:2021.
 * It is what comes to the plane with a free view: shade, glass and dirt are the plant's own losses.
 */
import { cosDeg, sinDeg } from '../core/solar/angles.ts';
import { type LightMeans, spreadLight } from '../core/solar/interval-light.ts';
import type { SunPlace } from '../core/solar/place.ts';
import { createSky, type Sky, type SkyMoment } from '../core/solar/sky.ts';
import { lightOn, type Plane } from '../core/solar/transposition.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { HOUR_MS, type HourlyWeather } from './hours.ts';

/** Where panels stand and how they lie. */
export interface Panels extends SunPlace {
  arrays: readonly (Plane & {
    /** Rated power, W: how much each plane counts. */
    peakW: number;
  })[];
}

export interface PanelLight {
  /** On the plane of the panels, of several the mean by their rated power; of the hours that are known. kWh/m2. */
  kwhM2: number;
  /** Share of a cloudless day's light on level ground that comes in the hours that are known, 0..1; 1 where the sun stays down. */
  known: number;
}

/** Share of the light that the ground throws back, as everywhere in Ampra. */
const ALBEDO = 0.2;
const MS_PER_KILO_HOUR = 1000 * HOUR_MS;

/** Light of one day or another of the same panels. */
export type PanelLightMeter = (day: TimeSpan, hours: HourlyWeather) => PanelLight;

/** What is the same for all days is worked out once. `hours` must hold the stamps of the day (`stampsOf`). */
export function panelLightMeter(panels: Panels): PanelLightMeter {
  const sky = createSky({ latitude: panels.latitude, longitude: panels.longitude });
  const onPlanes = meanOnPlanes(panels);
  return (day, hours) => {
    let [light, clear, knownClear] = [0, 0, 0];
    for (let stamp = Math.floor(day.from / HOUR_MS) * HOUR_MS + HOUR_MS; stamp - HOUR_MS < day.to; stamp += HOUR_MS) {
      const hour = lightOfHour(sky, stamp, hours);
      for (const moment of hour.moments) {
        if (moment.time < day.from || moment.time >= day.to) continue;
        clear += moment.clear.ghiWm2;
        if (!hour.at) continue;
        knownClear += moment.clear.ghiWm2;
        light += onPlanes(moment, hour.at) * hour.stepMs;
      }
    }
    return { kwhM2: light / MS_PER_KILO_HOUR, known: clear > 0 ? knownClear / clear : 1 };
  };
}

interface HourLight {
  moments: readonly SkyMoment[];
  stepMs: number;
  /** Absent where the light of the hour is not known. */
  at?: ReturnType<typeof spreadLight>['at'];
}

/** The hour before a stamp. What was only foretold is not known, and clouds alone tell too little of the light. */
function lightOfHour(sky: Sky, stamp: number, { times, origins, values }: HourlyWeather): HourLight {
  const interval = sky.over({ from: stamp - HOUR_MS, to: stamp });
  const dark = { moments: interval.moments, stepMs: HOUR_MS / interval.steps };
  const index = (stamp - (times[0] ?? Number.NaN)) / HOUR_MS;
  const origin = origins[index] ?? null;
  const ghiWm2 = values.ghiWm2[index] ?? null;
  if (origin === null || origin === 'forecast' || ghiWm2 === null || interval.moments.length === 0) return dark;
  const means: LightMeans = { ghiWm2, dhiWm2: values.dhiWm2[index], dniWm2: values.dniWm2[index] };
  return { ...dark, at: spreadLight(interval, means).at };
}

/** Mean over the planes by rated power, W/m2; the sky's light after Perez. */
function meanOnPlanes({ arrays }: Panels): (moment: SkyMoment, at: NonNullable<HourLight['at']>) => number {
  const whole = arrays.reduce((sum, { peakW }) => sum + peakW, 0);
  const planes = arrays.map(({ tiltDeg, azimuthDeg, peakW }) => ({
    ...{ share: peakW / whole, cosTilt: cosDeg(tiltDeg), sinTilt: sinDeg(tiltDeg) },
    ...{ east: sinDeg(tiltDeg) * sinDeg(azimuthDeg), north: sinDeg(tiltDeg) * cosDeg(azimuthDeg) },
  }));
  return (moment, at) => {
    const { sun, extraterrestrialWm2, airMass } = moment;
    const light = { ...at(moment), sun, extraterrestrialWm2, airMass, albedo: ALBEDO };
    let sum = 0;
    for (const { share, cosTilt, sinTilt, east, north } of planes) {
      const cosIncidence = east * moment.east + north * moment.north + cosTilt * moment.cosZenith;
      const { beamWm2, skyWm2, groundWm2 } = lightOn(light, { cosTilt, sinTilt, cosIncidence }, 'perez');
      sum += share * (beamWm2 + skyWm2 + groundWm2);
    }
    return sum;
  };
}

/** Grows when days are to be worked out anew after a change of the arithmetic above. */
const RULES = 1;

/** A number that is another one when the panels lie otherwise or stand elsewhere (FNV-1a, 32 bits). */
export function panelsKey({ latitude, longitude, arrays }: Panels): number {
  const planes = arrays.map(({ tiltDeg, azimuthDeg, peakW }) => [tiltDeg, azimuthDeg, peakW]);
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify([RULES, latitude, longitude, planes]))
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
