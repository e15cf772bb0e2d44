import { describe, expect, test } from 'bun:test';
import type { NumericMetric } from '../../core/metrics.ts';
import { type EnergyBars, sumUp } from '../energy/energy-bars.ts';
import { summariseEnergy } from '../house/house.ts';
import { gatherLines } from './history-gather.ts';
import { linesOf } from './history-lines.ts';
import { buildChart } from './history-view.ts';
import { tellBars, tellLines } from './history-words.ts';

const HOUR = 3_600_000;
/** Noon in Lisbon, in winter UTC. */
const now = Date.UTC(2026, 10, 21, 12);

/** Lines of a time that ends at `to`, each value from the hour of the day in UTC. */
function chartOf(of: Partial<Record<NumericMetric, (hour: number) => number | null>>, hours = 24, stepMs = 300_000) {
  const from = now - hours * HOUR;
  const times = Array.from({ length: (hours * HOUR) / stepMs }, (_, i) => from + i * stepMs);
  const series = Object.fromEntries(
    Object.entries(of).map(([name, value]) => [name, times.map((t) => value(((t + stepMs / 2) / HOUR) % 24))]),
  );
  return buildChart({
    ...gatherLines(linesOf(Object.keys(of) as NumericMetric[]), [
      { scope: null, label: 'House', history: { times, series, lows: {}, highs: {}, bucketMs: stepMs } },
    ]),
    isTogether: false,
    range: { from, to: now },
    now,
    timeZone: 'Europe/Lisbon',
    place: { latitude: 38.72, longitude: -9.14 },
    temperatureUnit: 'celsius',
    intervalMs: 60_000,
  });
}
const plain = (text: string | null): string | null => text?.replaceAll('\u00a0', ' ') ?? null;
const isNight = (hour: number): boolean => hour >= 18 || hour < 7;

describe('what happened in the time that lines show', () => {
  test('is what was produced, used and sold, and when the battery fed the house', () => {
    const told = tellLines(
      chartOf({
        solarPower: (h) => (isNight(h) ? 0 : 1000),
        loadPower: () => 300,
        gridPower: (h) => (isNight(h) ? 0 : -200),
        batteryPower: (h) => (isNight(h) ? -300 : 500),
      }),
    );
    expect(plain(told)).toBe(
      'You produced about 10.9 kWh, used 7.2 and sold 2.2. The battery fed the house from 18:02 to 06:57.',
    );
  });

  test('leaves out what was neither bought nor sold, and invents nothing for a gap', () => {
    const told = tellLines(
      chartOf({ solarPower: (h) => (h >= 14 && h < 20 ? null : 1000), loadPower: () => 500, gridPower: () => 0 }),
    );
    expect(plain(told)).toBe('You produced about 17.8 kWh and used 12.0.');
  });

  test('joins readings that are rare', () => {
    const told = tellLines(chartOf({ solarPower: (h) => (Math.floor(h * 12 + 0.01) % 3 === 0 ? 600 : null) }));
    expect(plain(told)).toMatch(/^You produced about 14\.\d kWh\.$/);
  });

  test('says since when the battery feeds the house, or until when it did', () => {
    const feeding = (isFeeding: (hour: number) => boolean): string | null =>
      plain(tellLines(chartOf({ loadPower: () => 0, batteryPower: (h) => (isFeeding(h) ? -400 : 0) })));
    expect(feeding((h) => h >= 9 && h < 12)).toEndWith('The battery has fed the house since 09:02.');
    expect(feeding((h) => h >= 12 && h < 17)).toEndWith('The battery fed the house until 16:57.');
    expect(feeding(() => true)).toEndWith('The battery has fed the house all the time.');
    expect(feeding((h) => h >= 13 && h < 13.3)).toBe('You used about 0.0 kWh.');
  });

  test('a short pause does not end the night', () => {
    const told = tellLines(
      chartOf({ loadPower: () => 300, batteryPower: (h) => (isNight(h) && !(h >= 23 && h < 23.3) ? -300 : 100) }),
    );
    expect(told).toEndWith('The battery fed the house from 18:02 to 06:57.');
  });

  test('is what was booked where that is known, whatever follows from the lines', () => {
    const energy = {
      ...{ solarKwh: 488.04, loadKwh: 442.2, importKwh: 56.6, exportKwh: 0.01, chargeKwh: 1, dischargeKwh: 1 },
      ...{ coverage: 1, isLoadDerived: false, selfSufficiency: 0.8, selfConsumption: 1 },
    };
    const weeks = chartOf({ solarPower: () => 500, loadPower: () => 400, batteryPower: () => -300 }, 168, 1_800_000);
    expect(plain(tellLines(weeks, { ...energy, isExact: true }))).toBe(
      'You produced 488.0 kWh, used 442.2 and bought 56.6.',
    );
    expect(plain(tellLines(weeks, { ...energy, isExact: false }))).toBe(
      'You produced about 488 kWh, used 442 and bought 56.6.',
    );
  });

  test('of the charge is between which bounds it was', () => {
    const told = tellLines(chartOf({ stateOfCharge: (h) => 50 + 40 * Math.sin(((h - 9) / 12) * Math.PI) }));
    expect(plain(told)).toMatch(/^The charge was between 10 % \(0[23]:\d\d\) and 90 % \(1[45]:\d\d\)\.$/);
    expect(plain(tellLines(chartOf({ stateOfCharge: () => 100 })))).toBe('The charge stayed at 100 %.');
  });

  test('of the charge of months goes by the lowest and highest of each day, not by their means', () => {
    const chart = chartOf({ stateOfCharge: () => 50 }, 90 * 24, 24 * HOUR);
    const line = chart.panels[0]?.lines[0];
    if (!line) throw new Error('there is no line');
    line.lows = line.values.map((_, i) => (i === 3 ? 12 : 30));
    line.highs = line.values.map((_, i) => (i === 5 ? 100 : 80));
    expect(plain(tellLines(chart))).toBe('The charge was between 12 % (Thu 27 Aug 2026) and 100 % (Sat 29 Aug 2026).');
  });

  test('is nothing when nothing was measured or nothing of it tells', () => {
    expect(tellLines(chartOf({ solarPower: () => null }))).toBeNull();
    expect(tellLines(chartOf({ batteryVoltage: () => 52 }))).toBeNull();
  });
});

describe('what bars of energy add up to', () => {
  const barsOf = (days: [string, number | null, number | null][]): EnergyBars => {
    const items = days.map(([period, solarKwh, loadKwh]) => ({
      ...summariseEnergy(
        { solarKwh, loadKwh, importKwh: 0, exportKwh: 1, chargeKwh: null, dischargeKwh: null, coverage: 1 },
        true,
      ),
      period,
    }));
    return { period: 'day', items, total: sumUp(items, true, { coverage: 1 }), hasGrid: true, hasBattery: false };
  };

  test('is told with the best of them', () => {
    const bars = barsOf([
      ['2026-11-19', 4, 6],
      ['2026-11-20', 12.34, 7],
    ]);
    expect(plain(tellBars(bars, (period) => `<${period}>`))).toBe(
      'You produced 16.3 kWh, used 13.0 and sold 2.0. The best day was <2026-11-20> with 12.3 kWh.',
    );
  });

  test('of a single day has no best', () => {
    expect(plain(tellBars(barsOf([['2026-11-20', 3, 4]]), String))).toBe(
      'You produced 3.0 kWh, used 4.0 and sold 1.0.',
    );
  });

  test('is nothing without bars', () => {
    expect(tellBars({ ...barsOf([]), items: [] }, String)).toBeNull();
  });
});
