import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricValues } from '../core/reading.ts';
import { dayKey, localDayOf } from '../core/zone.ts';
import { FakeClock } from '../testing/app.ts';
import { startTelemetry } from '../testing/telemetry.ts';

/**
 * Homes and plants that were recorded for real, day by day: what Ampra books of each against what the columns of the record
 * add up to. Prints how many days differ by more than a hundredth; each that does is explained.
 */
const folder = join(process.env.AMPRA_TEST_DATA ?? '', 'pv');
const hasRecords = process.env.AMPRA_TEST_DATA !== undefined && existsSync(folder);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ID = 'aaaaaaaa-0000-4000-8000-000000000001';

type Row = Record<string, string>;
type Quantity = 'solar' | 'load' | 'import' | 'export';
const totals = {
  solar: 'totalEnergyProduced',
  load: 'totalEnergyConsumed',
  import: 'totalGridImport',
  export: 'totalGridExport',
} as const;
const powers = { solar: 'solarPower', load: 'loadPower' } as const;

function rowsOf(file: string): Row[] {
  const text = new TextDecoder().decode(Bun.gunzipSync(readFileSync(join(folder, file))));
  const [head = '', ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

/** What was recorded of the time from `from` on, for `ms`: kWh by quantity. */
interface Step {
  from: number;
  ms: number;
  kwh: Partial<Record<Quantity, number>>;
}

/** As a device's counters show it that are read at the end of each step. */
function counted(steps: readonly Step[]): { time: number; values: MetricValues }[] {
  const shown = { solar: 4000, load: 9000, import: 7000, export: 2000 };
  const values = (of: Step['kwh']): MetricValues =>
    Object.fromEntries(
      Object.keys(of).map((q) => [totals[q as Quantity], Math.round(shown[q as Quantity] * 1e4) / 1e4]),
    );
  const [first] = steps;
  const readings = first ? [{ time: first.from, values: values(first.kwh) }] : [];
  for (const { from, ms, kwh } of steps) {
    for (const [q, one] of Object.entries(kwh)) shown[q as Quantity] += one;
    readings.push({ time: from + ms, values: values(kwh) });
  }
  return readings;
}

/** As its powers, each at the beginning of its step. */
const powered = (steps: readonly Step[]): { time: number; values: MetricValues }[] =>
  steps.map(({ from, ms, kwh }) => ({
    time: from,
    values: Object.fromEntries(
      Object.entries(kwh).map(([q, one]) => [powers[q as keyof typeof powers], (one * 3.6e9) / ms]),
    ),
  }));

/** Days that differ, with how much of each is missing in the record itself. */
async function differing(
  name: string,
  { steps, zone, readings, peakW }: { steps: Step[]; zone: string; readings: 'counted' | 'powered'; peakW?: number },
): Promise<{ quantity: Quantity; day: string; hours: number }[]> {
  const given = readings === 'counted' ? counted(steps) : powered(steps);
  const last = given[given.length - 1]?.time ?? 0;
  const facts = { timeZone: zone, installedCapacityW: peakW ?? null };
  const t = await startTelemetry({ clock: new FakeClock(last + 4 * DAY), facts });
  try {
    await t.service.importReadings(
      ID,
      given.map((r) => ({ sourceId: ID, ...r })),
    );
    const days = await t.service.energy(ID, 'day', { from: given[0]?.time ?? 0, to: last });
    const recorded = Map.groupBy(steps, ({ from }) => dayKey(localDayOf(from, zone)));
    const found = (Object.keys(steps[0]?.kwh ?? {}) as Quantity[]).flatMap((quantity) =>
      days.flatMap((day) => {
        const of = (recorded.get(day.period) ?? []).filter(({ kwh }) => kwh[quantity] !== undefined);
        if (of.length === 0) return [];
        const sum = of.reduce((total, { kwh }) => total + (kwh[quantity] ?? 0), 0);
        const isNear = Math.abs((day[`${quantity}Kwh`] ?? 0) - sum) <= Math.max(0.01 * sum, 0.02);
        const hours = of.reduce((total, { ms }) => total + ms / HOUR, 0);
        return isNear ? [] : [{ quantity, day: day.period, hours }];
      }),
    );
    console.log(`${name}: ${found.length} of ${days.length} days differ`);
    return found;
  } finally {
    await t.dispose();
  }
}

describe.skipIf(!hasRecords)('each day of recorded homes', () => {
  test('of an Irish home by its meters but the one after hours that the record leaves out', async () => {
    const steps = rowsOf('solis_shelly_ie/hour.csv.gz').map((row) => ({
      ...{ from: Number(row.Epoch) * 1000, ms: HOUR },
      kwh: {
        ...{ solar: Number(row['Solar Generation']), load: Number(row.Consumed) },
        ...{ import: Number(row.Import), export: Number(row.Export) },
      },
    }));
    const found = await differing('Ireland', { steps, zone: 'Europe/Dublin', readings: 'counted' });
    // What its first hour counted flowed since the last hour of the 8th, as far as a meter can tell.
    expect(new Set(found.map(({ day }) => day))).toEqual(new Set(['2023-11-10']));
    expect(steps.some(({ from }) => dayKey(localDayOf(from, 'Europe/Dublin')) === '2023-11-09')).toBe(false);
  });

  test('of a home in California and a microgrid in Norway by hourly meters, all of them', async () => {
    const start = Date.parse('2016-07-31T23:00:00-08:00');
    const home = rowsOf('citylearn2022/homes.csv.gz').map((row, i) => ({
      ...{ from: start + i * HOUR, ms: HOUR },
      kwh: { solar: Number(row.pv_kwh_b1), load: Number(row.load_kwh_b1) },
    }));
    expect(await differing('California', { steps: home, zone: 'Etc/GMT+8', readings: 'counted' })).toEqual([]);
    const grid = rowsOf('rye_microgrid/train.csv.gz').map((row) => ({
      ...{ from: Date.parse(`${row.time?.slice(0, 19).replace(' ', 'T')}Z`), ms: HOUR },
      kwh: { solar: Number(row.pv_production), load: Number(row.consumption) },
    }));
    const asked = { steps: grid, zone: 'Europe/Oslo', readings: 'counted', peakW: 86_400 } as const;
    expect(await differing('Norway', asked)).toEqual([]);
  });

  test('of a plant in China by its power, but one on which the record has fewer quarter hours than the day', async () => {
    const rows = new Map(rowsOf('pvod/station00.csv.gz').map((row) => [row.time_utc ?? row.date_time, row]));
    const steps = [...rows].map(([time, row]) => ({
      ...{ from: Date.parse(`${time?.replace(' ', 'T')}Z`), ms: HOUR / 4 },
      kwh: { solar: Number(row.power) * 250 },
    }));
    const found = await differing('China', { steps, zone: 'Asia/Shanghai', readings: 'powered', peakW: 6.6e6 });
    expect(found.map(({ day }) => day)).toEqual(['2018-12-31']);
    expect(found[0]?.hours).toBeLessThan(24);
  });

  test('of a home in Sydney by its powers: of solar all, of load all but a few', async () => {
    const steps = rowsOf('ausgrid_customer12/home_30min.csv.gz').map((row) => ({
      ...{ from: Date.parse(`${row.time_local?.replace(' ', 'T')}+10:00`), ms: HOUR / 2 },
      kwh: { solar: Number(row.pv_kw) / 2, load: Number(row.load_kw) / 2 },
    }));
    const asked = { zone: 'Australia/Brisbane', readings: 'powered', peakW: 1040 } as const;
    const found = await differing('Sydney', { ...asked, steps });
    expect(found.filter(({ quantity }) => quantity === 'solar')).toEqual([]);
    // What a mean of half an hour says is not where a line between two of them ends at midnight.
    expect(found.length).toBeLessThan(8);
  });
});
