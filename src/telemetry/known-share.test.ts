import { afterEach, describe, expect, test } from 'bun:test';
import type { MetricValues, Reading } from '../core/reading.ts';
import { FakeClock } from '../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../testing/telemetry.ts';
import { HouseService } from './house/house-service.ts';
import { KnownSources } from './known-service.ts';
import { viewQuality } from './quality/quality-view.ts';
import { tellArrivals } from './quality/quality-words.ts';

/** Values that are missing in readings that go on: every period says for how much of the time each energy is known. */

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 1);
const DAYS = 6;
const range = { from: START, to: START + DAYS * DAY };
const at = (day: number, hour = 0): number => START + (day - 1) * DAY + hour * HOUR;

interface Given {
  id: string;
  values: (time: number) => MetricValues;
  to?: number;
}

const running: TestTelemetry[] = [];
afterEach(async () => {
  for (const t of running.splice(0)) await t.dispose();
});

async function houseOf(given: readonly Given[]) {
  const t = await startTelemetry({ clock: new FakeClock(range.to + HOUR) });
  running.push(t);
  for (const { id, values, to = range.to } of given) {
    const readings: Reading[] = [];
    for (let time = START; time <= to; time += 5 * MIN) readings.push({ sourceId: id, time, values: values(time) });
    await t.service.importReadings(id, readings);
  }
  const known = new KnownSources({ reader: t.service, clock: t.clock });
  const house = new HouseService({ reader: t.service, known, clock: t.clock });
  return { t, house };
}

/** On the third the sun's power is missing from ten to two. */
const isOut = (time: number): boolean => time > at(3, 10) && time < at(3, 14);
const inverter: Given = {
  id: 'inverter',
  values: (time) => ({ gridPower: 300, loadPower: 1300, ...(isOut(time) ? {} : { solarPower: 1000 }) }),
};
const alone = { sources: [{ id: 'inverter', role: 'system' } as const], timeZone: 'UTC' };

describe('a value that is missing in readings that go on', () => {
  test('lowers the coverage of its day, month and year, and is named', async () => {
    const { t, house } = await houseOf([inverter]);
    const [day] = (await t.service.energy('inverter', 'day', range)).slice(2);
    expect(day).toMatchObject({ solarKwh: 20, importKwh: 7.2 });
    expect(day?.coverage).toBeCloseTo(20 / 24, 3);
    expect(day?.origins.solar?.coverage).toBeCloseTo(20 / 24, 3);
    expect(day?.origins.import?.coverage).toBe(1);
    const [month] = await house.energy(alone, 'month', { from: START, to: START + 1 });
    const [year] = await house.energy(alone, 'year', { from: START, to: START + 1 });
    for (const sum of [month, year]) {
      const bought = sum?.origins.import?.coverage ?? 0;
      expect((sum?.origins.solar?.coverage ?? 0) / bought).toBeCloseTo((DAYS * 24 - 4) / (DAYS * 24), 2);
      expect(sum?.coverage).toBeCloseTo(sum?.origins.solar?.coverage ?? 0, 3);
    }
    // Up to now, an hour after the last reading; the year began without it.
    expect(month?.origins.import?.coverage).toBeCloseTo((DAYS * 24) / (DAYS * 24 + 1), 3);
    expect(year?.coverage).toBeLessThan(0.05);
  });

  test('lowers the coverage of its hours, those on the edge by their part', async () => {
    const { house } = await houseOf([inverter]);
    const hours = await house.energy(alone, 'hour', { from: at(3, 9), to: at(3, 15) });
    expect(hours.map((hour) => hour.coverage)).toEqual([1, 0, 0, 0, 0, 1]);
    expect(hours.map((hour) => hour.solarKwh)).toEqual([1, null, null, null, null, 1]);
    expect(hours.map((hour) => hour.origins.import?.coverage)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('of one of two roofs makes nothing sure of the sun on days on which it says nothing of it', async () => {
    const roof = (id: string, isSilent: (time: number) => boolean): Given => ({
      id,
      values: (time) => ({ batteryVoltage: 52, ...(isSilent(time) ? {} : { solarPower: 500 }) }),
    });
    const { house } = await houseOf([
      roof('east', (time) => time > at(3, -1) && time < at(4, 1)),
      roof('west', () => false),
      { id: 'meter', values: () => ({ gridPower: 300 }) },
    ]);
    const scope = {
      sources: [
        { id: 'east', role: 'solar' },
        { id: 'west', role: 'solar' },
        { id: 'meter', role: 'grid' },
      ] as const,
      timeZone: 'UTC',
    };
    const days = await house.energy(scope, 'day', range);
    expect(days.map((day) => day.solarKwh)).toEqual([24, 23.5, 12, 23.5, 24, 24]);
    expect(days[2]?.origins.solar?.coverage).toBe(0);
    expect(days[2]?.coverage).toBe(0);
    expect(days[2]?.origins.import?.coverage).toBe(1);
    for (const near of [days[1], days[3]]) expect(near?.origins.solar?.coverage).toBeCloseTo(23 / 24, 2);
    const [noon] = await house.energy(scope, 'hour', { from: at(3, 12), to: at(3, 13) });
    expect(noon).toMatchObject({ solarKwh: 0.5, coverage: 0 });
  });

  test('that came later lowers what is said of it, and not of the rest', async () => {
    const later: Given = {
      id: 'inverter',
      values: (time) => ({ solarPower: 1000, ...(time >= at(4) ? { batteryPower: 200 } : {}) }),
    };
    const { house } = await houseOf([later]);
    const total = await house.total(alone, range);
    expect(total.coverage).toBe(1);
    expect(total.origins?.charge?.coverage).toBeCloseTo(0.5, 2);
    expect(total.origins?.solar?.coverage).toBe(1);
  });

  test('is told on the page of how well it came', async () => {
    const { t } = await houseOf([inverter]);
    const days = await t.service.quality('inverter', range);
    expect(days[2]?.coverage).toBe(1);
    const view = viewQuality(days, { timeZone: 'UTC', now: range.to + HOUR, span: range });
    expect(tellArrivals(view).map(({ title, found }) => [title, found])).toEqual([
      ['Values missing', 'What the sun gave: 4 h on 1 day in which other values came.'],
    ]);
  });
});

test('books by rules that kept no time of each energy know it where readings came', async () => {
  const { t } = await houseOf([inverter]);
  const { dir } = t;
  await t.service.stop();
  const connection = await t.database.connect();
  const quantities = ['solar', 'load', 'import', 'export', 'charge', 'discharge'];
  await connection.run(`UPDATE energy_15m SET ${quantities.map((q) => `${q}_known_ms = NULL`).join(', ')}`);
  await connection.close();
  await t.drop();
  running.length = 0;
  const again = await startTelemetry({ dir, clock: new FakeClock(range.to + HOUR) });
  running.push(again);
  const days = await again.service.energy('inverter', 'day', range);
  expect(days.map((day) => Math.round(100 * (day.origins.solar?.coverage ?? 0)))).toEqual([
    100, 100, 83, 100, 100, 100,
  ]);
  expect(days[0]?.origins.charge).toBeUndefined();
});
