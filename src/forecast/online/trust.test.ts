import { describe, expect, test } from 'bun:test';
import { hours } from '../../core/durations.ts';
import { createRandom } from '../../testing/synthetic-roof.ts';
import { startBlend } from './blend.ts';
import { trustBySkill } from './trust.ts';

const DAYS = 60;
const grid = { from: Date.UTC(2025, 0, 1), stepMs: hours(1), count: DAYS * 24 };

/** Errors of a usual size, by hour. */
function errors(size: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: grid.count }, () => size * (2 * random() - 1));
}

function input(sizes: { fitted: number; experts: readonly number[] }) {
  const experts = sizes.experts.map((size, k) => errors(size, k + 2));
  return { grid, experts, fitted: errors(sizes.fitted, 1), actual: new Float64Array(grid.count) };
}

describe('trust by skill', () => {
  const fitted = startBlend([0.6, 0.4]);

  test('goes to the one forecast that has been better than the fitted weights', () => {
    const { parts } = trustBySkill(input({ fitted: 120, experts: [100, 150] }), fitted, grid.count);
    for (const [best = 0, other = 0] of parts) {
      expect(best).toBeGreaterThan(0.95);
      expect(other).toBeLessThan(0.05);
    }
  });

  test('stays with the fitted weights when they have been the best', () => {
    const { parts } = trustBySkill(input({ fitted: 80, experts: [100, 150] }), fitted, grid.count);
    for (const [first = 0, second = 0] of parts) {
      expect(first).toBeCloseTo(0.6, 2);
      expect(second).toBeCloseTo(0.4, 2);
    }
  });

  test('is shared more evenly while a few hours are all that is known', () => {
    const always = (error: number): Float64Array => new Float64Array(grid.count).fill(error);
    const alike = { ...input({ fitted: 0, experts: [] }), fitted: always(200), experts: [always(100), always(104)] };
    const second = (known: number): number => trustBySkill(alike, startBlend([1, 0]), known).parts[0]?.[1] ?? 0;
    expect(second(12)).toBeWithin(0.4, 0.5);
    expect(second(grid.count)).toBeWithin(0.1, 0.25);
  });

  test('takes what came of a whole day for one look, as that of an hour', () => {
    const always = (error: number): Float64Array => new Float64Array(grid.count).fill(error);
    const daily = {
      ...{ grid: { ...grid, stepMs: hours(24) }, actual: new Float64Array(grid.count) },
      ...{ fitted: always(200), experts: [always(100), always(104)] },
    };
    expect(trustBySkill(daily, startBlend([1, 0]), 12).parts[0]?.[1]).toBeWithin(0.4, 0.5);
  });

  test('rests on the fitted weights alone while nothing is known, and never looks at what comes', () => {
    const known = input({ fitted: 100, experts: [100, 150] });
    expect(trustBySkill(known, fitted, 0)).toEqual(fitted);
    const later = { ...known, actual: known.actual.map((value, index) => (index >= 600 ? 5000 : value)) };
    expect(trustBySkill(later, fitted, 600)).toEqual(trustBySkill(known, fitted, 600));
  });
});
