import { describe, expect, test } from 'bun:test';
import type { MetricValues, Reading } from '../../core/reading.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry } from '../../testing/telemetry.ts';
import { summariseEnergy } from '../house/house.ts';
import { housePeriod, sumOver } from '../house/house-energy.ts';
import { HouseService } from '../house/house-service.ts';
import { KnownSources } from '../known-service.ts';
import { sumUp } from './energy-bars.ts';

/** What follows from several energies, where not all of them are known all the time. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 1);
const nothing = {
  ...{ solarKwh: null, loadKwh: null, importKwh: null, exportKwh: null, chargeKwh: null, dischargeKwh: null },
  coverage: 1,
};

const day = (n: number, totals: object) => {
  const span = { key: `2026-06-0${n + 1}`, from: START + n * DAY, to: START + (n + 1) * DAY };
  return housePeriod(span, [{ source: { id: 'house', role: 'system' }, totals: { ...nothing, ...totals } }]);
};
const days = (...given: ReturnType<typeof day>[]) =>
  summariseEnergy(sumOver(given, { from: START, to: START + given.length * DAY }, START + 30 * DAY), true);

describe('what follows from the energy of several days', () => {
  const before = day(0, { solarKwh: 10, importKwh: 2, exportKwh: 4 });
  const metered = day(1, { solarKwh: 10, importKwh: 2, exportKwh: 5, loadKwh: 6 });

  test('is the load of them all, measured or not, as the days show it', () => {
    const sum = days(before, metered);
    expect(sum).toMatchObject({ loadKwh: 14, isLoadDerived: true });
    expect(sum.selfSufficiency).toBeCloseTo(1 - 4 / 14, 9);
    expect(days(metered)).toMatchObject({ loadKwh: 6, isLoadDerived: false });
  });

  test('leaves days out of the shares on which one of the two is not known', () => {
    const withoutMeter = day(0, { solarKwh: 30, loadKwh: 9 });
    const sum = days(withoutMeter, metered);
    expect(sum).toMatchObject({ solarKwh: 40, loadKwh: 15, importKwh: 2, exportKwh: 5 });
    expect(sum.selfConsumption).toBeCloseTo(0.5, 9);
    expect(sum.selfSufficiency).toBeCloseTo(1 - 2 / 6, 9);
  });

  test('is no load where a meter was silent for all that is asked', () => {
    expect(days(day(0, { solarKwh: 30 }))).toMatchObject({
      loadKwh: null,
      isLoadDerived: false,
      selfSufficiency: null,
    });
  });

  test('is the same in the sum of bars', () => {
    const items = [before, metered].map((one) => summariseEnergy(one, true));
    const { coverage, origins, together } = sumOver(
      [before, metered],
      { from: START, to: START + 2 * DAY },
      START + 30 * DAY,
    );
    for (const facts of [{ coverage, origins, together }, { coverage: 1 }]) {
      const { loadKwh, isLoadDerived, selfSufficiency, selfConsumption } = sumUp(items, true, facts);
      const same = { loadKwh, isLoadDerived, selfSufficiency, selfConsumption };
      expect(days(before, metered)).toMatchObject(same);
    }
  });
});

interface Steady {
  id: string;
  role: 'solar' | 'grid' | 'system';
  values: MetricValues;
  isOut?: (hour: number) => boolean;
}

/** Days of a house of sources that say the same every five minutes, but where they are out. */
async function houseOf(...given: Steady[]) {
  const t = await startTelemetry({ clock: new FakeClock(START + 8 * DAY) });
  for (const { id, values, isOut } of given) {
    const rows: Reading[] = [];
    for (let time = START; time <= START + 6 * DAY; time += 300_000)
      if (!isOut?.((time - START) / HOUR)) rows.push({ sourceId: id, time, values });
    await t.service.importReadings(id, rows);
  }
  const known = new KnownSources({ reader: t.service, clock: t.clock });
  const house = new HouseService({ reader: t.service, known, clock: t.clock });
  const scope = { sources: given.map(({ id, role }) => ({ id, role })), timeZone: 'UTC' };
  const range = { from: START + 2 * DAY, to: START + 3 * DAY };
  const [whole] = await house.energy(scope, 'day', range);
  const hours = await house.energy(scope, 'hour', range);
  await t.dispose();
  if (!whole) throw new Error('no day');
  return { whole, day: summariseEnergy(whole, true), hours: hours.map((hour) => summariseEnergy(hour, true)) };
}
const roof = { id: 'roof', role: 'solar', values: { solarPower: 2000 } } as const;
const meter = { id: 'meter', role: 'grid', values: { gridPower: -1500 } } as const;
const isOut = (hour: number): boolean => hour > 58 && hour < 62;

describe('what follows on a day with a gap', () => {
  test('is no load of hours in which nobody knows what was sold', async () => {
    const { day, hours } = await houseOf(roof, { ...meter, isOut });
    expect(day.solarKwh).toBeCloseTo(48, 3);
    expect(day.loadKwh).toBeCloseTo(10, 3);
    expect(day.selfConsumption).toBeCloseTo(0.25, 3);
    expect(hours.reduce((sum, hour) => sum + (hour.loadKwh ?? 0), 0)).toBeCloseTo(10, 3);
    expect(hours[11]?.loadKwh).toBeNull();
  });

  test('is no share of a day on which what was bought and what was used are known of different hours', async () => {
    const inverter = { id: 'inverter', role: 'system', values: { solarPower: 0, loadPower: 2000 } } as const;
    const bought = { ...meter, values: { gridPower: 1000 } };
    const { day } = await houseOf({ ...inverter, isOut }, bought);
    expect(day).toMatchObject({ isLoadDerived: false, selfSufficiency: null });
    expect(day.loadKwh).toBeCloseTo(40, 3);
    expect((await houseOf(inverter, bought)).day.selfSufficiency).toBeCloseTo(0.5, 3);
  });

  test('is no load of the hours of a day on which nothing is known of the sun', async () => {
    const { day, hours } = await houseOf({ ...roof, isOut: (hour) => hour > 40 && hour < 80 }, meter);
    expect(day.loadKwh).toBeNull();
    expect(hours.every((hour) => hour.loadKwh === null)).toBe(true);
  });

  test('is a load that has a gap itself where something measures it', async () => {
    const plug = { id: 'plug', role: 'system', values: { loadPower: 400 }, isOut } as const;
    const { day, hours } = await houseOf(roof, meter, plug);
    expect(day).toMatchObject({ isLoadDerived: false });
    expect(day.loadKwh).toBeCloseTo(8, 3);
    expect(hours[11]).toMatchObject({ loadKwh: null });
  });
});

test('a day on which a quantity changes hands is known as far as its quarter hours are', async () => {
  const inverter = {
    id: 'inverter',
    role: 'system',
    values: { gridPower: -1500 },
    isOut: (hour: number) => hour > 66 && hour < 72,
  } as const;
  const { whole } = await houseOf(inverter, { ...meter, isOut: (hour) => hour > 60 && hour < 130 });
  expect(whole.exportKwh).toBeCloseTo(18 * 1.5, 1);
  expect(whole.origins.export?.coverage).toBeCloseTo(0.75, 2);
  expect(whole.coverage).toBeCloseTo(0.75, 2);
});
