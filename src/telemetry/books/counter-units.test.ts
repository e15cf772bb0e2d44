import { describe, expect, test } from 'bun:test';
import { book, type TestRow } from '../../testing/books.ts';
import { D1, D2, DAY, MIN, produced, producedBy, readings, step } from '../../testing/counted-days.ts';

/** Counters whose unit nobody told, on a roof that gives 20 kWh a day; a reading every five minutes. */
const HOUR = 60 * MIN;
const total = 'totalEnergyProduced';
const daily = 'dailyEnergyProduced';

/** Each day's energy, to a step of the counter and what flowed before its first value. */
function expectTwenties(rows: readonly TestRow[], installedCapacityW: number | null, within = 0.2): void {
  const books = book(rows, { installedCapacityW });
  for (const start of [D1, D2])
    expect(Math.abs((books.kwh('solar', start, start + DAY) ?? 0) - 20)).toBeLessThan(within);
}

const inWh = (kwh: number, size: number): number => Math.round(step(kwh, size) * 1000);
const below1 = (kwh: number): number => (kwh < 1 ? inWh(kwh, 0.001) : step(kwh, 0.01));

describe.each([
  ['power beside it', true, null],
  ['panels of 4 kW', false, 4000],
])('with %s', (_, power, capacity) => {
  test.each([0.001, 0.01, 0.1])(
    'a total in Wh from its first value on counts what flowed, in steps of %p kWh',
    (size) => {
      expectTwenties(
        readings(total, (t) => inWh(3456 + produced(t), size), { power }),
        capacity,
      );
    },
  );

  test('a daily counter in Wh from its first value on counts what flowed', () => {
    expectTwenties(
      readings(daily, (_t, h) => inWh(producedBy(h), 0.001), { power }),
      capacity,
    );
  });

  test('a daily counter that is in Wh below 1 kWh and in kWh above counts what flowed, each day', () => {
    expectTwenties(
      readings(daily, (_t, h) => below1(producedBy(h)), { power }),
      capacity,
    );
  });

  test('a daily counter of kWh that comes back in Wh in the morning counts what flowed', () => {
    const rows = readings(daily, (t, h) => (t < D2 ? step(producedBy(h)) : inWh(producedBy(h), 0.001)), { power });
    expectTwenties(rows, capacity);
  });

  test('a total that begins anew in Wh counts what flowed', () => {
    const rows = readings(total, (t) => (t < D2 ? step(700 + produced(t)) : inWh(produced(t) - 20, 0.001)), { power });
    expectTwenties(rows, capacity);
  });

  test('counters of kWh count themselves, and but for the time at zero nothing comes from power', () => {
    for (const metric of [total, daily] as const) {
      const rows = readings(metric, (t, h) => step(metric === total ? 700 + produced(t) : producedBy(h)), { power });
      expectTwenties(rows, capacity);
      expect(book(rows, { installedCapacityW: capacity }).power('solar') ?? 0).toBeLessThan(0.11);
    }
  });

  test('at no moment of the first day more is booked than flowed', () => {
    const rows = readings(total, (t) => inWh(3456 + produced(t), 0.001), { days: 1, power });
    for (let n = 12; n < rows.length; n += 6) {
      const now = rows[n - 1]?.[0] ?? 0;
      expect(book(rows.slice(0, n), { installedCapacityW: capacity }).kwh('solar') ?? 0).toBeLessThan(
        produced(now) + 1.5,
      );
    }
  });
});

test('of nothing but a total in Wh beside a daily counter in Wh and power, each quarter hour is right', () => {
  const rows = readings(total, (t) => inWh(3456 + produced(t), 0.001), { power: true }).map(
    ([t, values]): TestRow => [t, { ...values, [daily]: inWh(producedBy(((t - D1) % DAY) / HOUR), 0.001) }],
  );
  const books = book(rows);
  for (let t = D1; t < D1 + 2 * DAY; t += HOUR / 4)
    expect(Math.abs((books.kwh('solar', t, t + HOUR / 4) ?? 0) - (produced(t + HOUR / 4) - produced(t)))).toBeLessThan(
      0.06,
    );
});

