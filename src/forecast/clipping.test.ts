import { describe, expect, test } from 'bun:test';
import { minutes } from '../core/durations.ts';
import { syntheticRoof } from '../testing/synthetic-roof.ts';
import { detectClipping } from './clipping.ts';
import type { PvArray, PvSystem } from './pv-system.ts';

const site = { latitude: 38, longitude: -121 };
const summer = { from: Date.UTC(2025, 4, 1), days: 60, stepMs: minutes(15), clearDays: 0.6, noise: 0.002 };
const south: PvArray = { tiltDeg: 25, azimuthDeg: 180, peakW: 8000 };
const limit = (system: PvSystem, options: object = {}) =>
  detectClipping(syntheticRoof(system, { ...summer, ...options }).series);

describe('an inverter that cuts the top off', () => {
  test.each([3000, 4600, 5500])('is found at %d W', (inverterLimitW) => {
    const found = limit({ site, arrays: [south], inverterLimitW });
    expect(Math.abs((found?.limitW ?? 0) / inverterLimitW - 1)).toBeLessThan(0.01);
    expect(found?.days ?? 0).toBeGreaterThan(8);
  });

  test('is found in half-hours and hours too', () => {
    for (const stepMs of [minutes(30), minutes(60)]) {
      const found = limit({ site, arrays: [south], inverterLimitW: 4000 }, { stepMs });
      expect(Math.abs((found?.limitW ?? 0) / 4000 - 1)).toBeLessThan(0.01);
    }
  });

  test('is not made up for a roof that has none, or for two that face apart', () => {
    for (const stepMs of [minutes(5), minutes(15), minutes(60)]) {
      expect(limit({ site, arrays: [south] }, { stepMs })).toBeUndefined();
      const east = { ...south, azimuthDeg: 90 };
      const west = { ...south, azimuthDeg: 270 };
      expect(limit({ site, arrays: [east, west] }, { stepMs, days: 300 })).toBeUndefined();
    }
  });

  test('is not made up from a week, or from nothing', () => {
    expect(limit({ site, arrays: [south] }, { days: 7 })).toBeUndefined();
    expect(detectClipping({ from: 0, stepMs: minutes(15), powerW: new Float64Array(960) })).toBeUndefined();
    expect(detectClipping({ from: 0, stepMs: minutes(15), powerW: [] })).toBeUndefined();
  });
});
