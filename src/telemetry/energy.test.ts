import { describe, expect, test } from 'bun:test';
import type { NumericMetric } from '../core/metrics.ts';
import { BUCKET_MS, bookEnergy, type EnergyBooks, type EnergyQuantity, integrate, layer } from './energy.ts';

const MIN = 60_000;
const START = Date.UTC(2026, 5, 21, 10);
const rules = {
  longestStepMs: 15 * MIN,
  installedCapacityW: null,
  dayStart: (t: number) => Math.floor(t / 86_400_000) * 86_400_000,
  isFinal: true,
};

/** Books rows of `[minute, values]`. */
function book(rows: [number, Partial<Record<NumericMetric, number>>][], more: Partial<typeof rules> = {}): EnergyBooks {
  const columns: Partial<Record<NumericMetric, Float64Array>> = {};
  for (const [i, [, values]] of rows.entries())
    for (const [name, value] of Object.entries(values)) {
      const metric = name as NumericMetric;
      columns[metric] ??= new Float64Array(rows.length).fill(Number.NaN);
      (columns[metric] as Float64Array)[i] = value;
    }
  const times = Float64Array.from(rows, ([minute]) => START + minute * MIN);
  return bookEnergy({ times, columns }, START, { ...rules, ...more });
}

const sum = (books: EnergyBooks, quantity: EnergyQuantity): number =>
  Math.round(books.kwh[quantity].reduce((a, b) => a + (Number.isNaN(b) ? 0 : b), 0) * 1e6) / 1e6;
const covered = (books: EnergyBooks): number => books.covered.reduce((a, b) => a + b, 0) / MIN;

describe('energy from power', () => {
  test('is the area under the line between readings', () => {
    const books = book([
      [0, { solarPower: 0 }],
      [10, { solarPower: 1200 }],
      [20, { solarPower: 1200 }],
    ]);
    // 600 W over 10 min and 1200 W over 10 min: 0.1 + 0.2 kWh.
    expect(sum(books, 'solar')).toBe(0.3);
    expect(covered(books)).toBe(20);
  });

  test('leaves gaps empty', () => {
    const books = book([
      [0, { solarPower: 1000 }],
      [6, { solarPower: 1000 }],
      [66, { solarPower: 1000 }],
      [72, { solarPower: 1000 }],
    ]);
    expect(sum(books, 'solar')).toBe(0.2);
    expect(covered(books)).toBe(12);
    expect(Number.isNaN(books.kwh.solar[2] as number)).toBe(true);
  });

  test('of a slow source is whole: three times its usual interval is no gap', () => {
    const rows: [number, { solarPower: number }][] = [0, 30, 60, 90, 180].map((m) => [m, { solarPower: 1000 }]);
    const books = book(rows, { longestStepMs: 90 * MIN });
    expect(sum(books, 'solar')).toBe(3);
    expect(covered(books)).toBe(180);
  });

  test('tells import from export, also within a step', () => {
    const books = book([
      [0, { gridPower: 1000 }],
      [12, { gridPower: -1000 }],
    ]);
    // Crosses zero in the middle: 6 min at 500 W on each side.
    expect(sum(books, 'import')).toBe(0.05);
    expect(sum(books, 'export')).toBe(0.05);
  });

  test('falls into the quarter hour in which it flowed', () => {
    const books = book([
      [10, { batteryPower: -600 }],
      [20, { batteryPower: -600 }],
    ]);
    expect(books.kwh.discharge[0]).toBeCloseTo(0.05, 9);
    expect(books.kwh.discharge[1]).toBeCloseTo(0.05, 9);
    expect(sum(books, 'charge')).toBe(0);
  });

  test('reads each metric on its own when a device sends them one by one', () => {
    const { intervals } = integrate(
      Float64Array.from([0, 1, 10, 11].map((m) => m * MIN)),
      Float64Array.from([600, Number.NaN, 600, Number.NaN]),
      1,
      15 * MIN,
    );
    expect(intervals).toEqual([{ from: 0, to: 10 * MIN, kwh: 0.1 }]);
  });
});