test('a counter of what the house takes, in Wh, is told by its power, and one of the grid by its side of the power', () => {
  const watts = (t: number) => (Math.floor((t - D1) / HOUR) % 2 === 0 ? 900 : -600);
  const rows: TestRow[] = [];
  let [load, fed] = [5_000_000, 8_000_000];
  for (let t = D1; t < D1 + DAY; t += 5 * MIN) {
    rows.push([
      t,
      { loadPower: 450, totalEnergyConsumed: load, gridPower: watts(t), totalGridExport: Math.round(fed) },
    ]);
    load += 37.5;
    fed += Math.max(0, -watts(t)) / 12;
  }
  const books = book(rows);
  expect(books.kwh('load') ?? 0).toBeCloseTo(10.8, 0);
  expect(books.kwh('export') ?? 0).toBeCloseTo(7.2, 0);
});

test('a power in kW that passes for W does not make its counter one of Wh', () => {
  const rows = readings(total, (t) => step(700 + produced(t), 0.01), { power: true }).map(
    ([t, values]): TestRow => [t, { ...values, solarPower: (values.solarPower ?? 0) / 1000 }],
  );
  // What is open at the end is decided as it looks.
  expect(Math.abs((book(rows).kwh('solar') ?? 0) - 40)).toBeLessThan(3);
});

test('a power that says nothing but zero does not tell, and the counter counts', () => {
  const rows = readings(total, (t) => step(700 + produced(t))).map(
    ([t, values]): TestRow => [t, { ...values, solarPower: 0 }],
  );
  expect(book(rows).kwh('solar') ?? 0).toBeCloseTo(40, 0);
});

test('counters of kWh that are read once a day are no counters of Wh, however little the panels are said to give', () => {
  for (const metric of [total, daily] as const) {
    const rows = Array.from({ length: 60 }, (_, i): TestRow => {
      const t = D1 + (i + 1) * DAY - MIN;
      return [t, { [metric]: metric === total ? 700 + 20 * i : 15 + (i % 7) }];
    });
    const kwh = book(rows, { installedCapacityW: 1500 }).kwh('solar') ?? 0;
    expect(Math.abs(kwh - (metric === total ? 1180 : 1080))).toBeLessThan(40);
  }
});

test('where 4 kW are stated and a device comes back 10 kWh higher, these are no energy', () => {
  const rows = readings(total, (t, h) =>
    step(700 + produced(t) + (t >= D2 && h >= 12 ? 10 : t >= D2 + DAY ? 10 : 0), 0.01),
  );
  expect(Math.abs((book(rows, { installedCapacityW: 4000 }).kwh('solar') ?? 0) - 40)).toBeLessThan(0.5);
});

test('a display of panels of 10 kW that moves once an hour counts all of the hour', () => {
  const hourly = (t: number) => 4 * produced(Math.floor(t / HOUR) * HOUR);
  const rows = readings(total, (t) => step(700 + hourly(t), 0.01), { minutes: 1 });
  const books = book(rows, { installedCapacityW: 10_000 });
  expect(Math.abs((books.kwh('solar') ?? 0) - 160)).toBeLessThan(1);
  expect(books.kinds()).toEqual([]);
});

test('a total of some thousand kWh is not taken for Wh where its power is missing for a while', () => {
  const rows = Array.from({ length: 3 * 96 }, (_, i): TestRow => {
    const hour = i / 4;
    const isMissing = hour > 37 && hour < 37.75;
    return [D1 + hour * HOUR, { ...(isMissing ? {} : { loadPower: 2000 }), totalEnergyConsumed: 2700 + 2 * hour }];
  });
  const booked = book(rows);
  expect(booked.kinds()).toEqual([]);
  expect(booked.kwh('load', D1 + 37 * HOUR, D1 + 38 * HOUR)).toBeCloseTo(2, 3);
});

describe('a total over a daily counter and power, all in kWh', () => {
  /** 2 kW day and night, in steps of so many minutes; nothing comes while it is out. */
  const both = (step: number, isOut: (hour: number) => boolean): TestRow[] => {
    const rows: TestRow[] = [];
    for (let minute = 0; minute <= 3 * 1440; minute += step) {
      const counted = { totalEnergyConsumed: 1000 + minute / 30, dailyEnergyConsumed: (minute % 1440) / 30 };
      if (!isOut(minute / 60)) rows.push([D1 + minute * MIN, { loadPower: 2000, ...counted }]);
    }
    return rows;
  };

  test.each([
    ['half an hour', 1, (hour: number) => hour > 32 && hour < 32.5],
    ['a day and a half', 15, (hour: number) => hour > 26 && hour < 62],
  ])('is not taken for Wh after %s of silence, because of what the daily counter says', (_, step, isOut) => {
    const booked = book(both(step, isOut));
    expect(booked.kinds()).not.toContain('unit');
    expect(booked.kinds()).not.toContain('catchUp');
    expect(booked.kwh('load')).toBeCloseTo(144, 3);
    const after = D1 + 62.5 * HOUR;
    expect(booked.kwh('load', after, after + HOUR)).toBeCloseTo(2, 3);
  });
});

