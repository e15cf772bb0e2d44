import { describe, expect, test } from 'bun:test';
import { hours, minutes } from '../durations.ts';
import { solarDay } from './day.ts';
import { createHorizon, openSky } from './horizon.ts';
import { spreadLight } from './interval-light.ts';
import { clearMean, createSky, intervalSun, meanOver } from './sky.ts';

const site = { latitude: 52.5, longitude: 13.4 };
const sky = createSky(site);
const equinox = Date.UTC(2026, 2, 20);
const sunrise = solarDay(equinox + hours(12), site).sunrise;
const hour = (from: number) => sky.over({ from, to: from + hours(1) });

describe('an interval as the sun crosses it', () => {
  test('counts only its daylit part: at sunrise the mean sun is above the horizon, not at the full hour', () => {
    const half = intervalSun(hour(sunrise - minutes(30)));
    expect(half.daylight).toBeWithin(0.4, 0.6);
    expect(half.elevationDeg).toBeWithin(1, 4);
    expect(half.azimuthDeg).toBeWithin(85, 100);
    expect(intervalSun(hour(sunrise - hours(3)))).toMatchObject({ daylight: 0, elevationDeg: 0 });
    expect(intervalSun(hour(equinox + hours(11))).daylight).toBe(1);
  });

  test('goes round the north at noon on the southern half without a jump in its mean', () => {
    const cape = createSky({ latitude: -34, longitude: 18.5 });
    const { noon } = solarDay(Date.UTC(2026, 5, 21, 11), cape.site);
    const { azimuthDeg } = intervalSun(cape.over({ from: noon - minutes(30), to: noon + minutes(30) }));
    expect(Math.min(azimuthDeg, 360 - azimuthDeg)).toBeLessThan(1);
  });

  test('has twelve moments an hour and never more than 48', () => {
    expect(hour(equinox + hours(11)).moments.length).toBe(12);
    expect(sky.over({ from: equinox, to: equinox + hours(24) }).steps).toBe(48);
    expect(sky.over({ from: equinox, to: equinox + 1000 }).steps).toBe(1);
  });
});

describe('light spread over an interval', () => {
  const intervals = [sunrise - minutes(40), sunrise + minutes(20), equinox + hours(11)].map(hour);

  test('keeps the means that were given', () => {
    for (const interval of intervals) {
      const clear = clearMean(interval);
      for (const share of [0.1, 0.5, 0.95]) {
        const ghiWm2 = share * clear.ghiWm2;
        const light = spreadLight(interval, { ghiWm2 });
        expect(meanOver(interval, (moment) => light.at(moment).ghiWm2)).toBeCloseTo(ghiWm2, 6);
        const dhiWm2 = 0.4 * ghiWm2;
        const parts = spreadLight(interval, { ghiWm2, dhiWm2 });
        expect(meanOver(interval, (moment) => parts.at(moment).dhiWm2)).toBeCloseTo(dhiWm2, 6);
        expect(parts.mean.ghiWm2).toBeCloseTo(ghiWm2, 9);
      }
    }
  });

  test('never has more beam than reaches the ground, nor less than nothing', () => {
    for (const interval of intervals) {
      for (const means of [
        { ghiWm2: 900 },
        { ghiWm2: 900, dhiWm2: 0 },
        { ghiWm2: -5 },
        { dniWm2: 2000, dhiWm2: 100 },
      ]) {
        const light = spreadLight(interval, means);
        for (const moment of interval.moments) {
          const { ghiWm2, dniWm2, dhiWm2 } = light.at(moment);
          expect(Math.min(ghiWm2, dniWm2, dhiWm2)).toBeGreaterThanOrEqual(0);
          expect(dniWm2).toBeLessThanOrEqual(0.86 * moment.extraterrestrialWm2);
        }
      }
    }
  });

  test('of a dark interval is dark whatever is claimed', () => {
    const night = hour(equinox);
    const light = spreadLight(night, { ghiWm2: 50, dhiWm2: 20 });
    expect(night.moments).toEqual([]);
    expect(meanOver(night, (moment) => light.at(moment).ghiWm2)).toBe(0);
  });

  test('counts a grey sky as diffuse and a bright one as beam when only the global light is known', () => {
    const noon = hour(equinox + hours(11));
    const clear = clearMean(noon).ghiWm2;
    const grey = spreadLight(noon, { ghiWm2: 0.2 * clear }).mean;
    const bright = spreadLight(noon, { ghiWm2: clear }).mean;
    expect(grey.dhiWm2 / grey.ghiWm2).toBeGreaterThan(0.95);
    expect(bright.dhiWm2 / bright.ghiWm2).toBeLessThan(0.35);
    expect(spreadLight(noon, { cloudCoverPercent: 0 }).mean.ghiWm2).toBeCloseTo(clear, 6);
    expect(spreadLight(noon, { cloudCoverPercent: 100 }).mean.ghiWm2).toBeCloseTo(0.25 * clear, 6);
  });
});

describe('a horizon', () => {
  test('lies on straight lines between its points, round the north', () => {
    const horizon = createHorizon([
      { azimuthDeg: 350, elevationDeg: 10 },
      { azimuthDeg: 30, elevationDeg: 20 },
      { azimuthDeg: 100, elevationDeg: 0 },
    ]);
    expect(horizon(350)).toBeCloseTo(10, 9);
    expect(horizon(10)).toBeCloseTo(15, 9);
    expect(horizon(359.5)).toBeCloseTo(12.375, 9);
    expect(horizon(30)).toBeCloseTo(20, 9);
    expect(horizon(65)).toBeCloseTo(10, 9);
    expect(createHorizon()(123)).toBe(0);
  });

  test('leaves the share of the dome that it does not hide', () => {
    expect(openSky(createHorizon())).toBe(1);
    expect(openSky(createHorizon([{ azimuthDeg: 0, elevationDeg: 30 }]))).toBeCloseTo(0.75, 9);
  });
});
