import { describe, expect, test } from 'bun:test';
import type { MetricName } from '../../core/metrics.ts';
import { DAY_MS } from '../archive/levels.ts';
import { blockOfRows } from '../reading-block.ts';
import type { PendingRow } from '../writing/pending.ts';
import { RecentDays } from './recent-days.ts';

const DAY = 20_000;
const metrics: MetricName[] = ['solarPower', 'stateOfCharge'];

/** Rows of the day, one a minute from the given minute on. */
const rowsOf = (firstMinute: number, count: number, solarPower = 100): PendingRow[] =>
  Array.from({ length: count }, (_, i) => ({
    time: DAY * DAY_MS + (firstMinute + i) * 60_000,
    values: { solarPower, stateOfCharge: 50 },
    metadata: null,
  }));

function keptDay(rows = rowsOf(0, 10)) {
  const days = new RecentDays();
  days.put(1, DAY, metrics, blockOfRows(rows, metrics), days.versionOf(1));
  return days;
}

describe('the last days in memory', () => {
  test('give the columns that are asked for, and nothing where one is not at hand', () => {
    const days = keptDay();
    expect(days.get(1, DAY, ['solarPower'])?.numbers.get('solarPower')).toHaveLength(10);
    expect([...(days.get(1, DAY, ['solarPower'])?.numbers.keys() ?? [])]).toEqual(['solarPower']);
    expect(days.get(1, DAY, ['gridPower'])).toBeUndefined();
    expect(days.get(1, DAY + 1, metrics)).toBeUndefined();
    expect(days.get(2, DAY, metrics)).toBeUndefined();
  });

  test('grow by rows that follow', () => {
    const days = keptDay();
    days.stored(1, rowsOf(10, 2, 200), true);
    days.stored(1, rowsOf(12, 1, 300), true);
    const block = days.get(1, DAY, metrics);
    expect([...(block?.numbers.get('solarPower') ?? [])]).toEqual([...Array<number>(10).fill(100), 200, 200, 300]);
    expect(block?.times[12]).toBe(DAY * DAY_MS + 12 * 60_000);
  });

  test('forget a day when a late row comes into it, when it is packed, and in a flood', () => {
    const late = keptDay();
    late.stored(1, rowsOf(3, 1), false);
    expect(late.get(1, DAY, metrics)).toBeUndefined();
    const packed = keptDay();
    packed.changed(1, DAY);
    expect(packed.get(1, DAY, metrics)).toBeUndefined();
    const flood = keptDay();
    flood.stored(1, rowsOf(10, 1300), true);
    expect(flood.get(1, DAY, metrics)).toBeUndefined();
  });

  test('do not keep what was read before rows were stored', () => {
    const days = new RecentDays();
    const version = days.versionOf(1);
    const block = blockOfRows(rowsOf(0, 10), metrics);
    days.stored(1, rowsOf(10, 1), true);
    days.put(1, DAY, metrics, block, version);
    expect(days.get(1, DAY, metrics)).toBeUndefined();
  });

  test('forget the day that was asked for longest ago when there is no more room', () => {
    const days = new RecentDays();
    const rows = rowsOf(0, 1440);
    const block = blockOfRows(rows, metrics);
    for (let source = 0; source < 1200; source++) {
      days.put(source, DAY, metrics, block, 0);
      if (source === 5) days.get(0, DAY, metrics);
    }
    expect(days.get(1199, DAY, metrics)).toBeDefined();
    expect(days.get(1, DAY, metrics)).toBeUndefined();
  });
});
