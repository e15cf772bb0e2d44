import { hours } from '../core/durations.ts';
import type { SunPlace } from '../core/solar/place.ts';
import { hourFields } from '../weather/hour-fields.ts';
import { emptyColumns, HOUR_MS, type HourBlock } from '../weather/hours.ts';
import { airTemperature, cloudCover, DIFFUSE_SHARE, lightAt } from './climate.ts';
import { hashed, smoothNoise } from './noise.ts';

/**
 * The weather of the demo house by the hour, as a weather service would tell it: the hours just past as they were, the
 * hours ahead with an error that grows with the lead time and is another one each time the models run.
 */
export interface SimulatedHour {
  temperatureC: number;
  humidityPercent: number;
  weatherCode: number;
  cloudCoverPercent: number;
  cloudLowPercent: number;
  cloudMidPercent: number;
  cloudHighPercent: number;
  windMs: number;
  precipitationMm: number;
  snowDepthM: number;
  ghiWm2: number;
  dniWm2: number;
  dhiWm2: number;
  uvIndex: number;
}

/** The models run every three hours. */
const RUN_MS = hours(3);
const STEPS = 12;

/** The hour stamped `stamp`, as told at `toldAt`. */
export function simulatedHour(stamp: number, place: SunPlace, toldAt: number): SimulatedHour {
  const lead = Math.max(0, stamp - toldAt);
  const run = Math.floor(toldAt / RUN_MS);
  const told = toldClouds(lead, run);
  const light = meanLight(stamp, place, told);
  const cover = told(stamp);
  const precipitationMm = rainOf(cover, stamp);
  const temperatureC = airTemperature(stamp, place) + doubt(lead) * 5 * (smoothNoise(stamp, hours(17), run + 71) - 0.5);
  return {
    temperatureC: temperatureC + 1.5 * (0.5 - cover),
    humidityPercent: Math.round(58 + 30 * cover + 12 * (smoothNoise(stamp, hours(11), 21) - 0.5)),
    weatherCode: codeOf(cover, precipitationMm, stamp),
    cloudCoverPercent: Math.round(100 * cover),
    cloudLowPercent: Math.round(70 * cover * smoothNoise(stamp, hours(13), 22)),
    cloudMidPercent: Math.round(80 * cover * smoothNoise(stamp, hours(19), 23)),
    cloudHighPercent: Math.round(100 * cover * smoothNoise(stamp, hours(23), 24)),
    windMs: 1.2 + 7 * smoothNoise(stamp, hours(9), 25) ** 2 + 2 * cover,
    precipitationMm,
    snowDepthM: 0,
    ...light,
    uvIndex: light.ghiWm2 / 95,
  };
}

/** What the models said at `toldAt` of the hours from `from` on; what had passed by then is as it was. */
export function simulatedBlock(
  from: number,
  count: number,
  place: { latitude: number; longitude: number },
  toldAt: number,
): HourBlock {
  const values = emptyColumns(count);
  for (let i = 0; i < count; i++) {
    const hour = simulatedHour(from + i * HOUR_MS, place, toldAt);
    for (const { name, step } of hourFields) values[name][i] = Math.round(hour[name] / step) / Math.round(1 / step);
  }
  return { from, count, values };
}

/** How wrong a forecast is, 0..1, growing over five days. */
function doubt(leadMs: number): number {
  return Math.min(1, leadMs / hours(120));
}

/** Clouds as a forecast of that lead and run sees them: a front comes early or late, and a share is guessed. */
function toldClouds(lead: number, run: number): (time: number) => number {
  if (lead === 0) return cloudCover;
  const shift = (hashed(run, 31) - 0.5) * 2 * hours(6) * doubt(lead);
  const guess = 0.12 + 0.75 * doubt(lead);
  return (time) => {
    const noise = smoothNoise(time, hours(8), run + 41) - 0.5;
    return Math.min(1, Math.max(0, cloudCover(time + shift) + guess * noise));
  };
}

/** Means of the hour before the stamp. */
function meanLight(stamp: number, place: SunPlace, cover: (time: number) => number) {
  let ghiWm2 = 0;
  let dniWm2 = 0;
  for (let step = 0; step < STEPS; step++) {
    const time = stamp - HOUR_MS + ((step + 0.5) * HOUR_MS) / STEPS;
    const { globalWm2, beamWm2 } = lightAt(time, place, cover(time));
    ghiWm2 += globalWm2 / STEPS;
    dniWm2 += beamWm2 / STEPS;
  }
  return { ghiWm2, dniWm2, dhiWm2: DIFFUSE_SHARE * ghiWm2 };
}

function rainOf(cover: number, stamp: number): number {
  const wet = smoothNoise(stamp, hours(5), 26);
  return cover > 0.82 && wet > 0.55 ? Math.round((cover - 0.82) * (wet - 0.55) * 400) / 10 : 0;
}

function codeOf(cover: number, rainMm: number, stamp: number): number {
  if (rainMm >= 2) return hashed(Math.floor(stamp / hours(6)), 27) > 0.8 ? 95 : 63;
  if (rainMm >= 0.1) return rainMm < 0.5 ? 51 : 61;
  if (cover > 0.85) return 3;
  if (cover > 0.4) return 2;
  return cover > 0.12 ? 1 : 0;
}
