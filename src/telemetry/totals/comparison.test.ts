import { describe, expect, test } from 'bun:test';
import { compareYears, differenceOf, pointsOf } from './comparison.ts';
import type { NamedSummary } from './totals-records.ts';
import { longestUnbought, mostOf } from './totals-records.ts';
import { sayBefore } from './totals-words.ts';

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

describe('the same time a year before', () => {
  const DAY = 86_400_000;
  /** Days of a year up to one of its days, 10 kWh each. */
  const daysOf = (year: number, until: string) =>
    Array.from({ length: 366 }, (_, i) => Date.UTC(year, 0, 1) + i * DAY)
      .filter((from) => new Date(from).getUTCFullYear() === year)
      .map((from) => ({
        ...{ period: new Date(from).toISOString().slice(0, 10), from, to: from + DAY, shares: {}, coverage: 1 },
        ...{ solarKwh: 10, loadKwh: 10, importKwh: 0, exportKwh: 0, chargeKwh: null, dischargeKwh: null },
        ...{ together: { balanceKwh: null, made: null, used: null }, origins: {} },
        isLoadDerived: false,
      }))
      .filter(({ period }) => period <= until);
  const compared = (year: number, today: string) => {
    const facts = { now: Date.parse(`${today}T12:00:00Z`), hasGrid: true };
    const comparison = compareYears(daysOf(year, '9999'), daysOf(year - 1, '9999'), facts);
    if (!comparison) throw new Error('there is something to compare');
    const before = { kind: 'year', key: String(year - 1), from: 0, to: 0 } as const;
    const { solarKwh: now } = comparison.now;
    return { said: sayBefore(comparison, before), kwh: [now, comparison.before.solarKwh] };
  };

  test('is as many days, and not said to be so where a 29 February lies in one of them', () => {
    expect(compared(2026, '2026-03-10')).toEqual({ said: 'the same 68 days of 2025', kwh: [680, 680] });
    expect(compared(2024, '2024-02-20')).toEqual({ said: 'the same 50 days of 2023', kwh: [500, 500] });
    // 2024 had 69 of them, 2023 68; and the other way round.
    expect(compared(2024, '2024-03-10')).toEqual({ said: 'the same time of 2023', kwh: [690, 680] });
    expect(compared(2025, '2025-03-10')).toEqual({ said: 'the same time of 2024', kwh: [680, 690] });
    // On 1 March up to 29 February there is no such day a year before: up to its 28th.
    expect(compared(2024, '2024-03-01')).toEqual({ said: 'the same time of 2023', kwh: [600, 590] });
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
