import { describe, expect, test } from 'bun:test';
import type { NumericMetric } from '../../core/metrics.ts';
import { book, every, type TestRow } from '../../testing/books.ts';
import type { EnergyRules } from './energy-fold.ts';

const START = Date.UTC(2026, 5, 1);
const MIN = 60_000;
const HOURS = 16;

/** A value a minute (or every `step` minutes) of a roof of 4 kW, with some of them as given. */
function roof(wild: Readonly<Record<number, number>>, metric: NumericMetric = 'solarPower', step = 1): TestRow[] {
  const watts = Array.from({ length: (HOURS * 60) / step }, (_, i) => {
    const sun = Math.sin((Math.PI * i * step) / (HOURS * 60));
    return wild[i * step] ?? Math.round(4000 * sun);
  });
  return every(step, START, metric, watts);
}
const hourly = (watts: number): Record<number, number> =>
  Object.fromEntries(Array.from({ length: HOURS }, (_, h) => [60 * h + 30, watts]));
const wildOnes = (rows: readonly TestRow[], rules: Partial<EnergyRules> = {}) =>
  book(rows, rules)
    .sheet.events.filter((e) => e.kind === 'wild')
    .map(({ metric, times, after }) => [metric, times, after]);

describe('a single power far above all that is known', () => {
  const truth = book(roof({})).kwh('solar') as number;

  test.each([100_000, 40_000])('is no energy: %p W once an hour on a roof that makes 4 kW', (watts) => {
    const rows = roof(hourly(watts));
    expect(book(rows).kwh('solar')).toBeCloseTo(truth, 2);
    expect(wildOnes(rows)).toEqual([['solarPower', HOURS, watts]]);
  });

  test('is none where values come every five minutes, or a quarter of an hour, either', () => {
    for (const step of [5, 15])
      expect(book(roof({ 60: 100_000, 480: 100_000 }, 'solarPower', step)).kwh('solar')).toBeCloseTo(
        book(roof({}, 'solarPower', step)).kwh('solar') as number,
        1,
      );
  });

  test('is held against what is installed: ten times the power of a balcony', () => {
    const rows = every(1, START, 'solarPower', [...Array(30).fill(550), 5500, ...Array(30).fill(550)]);
    expect(book(rows, { installedCapacityW: 600 }).kwh('solar')).toBeCloseTo(0.55, 6);
    expect(wildOnes(rows, { installedCapacityW: 600 })).toEqual([['solarPower', 1, 5500]]);
  });

  test('is none with either sign', () => {
    const rows = every(1, START, 'gridPower', [
      ...Array(30).fill(-2000),
      -90_000,
      ...Array(30).fill(-2000),
      95_000,
      -2000,
    ]);
    expect(book(rows).kwh('export')).toBeCloseTo((62 * 2) / 60, 6);
    expect(book(rows).kwh('import')).toBe(0);
  });

  test('tells what was left out, and what would have been believed', () => {
    const [event] = book(roof({ 480: 100_000 })).sheet.events;
    expect(event).toMatchObject({
      time: START + 480 * MIN,
      metric: 'solarPower',
      kind: 'wild',
      after: 100_000,
      kwh: 0,
    });
    expect(event?.before).toBeCloseTo(3 * 4000, -2);
  });

  test('does not make a counter’s jump believable', () => {
    const rows = roof({ 480: 9_000_000 }).map(
      ([time, values], i): TestRow => [
        time,
        { ...values, totalEnergyProduced: i < 600 ? 100 + i / 30 : 9000 + i / 30 },
      ],
    );
    expect(book(rows).kwh('solar')).toBeLessThan(40);
  });

  test('counts for nothing as long as it is the newest value', () => {
    const rows = every(1, START, 'solarPower', [...Array(30).fill(3000), 100_000]);
    expect(book(rows).kwh('solar')).toBeCloseTo((29 * 3) / 60, 6);
    expect(wildOnes(rows)).toEqual([]);
  });
});

describe('what flows truly counts', () => {
  const withJump = (metric: NumericMetric, watts: number, readings: number) =>
    every(1, START, metric, [...Array(60).fill(300), ...Array(readings).fill(watts), ...Array(60).fill(300)]);

  test.each<[NumericMetric, 'load' | 'import' | 'charge', number]>([
    ['loadPower', 'load', 3300],
    ['loadPower', 'load', 11_300],
    ['loadPower', 'load', 25_300],
    ['gridPower', 'import', 25_300],
    ['batteryPower', 'charge', 25_300],
  ])('a kettle, an oven, a car that charges, seen once: %s', (metric, quantity, watts) => {
    const kwh = (0.3 * 120 + (watts - 300) / 1000) / 60;
    expect(book(withJump(metric, watts, 1)).kwh(quantity)).toBeCloseTo(kwh, 6);
  });

  test('a power that stays for a second value, however high', () => {
    const rows = withJump('loadPower', 150_000, 2);
    expect(book(rows).kwh('load')).toBeCloseTo((0.3 * 121 + 149.7 * 2) / 60, 6);
    expect(wildOnes(rows)).toEqual([]);
  });

  test('two wild values beside each other do not make the next single one believable', () => {
    const rows = roof({ 300: 100_000, 301: 100_000, 400: 100_000 });
    expect(wildOnes(rows)).toEqual([['solarPower', 1, 100_000]]);
  });

  test('a plant from its first value on, whatever it is stated to be', () => {
    const watts = Array.from({ length: 200 }, (_, i) => 400_000 + (i % 7) * 10_000);
    const rows = every(1, START, 'solarPower', watts);
    for (const installedCapacityW of [null, 400])
      expect(book(rows, { installedCapacityW }).kwh('solar')).toBeCloseTo(
        book(rows, { installedCapacityW: 5e5 }).kwh('solar') as number,
        6,
      );
    expect(wildOnes(rows)).toEqual([]);
  });

  test('a sun that breaks through the clouds for one value', () => {
    const rows = every(5, START, 'solarPower', [...Array(12).fill(400), 4100, ...Array(12).fill(450)]);
    expect(wildOnes(rows)).toEqual([]);
  });

  test('between two gaps nothing is made of it, and nothing lost', () => {
    const rows = [
      ...every(1, START, 'solarPower', Array(30).fill(3000)),
      ...every(1, START + 300 * MIN, 'solarPower', [90_000]),
      ...every(1, START + 600 * MIN, 'solarPower', Array(30).fill(3000)),
    ];
    expect(book(rows).kwh('solar')).toBeCloseTo((2 * 29 * 3) / 60, 6);
  });
});

describe('the edge of a register that an earlier version stored', () => {
  test('is no energy, and is told', () => {
    const rows = every(1, START, 'gridPower', [600, 600, 32_767, 600, -32_768, 600, 65_535, 600, 6553.5, 600, 600]);
    expect(book(rows).kwh('import')).toBe(0.1);
    expect(book(rows).sheet.events.map((e) => [e.kind, e.metric, e.times, e.after])).toEqual([
      ['sentinel', 'gridPower', 4, 32_767],
    ]);
  });

  test('is a power where a plant passes there, and stays', () => {
    const rows = every(1, START, 'solarPower', [...Array(30).fill(32_100), ...Array(31).fill(32_767)]);
    expect(book(rows).kwh('solar')).toBeCloseTo((29 * 32.1 + (32.1 + 32.767) / 2 + 30 * 32.767) / 60, 6);
  });
});
