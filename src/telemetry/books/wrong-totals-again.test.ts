import { describe, expect, test } from 'bun:test';
import { book } from '../../testing/books.ts';
import { D1, D2, DAY, MIN, producedBy, readings, step } from '../../testing/counted-days.ts';

/** Wrong totals as users of other systems reported them: a zero in between, and the first value of a new day. */
const HOUR = 60 * MIN;

describe('a zero that comes in between', () => {
  // 0.1 kW all day: 53 kWh at the first midnight. What it shows after the zero could have flowed in an hour.
  const shown = (t: number) => 53 + (0.1 * (t - D1)) / HOUR;

  test.each([5, 15, 45])('core #124420: zero for %p minutes, then 55 kWh again, is no 55 kWh', (minutes) => {
    const from = D1 + 12 * HOUR;
    const rows = readings('totalEnergyConsumed', (t) =>
      t >= from && t < from + minutes * MIN ? 0 : step(shown(t), 0.01),
    );
    const books = book(rows);
    for (const day of [D1, D2]) expect(Math.abs((books.kwh('load', day, day + DAY) ?? 0) - 2.4)).toBeLessThan(0.05);
    expect(books.kwh('load', from - HOUR, from + 2 * HOUR) ?? 0).toBeCloseTo(0.3, 1);
  });
});

describe('the first value of a new day', () => {
  test('core #54126: a day that begins anew at zero is never less than nothing, and has nothing of yesterday', () => {
    // Nothing is said from sunset on, and zero from midnight until the sun gives something.
    const rows = readings('dailyEnergyProduced', (_t, h) => step(producedBy(h), 0.01)).filter(
      ([t]) => (t - D1) % DAY < 21 * HOUR || t >= D2 + DAY,
    );
    const books = book(rows);
    for (const day of [D1, D2]) {
      for (let hour = 0; hour < 24; hour++)
        expect(books.kwh('solar', day + hour * HOUR, day + (hour + 1) * HOUR) ?? 0).toBeGreaterThanOrEqual(0);
      expect(Math.abs((books.kwh('solar', day, day + 6 * HOUR) ?? 0) - producedBy(6))).toBeLessThan(0.02);
      expect(Math.abs((books.kwh('solar', day, day + DAY) ?? 0) - 20)).toBeLessThan(0.1);
    }
  });
});
