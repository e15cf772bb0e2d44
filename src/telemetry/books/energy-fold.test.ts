import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { BUCKET_MS, book, columnsOf, every, type TestRow, utcDays } from '../../testing/books.ts';
import { EnergyFold } from './energy-fold.ts';
import { EnergySheet, places } from './energy-sheet.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 21, 10);
const at = (minute: number, values: TestRow[1]): TestRow => [START + minute * MIN, values];
/** Readings a minute that say nothing of energy, so that the rhythm of the source is known. */
const minutes = (from: number, to: number): TestRow[] => Array.from({ length: to - from }, (_, i) => at(from + i, {}));
const inOrder = (rows: TestRow[]): TestRow[] => [...rows].sort((a, b) => a[0] - b[0]);

describe('energy from power', () => {
  test('is the area under the line between readings', () => {
    const books = book([at(0, { solarPower: 0 }), at(10, { solarPower: 1200 }), at(20, { solarPower: 1200 })]);
    // 600 W over 10 min and 1200 W over 10 min: 0.1 + 0.2 kWh.
    expect(books.kwh('solar')).toBe(0.3);
    expect(books.power('solar')).toBe(0.3);
    expect(books.coveredMinutes()).toBe(20);
  });

  test('leaves gaps empty', () => {
    const books = book([...[0, 3, 6], ...[66, 69, 72]].map((minute) => at(minute, { solarPower: 1000 })));
    expect(books.kwh('solar')).toBe(0.2);
    expect(books.coveredMinutes()).toBe(12);
    expect(books.kwh('solar', START + 30 * MIN, START + 45 * MIN)).toBeNull();
  });

  test('a gap right after the first reading is known as one by the rhythm that follows', () => {
    const books = book([0, 120, 121, 122, 123].map((minute) => at(minute, { solarPower: 1000 })));
    expect(books.kwh('solar')).toBe(0.05);
    expect(books.coveredMinutes()).toBe(3);
  });

  test('of a slow source is whole from its first reading: three times its usual interval is no gap', () => {
    const books = book([0, 30, 60, 90, 180, 300].map((minute) => at(minute, { solarPower: 1000 })));
    expect(books.kwh('solar')).toBe(3);
    expect(books.coveredMinutes()).toBe(180);
  });

  test('of a source that becomes slower is whole again when its new rhythm is known', () => {
    const rows = [...Array(30).keys()].map((i) => at(i, { solarPower: 1000 }));
    for (let i = 1; i <= 20; i++) rows.push(at(29 + 60 * i, { solarPower: 1000 }));
    const books = book(rows);
    expect(books.coveredMinutes()).toBe(29 + 15 * 60);
  });

  test('that comes more seldom than the rest of the readings is whole by its own rhythm', () => {
    const rows = inOrder([
      ...minutes(0, 600).filter((_, i) => i % 30 !== 0),
      ...[...Array(20).keys()].map((i) => at(30 * i, { loadPower: 2000 })),
    ]);
    // Its first three steps tell its rhythm.
    expect(book(rows).kwh('load')).toBe(16);
  });

  test('tells import from export, also within a step', () => {
    const books = book([at(0, { gridPower: 1000 }), at(12, { gridPower: -1000 })]);
    // Crosses zero in the middle: 6 min at 500 W on each side.
    expect(books.kwh('import')).toBe(0.05);
    expect(books.kwh('export')).toBe(0.05);
  });

  test('falls into the quarter hour in which it flowed', () => {
    const books = book([at(10, { batteryPower: -600 }), at(20, { batteryPower: -600 })]);
    expect(books.kwh('discharge', START, START + BUCKET_MS)).toBe(0.05);
    expect(books.kwh('discharge', START + BUCKET_MS)).toBe(0.05);
    expect(books.kwh('charge')).toBe(0);
  });

  test('reads each metric on its own when a device sends them one by one', () => {
    const rows = [at(0, { solarPower: 600 }), at(1, { loadPower: 1 }), at(10, { solarPower: 600 }), at(11, {})];
    expect(book(rows).kwh('solar')).toBe(0.1);
  });

  test('does not believe the edge of a register', () => {
    const rows = every(1, START, 'gridPower', [600, 600, 32_767, 600, -32_768, 600, 65_535, 600, 6553.5, 600, 600]);
    expect(book(rows).kwh('import')).toBe(0.1);
  });
});

