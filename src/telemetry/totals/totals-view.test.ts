import { describe, expect, test } from 'bun:test';
import { stepsIn } from '../../core/local-steps.ts';
import { type HousePeriod, housePeriod } from '../house/house-energy.ts';
import { daysCsv, totalsCsv } from './totals-csv.ts';
import { readTotalsQuery, type TotalsContext, yearBefore } from './totals-query.ts';
import { buildTotals } from './totals-view.ts';
import { partNames, sayComparison, sayCoverage, sayTotals } from './totals-words.ts';

const timeZone = 'Europe/Berlin';
const now = Date.UTC(2026, 10, 21, 11, 30);
const context: TotalsContext = { now, timeZone, span: { from: Date.UTC(2024, 0, 1), to: now } };
const totals = { chargeKwh: null, dischargeKwh: null };

/** Steps in which `solar` kWh each were produced, of which 4 were sold, and 10 used, of which 2 were bought. */
function steps(
  step: 'hour' | 'day',
  period: { from: number; to: number },
  solar: (span: { key: string }) => number | null,
  coverage = 1,
) {
  return stepsIn(step, period, timeZone).map((span): HousePeriod => {
    const solarKwh = span.from > now ? null : solar(span);
    const parts = solarKwh === null ? [] : [{ solarKwh, loadKwh: 10, importKwh: 2, exportKwh: 4, ...totals, coverage }];
    return housePeriod(
      span,
      parts.map((one) => ({ source: { id: 'roof', role: 'system' as const }, totals: one })),
    );
  });
}

function viewOf(query: Record<string, string>, solar: (span: { key: string }) => number | null, before: typeof solar) {
  const request = readTotalsQuery(query, context);
  const step = request.period.kind === 'day' ? 'hour' : 'day';
  const earlier = yearBefore(request.period, context);
  const fine = steps(step, request.period, solar);
  const fineBefore = earlier ? steps(step, earlier, before) : [];
  const daysOf = (period: { from: number; to: number } | null, hours: readonly HousePeriod[]): HousePeriod[] => {
    const sum = hours.reduce((total, hour) => total + (hour.solarKwh ?? 0), 0);
    return step === 'day' ? [...hours] : period ? steps('day', period, () => sum) : [];
  };
  const data = {
    fine,
    before: fineBefore,
    days: daysOf(request.period, fine),
    beforeDays: daysOf(earlier, fineBefore),
    battery: { capacityKwh: null, storedKwh: null },
    installed: [{ id: 'roof', installedCapacityW: 5000 }],
    plants: [],
    hasGenerator: false,
  };
  const view = buildTotals(request, context, data);
  return { view, request, said: sayComparison(view.comparison, earlier) };
}

describe('the totals of a month that is not over', () => {
  const { view, said } = viewOf(
    {},
    () => 30,
    () => 20,
  );

  test('are compared over the days that are over, not over days to come', () => {
    expect(view.total.solarKwh).toBe(21 * 30);
    expect(view.comparison).toMatchObject({ count: 20, isSoFar: true, isFair: true });
    expect(view.comparison?.now.solarKwh).toBe(600);
    expect(view.comparison?.before.solarKwh).toBe(400);
    expect(said).toBe('You produced 50\u00a0% more than in the same 20 days of November 2025, and used about as much.');
    expect(sayTotals(view)).toBe('So far you produced 630.0\u00a0kWh, used 210.0, bought 42.0 and sold 84.0.');
  });

  test('of a whole day are compared with what was on the day a year before', () => {
    const day = viewOf(
      { period: '2026-11-20' },
      () => 30,
      () => 20,
    );
    expect(day.said).toContain('more than on Thu 20 Nov 2025');
  });

  test('have a bar for each of its days, those to come with the year before alone', () => {
    expect(view.parts.length).toBe(30);
    expect(view.parts[20]).toMatchObject({ period: '2026-11-21', hasBegun: true, beforeKey: '2025-11-21' });
    expect(view.parts[29]).toMatchObject({ period: '2026-11-30', hasBegun: false, solarKwh: null });
    expect(view.parts[29]?.before?.solarKwh).toBe(20);
  });

  test('lead to self-sufficiency, self-consumption and the yield of each installed kilowatt', () => {
    expect(view.total.selfSufficiency).toBeCloseTo(0.8);
    expect(view.total.selfConsumption).toBeCloseTo(1 - 84 / 630);
    expect(view.follows.specificYield?.kwhPerKwp).toBeCloseTo(126);
  });
});

