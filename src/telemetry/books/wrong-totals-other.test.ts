import { describe, expect, test } from 'bun:test';
import { localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { book, type TestRow } from '../../testing/books.ts';
import { D1, D2, DAY, expectDays, MIN, produced, producedBy, readings, step } from '../../testing/counted-days.ts';

/** Wrong totals as users of other systems reported them: units, sums of several counters, counters that fall silent, and clocks. */
const HOUR = 60 * MIN;
const total = 'totalEnergyProduced';
const daily = 'dailyEnergyProduced';

describe('units', () => {
  test('core #67698: from 1,811,459 to 1,814,392 Wh the mains took 2.933 kWh in an hour, and no 2,933', () => {
    const rows = Array.from({ length: 24 * 12 }, (_, i): TestRow => {
      const t = D1 + i * 5 * MIN;
      return [t, { gridPower: 2933, totalGridImport: 1_811_459 + Math.round((2933 * (t - D1)) / HOUR) }];
    });
    const books = book(rows);
    for (let hour = 0; hour < 23; hour++)
      expect(books.kwh('import', D1 + hour * HOUR, D1 + (hour + 1) * HOUR) ?? 0).toBeCloseTo(2.933, 2);
  });

  test('OpenDTU #2847: a day of 11 Wh that shows 65,546 for a moment has not produced 65 kWh', () => {
    const rows = readings(daily, (_t, h) => Math.round(producedBy(h) * 1000), { power: true });
    const wild = rows.findIndex(([, values]) => (values[daily] ?? 0) > 11);
    for (const row of rows.slice(wild, wild + 2)) row[1][daily] = 65_546;
    const books = book(rows);
    expect(books.kwh('solar', D1, D2) ?? 0).toBeCloseTo(20, 0);
    expect(books.kwh('solar', D1, D1 + 8 * HOUR) ?? 0).toBeLessThan(producedBy(8) + 0.2);
  });
});

describe('sums of several counters', () => {
  // Two meters of the house; the smaller counts a twentieth.
  const small = (h: number) => producedBy(h) / 20;
  const large = (h: number) => producedBy(h) - small(h);

  test('core #133588: where the smaller of two begins anew a few minutes before the other, nothing is negative or twice', () => {
    const rows = readings('dailyEnergyConsumed', (_t, h) =>
      h >= 23.9 ? step(large(h), 0.01) : step(small(h) + large(h), 0.01),
    );
    const books = book(rows);
    for (const start of [D1, D2]) expect(Math.abs((books.kwh('load', start, start + DAY) ?? 0) - 20)).toBeLessThan(0.3);
  });

  test('home-energy-manager #165: a string that goes to sleep takes 14.4 of 15.0 kWh of the derived load with it', () => {
    const rows = readings('dailyEnergyConsumed', (_t, h) =>
      step(h >= 21.5 ? 0.6 + (h - 21.5) * 0.15 : (15 * h) / 21.5, 0.01),
    );
    const books = book(rows);
    // What it counts from there on, to the 0.6 that a counter which began anew shows first.
    for (const start of [D1, D2])
      expect(Math.abs((books.kwh('load', start, start + DAY) ?? 0) - 15.4)).toBeLessThan(0.7);
  });
});

describe('counters that fall silent, or come back', () => {
  test('AhoyDTU #1375: after an update the day is not sent any more, only the total and the power', () => {
    const rows = readings(total, (t) => step(904.753 + produced(t), 0.001), { power: true }).map(
      ([t, values]): TestRow => [
        t,
        t < D1 + 12 * HOUR ? { ...values, [daily]: step(producedBy((t - D1) / HOUR), 0.001) } : values,
      ],
    );
    expectDays(rows, [20, 20]);
    expect(book(rows).power('solar') ?? 0).toBeLessThan(0.01);
  });

  test('core #115273: begun anew at midnight, and ten minutes later on from yesterday as if it had not', () => {
    const rows = readings('dailyEnergyConsumed', (t, h) =>
      step((t >= D2 && t < D2 + 10 * MIN ? 0 : t >= D2 ? 12 : 0) + h / 2, 0.01),
    );
    const books = book(rows);
    expect(books.kwh('load', D1, D2) ?? 0).toBeCloseTo(12, 0);
    expect(books.kwh('load', D2, D2 + DAY) ?? 0).toBeCloseTo(12, 0);
  });
});

describe('clocks', () => {
  /** A counter of the day that begins anew at midnight of a zone, 0.5 kW all the time; what is booked of each day there. */
  function daysOf(zone: string, from: number, days: number): { hours: number; kwh: number }[] {
    const dayStart = (t: number) => startOfLocalDay(localDayOf(t, zone), zone);
    const first = localDayOf(from, zone) + 1;
    const start = startOfLocalDay(first, zone);
    const rows: TestRow[] = [];
    for (let t = start; t <= startOfLocalDay(first + days, zone); t += 5 * MIN)
      rows.push([t, { dailyEnergyConsumed: step((0.5 * (t - dayStart(t))) / HOUR, 0.001) }]);
    const books = book(rows, { dayStart });
    return Array.from({ length: days }, (_, i) => {
      const [low, high] = [startOfLocalDay(first + i, zone), startOfLocalDay(first + i + 1, zone)];
      return { hours: (high - low) / HOUR, kwh: books.kwh('load', low, high) ?? 0 };
    });
  }

  test('frontend #27405: in zones of half and quarter hours each day is whole, from its own midnight', () => {
    for (const zone of ['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Adelaide'])
      for (const { hours, kwh } of daysOf(zone, Date.UTC(2026, 5, 1), 3)) {
        expect(hours).toBe(24);
        expect(Math.abs(kwh - 12)).toBeLessThan(0.05);
      }
  });

  test('EMHASS #248: the days of a clock change have 23, 25 and 23.5 hours, and the energy of as many', () => {
    const days = [
      ...daysOf('Europe/Berlin', Date.UTC(2026, 2, 27), 3),
      ...daysOf('Europe/Berlin', Date.UTC(2026, 9, 23), 3),
      ...daysOf('Australia/Lord_Howe', Date.UTC(2026, 9, 2), 3),
    ];
    expect(days.map(({ hours }) => hours)).toEqual([24, 23, 24, 24, 25, 24, 24, 23.5, 24]);
    for (const { hours, kwh } of days) expect(Math.abs(kwh - hours / 2)).toBeLessThan(0.05);
  });

  test('geo_home #26, Predbat #4451: a counter whose clock is an hour behind counts its hour after midnight where it flowed', () => {
    const rows = readings('dailyEnergyConsumed', (_t, h) => step(((h + 23) % 24) / 2, 0.001), { days: 4 });
    const books = book(rows);
    for (let day = 1; day < 4; day++) {
      const start = D1 + day * DAY;
      expect(books.kwh('load', start, start + DAY) ?? 0).toBeCloseTo(12, 0);
      expect(books.kwh('load', start, start + 2 * HOUR) ?? 0).toBeCloseTo(1, 0);
    }
  });
});
