import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMetric } from '../core/metrics.ts';
import type { MetricValues, Reading } from '../core/reading.ts';
import { startOfLocalDay } from '../core/zone.ts';
import { FakeClock } from '../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../testing/telemetry.ts';
import type { EnergyPeriod, SourceFacts } from './ports.ts';

/**
 * Homes that were recorded for real, through the real store: what Ampra books of a year against what the columns of the
 * record add up to. Counters are given as a device has them, powers as measured.
 */
const folder = join(process.env.AMPRA_TEST_DATA ?? '', 'pv');
const hasRecords = process.env.AMPRA_TEST_DATA !== undefined && existsSync(folder);
if (!hasRecords) console.warn('Recorded homes are not booked: AMPRA_TEST_DATA is not set.');

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let t: TestTelemetry | null = null;
afterEach(async () => {
  await t?.dispose();
  t = null;
});

type Row = Record<string, string>;
function rowsOf(file: string): Row[] {
  const bytes = readFileSync(join(folder, file));
  const lines = new TextDecoder().decode(Bun.gunzipSync(bytes)).trim().split(/\r?\n/);
  const names = (lines[0] ?? '').split(',');
  return lines.slice(1).map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

/** Stores the readings and gives what is booked by period. */
async function booked(
  readings: { time: number; values: MetricValues }[],
  facts: Partial<SourceFacts>,
): Promise<(period: 'day' | 'month' | 'year') => Promise<EnergyPeriod[]>> {
  const first = readings[0]?.time ?? 0;
  const last = readings.at(-1)?.time ?? 0;
  t = await startTelemetry({ clock: new FakeClock(last + DAY), facts });
  const { service } = t;
  await service.importReadings(
    ID,
    readings.map((r): Reading => ({ sourceId: ID, ...r })),
  );
  return (period) => service.energy(ID, period, { from: first, to: last });
}

const sum = (values: readonly (number | null)[]): number => values.reduce<number>((a, b) => a + (b ?? 0), 0);
function expectNear(actual: number, expected: number, share: number): void {
  const isNear = Math.abs(actual - expected) <= share * Math.abs(expected);
  expect(isNear ? expected : actual).toBe(expected);
}

describe.skipIf(!hasRecords)('recorded homes', () => {
  test('a home in Ireland by its meters: each of 19 months to the Wh, clock changes included', async () => {
    const hours = rowsOf('solis_shelly_ie/hour.csv.gz');
    const columns = {
      solarKwh: ['Solar Generation', 'totalEnergyProduced'],
      loadKwh: ['Consumed', 'totalEnergyConsumed'],
      importKwh: ['Import', 'totalGridImport'],
      exportKwh: ['Export', 'totalGridExport'],
    } as const;
    const counts = { solarKwh: 4000, loadKwh: 9000, importKwh: 7000, exportKwh: 2000 };
    const reading = (time: number) => ({
      time,
      values: Object.fromEntries(
        Object.entries(columns).map(([name, [, metric]]) => [metric, counts[name as 'solarKwh']]),
      ),
    });
    const readings = [reading(Number(hours[0]?.Epoch) * 1000)];
    const expected = new Map<string, Record<string, number>>();
    for (const hour of hours) {
      const month = expected.get(hour.Month ?? '') ?? {};
      expected.set(hour.Month ?? '', month);
      for (const [name, [column]] of Object.entries(columns)) {
        const kwh = Number(hour[column]);
        counts[name as 'solarKwh'] += kwh;
        month[name] = (month[name] ?? 0) + kwh;
      }
      const time = (Number(hour.Epoch) + 3600) * 1000;
      // Hours that the record leaves out are gaps here, too.
      if (readings.at(-1)?.time === time) readings.pop();
      readings.push(reading(time));
    }
    const months = await (await booked(readings, { timeZone: 'Europe/Dublin' }))('month');
    expect(months.filter((m) => expected.has(m.period))).toHaveLength(19);
    for (const month of months) {
      const figures = expected.get(month.period);
      if (!figures) continue;
      for (const name of Object.keys(columns) as (keyof typeof columns)[])
        expect(Math.abs((month[name] ?? 0) - (figures[name] ?? 0))).toBeLessThan(0.001);
      expect(month.origins.import?.from).toBe('counter');
    }
  });

  test('a home in France by its powers, every half hour, of the night none', async () => {
    const rows = rowsOf('emhass_home_fr/home_30min.csv.gz');
    const readings = rows.map((row) => ({
      time: Date.parse(row.time_utc ?? ''),
      values: {
        ...(row.load_w ? { loadPower: Number(row.load_w) } : {}),
        ...(row.pv_w ? { solarPower: Number(row.pv_w) } : {}),
      },
    }));
    const years = await (await booked(readings, { timeZone: 'Europe/Paris', installedCapacityW: 4400 }))('year');
    const total = (column: string) => sum(rows.map((row) => Number(row[column] || 0))) / 2 / 1000;
    expectNear(sum(years.map((y) => y.loadKwh)), total('load_w'), 0.003);
    expectNear(sum(years.map((y) => y.solarKwh)), total('pv_w'), 0.01);
    expect(years.every((y) => y.origins.load?.from === 'power')).toBe(true);
  });

  test('a home in Sydney by its powers, whole and covered', async () => {
    const rows = rowsOf('ausgrid_customer12/home_30min.csv.gz');
    // Local time without a clock change, as the meter has it.
    const readings = rows.map((row) => ({
      time: Date.parse(`${row.time_local?.replace(' ', 'T')}+10:00`),
      values: { loadPower: Number(row.load_kw) * 1000, solarPower: Number(row.pv_kw) * 1000 },
    }));
    const by = await booked(readings, { timeZone: 'Australia/Brisbane' });
    const years = await by('year');
    expectNear(sum(years.map((y) => y.loadKwh)), sum(rows.map((r) => Number(r.load_kw))) / 2, 0.001);
    expectNear(sum(years.map((y) => y.solarKwh)), sum(rows.map((r) => Number(r.pv_kw))) / 2, 0.001);
    const days = (await by('day')).slice(0, -1);
    expect(days.every((d) => d.coverage === 1)).toBe(true);
  });

  test('a home in California by the daily counters of its battery, read once a day', async () => {
    const rows = rowsOf('powerwall_home_us/daily.csv.gz');
    const zone = 'America/Los_Angeles';
    const dayOf = (row: Row) => Math.round(Date.parse(row.date_local ?? '') / DAY);
    const readings = rows.map((row) => ({
      time: startOfLocalDay(dayOf(row) + 1, zone) - 60_000,
      values: {
        dailyEnergyProduced: Number(row.solar_kwh),
        dailyEnergyConsumed: Number(row.home_kwh),
        dailyGridImport: Number(row.from_grid_kwh),
        dailyGridExport: Number(row.to_grid_kwh),
      },
    }));
    const years = await (await booked(readings, { timeZone: zone, installedCapacityW: 11_000 }))('year');
    for (const year of years) {
      const of = rows.slice(1).filter((row) => row.date_local?.startsWith(year.period));
      // A day that shows just what the day before did could be that day still: it is not counted again.
      expectNear(year.solarKwh ?? 0, sum(of.map((r) => Number(r.solar_kwh))), 0.03);
      expectNear(year.loadKwh ?? 0, sum(of.map((r) => Number(r.home_kwh))), 0.03);
      expectNear(year.importKwh ?? 0, sum(of.map((r) => Number(r.from_grid_kwh))), 0.03);
    }
  });

  test('an inverter of a plant in India by its total, its daily counter and its power: all agree', async () => {
    const inverter = oneInverter(rowsOf('india_plant1/generation.csv.gz'));
    const facts = { timeZone: 'Asia/Kolkata', installedCapacityW: 1_500_000 };
    const ofTotal = await (
      await booked(
        inverter.map((r) => r.total),
        facts,
      )
    )('year');
    await t?.dispose();
    const ofDays = await (
      await booked(
        inverter.map((r) => r.daily),
        facts,
      )
    )('year');
    await t?.dispose();
    const ofPower = await (
      await booked(
        inverter.map((r) => r.power),
        facts,
      )
    )('year');
    const first = inverter[0]?.total.values.totalEnergyProduced ?? 0;
    const last = inverter.at(-1)?.total.values.totalEnergyProduced ?? 0;
    expect(ofTotal[0]?.solarKwh).toBeCloseTo(last - first, 3);
    expectNear(ofDays[0]?.solarKwh ?? 0, last - first, 0.02);
    expectNear(ofPower[0]?.solarKwh ?? 0, last - first, 0.03);
  });

  test('a dirty file with a sentinel among powers, daylight only', async () => {
    const rows = rowsOf('sdt_5min/TAEFC1044741.csv.gz');
    const least = findMetric('solarPower')?.min ?? 0;
    const good = rows.filter((row) => Number(row.ac_power_kw) >= least);
    expect(good.length).toBeLessThan(rows.length);
    const readings = good.map((row) => ({
      time: Date.parse(`${row.time_utc?.replace(' ', 'T')}Z`),
      values: { solarPower: Number(row.ac_power_kw) * 1000 },
    }));
    const years = await (await booked(readings, { timeZone: 'America/Los_Angeles' }))('year');
    expectNear(sum(years.map((y) => y.solarKwh)), sum(good.map((r) => Number(r.ac_power_kw))) / 12, 0.01);
  });
});

/** Rows of one of 22 inverters, which have no name: the one whose total goes on from that of the row before. */
function oneInverter(rows: Row[]) {
  const at = (row: Row): number => {
    const [, day, month, year, hour, minute] = /^(\d+)-(\d+)-(\d+) (\d+):(\d+)/.exec(row.DATE_TIME ?? '') ?? [];
    return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) - 5.5 * HOUR;
  };
  const byTime = Map.groupBy(rows, at);
  let total = Number(rows[0]?.TOTAL_YIELD);
  return [...byTime].flatMap(([time, of]) => {
    const next = of.filter((r) => Number(r.TOTAL_YIELD) >= total && Number(r.TOTAL_YIELD) < total + 3000);
    const row = next.sort((a, b) => Number(a.TOTAL_YIELD) - Number(b.TOTAL_YIELD))[0];
    if (!row) return [];
    total = Number(row.TOTAL_YIELD);
    return [
      {
        total: { time, values: { totalEnergyProduced: total } },
        daily: { time, values: { dailyEnergyProduced: Number(row.DAILY_YIELD) } },
        power: { time, values: { solarPower: Number(row.AC_POWER) * 1000 } },
      },
    ];
  });
}
