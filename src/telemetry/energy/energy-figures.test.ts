import { describe, expect, test } from 'bun:test';
import { performanceRatio, selfConsumption, selfSufficiency } from './energy-figures.ts';

describe('shares', () => {
  test('of the own use and the own supply', () => {
    expect(selfConsumption(20, 5)).toBe(0.75);
    expect(selfSufficiency(10, 4)).toBe(0.6);
    expect(selfSufficiency(10, 12)).toBe(0);
  });
  test('are unknown where a part is, or where there is next to nothing', () => {
    expect(selfConsumption(20, null)).toBeNull();
    expect(selfConsumption(null, 0)).toBeNull();
    expect(selfConsumption(0.01, 0)).toBeNull();
  });
  test('of what the light would have given are the performance ratio', () => {
    // 5 kWp under 6 kWh/m2 give 30 kWh at standard test conditions; 24 are four fifths.
    expect(performanceRatio(24, 5 * 6)).toBeCloseTo(0.8, 9);
  });
});