test('a total of kWh that shows Wh for a quarter of an hour while its unit is not told yet counts on in kWh', () => {
  for (const at of [4, 5.5, 6, 12]) {
    const rows = readings(
      total,
      (t, h) => step(3508 + produced(t), 0.001) * (t < D2 && h >= at && h < at + 0.25 ? 1000 : 1),
      { minutes: 3, power: true },
    );
    expect(Math.abs((book(rows).kwh('solar') ?? 0) - 40)).toBeLessThan(0.3);
  }
});

describe('where hardly anything flows', () => {
  /** A reading a minute; what was exported is a few Wh of a day, while the mains give 300 W. */
  const rowsOf = (metric: 'dailyGridExport' | 'totalGridExport', wh: (minute: number) => number): TestRow[] =>
    Array.from({ length: 2 * 1440 }, (_, minute) => [
      D1 + minute * MIN,
      { gridPower: minute % 700 === 699 ? -60 : 300, [metric]: wh(minute) },
    ]);

  test('a day of a Wh is no kWh, as the power in the other direction tells', () => {
    const books = book(rowsOf('dailyGridExport', (minute) => (minute % 1440 > 700 ? 1 : 0)));
    expect(books.kwh('export') ?? 0).toBeLessThan(0.02);
  });

  test('nor are the Wh of a total', () => {
    const books = book(rowsOf('totalGridExport', (minute) => 6_553_590 + Math.floor(minute / 700)));
    expect(books.kwh('export') ?? 0).toBeLessThan(0.02);
  });
});

test('a total at zero that was not ready yet is no total of Wh because its first value is thrice what flowed since', () => {
  // 1.804 kWh at six o'clock would be Wh; 0.8 kWh flow from then until it is decided.
  const rows = readings(total, (t, h) => (h < 6.5 && t < D2 ? 0 : step(1804 + produced(t), 0.001)), { power: true });
  const books = book(rows);
  expect(Math.abs((books.kwh('solar', D1, D2) ?? 0) - 20)).toBeLessThan(0.2);
});

test('a daily counter of Wh tells nothing before its power does, where the total that comes next is better', () => {
  const rows = Array.from({ length: 288 }, (_, i): TestRow => {
    const [time, wh] = [D1 + i * 5 * MIN, 10 * i];
    return [
      time,
      {
        ...(i > 1 && { loadPower: 120 }),
        dailyEnergyConsumed: wh,
        ...(i > 0 && { totalEnergyConsumed: 6_550_300 + wh }),
      },
    ];
  });
  expect(Math.abs((book(rows).kwh('load') ?? 0) - 2.87)).toBeLessThan(0.05);
});

test('what a counter itself shows while its unit is not told is no proof of what can flow', () => {
  // The counter every half an hour; the power falls silent soon after the first 100 Wh, and the next come without it.
  const rows = Array.from({ length: 48 * 4 }, (_, i): TestRow => {
    const minute = 15 * i;
    const power = minute < 100 || minute > 660 ? { gridPower: 60 } : {};
    const wh = 5_000_000 + (minute < 60 ? 0 : 100 + 100 * Math.floor((minute - 60) / 300));
    return [D1 + minute * MIN, { ...power, ...(i % 2 === 0 && { totalGridImport: wh }) }];
  });
  expect(book(rows).kwh('import') ?? 0).toBeLessThan(2);
});

test('a power that is nearly always zero tells by a single value that it is in W', () => {
  const rows = Array.from({ length: 5 * 288 }, (_, i): TestRow => {
    const isOn = i % 288 === 90;
    return [
      D1 + i * 5 * MIN,
      { gridPower: isOn ? 1100 : 0, totalGridImport: 2_080_200 + 100 * Math.floor((i + 197) / 288) },
    ];
  });
  expect(book(rows).kwh('import') ?? 0).toBeLessThan(1);
});
