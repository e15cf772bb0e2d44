import { expect, test } from 'bun:test';
import { minutes } from '../core/durations.ts';
import { wallTime } from '../core/wall-clock.ts';
import { createPvModel } from './expected-power.ts';
import type { PvSystem } from './pv-system.ts';

/** Forecasts that came an hour early in summer time, as users of other systems reported them. */
const site = { latitude: 47.362, longitude: 8.541, altitudeM: 400 };
const roof = (tiltDeg: number, azimuthDeg: number): PvSystem => ({
  site,
  arrays: [{ tiltDeg, azimuthDeg, peakW: 5000 }],
});
const STEP = minutes(15);

/** Middle of the quarter hour in which a clear day gives most, in ms since midnight UTC. */
function peakOf(system: PvSystem, day: number): number {
  const model = createPvModel(system);
  const powers = Array.from({ length: 96 }, (_, i) => {
    const from = day + i * STEP;
    return model.expect({ from, to: from + STEP }, {}).acW;
  });
  return (powers.indexOf(Math.max(...powers)) + 0.5) * STEP;
}

test('core #67544, #74375, #115214, EMHASS #589: the day after a clock change peaks when the sun does, an hour later on the clock', () => {
  const [before, after] = [Date.UTC(2026, 2, 28), Date.UTC(2026, 2, 30)];
  const peaks = [before, after].map((day) => peakOf(roof(30, 180), day));
  // The sun is highest at 11:31 UTC.
  for (const peak of peaks) expect(Math.abs(peak - minutes(11 * 60 + 31))).toBeLessThanOrEqual(STEP);
  const clock = [before, after].map((day, i) => wallTime(day + (peaks[i] ?? 0), 'Europe/Zurich').minute);
  expect((clock[1] ?? 0) - (clock[0] ?? 0)).toBe(60);
});

test('open-meteo #1333, open-meteo-solar-forecast #32: a plane to the south-south-west peaks in Zurich in May at two o’clock of summer time', () => {
  // Open-Meteo's own largest value for this plane is that of the quarter hour to 14:00.
  const day = Date.UTC(2025, 4, 10);
  const { minute } = wallTime(day + peakOf(roof(45, 196), day), 'Europe/Zurich');
  expect(Math.abs(minute - (13 * 60 + 52.5))).toBeLessThanOrEqual(15);
});

test('core #133325: no hour of a clear day is nothing between others, ten hours east of Greenwich', () => {
  for (const day of [Date.UTC(2024, 11, 15, 14), Date.UTC(2024, 5, 15, 14)]) {
    const model = createPvModel({
      site: { latitude: -27.47, longitude: 153.03, altitudeM: 30 },
      arrays: [{ tiltDeg: 20, azimuthDeg: 0, peakW: 5000 }],
    });
    const powers = Array.from({ length: 24 }, (_, i) => {
      const from = day + i * minutes(60);
      return model.expect({ from, to: from + minutes(60) }, {}).acW;
    });
    const bright = powers.flatMap((watts, hour) => (watts > 50 ? [hour] : []));
    expect(bright).toEqual(Array.from({ length: bright.length }, (_, i) => (bright[0] ?? 0) + i));
    expect(bright).toContain(10);
    // It rises to the noon and falls after it.
    const top = powers.indexOf(Math.max(...powers));
    expect(powers.slice(0, top + 1)).toEqual(powers.slice(0, top + 1).toSorted((a, b) => a - b));
    expect(powers.slice(top)).toEqual(powers.slice(top).toSorted((a, b) => b - a));
  }
});
