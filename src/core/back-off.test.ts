import { expect, test } from 'bun:test';
import { backOff } from './back-off.ts';

test('waits twice as long after each failure, up to the most', () => {
  const waits = [1, 2, 3, 4, 7, 8, 5000].map((failures) => backOff(failures, 1000, 60_000, () => 0));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 60_000, 60_000, 60_000]);
});

test('takes off a random part of at most a half', () => {
  expect(backOff(3, 1000, 60_000, () => 0.999_999)).toBe(2000);
  for (let i = 0; i < 100; i++) {
    const wait = backOff(20, 1000, 60_000);
    expect(wait).toBeGreaterThanOrEqual(30_000);
    expect(wait).toBeLessThanOrEqual(60_000);
  }
});
