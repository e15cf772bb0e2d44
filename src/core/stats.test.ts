import { expect, test } from 'bun:test';
import { correlation } from './stats.ts';

// Anscombe's first and third sets, whose r is 0.816 (The American Statistician 27 (1), 1973).
const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
const first = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
const third = [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73];
const points = (y: (x: number, at: number) => number) => x.map((value, at) => ({ x: value, y: y(value, at) }));

test('the correlation is that of Pearson, whichever way round', () => {
  const anscombe = points((_, at) => first[at] ?? 0);
  expect(correlation(anscombe)).toBeCloseTo(0.81642, 5);
  expect(correlation(anscombe.map((point) => ({ x: point.y, y: point.x })))).toBeCloseTo(0.81642, 5);
  expect(correlation(points((_, at) => third[at] ?? 0))).toBeCloseTo(0.81629, 5);
  expect(correlation(points((value) => 3 - 2 * value))).toBeCloseTo(-1, 12);
});

test('nothing goes together with what never changes, nor do no points', () => {
  expect(correlation(points(() => 51.2))).toBeNaN();
  expect(correlation(points(() => 0.1 + 0.2))).toBeNaN();
  expect(correlation([{ x: 1, y: 2 }])).toBeNaN();
  expect(correlation([])).toBeNaN();
});