describe('the totals of a year', () => {
  test('are shown by months beside those of the year before, and day by day', () => {
    const { view } = viewOf(
      { period: '2025', of: 'solar' },
      ({ key }) => (key === '2025-06-21' ? 55 : 10),
      () => 8,
    );
    expect(view.parts.map((part) => part.period)).toEqual(
      Array.from({ length: 12 }, (_, i) => `2025-${String(i + 1).padStart(2, '0')}`),
    );
    expect(view.parts[5]).toMatchObject({ solarKwh: 345, beforeKey: '2024-06', before: { solarKwh: 240 } });
    expect(view.comparison).toMatchObject({ isSoFar: false, count: 365 });
    const june = view.map?.months[5]?.days ?? [];
    expect(june.length).toBe(30);
    expect(june[20]).toMatchObject({ date: '2025-06-21', weekday: 5, value: 55, level: 5, isPartial: false });
    expect(june[19]).toMatchObject({ value: 10, level: 1 });
    expect(view.map?.months[1]?.days.length).toBe(28);
    expect(view.records).toContainEqual({ kind: 'most', quantity: 'solar', period: '2025-06-21', kwh: 55 });
    expect(view.records).toContainEqual({ kind: 'most', quantity: 'solar', period: '2025-06', kwh: 345 });
  });

  test('have gaps where one of its days has, however little that is of its month', () => {
    const request = readTotalsQuery({ period: '2025' }, context);
    const daysWith = (gap: string): HousePeriod[] =>
      steps('day', request.period, () => 5).map((day) => ({ ...day, coverage: day.period === gap ? 0.7 : 1 }));
    const said = (gap: string): string => {
      const days = daysWith(gap);
      const data = {
        fine: days,
        before: [],
        beforeDays: [],
        days,
        battery: { capacityKwh: null, storedKwh: null },
        installed: [],
      };
      return sayCoverage(buildTotals(request, context, { ...data, plants: [], hasGenerator: false }));
    };
    expect(said('2025-03-12').replaceAll('\u00a0', ' ')).toBe('Measured for 99 % of the time.');
    expect(said('none')).toBe('Measured without gaps.');
  });

  test('are not compared with one of which too little was measured', () => {
    const { view, said } = viewOf(
      { period: '2025' },
      () => 10,
      ({ key }) => (key >= '2024-06' ? 8 : null),
    );
    expect(view.comparison?.isFair).toBe(false);
    expect(said).toBe('Of 2024 only 58\u00a0% was measured, so the two are not compared.');
  });
});

describe('the totals of a day', () => {
  test('that is over are compared as they are shown, not as its hours add up', () => {
    const request = readTotalsQuery({ period: '2026-11-20' }, context);
    const earlier = yearBefore(request.period, context) ?? request.period;
    const hours = steps('hour', request.period, () => 1, 0.5);
    const days = steps('day', request.period, () => 20, 0.6);
    const data = { before: steps('hour', earlier, () => 1), beforeDays: steps('day', earlier, () => 24), days };
    const rest = { battery: { capacityKwh: null, storedKwh: null }, installed: [], plants: [], hasGenerator: false };
    const view = buildTotals(request, context, { fine: hours, ...data, ...rest });
    expect(view.comparison?.now).toMatchObject({ solarKwh: 20, coverage: view.total.coverage });
    expect(view.comparison?.before.solarKwh).toBe(24);
  });

  test('have 23 hours when the clock is set forward, each beside that of the same name', () => {
    const { view } = viewOf(
      { period: '2026-03-29' },
      () => 1,
      () => 2,
    );
    expect(view.step).toBe('hour');
    expect(view.parts.length).toBe(23);
    expect(view.parts[2]).toMatchObject({
      period: '2026-03-29T03:00+02:00',
      beforeKey: '2025-03-29T03:00+01:00',
      before: { solarKwh: 2 },
    });
    expect(view.total.solarKwh).toBe(23);
  });

  test('have 25 when it is set back, and only the first of two hours of one name has one beside it', () => {
    const { view } = viewOf(
      { period: '2026-10-25' },
      () => 1,
      () => 2,
    );
    expect(view.parts.length).toBe(25);
    expect(view.parts.slice(2, 4).map((part) => [part.period, part.beforeKey])).toEqual([
      ['2026-10-25T02:00+02:00', '2025-10-25T02:00+02:00'],
      ['2026-10-25T02:00+01:00', null],
    ]);
    expect(view.beforeAlone).toEqual([]);
    const nameOf = partNames(view.parts.map(({ period }) => period));
    expect(view.parts.slice(1, 5).map(({ period }) => nameOf(period))).toEqual([
      ...['01:00', 'first 02:00', 'second 02:00', '03:00'],
    ]);
  });

  test('keep the hour of the year before that this day does not have', () => {
    const forward = viewOf(
      { period: '2026-03-29' },
      () => 1,
      () => 2,
    );
    expect(forward.view.beforeAlone.map(({ period }) => period)).toEqual(['2025-03-29T02:00+01:00']);
    const twice = viewOf(
      { period: '2026-10-26' },
      () => 1,
      () => 2,
    );
    expect(twice.view.beforeAlone.map(({ period }) => period)).toEqual(['2025-10-26T02:00+01:00']);
  });
});

