import { describe, expect, test } from 'bun:test';
import {
  periodAs,
  readTotalsQuery,
  type TotalsContext,
  totalsSteps,
  totalsUrl,
  urlOfKey,
  yearBefore,
} from './totals-query.ts';

const now = Date.UTC(2026, 10, 21, 12);
const context: TotalsContext = {
  now,
  timeZone: 'Europe/Berlin',
  span: { from: Date.UTC(2024, 1, 10), to: now },
};
const read = (query: Record<string, string>) => readTotalsQuery(query, context);
const hours = ({ from, to }: { from: number; to: number }): number => (to - from) / 3_600_000;

describe('what Totals is asked for', () => {
  test('is this month of the house when nothing is said', () => {
    expect(read({})).toMatchObject({
      scope: 'house',
      subject: 'together',
      isTable: false,
      period: { kind: 'month', key: '2026-11', from: Date.UTC(2026, 9, 31, 23), to: Date.UTC(2026, 10, 30, 23) },
    });
  });

  test('is a day, a month, a year or all of the zone, with the hours that they have', () => {
    expect(hours(read({ period: '2026-03-29' }).period)).toBe(23);
    expect(hours(read({ period: '2026-10-25' }).period)).toBe(25);
    expect(hours(read({ period: '2026-10' }).period)).toBe(31 * 24 + 1);
    expect(read({ period: '2026' }).period).toMatchObject({ kind: 'year', from: Date.UTC(2025, 11, 31, 23) });
    expect(read({ period: 'all' }).period).toMatchObject({
      from: Date.UTC(2023, 11, 31, 23),
      to: Date.UTC(2026, 11, 31, 23),
    });
    const kolkata = readTotalsQuery({ period: '2026-06-01' }, { ...context, timeZone: 'Asia/Kolkata' });
    expect(kolkata.period.from).toBe(Date.UTC(2026, 4, 31, 18, 30));
  });

  test('is the running day, month or year where the address names no other', () => {
    const keys = ['day', 'month', 'year'].map((period) => read({ period }).period.key);
    expect(keys).toEqual(['2026-11-21', '2026-11', '2026']);
    expect(read({ period: 'day' }).problem).toBeNull();
  });

  test('is never nonsense, whatever the address says', () => {
    for (const period of ['2026-02-30', '2026-13', '0000', '1999', '2027', '2026-11-22', 'yesterday', '2026-1', ''])
      expect(read({ period }).period.key).toBe('2026-11');
    expect(read({ period: '', of: '' }).problem).toBeNull();
    expect(read({ of: '__proto__', as: 'x' })).toMatchObject({ subject: 'together', isTable: false });
  });

  test('is not silently all sums when the one of the address is none', () => {
    expect(read({ of: 'water' }).problem).toEqual({
      field: 'of',
      message: '“water” is nothing that is added up here.',
    });
    expect(read({ of: 'x'.repeat(500) }).problem?.message.length).toBeLessThan(100);
    // What is wrong with the time is said first.
    expect(read({ of: 'water', period: '2027' }).problem?.field).toBe('period');
    for (const of of ['together', 'solar', 'own']) expect(read({ of }).problem).toBeNull();
  });

  test('is not silently another period when the one of the address cannot be', () => {
    const problem = (period: string) => read({ period }).problem?.message ?? null;
    for (const none of ['2026-02-30', '2026-13', 'yesterday', '2026-1', '0000', '99999'])
      expect(problem(none)).toBe(`“${none}” is no day, month or year of the calendar.`);
    for (const later of ['2027', '2026-12', '2026-11-22', '9999'])
      expect(problem(later)).toBe(`“${later}” has not begun yet.`);
    for (const early of ['1999', '2009-12', '1990-01-01'])
      expect(problem(early)).toBe('Nothing is kept from before 2010.');
    expect(problem('x'.repeat(500))).toBe(`“${'x'.repeat(40)}” is no day, month or year of the calendar.`);
    for (const period of ['2026', '2026-11', '2026-11-21', 'all']) expect(problem(period)).toBeNull();
  });

  test('an address made of a request reads back as the same request', () => {
    for (const query of [
      { period: '2026-11-20', of: 'import' },
      { period: '2025', of: 'own', as: 'table', show: 'group:x' },
      { period: 'all' },
    ] as Record<string, string>[]) {
      const request = read(query);
      const url = new URL(totalsUrl(request), 'http://x');
      expect(read(Object.fromEntries(url.searchParams))).toEqual(request);
    }
    expect(urlOfKey(read({ period: '2026', as: 'table', of: 'solar' }), '2026-05-01')).toBe(
      '/totals?period=2026-05-01&of=solar',
    );
  });

  test('steps end at now and at the first reading', () => {
    const at = (period: string) => {
      const { earlier, later } = totalsSteps(read({ period }), context);
      return [earlier?.key ?? null, later?.key ?? null];
    };
    expect(at('2026-11')).toEqual(['2026-10', null]);
    expect(at('2026-11-21')).toEqual(['2026-11-20', null]);
    expect(at('2026-01-01')).toEqual(['2025-12-31', '2026-01-02']);
    expect(at('2024-02')).toEqual([null, '2024-03']);
    expect(at('2024')).toEqual([null, '2025']);
    expect(at('all')).toEqual([null, null]);
  });

  test('another kind of period shows the same time, or the last of it that has begun', () => {
    const as = (kind: 'day' | 'month' | 'year', period: string) => periodAs(kind, read({ period }).period, context).key;
    expect(as('month', '2026')).toBe('2026-11');
    expect(as('day', '2026-10')).toBe('2026-10-31');
    expect(as('day', 'all')).toBe('2026-11-21');
    expect(as('year', '2025-06-03')).toBe('2025');
    expect(as('month', '2025')).toBe('2025-12');
  });

  test('the year before is the same period of the calendar, which 29 February has not', () => {
    const before = (period: string) => yearBefore(read({ period }).period, context)?.key ?? null;
    expect(before('2026-11-21')).toBe('2025-11-21');
    expect(before('2026-02')).toBe('2025-02');
    expect(before('2026')).toBe('2025');
    expect(before('2024-02-29')).toBeNull();
    expect(before('all')).toBeNull();
  });

  test('the year before is none where it was over before the first reading', () => {
    const before = (period: string) => yearBefore(read({ period }).period, context)?.key ?? null;
    expect([before('2025-01'), before('2025-02'), before('2025-02-09'), before('2025')]).toEqual([
      ...[null, '2024-02', null, '2024'],
    ]);
  });
});