describe('energy from counters', () => {
  test('wins over power', () => {
    const books = book([
      at(0, { totalEnergyProduced: 100, solarPower: 9000 }),
      at(15, { totalEnergyProduced: 100.5, solarPower: 9000 }),
    ]);
    expect(books.kwh('solar')).toBe(0.5);
    expect(books.power('solar')).toBeNull();
  });

  test('flowed when the power says that it flowed', () => {
    const rows = [at(0, { totalEnergyProduced: 100, solarPower: 0 })];
    for (let m = 5; m <= 55; m += 5) rows.push(at(m, { solarPower: m > 45 ? 6000 : 0 }));
    rows.push(at(60, { totalEnergyProduced: 101, solarPower: 6000 }));
    const books = book(rows);
    expect(books.kwh('solar')).toBe(1);
    // 6 kW rose from 45 to 50 min and stayed: what flows is in the last quarter hour.
    expect(books.kwh('solar', START, START + 45 * MIN)).toBe(0);
  });

  test('of coarse steps flowed since the step before', () => {
    const rows: TestRow[] = [];
    // 1 kW, and a counter of whole kWh: one step an hour.
    for (let m = 0; m <= 240; m++) rows.push(at(m, { totalEnergyConsumed: 500 + Math.floor(m / 60), loadPower: 1000 }));
    const books = book(rows);
    expect(books.kwh('load')).toBe(4);
    expect(books.kwh('load', START + 60 * MIN, START + 75 * MIN)).toBeCloseTo(0.25, 6);
  });

  test('bridges a gap as energy, not as coverage, and says so', () => {
    const books = book([
      ...every(5, START, 'totalEnergyProduced', [100, 100.1, 100.2]),
      ...every(5, START + 190 * MIN, 'totalEnergyProduced', [103.2, 103.3, 103.4]),
    ]);
    expect(books.kwh('solar')).toBe(3.4);
    expect(books.bridged('solar')).toBe(3);
    expect(books.coveredMinutes()).toBe(20);
    expect(books.kinds()).toEqual(['bridge']);
  });

  test('of a gap of days is spread over its days', () => {
    const books = book([
      ...every(5, START, 'totalEnergyProduced', [100, 100, 100, 100]),
      ...every(5, START + 3 * DAY, 'totalEnergyProduced', [130, 130, 130]),
    ]);
    expect(books.kwh('solar')).toBe(30);
    expect(books.sheet.bridges).toEqual([{ quantity: 'solar', from: START + 15 * MIN, to: START + 3 * DAY, kwh: 30 }]);
  });

  test('a counter that comes back after power had counted alone adds only what power missed', () => {
    const rows = every(1, START, 'totalEnergyConsumed', [100, 100, 100, 100, 100]);
    // Two days of 1 kW with a gap of six hours, without the counter.
    for (let m = 5; m <= 2880; m++) if (m < 1000 || m >= 1360) rows.push(at(m, { loadPower: 1000 }));
    rows.push(at(2881, { totalEnergyConsumed: 148 }), at(2882, { totalEnergyConsumed: 148 }));
    const books = book(rows);
    expect(books.kwh('load')).toBe(48);
    expect(books.kinds()).toEqual(['bridge']);
  });

  test('daily serves where the total is missing, power where both are', () => {
    const books = book([
      at(0, { totalGridImport: 10, dailyGridImport: 1, gridPower: 6000 }),
      at(10, { totalGridImport: 10.1, dailyGridImport: 1.1, gridPower: 6000 }),
      at(20, { dailyGridImport: 1.4, gridPower: 6000 }),
      at(30, { gridPower: 6000 }),
    ]);
    expect(books.kwh('import')).toBe(1.4);
    expect(books.power('import')).toBe(1);
  });

  test('daily serves for days on which the total says nothing', () => {
    const rows: TestRow[] = [];
    for (let h = 0; h <= 96; h++) {
      const inDay = ((START + h * HOUR) % DAY) / HOUR;
      rows.push(at(h * 60, { dailyEnergyProduced: inDay / 2, ...(h < 20 ? { totalEnergyProduced: 50 + h / 2 } : {}) }));
    }
    // Half a kW, four days. What a daily counter shows last before midnight is not its whole day: the last hour of three of
    // them went on at the pace of the day.
    expect(book(rows).kwh('solar')).toBe(48);
  });

  test('says where it stands since when: the source may be asked before the counter is understood', () => {
    const rows = every(20, START, 'totalEnergyProduced', [100, 100.5, 3]);
    expect(book(rows).kwh('solar')).toBe(3.5);
    expect(book([...rows, ...every(20, START + 60 * MIN, 'totalEnergyProduced', [101])]).kwh('solar')).toBe(1);
  });

  test('that is silent for a while leaves the word to power, until it speaks again', () => {
    const rows = [at(0, { totalEnergyProduced: 100 })];
    for (let m = 1; m <= 50; m++) rows.push(at(m, { solarPower: 60_000 }));
    expect(book(rows).kwh('solar')).toBe(49);
    expect(book([...rows, at(60, { totalEnergyProduced: 101 })]).kwh('solar')).toBe(1);
  });
});

