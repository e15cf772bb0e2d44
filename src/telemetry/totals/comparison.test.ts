import { describe, expect, test } from 'bun:test';
import { differenceOf, pointsOf } from './comparison.ts';
import type { NamedSummary } from './totals-records.ts';
import { longestUnbought, mostOf } from './totals-records.ts';

describe('a difference in words', () => {
  test.each([
    [112, 100, '12\u00a0% more'],
    [88, 100, '12\u00a0% less'],
    [101, 100, 'about as much'],
    [230, 100, '2.3 times as much'],
    [2000, 100, '20 times as much'],
    [0, 100, '100\u00a0% less'],
  ])('%p beside %p is %p', (now, before, words) => expect(differenceOf(now, before)?.words).toBe(words));

  test('is not made of nothing', () => {
    expect(differenceOf(5, 0)).toBeNull();
    expect(differenceOf(null, 5)).toBeNull();
    expect(differenceOf(5, null)).toBeNull();
  });

  test('of shares is one of points', () => {
    expect(pointsOf(0.72, 0.66)?.words).toBe('6 points more');
    expect(pointsOf(0.65, 0.66)?.words).toBe('1 point less');
    expect(pointsOf(0.664, 0.66)?.words).toBe('about as much');
  });
});

describe('records', () => {
  const day = (date: number, more: Partial<NamedSummary> = {}): NamedSummary => ({
    period: `2026-06-${String(date).padStart(2, '0')}`,
    from: Date.UTC(2026, 5, date),
    to: Date.UTC(2026, 5, date + 1),
    solarKwh: date,
    loadKwh: 8,
    importKwh: 0,
    exportKwh: null,
    chargeKwh: null,
    dischargeKwh: null,
    coverage: 1,
    isLoadDerived: false,
    selfSufficiency: null,
    selfConsumption: null,
    ...more,
  });
  const now = Date.UTC(2026, 5, 30);

  test('are not made by energy that a counter knew of a gap, which lies anywhere in it', () => {
    const bridged = { solar: { from: 'counter', powerKwh: 0, bridgedKwh: 20, coverage: 1 } } as const;
    const days = [day(1), day(2), day(3, { solarKwh: 40, origins: bridged })];
    expect(mostOf(days, 'solar')).toMatchObject({ period: '2026-06-02', kwh: 2 });
    expect(mostOf(days, 'export')).toBeNull();
  });

  test('the longest time without buying is broken by a day of buying, a gap and today', () => {
    const days = [day(1), day(2, { importKwh: 3 }), day(3), day(4), day(5), day(6, { coverage: 0.5 }), day(7), day(8)];
    expect(longestUnbought(days, now)).toEqual({ kind: 'unbought', days: 3, from: '2026-06-03', to: '2026-06-05' });
    expect(longestUnbought([day(1), day(2)], Date.UTC(2026, 5, 2, 12))).toBeNull();
    expect(longestUnbought([day(1, { importKwh: null }), day(2, { importKwh: null })], now)).toBeNull();
  });
});
