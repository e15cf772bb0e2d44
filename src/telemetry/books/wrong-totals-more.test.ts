import { describe, expect, test } from 'bun:test';
import { book, type TestRow } from '../../testing/books.ts';
import { D1, D2, DAY, expectDays, MIN, produced, producedBy, readings, step } from '../../testing/counted-days.ts';

/** More wrong totals as users of other systems reported them: restarts, yesterday's values, and factors. */
const HOUR = 60 * MIN;
const total = 'totalEnergyProduced';
const daily = 'dailyEnergyProduced';

describe('silence at the wrong time', () => {
  /** What a daily counter shows that begins anew at six in the morning. */
  const sinceSix = (t: number): number =>
    produced(t) - produced(Math.floor((t - D1 - 6 * HOUR) / DAY) * DAY + D1 + 6 * HOUR);

  test('a daily counter that keeps yesterday until it wakes up does not count it again after a silence over midnight', () => {
    const isSilent = (t: number) => t > D2 + 20 * HOUR && t < D2 + 28 * HOUR;
    const rows = readings(daily, (t) => (isSilent(t) || t < D1 + 6 * HOUR ? null : step(sinceSix(t), 0.01)), {
      days: 4,
    });
    const books = book(rows);
    expect(books.kwh('solar', D1 + 2 * DAY, D1 + 3 * DAY)).toBeCloseTo(20, 0);
    expect(books.kwh('solar', D1 + 2 * DAY, D1 + 2 * DAY + 5 * HOUR)).toBeLessThan(0.2);
  });

  test('one whose clock is set to another zone counts since it began anew there, also unseen', () => {
    const isSilent = (t: number) => t > D1 + 2 * DAY + 4 * HOUR && t < D1 + 2 * DAY + 13 * HOUR;
    const rows = readings(daily, (t) => (isSilent(t) ? null : step(sinceSix(t), 0.01)), { days: 4 });
    const known = produced(D1 + 13 * HOUR) - produced(D1 + 6 * HOUR);
    const books = book(rows);
    const noon = books.kwh('solar', D1 + 2 * DAY + 6 * HOUR, D1 + 2 * DAY + 13 * HOUR);
    expect(noon).toBeCloseTo(known, 1);
  });

  test('a short zero over midnight of a counter that goes on over midnight is nothing', () => {
    const rows = readings(daily, (t) => (Math.abs(t - D1 - 2 * DAY) <= 10 * MIN ? 0 : step(sinceSix(t) / 2, 0.01)), {
      days: 4,
    });
    expectDays(rows, [10, 10, 10, 10], 0.3);
  });

  test('a total that began anew stands at zero all night: what it shows after a silence flowed in the morning', () => {
    const anew = D1 + 22 * HOUR;
    const isSilent = (t: number) => t > D2 + 4 * HOUR && t < D2 + 12 * HOUR;
    const rows = readings(total, (t) =>
      isSilent(t) ? null : t < anew ? step(500 + produced(t)) : step(produced(t) - produced(anew)),
    );
    expectDays(rows, [20, 20]);
  });

  test('a counter at zero from the beginning moves when it is heard again: the energy is that of the silence', () => {
    const isSilent = (t: number) => t > D2 + 4 * HOUR && t < D2 + 12 * HOUR;
    const rows = readings('totalGridExport', (t) => (isSilent(t) ? null : step(Math.max(0, produced(t) - 20))), {});
    const books = book(rows);
    expect(books.kwh('export', D1, D2 + 4 * HOUR)).toBe(0);
    expect(books.kwh('export', D2, D2 + DAY)).toBeCloseTo(20, 0);
  });
});

