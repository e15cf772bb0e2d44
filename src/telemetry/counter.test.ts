import { describe, expect, test } from 'bun:test';
import { readCounter } from './counter.ts';

const MIN = 60_000;
const START = Date.UTC(2026, 5, 21, 10);
const dayStart = (t: number) => Math.floor(t / 86_400_000) * 86_400_000;
const total = { kind: 'total', limitKw: 200, dayStart } as const;
const daily = { kind: 'daily', limitKw: 200, dayStart } as const;

/** Energy counted by one value every `step` minutes. */
function counted(
  values: number[],
  rules: typeof total | typeof daily = total,
  options: { step?: number; start?: number; isFinal?: boolean } = {},
): number {
  const times = values.map((_, i) => (options.start ?? START) + i * (options.step ?? 5) * MIN);
  const outcome = readCounter(times, values, rules, { isFinal: options.isFinal ?? true });
  return Math.round(outcome.intervals.reduce((sum, i) => sum + i.kwh, 0) * 1000) / 1000;
}

describe('a total counter', () => {
  test('counts what it rose', () => expect(counted([100, 100.2, 100.2, 101])).toBe(1));
  test('a short zero, then the old value, is nothing', () => expect(counted([100, 0, 0, 100.1, 100.2])).toBe(0.2));
  test('zeros all night, then the old total, are nothing', () =>
    expect(counted([100, ...Array(100).fill(0), 100, 100.5])).toBe(0.5));
  test('one step lower and back is nothing', () => expect(counted([100.1, 100, 100, 100.1, 100, 100.3])).toBe(0.2));
  test('a reset counts from zero again', () => expect(counted([45.2, 45.5, 0.1, 0.3, 0.6, 0.9])).toBe(1.2));
  test('weekly resets lose nothing that was shown', () =>
    expect(counted([10, 12, 0.5, 1, 2, 3, 0.2, 0.4, 0.8, 1], total, { step: 60 })).toBe(6));
  test('a replaced device starts where it starts', () =>
    expect(counted([10_000, 10_000.5, 3200, 3200.2, 3200.4, 3200.6])).toBe(1.1));
  test('a replaced device with a higher total brings no energy with it', () =>
    expect(counted([1000, 1000.5, 5000, 5000.2, 5000.4, 5000.6])).toBe(1.1));
  test('2^31-1 in any scale is not a value', () =>
    expect(counted([100, 21_474_836.47, 100.1, 2_147_483_647, 100.2, 4_294_967.295, 100.3])).toBe(0.3));
  test('Wh among kWh is not believed', () => expect(counted([1234.5, 1_234_600, 1234.7, 1234.9])).toBe(0.4));
  test('a wild low value is not a reset when the old one comes back', () =>
    expect(counted([100, 3.2, 100.1, 100.2])).toBe(0.2));
  test('stays open until a reset is understood', () => {
    const times = [0, 1, 2].map((i) => START + i * MIN);
    const outcome = readCounter(times, [100, 101, 0.5], total);
    expect(outcome.openSinceMs).toBe(START + MIN);
    expect(outcome.intervals).toHaveLength(1);
  });
  test('a first value of zero before the real one brings no energy', () =>
    expect(counted([0, 1234, 1234.1, 1234.2, 1234.3])).toBe(0.3));
});

describe('a daily counter', () => {
  const evening = Date.UTC(2026, 5, 21, 23, 30);
  test('resets at midnight while producing', () =>
    expect(counted([12, 12.2, 12.3, 0.1, 0.2, 0.3], daily, { step: 10, start: evening })).toBe(0.6));
  test('counts after midnight what it showed first after midnight', () => {
    const times = [Date.UTC(2026, 5, 21, 23, 50), Date.UTC(2026, 5, 22, 0, 10), Date.UTC(2026, 5, 22, 0, 40)];
    const { intervals } = readCounter(times, [12.3, 0.4, 0.5], daily, { isFinal: true });
    expect(intervals[0]).toEqual({ from: Date.UTC(2026, 5, 22), to: times[1] as number, kwh: 0.4 });
  });
  test('that keeps yesterday until it wakes up adds nothing for it', () =>
    expect(counted([12, 12.3, 12.3, 12.3, 0, 0.1, 0.4], daily, { step: 60, start: evening })).toBe(0.7));
  test('a short zero, then the old value, is nothing', () =>
    expect(counted([5, 0, 5.1, 5.2], daily, { step: 1 })).toBe(0.2));
  test('silent over midnight and higher than before: counts from midnight', () => {
    const times = [Date.UTC(2026, 5, 21, 20), Date.UTC(2026, 5, 22, 15)];
    const { intervals } = readCounter(times, [5, 6], daily, { isFinal: true });
    expect(intervals).toEqual([{ from: Date.UTC(2026, 5, 22), to: times[1] as number, kwh: 6 }]);
  });
});