describe('a counter that does not move', () => {
  test('at zero from the beginning leaves the word to power', () => {
    const rows = every(10, START, 'totalEnergyConsumed', [0, 0]).map(
      ([time, v]) => [time, { ...v, loadPower: 600 }] as TestRow,
    );
    const books = book(rows);
    expect(books.kwh('load')).toBe(0.1);
    expect(books.power('load')).toBe(0.1);
  });

  test('at zero with nothing else to say counts zero', () => {
    expect(book(every(10, START, 'totalGridExport', [0, 0, 0])).kwh('export')).toBe(0);
  });

  test('while energy flows is not believed: power counts, from when it stopped on, and the books say so', () => {
    const rows: TestRow[] = [];
    for (let m = 0; m <= 600; m++)
      rows.push(at(m, { totalEnergyConsumed: m < 60 ? 300.5 + m / 60 : 301.5, loadPower: 1000 }));
    const books = book(rows);
    expect(books.kwh('load')).toBeCloseTo(10, 2);
    expect(books.power('load')).toBeCloseTo(9, 1);
    expect(books.kinds()).toEqual(['stuck']);
  });

  test('and moves on counts again, without counting twice', () => {
    const rows: TestRow[] = [];
    for (let m = 0; m <= 900; m++) {
      const shown = m < 60 || m > 600 ? 300.5 + m / 60 : 301.5;
      rows.push(at(m, { totalEnergyConsumed: shown, loadPower: 1000 }));
    }
    const books = book(rows);
    expect(books.kwh('load')).toBeCloseTo(15, 1);
    expect(books.kinds()).toEqual(['stuck', 'moves', 'catchUp']);
  });

  test('through a night without sun is simply right', () => {
    const rows: TestRow[] = [];
    for (let m = 0; m <= 720; m += 5) rows.push(at(m, { totalEnergyProduced: 4000.2, solarPower: 0 }));
    const books = book(rows);
    expect(books.kwh('solar')).toBe(0);
    expect(books.power('solar')).toBeNull();
    expect(books.kinds()).toEqual([]);
  });

  test('while a meter only shows noise is believed', () => {
    const rows: TestRow[] = [];
    for (let m = 0; m <= 3 * 1440; m += 5) rows.push(at(m, { totalGridExport: 12.3, gridPower: -60 }));
    expect(book(rows).kwh('export')).toBe(0);
  });
});

