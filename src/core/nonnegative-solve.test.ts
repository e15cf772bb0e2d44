import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createRandom } from '../testing/synthetic-roof.ts';
import { solveNonnegative } from './nonnegative-solve.ts';

/** Normal equations of columns against a target, with a small ridge. */
function equations(columns: readonly number[][], target: readonly number[]) {
  const count = columns.length;
  const normal = new Float64Array(count * count);
  const right = new Float64Array(count);
  columns.forEach((column, a) => {
    right[a] = column.reduce((sum, value, row) => sum + value * (target[row] ?? 0), 0);
    for (let b = 0; b <= a; b++)
      normal[a * count + b] = column.reduce((sum, value, row) => sum + value * (columns[b]?.[row] ?? 0), 0);
    normal[a * count + a] = (normal[a * count + a] ?? 0) * (1 + 1e-7);
  });
  return { normal, right };
}

/** What is left to gain: slopes of free weights, and of bound ones as far as they point upwards, over their scale. */
function slack({ normal, right }: ReturnType<typeof equations>, weights: Float64Array): number {
  const count = right.length;
  let most = 0;
  for (let a = 0; a < count; a++) {
    let [slope, scale] = [right[a] ?? 0, Math.abs(right[a] ?? 0)];
    for (let b = 0; b < count; b++) {
      const part = (normal[a >= b ? a * count + b : b * count + a] ?? 0) * (weights[b] ?? 0);
      slope -= part;
      scale += Math.abs(part);
    }
    most = Math.max(most, ((weights[a] ?? 0) > 0 ? Math.abs(slope) : slope) / Math.max(1e-30, scale));
  }
  return most;
}

describe('the best weights that are not below zero', () => {
  test('leave nothing to gain, however alike the columns are and wherever they start', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(1, 1e-2, 1e-4),
        (count, seed, apart) => {
          const random = createRandom(seed);
          const shared = Array.from({ length: 40 }, random);
          const columns = Array.from({ length: count }, () => shared.map((value) => value + apart * (random() - 0.5)));
          const target = shared.map((value) => value * (0.5 + random()));
          const given = equations(columns, target);
          const starts = [new Float64Array(count), Float64Array.from({ length: count }, () => 3 * random())];
          for (const start of starts) {
            const weights = solveNonnegative(given.normal, given.right, start);
            expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
            expect(slack(given, weights)).toBeLessThan(1e-6);
          }
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });

  test('are those that made the target, and 0 for what would count negatively', () => {
    const random = createRandom(3);
    const columns = Array.from({ length: 4 }, () => Array.from({ length: 50 }, random));
    const target = (columns[0] ?? []).map((value, row) => 2 * value + (columns[2]?.[row] ?? 0));
    const { normal, right } = equations(columns, target);
    const weights = solveNonnegative(normal, right, new Float64Array(4).fill(1));
    for (const [a, wanted] of [2, 0, 1, 0].entries()) expect(weights[a]).toBeCloseTo(wanted, 5);
    const downwards = equations(
      columns,
      target.map((value) => -value),
    );
    expect([...solveNonnegative(downwards.normal, downwards.right, new Float64Array(4).fill(1))]).toEqual([0, 0, 0, 0]);
  });

  test('stay as they were where a column is empty', () => {
    const columns = [
      [1, 2, 3],
      [0, 0, 0],
    ];
    const { normal, right } = equations(columns, [2, 4, 6]);
    const [first = 0, second] = solveNonnegative(normal, right, Float64Array.of(0, 0.4));
    expect(first).toBeCloseTo(2, 5);
    expect(second).toBe(0.4);
  });
});
