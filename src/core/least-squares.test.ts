import { describe, expect, test } from 'bun:test';
import { leastSquares, solve } from './least-squares.ts';
import { mean, median, quantile } from './stats.ts';

describe('least squares', () => {
  const x = Array.from({ length: 40 }, (_, index) => index / 10);
  const curve = (a: number, b: number) => x.map((at) => a * Math.exp(-b * at));

  test('finds the parameters of a curve, and their spread from the residuals', () => {
    const noise = x.map((_, index) => 0.05 * Math.sin(index * 12.9898));
    const seen = curve(3, 0.7).map((value, index) => value + (noise[index] ?? 0));
    const fit = leastSquares(
      ([a = 0, b = 0]) => curve(a, b).map((value, i) => (value - (seen[i] ?? 0)) / 0.05),
      [1, 0.1],
    );
    expect(Math.abs((fit.parameters[0] ?? 0) - 3)).toBeLessThan(4 * (fit.sd[0] ?? 0));
    expect(Math.abs((fit.parameters[1] ?? 0) - 0.7)).toBeLessThan(0.05);
    expect(fit.sd[0] ?? 0).toBeWithin(0.005, 0.1);
  });

  test('lets a wild reading pull little when told so, but a prior in full', () => {
    const seen = [...Array.from({ length: 20 }, () => 5), 500];
    const plain = leastSquares(([a = 0]) => seen.map((value) => a - value), [0]);
    const robust = leastSquares(([a = 0]) => seen.map((value) => a - value), [0], { huber: 1 });
    expect(plain.parameters[0]).toBeGreaterThan(20);
    expect(Math.abs((robust.parameters[0] ?? 0) - 5)).toBeLessThan(0.2);
    const held = leastSquares(([a = 0]) => [a - 5, (a - 50) / 0.01], [0], { huber: 1, priors: 1 });
    expect(Math.abs((held.parameters[0] ?? 0) - 50)).toBeLessThan(0.1);
  });

  test('solves a system that needs its rows exchanged', () => {
    expect(
      solve(
        [
          [0, 2],
          [3, 1],
        ],
        [4, 5],
      ),
    ).toEqual([1, 2]);
  });
});

describe('statistics', () => {
  test('leave out what is not a number', () => {
    expect(median([3, Number.NaN, 1, 2])).toBe(2);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(mean([1, 3, Number.POSITIVE_INFINITY])).toBe(2);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
