import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { minutes } from '../src/core/durations.ts';
import { halfTurn, sinDeg } from '../src/core/solar/angles.ts';
import { type ArrayEstimate, estimateArrays } from '../src/forecast/array-estimate.ts';
import { learnDailyCourse } from '../src/forecast/daily-course.ts';
import { powerSeries } from '../src/forecast/power-series.ts';
import type { PvSystem } from '../src/forecast/pv-system.ts';
import { createRandom, syntheticRoof } from '../src/testing/synthetic-roof.ts';
import type { Results } from './lib.ts';

const ROOFS = 24;
const PEAK_W = 5000;

/** A made-up roof somewhere: any direction but the pole's, haze, ground, sky model, trees and inverter unlike the estimate's. */
function randomRoof(seed: number) {
  const random = createRandom(seed * 77);
  const between = (low: number, high: number): number => low + (high - low) * random();
  const latitude = random() < 0.2 ? -between(20, 45) : between(25, 60);
  const tiltDeg = between(8, 60);
  const azimuthDeg = ((latitude < 0 ? 0 : 180) + between(-100, 100) + 360) % 360;
  const place = { latitude, longitude: between(-120, 150), altitudeM: between(0, 800) };
  const site = { ...place, linkeTurbidity: between(2.3, 5), albedo: between(0.1, 0.35) };
  const hill = [
    { azimuthDeg: 60, elevationDeg: 0 },
    { azimuthDeg: 80, elevationDeg: between(5, 25) },
    { azimuthDeg: 130, elevationDeg: between(5, 20) },
    { azimuthDeg: 150, elevationDeg: 0 },
  ];
  const horizon = random() < 0.4 ? hill : [];
  const system: PvSystem = {
    site,
    arrays: [{ tiltDeg, azimuthDeg, peakW: PEAK_W, horizon }],
    powerPerK: -between(0.003, 0.0045),
    skyModel: random() < 0.5 ? 'hay-davies' : 'perez',
    ...(random() < 0.3 ? { inverterLimitW: 3400 } : {}),
  };
  const from = Date.UTC(2025, Math.floor(between(0, 12)), 1);
  const days = seed % 4 === 0 ? 90 : 365;
  const stepMs = minutes([15, 30, 60][seed % 3] ?? 15);
  const { series } = syntheticRoof(system, { from, days, stepMs, seed, clearDays: between(0.1, 0.5), noise: 0.01 });
  return { place, tiltDeg, azimuthDeg, series };
}

/** How far estimates of random roofs and places lie from the truth, and how often the stated ranges hold it. */
export function benchRoofs(results: Results): void {
  const deviations: { tilt: number; direction: number; peak: number; inRange: number[] }[] = [];
  const places: { latitude: number; longitude: number; inTwoSd: number }[] = [];
  for (let seed = 1; seed <= ROOFS; seed++) {
    const { place, tiltDeg, azimuthDeg, series } = randomRoof(seed);
    const course = learnDailyCourse(series);
    if (course.ok) {
      const latitude = course.value.place.latitude - place.latitude;
      const longitude = halfTurn(course.value.place.longitude - place.longitude);
      places.push({ latitude, longitude, inTwoSd: Math.abs(latitude) < 2 * course.value.latitudeSd ? 1 : 0 });
    }
    const found = estimateArrays(series, place);
    if (!found.ok) continue;
    const turned = halfTurn(found.value.azimuthDeg.value - azimuthDeg);
    deviations.push({
      tilt: found.value.tiltDeg.value - tiltDeg,
      direction: turned * sinDeg(tiltDeg),
      peak: found.value.peakW.value / PEAK_W - 1,
      inRange: inRange(found.value, tiltDeg, turned),
    });
  }
  const rms = (values: number[]): number => Math.sqrt(mean(values.map((value) => value ** 2)));
  results.add('roofs: random ones answered', deviations.length / ROOFS, '', { atLeast: 0.8 });
  results.add('roofs: tilt, rms', rms(deviations.map(({ tilt }) => tilt)), 'deg', { atMost: 6 });
  results.add('roofs: azimuth x sin tilt, rms', rms(deviations.map((d) => d.direction)), 'deg', { atMost: 6 });
  results.add('roofs: peak power, rms', 100 * rms(deviations.map(({ peak }) => peak)), '%', { atMost: 8 });
  results.add('roofs: stated 80 % ranges hold', 100 * mean(deviations.flatMap((d) => d.inRange)), '%', { atLeast: 70 });
  results.add('roofs: latitude from power alone, rms', rms(places.map((p) => p.latitude)), 'deg', { atMost: 4 });
  results.add('roofs: longitude from power alone, rms', rms(places.map((p) => p.longitude)), 'deg', { atMost: 4 });
  results.add('roofs: latitude within two stated sd', 100 * mean(places.map((p) => p.inTwoSd)), '%', { atLeast: 85 });
}

