import { expect, test } from 'bun:test';
import { days, hours } from '../core/durations.ts';
import { mean } from '../core/stats.ts';
import { cloudCover } from './climate.ts';
import { demoHouse } from './house-model.ts';
import { simulatedBlock } from './weather-model.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

/** How far the cloud cover of a year's noons, as told so long before, is from that over the roof, in points of a hundred. */
const errorAt = (leadMs: number): number =>
  mean(
    Array.from({ length: 365 }, (_, day) => {
      const stamp = NOON + days(day);
      const told = simulatedBlock(stamp, 1, demoHouse.place, stamp - leadMs).values.cloudCoverPercent[0] ?? Number.NaN;
      return Math.abs(told - 100 * cloudCover(stamp));
    }),
  );

test('hours that have passed are told alike by every run of the models', () => {
  const after = (hoursLater: number) => simulatedBlock(NOON, 24, demoHouse.place, NOON + hours(24 + hoursLater)).values;
  expect(after(50)).toEqual(after(1));
});

test('what is told errs already of hours that have passed, and up to four times as much a week ahead', () => {
  const passed = errorAt(-hours(1));
  expect(passed).toBeGreaterThan(3);
  expect(errorAt(days(1))).toBeWithin(passed, 1.5 * passed);
  expect(errorAt(days(3))).toBeGreaterThan(1.5 * passed);
  expect(errorAt(days(7))).toBeWithin(2 * passed, 4 * passed);
});
