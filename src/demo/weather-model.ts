import { days, hours } from '../core/durations.ts';
import type { SunPlace } from '../core/solar/place.ts';
import { hourFields } from '../weather/hour-fields.ts';
import { emptyColumns, HOUR_MS, type HourBlock } from '../weather/hours.ts';
import { airTemperature, cloudCover, DIFFUSE_SHARE, lightAt } from './climate.ts';
import { hashed, smoothNoise } from './noise.ts';

/**
 * The weather of the demo house by the hour, as a weather service would tell it: the hours just past nearly as they were, the
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
  const temperatureC = airTemperature(stamp, place) + 5 * swing(stamp, hours(17), lead, run + 71);
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

/** What the models said at `toldAt` of the hours from `from` on; what had passed by then is the same in all runs. */
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

/** The sky over a roof is not that of its cell of the weather model, whatever the lead. */
const CELL_DOUBT = 0.3;

/** How wrong the models are, 0..1: from what they make of hours that have passed, growing over a week. */
function doubt(leadMs: number): number {
  return Math.min(1, CELL_DOUBT + ((1 - CELL_DOUBT) * leadMs) / days(7));
}

/** How far off something is told: what the cell is off by stays the same, whichever run tells it, and lead adds to that. */
function swing(time: number, periodMs: number, lead: number, seed: number): number {
  const late = doubt(lead) - CELL_DOUBT;
  const cell = smoothNoise(time, hours(5), 40) - 0.5;
  return CELL_DOUBT * cell + late * (smoothNoise(time, periodMs, seed) - 0.5);
}

/** Clouds as a forecast of that lead and run sees them: a front comes early or late, and a share is guessed. */
function toldClouds(lead: number, run: number): (time: number) => number {
  const shift = (hashed(run, 31) - 0.5) * 2 * hours(8) * (doubt(lead) - CELL_DOUBT);
  return (time) => Math.min(1, Math.max(0, cloudCover(time + shift) + swing(time, hours(8), lead, run + 41)));
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