function inRange(found: ArrayEstimate, tiltDeg: number, turned: number): number[] {
  const { tiltDeg: tilt, azimuthDeg: azimuth, peakW } = found;
  return [
    tiltDeg >= tilt.low && tiltDeg <= tilt.high ? 1 : 0,
    Math.abs(turned) <= azimuth.high - azimuth.value ? 1 : 0,
    PEAK_W >= peakW.low && PEAK_W <= peakW.high ? 1 : 0,
  ];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Five plants of PVOD: place, and rated power in MW. */
const plants: [string, number, number, number][] = [
  ['station00', 38.04778, 114.95139, 6.6],
  ['station01', 38.18306, 117.45722, 20],
  ['station03', 38.10956, 114.11494, 20],
  ['station05', 38.2355, 114.1236, 35],
  ['station08', 36.70761, 113.9, 20],
];

/** What the estimate says of real plants, whose data sheet says 33 degrees to the south: printed, with no target. */
export async function showPlants(): Promise<void> {
  const folder = join(process.env.AMPRA_TEST_DATA ?? '', 'pv', 'pvod');
  if (!process.env.AMPRA_TEST_DATA || !existsSync(folder)) {
    console.log('  real plants: skipped, AMPRA_TEST_DATA is not set');
    return;
  }
  for (const [name, latitude, longitude, ratedMw] of plants) {
    const bytes = await Bun.file(join(folder, `${name}.csv.gz`)).arrayBuffer();
    const [head = '', ...lines] = new TextDecoder()
      .decode(Bun.gunzipSync(new Uint8Array(bytes)))
      .trim()
      .split('\n');
    const column = head.split(',').indexOf('power');
    const samples = lines.map((line) => {
      const cells = line.split(',');
      return { time: Date.parse(`${cells[0]?.replace(' ', 'T')}Z`), powerW: Number(cells[column]) * 1e6 };
    });
    const series = powerSeries(samples, minutes(15));
    const course = learnDailyCourse(series);
    const learned = course.ok ? course.value.place : { latitude: Number.NaN, longitude: Number.NaN };
    const found = estimateArrays(series, { latitude, longitude });
    const place = `place ${learned.latitude.toFixed(1)}, ${learned.longitude.toFixed(1)} (is ${latitude.toFixed(1)}, ${longitude.toFixed(1)})`;
    console.log(`  ${name}: ${place}; ${found.ok ? sentence(found.value, ratedMw) : found.error.message}`);
  }
}

function sentence({ tiltDeg, azimuthDeg, peakW, confidence }: ArrayEstimate, ratedMw: number): string {
  const range = (name: string, { value, low, high }: ArrayEstimate['peakW'], unit: number, digits: number): string =>
    `${name} ${(value / unit).toFixed(digits)} (${(low / unit).toFixed(digits)} to ${(high / unit).toFixed(digits)})`;
  const parts = [range('tilt', tiltDeg, 1, 0), range('azimuth', azimuthDeg, 1, 0), range('peak MW', peakW, 1e6, 1)];
  return `${parts.join(', ')}, rated ${ratedMw}, confidence ${confidence.toFixed(2)}`;
}