describe('the totals as CSV', () => {
  test('name the zone, and have each part beside the one of the year before', () => {
    const { view } = viewOf(
      {},
      () => 30,
      () => 20,
    );
    const [header = '', first = '', ...rows] = totalsCsv(view, timeZone).trim().split('\r\n');
    expect(header).toStartWith('day (Europe/Berlin),produced (kWh),used (kWh),bought (kWh)');
    expect(header).toContain(',discharged in gaps (kWh),a year before,"produced (kWh), a year before"');
    expect(first).toBe('2026-11-01,30,10,2,4,,,0.8,1,,,,,,,2025-11-01,20,10,2,4,,,0.8,1');
    expect(rows.at(-1)).toBe('2026-11-30,,,,,,,,,,,,,,,2025-11-30,20,10,2,4,,,0.8,1');
  });

  test('have an hour for each of a day of 25, told apart by their offset', () => {
    const { view } = viewOf(
      { period: '2026-10-25' },
      () => 1,
      () => 2,
    );
    const keys = totalsCsv(view, timeZone)
      .trim()
      .split('\r\n')
      .slice(1)
      .map((row) => row.split(',')[0]);
    expect(keys.length).toBe(25);
    expect(new Set(keys).size).toBe(25);
  });

  test('add up to the day of the year before, whichever of the two had its clock changed', () => {
    const oneMore = (key: string): number => 1 + Number(key.slice(11, 13));
    for (const period of ['2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26']) {
      const { view } = viewOf(
        { period },
        () => 1,
        ({ key }) => oneMore(key),
      );
      const { own, before, stamps } = sumsOf(totalsCsv(view, timeZone));
      expect([period, own]).toEqual([period, view.parts.length]);
      expect([period, before]).toEqual([period, view.comparison?.before.solarKwh ?? 0]);
      expect([period, stamps]).toEqual([period, [...stamps].sort()]);
    }
  });

  test('have the 29 February that only the year before has, in its place', () => {
    const { view } = viewOf(
      { period: '2025-02' },
      () => 1,
      () => 2,
    );
    const rows = totalsCsv(view, timeZone).trim().split('\r\n');
    expect(rows.at(-1)).toStartWith(',,,,,,,,,,,,,,,2024-02-29,2,');
    expect(sumsOf(totalsCsv(view, timeZone))).toMatchObject({ own: 28, before: 58 });
  });

  test('tell of each energy how much of it a counter knew of gaps', () => {
    const { view } = viewOf(
      { period: '2026-11' },
      () => 30,
      () => null,
    );
    const solar = { from: 'counter', powerKwh: 0, bridgedKwh: 4.56789, coverage: 1 } as const;
    view.parts[1] = { ...(view.parts[1] as (typeof view.parts)[number]), origins: { solar } };
    view.days[1] = { ...(view.days[1] as (typeof view.days)[number]), origins: { solar } };
    for (const csv of [totalsCsv(view, timeZone), daysCsv(view, timeZone, now)]) {
      const [header = [], ...rows] = csv.split('\r\n').map((line) => line.split(','));
      expect(header.slice(8, 15)).toEqual([
        'coverage',
        ...['produced', 'used', 'bought', 'sold', 'charged', 'discharged'].map((name) => `${name} in gaps (kWh)`),
      ]);
      expect(rows[1]?.slice(8, 15)).toEqual(['1', '4.568', '', '', '', '', '']);
    }
  });
});

/** Sums of what was produced, and the moments of the year before in the order of their rows. */
function sumsOf(csv: string) {
  const [header = [], ...rows] = csv
    .trim()
    .replaceAll(', a year', ' a year')
    .split('\r\n')
    .map((line) => line.split(','));
  const at = header.indexOf('a year before');
  const sum = (column: number): number => rows.reduce((all, row) => all + Number(row[column]), 0);
  const stamps = rows.flatMap((row) => (row[at] ? [Date.parse(row[at])] : []));
  return { own: sum(1), before: sum(at + 1), stamps };
}