describe('restarts of whoever reads the counter', () => {
  test('core #115065: unknown for two minutes, then the total as it was, on production and export alike', () => {
    const restarts = [D1 + 10 * HOUR, D1 + 11 * HOUR + 44 * MIN];
    const isUnknown = (t: number) => restarts.some((r) => t >= r && t < r + 2 * MIN);
    for (const metric of [total, 'totalGridExport'] as const) {
      const rows = readings(metric, (t) => (isUnknown(t) ? null : step(8200 + produced(t))), { minutes: 1 });
      const books = book(rows);
      const quantity = metric === total ? 'solar' : 'export';
      expect(books.kwh(quantity, D1, D2)).toBeCloseTo(20, 0);
      // Each hour holds what flowed in it, none the whole total.
      for (let hour = 0; hour < 24; hour++) {
        const kwh = books.kwh(quantity, D1 + hour * HOUR, D1 + (hour + 1) * HOUR) ?? 0;
        expect(Math.abs(kwh - (producedBy(hour + 1) - producedBy(hour)))).toBeLessThan(0.21);
      }
    }
  });

  test('core #101613: a restart every night at four, after which a smaller sum shows until the first poll', () => {
    const rows = readings(total, (t, h) => (h >= 4 && h < 4.1 ? 2.3 : step(8093 + produced(t))));
    expectDays(rows, [20, 20]);
  });

  test('OpenDTU #2730: restarted at night with every inverter asleep, the total is zero until the morning', () => {
    const rows = readings(total, (t, h) => (t >= D2 + HOUR && h < 6 ? 0 : step(5000 + produced(t))));
    expectDays(rows, [20, 20]);
  });

  test('dbus-opendtu #7: zero from the restart at night, and in the morning no 22 kWh at once', () => {
    const rows = readings(total, (t, h) => (t >= D2 + 2 * HOUR && h < 7 + 50 / 60 ? 0 : step(2 + produced(t))));
    expectDays(rows, [20, 20]);
    expect(book(rows).kwh('solar', D2 + 7 * HOUR, D2 + 8 * HOUR)).toBeLessThan(3);
  });

  test('AhoyDTU #773: dark clouds put the inverter to sleep at noon, and its day begins anew at zero', () => {
    const asleep = producedBy(12);
    const rows = readings(daily, (_t, h) => {
      if (h >= 12 && h < 12.5) return null;
      return step(h < 12 ? producedBy(h) : producedBy(h) - producedBy(12.5), 0.01);
    });
    expectDays(rows, [20 - (producedBy(12.5) - asleep), 20 - (producedBy(12.5) - asleep)], 0.31);
  });

  test('AhoyDTU #929: the sum of all while one of two sleeps is only that of the other', () => {
    const one = (t: number) => 3000 + produced(t) * 0.6;
    const other = (t: number) => 1200 + produced(t) * 0.4;
    const sleeps = (h: number) => h < 6 || h > 20;
    const rows = readings(total, (t, h) => step(one(t) + (sleeps(h) ? 0 : other(t))));
    expectDays(rows, [20, 20], 0.6);
  });
});

describe('the values of yesterday', () => {
  test('FusionSolarPlus #33: from one to two in the night yesterday comes once more', () => {
    const rows = readings(daily, (t, h) => (t >= D2 && h >= 1 && h < 2 ? 20 : step(producedBy(h))));
    expectDays(rows, [20, 20]);
  });

  test('frontend #17187: a battery that charged 0.01 kWh in the night has not charged the 4 kWh of the day before', () => {
    const at = (t: number, kwh: number): TestRow => [t, { totalBatteryCharge: 4000 + kwh, batteryPower: 0 }];
    const shown = (t: number) => {
      const h = (t - D1) / HOUR;
      if (h < 24) return Math.min(4.2, Math.max(0, (h - 10) * 0.7));
      // At five the value from before the day's charge, and from six on what it was.
      return h >= 29 && h < 30 ? 0 : 4.2 + (h > 28 ? 0.01 : 0);
    };
    const rows = Array.from({ length: 32 * 12 }, (_, i) => at(D1 + i * 5 * MIN, shown(D1 + i * 5 * MIN)));
    const books = book(rows);
    expect(books.kwh('charge', D1, D2)).toBeCloseTo(4.2, 3);
    expect(books.kwh('charge', D2, D2 + 8 * HOUR)).toBeCloseTo(0.01, 3);
  });

  test('ha-anker-solix #602: not begun anew at midnight as the cloud was away, and at 11:30 something less', () => {
    const rows = readings(daily, (t, h) => {
      if (t >= D2 && h < 5.5) return 20;
      return step(producedBy(h) - (h >= 11.5 && h < 12 ? 0.3 : 0), 0.01);
    });
    expectDays(rows, [20, 20], 0.35);
  });

  test('giv_tcp #528: 17 seconds after midnight yesterday is said once more', () => {
    const rows = readings(daily, (_t, h) => step(producedBy(h)));
    rows.push([D2 + 17_000, { [daily]: 20 }], [D2 + 30_000, { [daily]: 0 }]);
    rows.sort(([a], [b]) => a - b);
    expectDays(rows, [20, 20]);
  });

  test('OpenDTU #2086: where the sun shines until midnight nothing of the old day falls into the new one', () => {
    const byHour = (h: number) => 0.8 * h;
    const rows = readings(daily, (t, h) => (t > D2 && h < 10 / 60 ? 19.2 : step(byHour(h), 0.01)));
    const books = book(rows);
    expect(books.kwh('solar', D1, D2)).toBeCloseTo(19.2, 0);
    expect(books.kwh('solar', D2, D2 + HOUR)).toBeLessThan(1);
  });
});

