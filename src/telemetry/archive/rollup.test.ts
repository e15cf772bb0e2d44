import { describe, expect, test } from 'bun:test';
import type { Block } from './block.ts';
import { rollUp, rollUpFurther } from './rollup.ts';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 4, 1);

function readings(minutes: readonly number[], numbers: Record<string, number[]>): Block {
  return {
    times: Float64Array.from(minutes, (minute) => START + minute * MINUTE),
    numbers: new Map(Object.entries(numbers).map(([name, values]) => [name, Float64Array.from(values)])),
    texts: new Map(),
  };
}

const column = (block: Block, name: string) => [...(block.numbers.get(name) ?? [])];

describe('readings rolled up', () => {
  const quarters = rollUp(
    readings([0, 5, 14, 15, 50], {
      solarPower: [100, 200, Number.NaN, 50, 400],
      totalEnergyProduced: [10, 10.1, 10.2, Number.NaN, 10.9],
    }),
    QUARTER,
  );

  test('give mean, extremes and count of gauges, and the last value of counters', () => {
    expect([...quarters.times]).toEqual([START, START + QUARTER, START + 3 * QUARTER]);
    expect(column(quarters, 'solarPower.mean')).toEqual([150, 50, 400]);
    expect(column(quarters, 'solarPower.min')).toEqual([100, 50, 400]);
    expect(column(quarters, 'solarPower.max')).toEqual([200, 50, 400]);
    expect(column(quarters, 'solarPower.n')).toEqual([2, 1, 1]);
    expect(column(quarters, 'totalEnergyProduced.last')).toEqual([10.2, Number.NaN, 10.9]);
    expect(column(quarters, 'readings')).toEqual([3, 1, 1]);
  });

  test('have no row where there was no reading', () => {
    expect(quarters.times.length).toBe(3);
    expect(rollUp(readings([], {}), QUARTER).times.length).toBe(0);
  });

  test('weigh each value the same when they are rolled up further', () => {
    const hours = rollUpFurther(quarters, HOUR);
    expect([...hours.times]).toEqual([START]);
    expect(column(hours, 'solarPower.mean')).toEqual([187.5]);
    expect(column(hours, 'solarPower.min')).toEqual([50]);
    expect(column(hours, 'solarPower.max')).toEqual([400]);
    expect(column(hours, 'solarPower.n')).toEqual([4]);
    expect(column(hours, 'totalEnergyProduced.last')).toEqual([10.9]);
    expect(column(hours, 'readings')).toEqual([5]);
  });

  test('leave out what is no metric of the catalogue', () => {
    expect([...rollUp(readings([0], { derived: [4] }), QUARTER).numbers.keys()]).toEqual(['readings']);
  });
});