describe('energy from counters', () => {
  test('wins over power', () => {
    const books = book([
      [0, { totalEnergyProduced: 100, solarPower: 9000 }],
      [15, { totalEnergyProduced: 100.5, solarPower: 9000 }],
    ]);
    expect(sum(books, 'solar')).toBe(0.5);
  });

  test('bridges a gap as energy, not as coverage', () => {
    const books = book([
      [0, { totalEnergyProduced: 100 }],
      [10, { totalEnergyProduced: 100.2 }],
      [190, { totalEnergyProduced: 103.2 }],
      [200, { totalEnergyProduced: 103.4 }],
    ]);
    expect(sum(books, 'solar')).toBe(3.4);
    expect(covered(books)).toBe(20);
  });

  test('daily serves where the total is missing, power where both are', () => {
    const books = book([
      [0, { totalGridImport: 10, dailyGridImport: 1, gridPower: 6000 }],
      [10, { totalGridImport: 10.1, dailyGridImport: 1.1, gridPower: 6000 }],
      [20, { dailyGridImport: 1.4, gridPower: 6000 }],
      [30, { gridPower: 6000 }],
    ]);
    expect(sum(books, 'import')).toBe(0.1 + 0.3 + 1);
  });

  test('stuck at zero leaves the word to power', () => {
    const books = book([
      [0, { totalEnergyConsumed: 0, loadPower: 600 }],
      [10, { totalEnergyConsumed: 0, loadPower: 600 }],
    ]);
    expect(sum(books, 'load')).toBe(0.1);
  });

  test('of a gap of more than a day stands aside, to be spread over its days', () => {
    const books = book([
      [0, { totalEnergyProduced: 100 }],
      [3 * 24 * 60, { totalEnergyProduced: 130 }],
    ]);
    expect(sum(books, 'solar')).toBe(0);
    expect(books.bridges).toEqual([{ quantity: 'solar', from: START, to: START + 3 * 86_400_000, kwh: 30 }]);
  });

  test('is not settled while a drop may still turn out to be a glitch', () => {
    const rows: [number, { totalEnergyProduced: number }][] = [
      [0, { totalEnergyProduced: 100 }],
      [20, { totalEnergyProduced: 100.5 }],
      [40, { totalEnergyProduced: 3 }],
    ];
    expect(book(rows, { isFinal: false }).settledUntil).toBe(START + BUCKET_MS);
    expect(sum(book([...rows, [60, { totalEnergyProduced: 101 }]]), 'solar')).toBe(1);
  });

  test('that speaks more seldom than power holds the books open until it speaks again', () => {
    const rows: [number, Partial<Record<NumericMetric, number>>][] = [[0, { totalEnergyProduced: 100 }]];
    for (let m = 1; m <= 50; m++) rows.push([m, { solarPower: 60_000 }]);
    expect(book(rows, { isFinal: false }).settledUntil).toBe(START);
    const books = book([...rows, [60, { totalEnergyProduced: 101 }]], { isFinal: false });
    expect(books.settledUntil).toBe(START + 45 * MIN);
    expect(sum(books, 'solar')).toBe(1);
  });
});

test('layers lay what is better known over what is less', () => {
  const upper = [
    { from: 10, to: 20, kwh: 1 },
    { from: 30, to: 40, kwh: 1 },
  ];
  const lower = [
    { from: 0, to: 50, kwh: 50 },
    { from: 50, to: 60, kwh: 7 },
  ];
  const merged = layer(upper, lower).sort((a, b) => a.from - b.from);
  expect(merged).toEqual([
    { from: 0, to: 10, kwh: 10 },
    { from: 10, to: 20, kwh: 1 },
    { from: 20, to: 30, kwh: 10 },
    { from: 30, to: 40, kwh: 1 },
    { from: 40, to: 50, kwh: 10 },
    { from: 50, to: 60, kwh: 7 },
  ]);
  expect(layer([], lower)).toEqual(lower);
});