describe('values that are many times too large', () => {
  test('OpenDTU #1022: 2,113,405 kWh three times and 694,419.44 once, of an inverter at 28 kWh', () => {
    const wild = new Map([
      [D1 + 11 * HOUR + 40 * MIN, 2_113_405],
      [D1 + 18 * HOUR + 40 * MIN, 2_113_405],
      [D1 + 19 * HOUR + 45 * MIN, 2_113_405],
      [D1 + 19 * HOUR + 50 * MIN, 694_419.44],
    ]);
    expectDays(
      readings(total, (t) => wild.get(t) ?? step(28 + produced(t))),
      [20, 20],
    );
  });

  test('evcc #30209: the reading of the meter is no import of the evening between ten and eleven', () => {
    const rows = readings('totalGridImport', (t, h) => (h > 22 && h < 22.3 ? null : step(6824 + produced(t))));
    const books = book(rows);
    expect(books.kwh('import', D1, D2)).toBeCloseTo(20, 0);
    expect(books.kwh('import', D1 + 22 * HOUR, D1 + 23 * HOUR) ?? 0).toBeLessThan(0.11);
  });

  test('evcc #30082: 19.0 kWh of import where it was 1.9, in those readings that lost their point', () => {
    let n = 0;
    const counted = (t: number) => Math.round((6824.5 + (1.9 * (t - D1)) / DAY) * 10) / 10;
    const rows = readings('totalGridImport', (t) => counted(t) * (n++ % 12 === 7 ? 10 : 1));
    expect(book(rows).kwh('import', D1, D2) ?? 0).toBeCloseTo(1.9, 1);
  });

  test('ecoflow-energy-ha #219: counted by the device, not again from the power that is twice as much', () => {
    const rows = Array.from({ length: 2 * 288 }, (_, i): TestRow => {
      const t = D1 + i * 5 * MIN;
      const kwh = ((t - D1) / DAY) * 6;
      // The power of both directions at once: 500 W where 250 W flowed.
      return [t, { batteryPower: 500, totalBatteryCharge: Math.round((100 + kwh) * 100) / 100 }];
    });
    const books = book(rows);
    expect(books.kwh('charge', D1, D2) ?? 0).toBeCloseTo(6, 1);
    expect(books.power('charge') ?? 0).toBeLessThan(0.1);
  });

  test('evcc #14628: what was booked wrong is put right by hand, and nothing else changes', () => {
    // 9,334.8 kWh in one step, which a later look at the meter shows to have been 8.3.
    const rows = readings(total, (t) => (t < D1 + 12 * HOUR ? 100 : 9434.8) + step(produced(t)));
    const jumps = [{ metric: total, time: D1 + 12 * HOUR - MIN, kwh: 8.3 }] as const;
    const before = book(rows).kwh('solar', D1, D1 + 2 * DAY) ?? 0;
    expect(before).toBeLessThan(41);
    expect(book(rows, { jumps: [...jumps] }).kwh('solar', D1, D1 + 2 * DAY)).toBeCloseTo(48.2, 0);
  });
});
