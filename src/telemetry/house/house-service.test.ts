import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { MetricValues, Reading } from '../../core/reading.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { KnownSources } from '../known-service.ts';
import type { HousePeriod } from './house-energy.ts';
import { HouseService } from './house-service.ts';

/** Steady powers, so that each sum can be worked out by hand: kW times hours. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.UTC(2026, 10, 21, 12);

function* steady(
  sourceId: string,
  from: number,
  to: number,
  minutes: number,
  values: MetricValues,
): Generator<Reading> {
  for (let time = from; time <= to; time += minutes * 60_000) yield { sourceId, time, values };
}

interface Steady {
  id: string;
  from: number;
  to: number;
  minutes?: number;
  values: MetricValues;
}

async function houseWith(given: readonly Steady[], at = now) {
  const t = await startTelemetry({ clock: new FakeClock(at) });
  for (const { id, from, to, minutes = 5, values } of given)
    await t.service.importReadings(id, steady(id, from, to, minutes, values));
  const known = new KnownSources({ reader: t.service, clock: t.clock });
  return { ...t, house: new HouseService({ reader: t.service, known, clock: t.clock }) };
}

const day = (year: number, month: number, date: number) => Date.UTC(year, month - 1, date);
const at = (periods: readonly HousePeriod[], name: string): HousePeriod => {
  const found = periods.find((period) => period.period === name);
  if (!found) throw new Error(`no ${name} among ${periods.map((p) => p.period).join(' ')}`);
  return found;
};
const system = (id: string) => ({ id, role: 'system' }) as const;
const grid = (id: string) => ({ id, role: 'grid' }) as const;
const solar = (id: string) => ({ id, role: 'solar' }) as const;

describe('the energy of a house of an inverter, two roofs and a meter that came later', () => {
  const meterFrom = day(2026, 10, 10) + 9 * HOUR + 7 * 60_000;
  const silentFrom = day(2026, 11, 1) + 6 * HOUR;
  const silentTo = day(2026, 11, 4) + 18 * HOUR;
  const scope = { sources: [system('inverter'), solar('roof'), solar('barn'), grid('meter')], timeZone: 'UTC' };
  let t: TestTelemetry & { house: HouseService };

  beforeAll(async () => {
    const inverter = { solarPower: 9000, loadPower: 700, gridPower: 1000 };
    const meter = { gridPower: 1200 };
    t = await houseWith([
      { id: 'inverter', from: day(2026, 9, 1), to: now, values: inverter },
      { id: 'roof', from: day(2026, 9, 1), to: now, minutes: 1, values: { solarPower: 2000 } },
      { id: 'barn', from: day(2026, 9, 15), to: now, minutes: 10, values: { solarPower: 500 } },
      { id: 'meter', from: meterFrom, to: silentFrom, values: meter },
      { id: 'meter', from: silentTo, to: now, values: meter },
    ]);
  }, 60_000);
  afterAll(() => t.dispose());

  const energy = (step: 'hour' | 'day' | 'month' | 'year', from: number, to: number) =>
    t.house.energy(scope, step, { from, to });

  test('counts each quantity from the sources whose role it is, and nothing twice', async () => {
    const one = at(await energy('day', day(2026, 10, 20), day(2026, 10, 21)), '2026-10-20');
    expect(one.solarKwh).toBeCloseTo(24 * 2.5, 3);
    expect(one.loadKwh).toBeCloseTo(24 * 0.7, 3);
    expect(one.importKwh).toBeCloseTo(24 * 1.2, 3);
    expect(one.coverage).toBe(1);
    expect(Object.keys(one.shares.solar ?? {}).sort()).toEqual(['barn', 'roof']);
    expect(one.shares.solar?.barn).toBeCloseTo(12, 3);
    expect(Object.keys(one.shares.import ?? {})).toEqual(['meter']);
    expect(Object.keys(one.shares.load ?? {})).toEqual(['inverter']);
  });

  test('takes the grid from the inverter until there was a meter, also within the day on which it came', async () => {
    const days = await energy('day', day(2026, 10, 9), day(2026, 10, 12));
    expect(at(days, '2026-10-09').importKwh).toBeCloseTo(24, 3);
    expect(at(days, '2026-10-11').importKwh).toBeCloseTo(28.8, 3);
    // By the inverter until the first quarter hour that the meter knows whole: nothing is lost, nothing counts twice.
    const handedAt = 9.25;
    const first = at(days, '2026-10-10');
    expect(first.importKwh).toBeCloseTo(handedAt * 1 + (24 - handedAt) * 1.2, 3);
    expect(first.solarKwh).toBeCloseTo(60, 3);
    expect(first.coverage).toBeGreaterThan(0.99);
    expect(Object.keys(first.shares.import ?? {}).sort()).toEqual(['inverter', 'meter']);
  });

  test('lets the inverter stand in for days on which the meter said nothing', async () => {
    const days = await energy('day', day(2026, 10, 31), day(2026, 11, 6));
    expect(at(days, '2026-11-02').importKwh).toBeCloseTo(24, 3);
    expect(at(days, '2026-11-01').importKwh).toBeCloseTo(6 * 1.2 + 18, 0);
    expect(at(days, '2026-11-04').importKwh).toBeCloseTo(18 + 6 * 1.2, 0);
    expect(at(days, '2026-11-05').importKwh).toBeCloseTo(28.8, 3);
  });

  test('adds months and years up from days, so that what came later counts for its own days alone', async () => {
    const days = await energy('day', day(2026, 9, 1), day(2026, 11, 1));
    const [september, october] = await energy('month', day(2026, 9, 1), day(2026, 11, 1));
    expect(september?.importKwh).toBeCloseTo(30 * 24, 1);
    expect(september?.solarKwh).toBeCloseTo(30 * 48 + 16 * 12, 1);
    expect(october?.importKwh).toBeCloseTo((9 + 9.25 / 24) * 24 + (21 + 14.75 / 24) * 28.8, 0);
    const [year] = await energy('year', day(2026, 1, 1), day(2026, 11, 22));
    const months = await energy('month', day(2026, 1, 1), day(2026, 11, 22));
    const sum = (of: readonly HousePeriod[], field: 'solarKwh' | 'importKwh') =>
      of.reduce((total, one) => total + (one[field] ?? 0), 0);
    expect(sum(days, 'importKwh')).toBeCloseTo((september?.importKwh ?? 0) + (october?.importKwh ?? 0), 6);
    expect(year?.importKwh).toBeCloseTo(sum(months, 'importKwh'), 6);
    expect(year?.coverage).toBeCloseTo(81.5 / 324.5, 2);
    expect(year?.shares.import?.inverter).toBeGreaterThan(0);
  });

  test('gives hours that add up to their day, the day on which the meter came included', async () => {
    for (const name of ['2026-10-10', '2026-11-01', '2026-11-20']) {
      const from = Date.parse(`${name}T00:00:00Z`);
      const [whole] = await energy('day', from, from + DAY);
      const hours = await energy('hour', from, from + DAY);
      expect(hours.length).toBe(24);
      for (const field of ['solarKwh', 'loadKwh', 'importKwh'] as const)
        expect(hours.reduce((total, hour) => total + (hour[field] ?? 0), 0)).toBeCloseTo(whole?.[field] ?? -1, 4);
    }
  });

  test('counts anew at once when a role is changed', async () => {
    const asMeter = { ...scope, sources: [grid('inverter'), solar('roof'), solar('barn'), grid('meter')] };
    const range = { from: day(2026, 10, 20), to: day(2026, 10, 21) };
    const before = at(await t.house.energy(scope, 'day', range), '2026-10-20');
    const after = at(await t.house.energy(asMeter, 'day', range), '2026-10-20');
    expect(before.importKwh).toBeCloseTo(28.8, 3);
    expect(after.importKwh).toBeCloseTo(28.8 + 24, 3);
    expect(after.loadKwh).toBeNull();
  });

  test('draws lines alike: the inverter before the meter and in its silent days, the meter else', async () => {
    const noon = (month: number, date: number) => ({ from: day(2026, month, date), to: day(2026, month, date + 1) });
    const gridAt = async (range: { from: number; to: number }) =>
      (await t.house.history(scope, ['gridPower'], range, 24)).series.gridPower ?? [];
    expect(new Set(await gridAt(noon(9, 20)))).toEqual(new Set([1000]));
    expect(new Set(await gridAt(noon(10, 20)))).toEqual(new Set([1200]));
    expect(new Set(await gridAt(noon(11, 2)))).toEqual(new Set([1000]));
    const first = await gridAt(noon(10, 10));
    expect([first[3], first[20]]).toEqual([1000, 1200]);
    const { madeOf, series } = await t.house.history(scope, ['solarPower', 'gridPower'], noon(10, 20), 24);
    expect(madeOf.solarPower).toEqual(['roof', 'barn']);
    expect(madeOf.gridPower).toEqual(['meter']);
    expect((await t.house.history(scope, ['gridPower'], noon(10, 10), 24)).madeOf.gridPower).toEqual([
      'meter',
      'inverter',
    ]);
    expect(new Set(series.solarPower)).toEqual(new Set([2500]));
  });
});

describe('what is kept of days that are over', () => {
  test('follows a late reading, and what is switched off keeps its past', async () => {
    const t = await houseWith([
      { id: 'old', from: day(2024, 3, 1), to: day(2024, 3, 3), values: { solarPower: 1000 } },
      { id: 'new', from: day(2026, 11, 1), to: now, values: { solarPower: 2000 } },
    ]);
    const scope = { sources: [system('old'), system('new')], timeZone: 'UTC' };
    const years = async () => {
      const all = await t.house.energy(scope, 'year', { from: day(2024, 1, 1), to: now });
      return all.map((year) => Math.round(year.solarKwh ?? 0));
    };
    expect(await years()).toEqual([48, 0, 984]);
    expect(
      (await t.house.energy(scope, 'year', { from: day(2025, 1, 1), to: day(2025, 1, 2) }))[0]?.solarKwh,
    ).toBeNull();
    const late = [...steady('old', day(2024, 3, 3), day(2024, 3, 4), 5, { solarPower: 1000 })];
    t.service.add(late, 1);
    expect(await years()).toEqual([72, 0, 984]);
    await t.dispose();
  }, 30_000);

  test('gives the same months and years whichever were asked for before, of years that are over and the open one', async () => {
    const t = await houseWith([
      { id: 'roof', from: day(2024, 11, 20), to: day(2025, 2, 10), minutes: 15, values: { solarPower: 1000 } },
      { id: 'roof', from: day(2026, 10, 20), to: now, minutes: 15, values: { solarPower: 1000 } },
    ]);
    const scope = { sources: [system('roof')], timeZone: 'Europe/Berlin' };
    const asked = async (step: 'month' | 'year', from: number) => {
      const periods = await t.house.energy(scope, step, { from, to: now });
      return periods.filter(({ solarKwh }) => solarKwh !== null).map((p) => [p.period, Math.round(p.solarKwh ?? 0)]);
    };
    const late = [
      ['2025-02', 217],
      ['2026-10', 287],
      ['2026-11', 493],
    ] as [string, number][];
    const months = [['2024-11', 263], ['2024-12', 744], ['2025-01', 744], ...late];
    expect(await asked('month', day(2025, 2, 3))).toEqual(late);
    expect(await asked('month', day(2024, 1, 5))).toEqual(months);
    expect(await asked('year', day(2025, 6, 1))).toEqual([
      ['2025', 961],
      ['2026', 780],
    ]);
    expect(await asked('year', day(2024, 1, 5))).toEqual([
      ['2024', 1007],
      ['2025', 961],
      ['2026', 780],
    ]);
    expect(await asked('month', day(2024, 1, 5))).toEqual(months);
    await t.dispose();
  }, 60_000);

  test('follows a correction made by hand', async () => {
    const t = await houseWith([
      { id: 'roof', from: day(2025, 5, 1), to: day(2025, 5, 11), values: { solarPower: 1000 } },
    ]);
    const scope = { sources: [system('roof')], timeZone: 'UTC' };
    const year = async () =>
      (await t.house.energy(scope, 'year', { from: day(2025, 1, 1), to: day(2026, 1, 1) }))[0]?.solarKwh;
    expect(await year()).toBeCloseTo(240, 3);
    const made = { note: '', madeAt: now, madeBy: 'ada', undoneAt: null, undoneBy: null, above: null, below: null };
    const correction = {
      id: 'c',
      kind: 'scale',
      metric: 'solarPower',
      amount: 2,
      from: day(2025, 5, 1),
      to: day(2025, 5, 6),
    };
    await t.service.correct('roof', { ...made, ...correction } as Parameters<typeof t.service.correct>[1]);
    expect(await year()).toBeCloseTo(360, 0);
    await t.dispose();
  }, 30_000);
});

describe('the days of a house', () => {
  test('are those of its zone, whatever the zones of its sources, with 25 hours when the clock is set back', async () => {
    const t = await houseWith([
      { id: 'a', from: day(2026, 10, 20), to: day(2026, 10, 30), values: { solarPower: 1000 } },
      { id: 'b', from: day(2026, 10, 20), to: day(2026, 10, 30), minutes: 15, values: { solarPower: 500 } },
    ]);
    const range = { from: Date.UTC(2026, 9, 24, 22), to: Date.UTC(2026, 9, 25, 23) };
    const scope = { sources: [system('a'), system('b')], timeZone: 'Europe/Berlin' };
    const [berlin, ...more] = await t.house.energy(scope, 'day', range);
    expect(more).toEqual([]);
    expect(berlin).toMatchObject({ period: '2026-10-25', from: range.from, to: range.to, coverage: 1 });
    expect(berlin?.solarKwh).toBeCloseTo(25 * 1.5, 3);
    const hours = await t.house.energy(scope, 'hour', range);
    expect(hours.length).toBe(25);
    expect(hours.every((hour) => Math.abs((hour.solarKwh ?? 0) - 1.5) < 1e-6)).toBe(true);
    const kolkata = await t.house.energy({ ...scope, timeZone: 'Asia/Kolkata' }, 'hour', range);
    expect(kolkata[0]?.period).toBe('2026-10-25T03:00+05:30');
    await t.dispose();
  }, 30_000);
});

describe('the energy of any range', () => {
  // One kilowatt, always, through the day of 25 hours in Lisbon.
  const from = day(2026, 10, 20);
  const scope = { sources: [system('a')], timeZone: 'Europe/Lisbon' };
  let t: TestTelemetry & { house: HouseService };
  const end = day(2026, 10, 28) + 10 * HOUR + 7 * 60_000;
  beforeAll(async () => {
    t = await houseWith([{ id: 'a', from, to: end, values: { loadPower: 1000 } }], end);
  });
  afterAll(async () => await t.dispose());
  const load = async (a: number, b: number) => (await t.house.total(scope, { from: a, to: b })).loadKwh;

  test('OpenEMS #32, #1385, home-energy-manager #237: is to the quarter hour, within a day and over days of 25 hours', async () => {
    const noon = day(2026, 10, 22) + 12 * HOUR;
    expect(await load(noon, noon + 3 * HOUR)).toBeCloseTo(3, 6);
    expect(await load(noon + 5 * 60_000, noon + 3 * HOUR + 10 * 60_000)).toBeCloseTo(3.25, 6);
    expect(await load(noon, noon + 5 * DAY)).toBeCloseTo(5 * 24, 6);
    const berlinish = day(2026, 10, 24) - HOUR;
    expect(await load(berlinish, berlinish + 49 * HOUR)).toBeCloseTo(49, 6);
  });

  test('is that of the days where it is whole days', async () => {
    const range = { from: day(2026, 10, 22) - HOUR, to: day(2026, 10, 27) };
    const days = await t.house.energy(scope, 'day', range);
    const sum = days.reduce((total, one) => total + (one.loadKwh ?? 0), 0);
    expect(days).toHaveLength(5);
    expect(await load(range.from, range.to)).toBeCloseTo(sum, 6);
    expect((await t.house.total(scope, range)).coverage).toBe(1);
  });

  test('ends with what was counted so far when it ends now', async () => {
    expect(await load(end - 24 * HOUR, end)).toBeCloseTo(24 + 7 / 60, 1);
  });
});
