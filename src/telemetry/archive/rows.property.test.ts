import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Block } from './block.ts';
import { joinRows, layOver, layOverEach, rowsBetween } from './rows.ts';

/** Rows at these times: one column that all have, one that only even times have. */
const blockOf = (times: readonly number[], sign: number): Block => ({
  times: Float64Array.from(times),
  numbers: new Map([
    ['all', Float64Array.from(times, (time) => sign * time)],
    ['even', Float64Array.from(times, (time) => (time % 2 === 0 ? sign * time : Number.NaN))],
  ]),
  texts: new Map(),
});

/** The same rows as blocks one after the other, parted at these times. */
const parted = (block: Block, cuts: readonly number[]): Block[] => {
  const bounds = [0, ...cuts.toSorted((a, b) => a - b), 100];
  return bounds.slice(1).map((to, i) => rowsBetween(block, bounds[i] as number, to));
};

const times = fc
  .uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 30 })
  .map((all) => all.sort((a, b) => a - b));
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 });

describe('rows of blocks that lie over others', () => {
  test('are those of all blocks joined and laid over, in blocks one after the other', () => {
    fc.assert(
      fc.property(times, times, cuts, cuts, (low, high, lowCuts, highCuts) => {
        const [under, over] = [blockOf(low, 1), blockOf(high, -1)];
        const parts = layOverEach(parted(under, lowCuts), parted(over, highCuts));
        const bounds = parts.flatMap((part) => [part.times[0], part.times.at(-1)]);
        expect(bounds).toEqual(bounds.toSorted((a = 0, b = 0) => a - b));
        const [joined, whole] = [joinRows(parts), layOver(under, over)];
        expect([...joined.times]).toEqual([...whole.times]);
        if (whole.times.length === 0) return;
        for (const [name, values] of whole.numbers) expect([...(joined.numbers.get(name) ?? [])]).toEqual([...values]);
      }),
    );
  });

  test('share memory where they stand alone', () => {
    const [packed, recent] = [blockOf([1, 2, 3], 1), blockOf([4, 5], -1)];
    const [first, second] = layOverEach([packed], [recent]);
    expect(first?.numbers.get('all')).toBe(packed.numbers.get('all') as Float64Array);
    expect(second?.times).toBe(recent.times);
  });
});
