import { describe, expect, test } from 'bun:test';
import { DEFAULT_INTERVAL_MS, freshnessLimits, freshnessOf, IntervalMeter, Rhythms } from './freshness.ts';

describe('how old a value may be', () => {
  test('three missed reports fade it and ten retire it', () => {
    const limits = freshnessLimits(60_000);
    expect(limits).toEqual({ ageingMs: 180_000, staleMs: 600_000 });
    expect(freshnessOf(179_999, limits)).toBe('fresh');
    expect(freshnessOf(180_000, limits)).toBe('ageing');
    expect(freshnessOf(599_999, limits)).toBe('ageing');
    expect(freshnessOf(600_000, limits)).toBe('stale');
  });

  test('a device that reports each second is given 45 s and 3 min all the same', () => {
    expect(freshnessLimits(1000)).toEqual({ ageingMs: 45_000, staleMs: 180_000 });
  });

  test('a clock that runs ahead makes nothing old', () => {
    expect(freshnessOf(-60_000, freshnessLimits())).toBe('fresh');
  });

  test('an unknown rhythm is taken to be a minute', () => {
    expect(freshnessLimits()).toEqual(freshnessLimits(DEFAULT_INTERVAL_MS));
  });
});

describe('the usual time between readings', () => {
  const meterOf = (times: number[]): IntervalMeter => {
    const meter = new IntervalMeter();
    for (const time of times) meter.add(time);
    return meter;
  };

  test('is unknown until two came', () => {
    expect(meterOf([]).intervalMs).toBeNull();
    expect(meterOf([1000]).intervalMs).toBeNull();
    expect(meterOf([1000, 6000]).intervalMs).toBe(5000);
  });

  test('settles on a new rhythm', () => {
    const times = [0, 60_000];
    for (let i = 1; i <= 30; i++) times.push(60_000 + i * 10_000);
    expect(meterOf(times).intervalMs).toBeCloseTo(10_000, -3);
  });

  test('of values that come in bursts is nearer to the pause than to the burst', () => {
    const times: number[] = [];
    for (let i = 0; i < 20; i++) times.push(i * 600_000, i * 600_000 + 1000, i * 600_000 + 2000, i * 600_000 + 3000);
    const { staleMs } = freshnessLimits(meterOf(times).intervalMs ?? 0);
    expect(staleMs).toBeGreaterThan(1_200_000);
  });

  test('learns nothing from a pause of hours, a repeated time or one from before', () => {
    expect(meterOf([0, 10_000, 10_000 + 5 * 3_600_000]).intervalMs).toBe(10_000);
    expect(meterOf([0, 10_000, 10_000, 4000]).intervalMs).toBe(10_000);
    expect(meterOf([0, 10_000, 4000, 20_000]).intervalMs).toBe(10_000);
  });
});

describe('the rhythm of a source', () => {
  test('is one for each metric, and a minute for what came once', () => {
    const rhythms = new Rhythms();
    expect(rhythms.intervalMs()).toBeNull();
    for (let i = 0; i <= 60; i++) {
      const time = i * 5000;
      rhythms.learn({
        times: { solarPower: time, stateOfCharge: Math.floor(time / 300_000) * 300_000, busVoltage: 0 },
      });
    }
    expect(rhythms.intervalMs('solarPower')).toBe(5000);
    expect(rhythms.intervalMs('stateOfCharge')).toBe(300_000);
    expect(rhythms.intervalMs('busVoltage')).toBe(60_000);
    expect(rhythms.intervalMs()).toBe(5000);
  });
});
