import { describe, expect, test } from 'bun:test';
import { emptyColumns, HOUR_MS, type HourlyWeather, type HourOrigin } from './hours.ts';
import { type Panels, panelLightMeter, panelsKey } from './panel-light.ts';

/** Hours of a day at 0 degrees north, stamped 1 to 24 UTC; by stamp the mean before it, W/m2. */
function hoursOf(
  midnight: number,
  ghi: Readonly<Record<number, number | null>>,
  share = 0,
  origin: (stamp: number) => HourOrigin | null = () => 'recent',
): HourlyWeather {
  const values = emptyColumns(25);
  for (const [stamp, value] of Object.entries(ghi)) {
    values.ghiWm2[Number(stamp)] = value;
    values.dhiWm2[Number(stamp)] = value === null ? null : share * value;
  }
  const times = Array.from({ length: 25 }, (_, i) => midnight + i * HOUR_MS);
  return { times, values, origins: times.map((_, i) => origin(i)), fetchedAt: times.map(() => midnight) };
}

const midnight = Date.UTC(2026, 8, 23);
const day = { from: midnight, to: midnight + 24 * HOUR_MS };
/** Here the sun rises at 6, stands overhead at noon and sets at 18 UTC: the equation of time is 7.5 minutes that day. */
const equator = { latitude: 0, longitude: -7.5 / 4 };
const flat = { tiltDeg: 0, azimuthDeg: 180, peakW: 1000 };
/** Mean of each hour from 6 to 18. */
const bright = {
  7: 60,
  8: 240,
  9: 440,
  10: 600,
  11: 740,
  12: 820,
  13: 820,
  14: 740,
  15: 600,
  16: 440,
  17: 240,
  18: 60,
};
const dark = Object.fromEntries([1, 2, 3, 4, 5, 6, 19, 20, 21, 22, 23, 24].map((stamp) => [stamp, 0]));
const whole = { ...dark, ...bright };
const sumKwh = Object.values(bright).reduce((sum, value) => sum + value, 0) / 1000;

const lightOf = (panels: Panels, hours: HourlyWeather, of = day) => panelLightMeter(panels)(of, hours);

describe('light on panels', () => {
  test('that lie flat is that on level ground, whatever part of it comes straight from the sun', () => {
    for (const share of [0, 0.3, 1]) {
      const { kwhM2, known } = lightOf({ ...equator, arrays: [flat] }, hoursOf(midnight, whole, share));
      // At the first and last minutes of the day the model of the sky gives a little more: 0.2 % of all.
      expect(kwhM2 / sumKwh).toBeCloseTo(1, 2);
      expect(known).toBe(1);
    }
  });

  test('is worked out by hand for the hour after noon of the equinox on the equator', () => {
    // The sun is 0 to 15 degrees west of overhead: over the hour cos(h) is 0.9886 on average, and cos(h - 60), which a plane
    // sees that leans 60 degrees to the west, (sin 60 - sin 45) / 0.2618 = 0.6070. Of 820 W/m2 straight from the sun it gets
    // 503.5, and from the ground 820 * 0.2 * (1 - cos 60) / 2 = 41.0.
    const west = { tiltDeg: 60, azimuthDeg: 270, peakW: 1000 };
    const { kwhM2 } = lightOf({ ...equator, arrays: [west] }, hoursOf(midnight, { 13: 820 }));
    expect(kwhM2).toBeCloseTo(0.5445, 2);
  });

  test('of several planes is their mean by rated power', () => {
    const east = { tiltDeg: 40, azimuthDeg: 90, peakW: 1000 };
    const west = { tiltDeg: 40, azimuthDeg: 270, peakW: 3000 };
    const hours = hoursOf(midnight, { ...dark, 8: 400, 9: 500 }, 0.2);
    const [one, other, both] = [[east], [west], [east, west]].map((arrays) => lightOf({ ...equator, arrays }, hours));
    expect(one?.kwhM2).toBeGreaterThan(2 * (other?.kwhM2 ?? 0));
    expect(both?.kwhM2).toBeCloseTo((1 * (one?.kwhM2 ?? 0) + 3 * (other?.kwhM2 ?? 0)) / 4, 9);
  });

  test('says how much of the day it knows, by the light of a cloudless one', () => {
    const without = (stamps: number[]) =>
      lightOf(
        { ...equator, arrays: [flat] },
        hoursOf(midnight, { ...whole, ...Object.fromEntries(stamps.map((stamp) => [stamp, null])) }, 0.3),
      );
    expect(without([1, 2, 23]).known).toBe(1);
    const { known, kwhM2 } = without([12, 13]);
    expect(known).toBeGreaterThan(0.7);
    expect(known).toBeLessThan(0.8);
    expect(kwhM2).toBeCloseTo(sumKwh - 1.64, 1);
  });

  test('that was only foretold, or of which only the clouds are known, is not known', () => {
    const panels = { ...equator, arrays: [flat] };
    const foretold = hoursOf(midnight, whole, 0.3, (stamp) => (stamp > 12 ? 'forecast' : 'archive'));
    expect(lightOf(panels, foretold).known).toBeCloseTo(0.5, 1);
    const clouds = hoursOf(midnight, {});
    clouds.values.cloudCoverPercent.fill(10);
    expect(lightOf(panels, clouds)).toEqual({ kwhM2: 0, known: 0 });
  });

  test('comes to the day in which it falls, where midnight is not at a full hour', () => {
    // At 180 degrees of longitude the sun stands highest at midnight UTC.
    const panels = { latitude: 0, longitude: 180 - 7.5 / 4, arrays: [flat] };
    const hours = hoursOf(midnight, { 9: 0, 10: 0, 11: 0, 12: 0, 13: 0, 14: 0, 22: 500, 23: 600, 24: 700 }, 0.5);
    const until = (minutes: number) =>
      lightOf(panels, hours, { from: midnight + 21 * HOUR_MS, to: midnight + 22 * HOUR_MS + minutes * 60_000 }).kwhM2;
    expect(until(45) - until(0)).toBeCloseTo(0.45, 1);
    expect(until(60) - until(0)).toBeCloseTo(0.6, 2);
  });

  test('is dark and known where the sun stays down', () => {
    const north = { latitude: 80, longitude: 0, arrays: [flat] };
    const winter = Date.UTC(2026, 11, 21);
    const light = lightOf(north, hoursOf(winter, {}), { from: winter, to: winter + 24 * HOUR_MS });
    expect(light).toEqual({ kwhM2: 0, known: 1 });
  });

  test('has another key when panels or place change, and the same for the same', () => {
    const panels = { ...equator, arrays: [flat] };
    expect(panelsKey({ ...equator, arrays: [{ ...flat }] })).toBe(panelsKey(panels));
    expect(panelsKey({ ...panels, latitude: 1 })).not.toBe(panelsKey(panels));
    expect(panelsKey({ ...panels, arrays: [{ ...flat, tiltDeg: 1 }] })).not.toBe(panelsKey(panels));
    expect(panelsKey({ ...panels, arrays: [flat, flat] })).not.toBe(panelsKey(panels));
  });
});
