import { expect, test } from 'bun:test';
import { patternSearch } from './pattern-search.ts';

test('pattern search finds the bottom of a bent valley', () => {
  const cost = ([x = 0, y = 0]: readonly number[]) => (x - 3) ** 2 + 10 * (y - (x * x) / 9) ** 2;
  const found = patternSearch(cost, [0, 5], [1, 1], 12);
  expect(Math.abs((found.at[0] ?? 0) - 3)).toBeLessThan(0.05);
  expect(Math.abs((found.at[1] ?? 0) - 1)).toBeLessThan(0.05);
  expect(found.cost).toBeLessThan(0.01);
});

test('pattern search stays where it is when nothing is lower', () => {
  expect(patternSearch(() => 1, [4], [1])).toEqual({ at: [4], cost: 1 });
});
