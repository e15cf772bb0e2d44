import { describe, expect, test } from 'bun:test';
import { createRandom } from '../../testing/synthetic-roof.ts';
import { errorTable, normalQuantile, tableAt } from './error-table.ts';

/** Hours of errors in two regimes, the second one's twice as wide. */
function sample(hours: number): { ratio: number[]; regime: number[]; ageDays: number[] } {
  const random = createRandom(5);
  const regime = Array.from({ length: hours }, (_, row) => row % 2);
  const ratio = regime.map((of) => (1 + of) * normalQuantile(Math.max(1e-4, random())));
  return { ratio, regime, ageDays: regime.map(() => 1) };
}

describe('the table of errors', () => {
  test('has the quantiles that the errors have', () => {
    const { ratio, ageDays } = sample(20_000);
    const table = errorTable({ ratio, ageDays, regime: ratio.map(() => 0) }, 1);
    const sorted = [...ratio].sort((a, b) => a - b);
    for (const level of [0.05, 0.1, 0.3, 0.5, 0.9])
      expect(tableAt(table, 0, level)).toBeCloseTo(sorted[level * ratio.length] ?? 0, 1);
  });

  test('tells regimes apart, but not wholly: bands that hold as much of each kind are wider than those that hold as much of all', () => {
    const table = errorTable(sample(20_000), 1);
    const [calm, restless] = [0, 1].map((regime) => tableAt(table, regime, 0.9) - tableAt(table, regime, 0.1));
    const own = 2 * normalQuantile(0.9);
    expect(calm).toBeWithin(1.05 * own, 1.3 * own);
    expect(restless).toBeWithin(1.7 * own, 1.95 * own);
  });

  test('with few errors of a regime rests on those of all', () => {
    const { ratio, regime, ageDays } = sample(4000);
    const few = errorTable({ ratio, ageDays, regime: regime.map((_, row) => (row < 6 ? 3 : 0)) }, 1);
    expect(tableAt(few, 3, 0.9)).toBeCloseTo(tableAt(few, 4, 0.9), 0);
    expect(tableAt(few, 4, 0.9)).toBeGreaterThan(1);
  });
});
