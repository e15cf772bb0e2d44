import { describe, expect, test } from 'bun:test';
import { hours, minutes } from '../core/durations.ts';
import { solarDay } from '../core/solar/day.ts';
import type { HorizonPoint } from '../core/solar/horizon.ts';
import { type SyntheticOptions, syntheticRoof } from '../testing/synthetic-roof.ts';
import { aheadMinAt } from './clock-steps.ts';
import { type DailyCourse, learnDailyCourse } from './daily-course.ts';

interface Roof {
  latitude: number;
  longitude: number;
  tiltDeg?: number;
  azimuthDeg?: number;
  horizon?: HorizonPoint[];
}

function course(roof: Roof, options: Partial<SyntheticOptions> = {}): DailyCourse {
  const { latitude, longitude, tiltDeg = 30, azimuthDeg = latitude < 0 ? 0 : 180, horizon = [] } = roof;
  const { series } = syntheticRoof(
    { site: { latitude, longitude }, arrays: [{ tiltDeg, azimuthDeg, peakW: 5000, horizon }] },
    { from: Date.UTC(2025, 0, 10), days: 365, stepMs: minutes(30), ...options },
  );
  const learned = learnDailyCourse(series);
  if (!learned.ok) throw new Error(learned.error.message);
  return learned.value;
}

describe('the course of the sun from power alone', () => {
  test.each([
    [47.4, 8.5],
    [-33.9, 151.2],
    [38, -121],
    [60.2, 24.9],
    [9, -79.5],
  ])('finds %f, %f to 3 degrees within a year, and says how sure it is', (latitude, longitude) => {
    const found = course({ latitude, longitude });
    expect(Math.abs(found.place.latitude - latitude)).toBeLessThan(3);
    expect(Math.abs(found.place.longitude - longitude)).toBeLessThan(2);
    expect(found.latitudeSd).toBeWithin(0.3, 8);
    expect(Math.abs(found.place.latitude - latitude)).toBeLessThan(2.5 * found.latitudeSd);
    expect(found.clockSteps).toEqual([]);
  });

  test.each([
    ['winter', 11],
    ['spring', 2],
    ['summer', 5],
  ])('finds the place to 8 degrees, and as sure as it says, from two months of %s', (_, month) => {
    const found = course({ latitude: 47.4, longitude: 8.5 }, { from: Date.UTC(2025, month, 1), days: 60 });
    expect(Math.abs(found.place.latitude - 47.4)).toBeLessThan(8);
    expect(Math.abs(found.place.latitude - 47.4)).toBeLessThan(2.5 * found.latitudeSd);
    expect(Math.abs(found.place.longitude - 8.5)).toBeLessThan(3);
  });

  test('is less sure of the place after one month than after a year', () => {
    const month = course({ latitude: 47.4, longitude: 8.5 }, { from: Date.UTC(2025, 2, 1), days: 30 });
    expect(month.latitudeSd).toBeGreaterThan(2 * course({ latitude: 47.4, longitude: 8.5 }).latitudeSd);
  });

  test('is not led astray by a roof to the east or a hill in the west', () => {
    const east = course({ latitude: 47.4, longitude: 8.5, azimuthDeg: 100, tiltDeg: 40 });
    expect(Math.abs(east.place.longitude - 8.5)).toBeLessThan(5);
    const horizon = [
      { azimuthDeg: 230, elevationDeg: 0 },
      { azimuthDeg: 240, elevationDeg: 12 },
      { azimuthDeg: 330, elevationDeg: 12 },
      { azimuthDeg: 340, elevationDeg: 0 },
    ];
    const hill = course({ latitude: 47.4, longitude: 8.5, horizon });
    expect(Math.abs(hill.place.latitude - 47.4)).toBeLessThan(4);
    expect(Math.abs(hill.place.longitude - 8.5)).toBeLessThan(5);
  });

  test('gives sunrise and sunset of any day to half an hour', () => {
    const { place } = course({ latitude: 47.4, longitude: 8.5 });
    for (let month = 0; month < 12; month++) {
      const learned = solarDay(Date.UTC(2026, month, 15, 12), place);
      const real = solarDay(Date.UTC(2026, month, 15, 12), { latitude: 47.4, longitude: 8.5 });
      expect(Math.abs(learned.sunrise - real.sunrise)).toBeLessThan(minutes(30));
      expect(Math.abs(learned.sunset - real.sunset)).toBeLessThan(minutes(30));
    }
  });

  test('sees that stamps follow summer time, and takes the clock of the latest days', () => {
    const summer = { from: Date.UTC(2025, 2, 30, 1), to: Date.UTC(2025, 9, 26, 1) };
    const aheadMin = (time: number) => (time >= summer.from && time < summer.to ? 60 : 0);
    const found = course({ latitude: 47.4, longitude: 8.5 }, { aheadMin, stepMs: minutes(15) });
    expect(found.clockSteps.map((step) => step.aheadMin)).toEqual([60, 0]);
    expect(Math.abs((found.clockSteps[0]?.time ?? 0) - summer.from)).toBeLessThan(hours(24 * 12));
    expect(Math.abs((found.clockSteps[1]?.time ?? 0) - summer.to)).toBeLessThan(hours(24 * 12));
    expect(aheadMinAt(found.clockSteps, Date.UTC(2025, 6, 1))).toBe(60);
    expect(aheadMinAt(found.clockSteps, Date.UTC(2025, 11, 1))).toBe(0);
    expect(Math.abs(found.place.longitude - 8.5)).toBeLessThan(3);
  });

  test('works where an inverter sleeps at night and says nothing', () => {
    const { series } = syntheticRoof(
      { site: { latitude: 40, longitude: -3.7 }, arrays: [{ tiltDeg: 20, azimuthDeg: 200, peakW: 3000 }] },
      { from: Date.UTC(2025, 3, 1), days: 120, stepMs: minutes(15) },
    );
    const powerW = Array.from(series.powerW).map((power) => (power > 0 ? power : Number.NaN));
    const learned = learnDailyCourse({ ...series, powerW });
    expect(learned.ok && Math.abs(learned.value.place.latitude - 40)).toBeLessThan(5);
    expect(learned.ok && Math.abs(learned.value.place.longitude + 3.7)).toBeLessThan(3);
  });

  test('refuses two weeks, and a source that gives nothing', () => {
    const powerW = new Float64Array(96 * 14).fill(100);
    const short = learnDailyCourse({ from: Date.UTC(2025, 5, 1), stepMs: minutes(15), powerW });
    expect(short).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    const dark = learnDailyCourse({ from: 0, stepMs: hours(1), powerW: new Float64Array(24 * 200) });
    expect(dark.ok).toBe(false);
    expect(learnDailyCourse({ from: 0, stepMs: hours(1), powerW: [] }).ok).toBe(false);
  });
});