describe('declared by the owner', () => {
  const rows = [
    ...every(5, START, 'totalEnergyProduced', [100, 100.5, 101]),
    ...every(5, START + 15 * MIN, 'totalEnergyProduced', [50, 50.5, 51, 51.5]),
  ];
  test('a fall to a count that could be a day is taken for a reset', () => {
    expect(book(every(60, START, 'totalEnergyProduced', [100, 101, 5, 6, 7])).kwh('solar')).toBe(8);
  });
  test('counts nothing where the device was replaced', () => {
    const jumps = [{ metric: 'totalEnergyProduced' as const, time: START + 12 * MIN, kwh: 0 }];
    const books = book(rows, { jumps });
    expect(books.kwh('solar')).toBe(2.5);
    expect(books.kinds()).toEqual(['declared']);
  });
  test('or counts what the owner knows', () => {
    const jumps = [{ metric: 'totalEnergyProduced' as const, time: START + 12 * MIN, kwh: 0.4 }];
    expect(book(rows, { jumps }).kwh('solar')).toBe(2.9);
  });
});

const textOf = ({ buckets, bridges, events, readings, steps, stepsMs }: EnergySheet): string =>
  JSON.stringify([[...buckets].map(([start, row]) => [start, ...row]), bridges, events, readings, steps, stepsMs]);

describe('the fold', () => {
  /** Readings with all that happens to counters, so that every part of the state occurs. */
  const values = fc.record(
    {
      solarPower: fc.integer({ min: 0, max: 8000 }),
      gridPower: fc.integer({ min: -5000, max: 5000 }),
      totalEnergyProduced: fc.oneof(
        fc.constantFrom(0, 100, 100.1, 101, 5, 6553.5, 101_000),
        fc.double({ min: 0, max: 300, noNaN: true }),
      ),
      dailyEnergyProduced: fc.double({ min: 0, max: 20, noNaN: true }),
      totalGridImport: fc.constantFrom(0, 3, 3.5, 4, 900),
    },
    { requiredKeys: [] },
  );
  const rows = fc
    .array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 100, max: 3000 })), values), {
      maxLength: 80,
    })
    .map((steps) => {
      let minute = 0;
      return steps.map(([step, v]): TestRow => {
        minute += step;
        return at(minute, v);
      });
    });

  test('gives the same books in one go and cut anywhere, with its state as text in between', () => {
    fc.assert(
      fc.property(rows, fc.array(fc.nat(80), { maxLength: 6 }), (all, cuts) => {
        const whole = book(all).sheet;
        const readings = columnsOf(all);
        const sheet = new EnergySheet();
        let fold = new EnergyFold(utcDays, sheet);
        let done = 0;
        for (const cut of [...cuts.filter((c) => c < all.length).sort((a, b) => a - b), all.length]) {
          fold.take(readings, done, cut);
          done = cut;
          const state = fold.state();
          fold = new EnergyFold(utcDays, sheet, state);
          expect(fold.state()).toBe(state);
        }
        fold.finish();
        expect(textOf(sheet)).toBe(textOf(whole));
      }),
      { numRuns: 300 },
    );
  });

  test('books nothing negative, and no more time covered than there is', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const { sheet } = book(all);
        for (const [, row] of sheet.buckets) {
          expect(row[places.covered]).toBeLessThanOrEqual(BUCKET_MS);
          for (const kwh of row.subarray(places.kwh)) expect(Number.isNaN(kwh) || kwh >= -1e-9).toBe(true);
        }
        for (const bridge of sheet.bridges) expect(bridge.kwh).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });

  test('has a state that does not grow with what was read', () => {
    const rows: TestRow[] = [];
    for (let m = 0; m < 20_000; m++)
      rows.push(at(m, { solarPower: 500, totalEnergyProduced: 100 + Math.floor(m / 600), dailyEnergyProduced: 3 }));
    const fold = new EnergyFold(utcDays, new EnergySheet());
    fold.take(columnsOf(rows), 0, rows.length);
    expect(fold.state().length).toBeLessThan(8000);
  });
});
