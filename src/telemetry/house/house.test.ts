import { describe, expect, test } from 'bun:test';
import type { EnergyTotals, LatestReading } from '../figures.ts';
import { combineHistories, roundBuckets } from '../history/history-combine.ts';
import { combineMetric, type HouseSource, summariseEnergy } from './house.ts';
import { combineEnergy } from './house-energy.ts';

const inverter: HouseSource = { id: 'inverter', role: 'system' };
const roof: HouseSource = { id: 'roof', role: 'solar' };
const garage: HouseSource = { id: 'garage', role: 'solar' };
const meter: HouseSource = { id: 'meter', role: 'grid' };

const reading = (values: LatestReading['values'], time = 1000): LatestReading => ({
  time,
  values,
  times: {},
  derived: [],
});
const house = (sources: HouseSource[], latest: Record<string, LatestReading>, silent: string[] = []) => ({
  sources,
  latest: (id: string) => latest[id],
  isSilent: (source: HouseSource) => silent.includes(source.id),
});

describe('a quantity of the house now', () => {
  test('comes from the sources whose role it is, and nothing counts twice', () => {
    const of = house([inverter, meter], {
      inverter: reading({ gridPower: 500, loadPower: 800 }),
      meter: reading({ gridPower: 520 }),
    });
    expect(combineMetric(of, 'grid', 'gridPower').value).toBe(520);
    expect(combineMetric(of, 'load', 'loadPower').value).toBe(800);
  });

  test('of several sources of a role is their sum, as old as the oldest of them', () => {
    const of = house([roof, garage], {
      roof: reading({ solarPower: 300 }, 5000),
      garage: reading({ solarPower: 200 }, 4000),
    });
    expect(combineMetric(of, 'solar', 'solarPower')).toMatchObject({ value: 500, time: 4000 });
  });

  test('leaves out a source that fell silent while another speaks', () => {
    const latest = { roof: reading({ solarPower: 300 }, 5000), garage: reading({ solarPower: 200 }, 1) };
    expect(combineMetric(house([roof, garage], latest, ['garage']), 'solar', 'solarPower')).toMatchObject({
      value: 300,
      time: 5000,
    });
    expect(combineMetric(house([roof, garage], latest, ['garage', 'roof']), 'solar', 'solarPower')).toMatchObject({
      value: 500,
      time: 5000,
    });
  });

  test('comes from those that see the whole system while the meter is silent, and from the meter once it speaks', () => {
    const latest = {
      inverter: reading({ gridPower: 500 }, 9000),
      meter: reading({ gridPower: 520 }, 100),
    };
    const grid = (silent: string[]) => combineMetric(house([inverter, meter], latest, silent), 'grid', 'gridPower');
    expect(grid(['meter'])).toMatchObject({ value: 500, time: 9000, sourceIds: ['inverter'] });
    expect(grid([])).toMatchObject({ value: 520, sourceIds: ['meter'] });
    // When nobody speaks, the last that the meter said stands, with its age.
    expect(grid(['meter', 'inverter'])).toMatchObject({ value: 520, time: 100 });
  });

  test('is unknown, not zero, when nobody measures it', () => {
    expect(combineMetric(house([inverter], { inverter: reading({}) }), 'solar', 'solarPower').value).toBeNull();
  });
});

describe('the energy of the house', () => {
  const none: EnergyTotals = {
    solarKwh: null,
    loadKwh: null,
    importKwh: null,
    exportKwh: null,
    chargeKwh: null,
    dischargeKwh: null,
    coverage: 1,
  };

  test('takes each field from the sources whose role it is, with the coverage of the worst', () => {
    const sum = combineEnergy([
      { source: inverter, totals: { ...none, solarKwh: 9, loadKwh: 5, importKwh: 1.1, exportKwh: 4.8 } },
      { source: meter, totals: { ...none, importKwh: 1, exportKwh: 5, coverage: 0.8 } },
    ]);
    expect(sum).toMatchObject({ solarKwh: 9, loadKwh: 5, importKwh: 1, exportKwh: 5, chargeKwh: null, coverage: 0.8 });
  });

  test('a load that nobody measures follows from the balance, and self-sufficiency from it', () => {
    const summary = summariseEnergy({ ...none, solarKwh: 10, importKwh: 2, exportKwh: 4 }, true);
    expect(summary).toMatchObject({ loadKwh: 8, isLoadDerived: true, selfSufficiency: 0.75, selfConsumption: 0.6 });
    expect(summariseEnergy({ ...none, solarKwh: 10 }, true)).toMatchObject({ loadKwh: null, selfSufficiency: null });
  });
});

describe('lines of several sources', () => {
  const part = (times: number[], values: (number | null)[], bucketMs: number) => ({
    times,
    series: { solarPower: values },
    lows: {},
    highs: {},
    bucketMs,
  });

  test('a slow source adds to each bucket of a quick one', () => {
    const quick = part(
      [0, 60, 120, 180].map((s) => s * 1000),
      [100, 110, 120, 130],
      60_000,
    );
    const slow = part([0, 120_000], [50, 70], 120_000);
    expect(combineHistories([{ history: quick }, { history: slow }]).series.solarPower).toEqual([150, 160, 190, 200]);
  });

  test('short holes of one source are bridged, long ones are not', () => {
    const times = Array.from({ length: 9 }, (_, i) => i * 300_000);
    const whole = part(times, [1, 1, 1, 1, 1, 1, 1, 1, 1], 300_000);
    const holed = part(times, [10, null, 20, null, null, null, null, null, 20], 300_000);
    expect(combineHistories([{ history: whole }, { history: holed }]).series.solarPower).toEqual([
      11, 16, 21, 1, 1, 1, 1, 1, 21,
    ]);
  });

  test('buckets start on round times of the clock on the wall', () => {
    const from = Date.UTC(2026, 10, 20, 10, 17, 31);
    const { range, points } = roundBuckets({ from, to: from + 86_400_000 }, 'Asia/Kathmandu');
    expect((range.from + 5.75 * 3_600_000) % 300_000).toBe(0);
    expect((range.to - range.from) / points).toBe(300_000);
    expect(range.from).toBeLessThanOrEqual(from);
  });
});
