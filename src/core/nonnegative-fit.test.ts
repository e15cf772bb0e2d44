import { describe, expect, test } from 'bun:test';
import { createRandom } from '../testing/synthetic-roof.ts';
import { fitNonnegative } from './nonnegative-fit.ts';

const random = createRandom(5);
const column = (rows: number): Float64Array => Float64Array.from({ length: rows }, random);

describe('non-negative weights', () => {
  const [a, b, c] = [column(500), column(500), column(500)];

  test('find the mixture, and leave out what would count negatively', () => {
    const target = a.map((value, row) => 2 * value + 0.5 * (b[row] ?? 0) - 0.3 * (c[row] ?? 0));
    const [first = 0, second = 0, third = 1] = fitNonnegative({ columns: [a, b, c], target });
    expect(third).toBe(0);
    expect(first).toBeWithin(1.7, 2.1);
    expect(second).toBeWithin(0.2, 0.6);
  });

  test('do not mind a tenth of absurd rows, whatever the unit', () => {
    for (const unit of [1e-3, 1, 1e6]) {
      const target = a.map((value, row) => unit * (row % 10 === 0 ? 50 : 2 * value + (b[row] ?? 0)));
      const weights = fitNonnegative({ columns: [a, b], target });
      expect((weights[0] ?? 0) / unit).toBeCloseTo(2, 1);
      expect((weights[1] ?? 0) / unit).toBeCloseTo(1, 1);
    }
  });

  test('stay at the prior with nothing to learn from, and near it with little', () => {
    expect(fitNonnegative({ columns: [a.subarray(0, 0)], target: [], prior: [0.6] })).toEqual([0.6]);
    expect(fitNonnegative({ columns: [a], target: a.map(() => 0), prior: [0.6] })).toEqual([0.6]);
    const [weight = 0] = fitNonnegative({
      columns: [a.subarray(0, 5)],
      target: a.subarray(0, 5).map((value) => 2 * value),
      prior: [1],
      priorRows: 1000,
    });
    expect(weight).toBeWithin(1, 1.1);
  });

  test('can aim above the middle: nine tenths of the rows lie below', () => {
    const target = a.map((value, row) => value * (0.5 + (b[row] ?? 0)));
    const [weight = 0] = fitNonnegative({ columns: [a], target, share: 0.9 });
    const above = target.filter((value, row) => value > weight * (a[row] ?? 0)).length / target.length;
    expect(above).toBeWithin(0.07, 0.17);
  });

  test('let recent rows count more', () => {
    const target = a.map((value, row) => (row < 300 ? 1 : 3) * value);
    const rowWeights = a.map((_, row) => (row < 300 ? 0.1 : 1));
    expect(fitNonnegative({ columns: [a], target })[0]).toBeCloseTo(1, 1);
    expect(fitNonnegative({ columns: [a], target, rowWeights })[0]).toBeCloseTo(3, 1);
  });
});
