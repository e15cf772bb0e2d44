import { describe, expect, test } from 'bun:test';
import { isLoadOpen, loadLine } from './load-line.ts';

const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 20);
const times = Array.from({ length: 24 }, (_, i) => start + i * HOUR);
const nights = [
  { from: start, to: start + 7 * HOUR },
  { from: start + 17 * HOUR, to: start + 24 * HOUR },
];
const solarPower = times.map((_, hour) => (hour >= 8 && hour < 16 ? 3000 : null));
const gridPower = times.map((_, hour) => (hour === 3 ? null : hour >= 8 && hour < 16 ? -2000 : 400));
const line = { times, bucketMs: HOUR, lows: {}, highs: {} };

describe('the line of a load that nothing measures', () => {
  const facts = { metrics: ['solarPower', 'gridPower'], nights, batterySince: Number.POSITIVE_INFINITY } as const;

  test('is what the other powers leave, by night without panels that say nothing', () => {
    const load = loadLine({ ...line, series: { solarPower, gridPower } }, facts);
    expect([load[0], load[12], load[22]]).toEqual([400, 1000, 400]);
  });

  test('has a gap where one of them has, and is never less than nothing', () => {
    const gap = solarPower.map((watts, hour) => (hour === 12 ? null : hour === 10 ? 100 : watts));
    const load = loadLine({ ...line, series: { solarPower: gap, gridPower } }, facts);
    expect([load[3], load[10], load[12], load[13]]).toEqual([null, 0, null, 1000]);
  });

  test('counts a battery from when it was there, and misses it where it is silent then', () => {
    const batteryPower = times.map((_, hour) => (hour < 9 || hour === 13 ? null : 300));
    const withBattery = {
      ...facts,
      metrics: [...facts.metrics, 'batteryPower' as const],
      batterySince: start + 9 * HOUR,
    };
    const load = loadLine({ ...line, series: { solarPower, gridPower, batteryPower } }, withBattery);
    expect([load[8], load[9], load[13]]).toEqual([1000, 700, null]);
  });

  test('is there only where nobody reports a load', () => {
    expect(isLoadOpen(['solarPower', 'gridPower'])).toBe(true);
    expect(isLoadOpen(['solarPower', 'gridPower', 'loadPower'])).toBe(false);
    expect(isLoadOpen(['solarPower'])).toBe(false);
  });
});
