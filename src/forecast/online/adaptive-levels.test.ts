import { describe, expect, test } from 'bun:test';
import { adapt, afterReplay, pooled, startLevels } from './adaptive-levels.ts';
import { createVolatility } from './error-volatility.ts';

describe('levels that follow what was missed', () => {
  test('move on both sides with what both missed together, and further on the side that missed more', () => {
    const levels = adapt(startLevels(), pooled({ below: 0.4, above: 0 }));
    expect(levels.low).toBeLessThan(levels.high);
    expect(levels.high).toBeLessThan(startLevels().high);
    const { below, above } = pooled({ below: 0.4, above: 0 });
    expect(below + above).toBeCloseTo(0.4, 9);
  });

  test('move faster after a replay of the past than after as many days of real forecasts', () => {
    let levels = startLevels();
    for (let day = 0; day < 60; day++) levels = adapt(levels, { below: 0.1, above: 0.1 });
    const bad = { below: 0.5, above: 0.1 };
    const step = (from: typeof levels): number => from.low - adapt(from, bad).low;
    expect(step(afterReplay(levels))).toBeGreaterThan(1.5 * step(levels));
    expect(afterReplay(startLevels()).days).toBe(0);
  });
});

describe('how large errors have been lately', () => {
  test('follows a few bad days a little, and weeks of them much', () => {
    const volatility = createVolatility();
    expect(volatility.on(60)).toBe(1);
    for (let day = 0; day < 60; day++) volatility.add(day, 1, 1);
    expect(volatility.on(60)).toBeCloseTo(1, 9);
    for (let day = 60; day < 63; day++) volatility.add(day, 3, 1);
    const afterDays = volatility.on(63);
    for (let day = 63; day < 90; day++) volatility.add(day, 3, 1);
    expect(afterDays).toBeWithin(1.25, 1.4);
    expect(volatility.on(90)).toBeGreaterThan(afterDays);
    volatility.clear();
    expect(volatility.on(90)).toBe(1);
  });
});
