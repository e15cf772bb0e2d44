import { describe, expect, test } from 'bun:test';
import { book, type TestRow } from '../../testing/books.ts';
import { D1, D2, DAY, expectDays, MIN, produced, producedBy, readings, step } from '../../testing/counted-days.ts';

/**
 * Wrong totals as users of other systems reported them, by repository and number. Days are UTC days; a reading every five
 * minutes unless it says otherwise.
 */
const total = 'totalEnergyProduced';
const daily = 'dailyEnergyProduced';

describe('daily counters that reset at any time', () => {
  test('OpenDTU #3025, #887: at midnight while still producing', () => {
    // A house far in the north: 0.5 kW all night through. The counter of the day begins anew at midnight.
    const rows = readings(daily, (_t, hour) => step(hour / 2, 0.01));
    expectDays(rows, [12, 12]);
  });

  test('OpenDTU #913, #1770: yesterday stands until the inverter wakes up', () => {
    const rows = readings(daily, (t, hour) => (t >= D2 && hour < 5.5 ? 20 : step(producedBy(hour))));
    expectDays(rows, [20, 20]);
  });

  // What a counter shows first of all was counted before anybody listened.
  test('AhoyDTU #1794, hoymiles-wifi #96: silent all night, begun anew when it comes back', () => {
    const rows = readings(daily, (_t, hour) => (hour < 6 || hour >= 20 ? null : step(producedBy(hour))));
    expectDays(rows, [producedBy(19.9) - producedBy(6), producedBy(19.9)]);
  });

  test('OpenDTU #1822: not at all on the first night, but in the next morning', () => {
    const rows = readings(daily, (t, hour) =>
      t < D2 + 7 * 3_600_000 ? step(produced(t)) : step(producedBy(hour) - producedBy(7)),
    );
    expectDays(rows, [20, 20], 0.31);
  });

  test('OpenDTU #401: zero from when the inverter switches off until it wakes up', () => {
    const rows = readings(daily, (_t, hour) => (hour < 6 || hour >= 20.5 ? 0 : step(producedBy(hour))));
    expectDays(rows, [20, 20], 0.31);
  });

  test('OpenDTU #1770: the sum of several falls as the first of them switches off, and stays there', () => {
    const rows = readings(daily, (_t, hour) => (hour >= 19.5 ? step(producedBy(19.5) / 2) : step(producedBy(hour))));
    expectDays(rows, [step(producedBy(19.5)), step(producedBy(19.5))], 0.31);
    expect(book(rows).kinds()).toContain('jump');
  });

  // A battery gives 170 W from sunset to sunrise; in all 20 kWh a day.
  const withNights = (hour: number): number => 0.17 * hour + (20 - 0.17 * 24) * (producedBy(hour) / 20);

  test('OpenDTU #2688: not at midnight, since a battery delivers until sunrise, on no day', () => {
    const rows = readings(daily, (t, hour) => step(20 * Math.floor((t - D1) / DAY) + withNights(hour), 0.01), {
      days: 4,
    });
    expectDays(rows, [20, 20, 20, 20]);
  });

  test('OpenDTU #2688: at sunrise, when the battery was empty before', () => {
    const empty = withNights(4.5);
    const rows = readings(daily, (t, hour) => {
      if (t < D2) return step(withNights(hour), 0.01);
      if (hour < 5.2) return step(20 + Math.min(withNights(hour), empty), 0.01);
      return step(withNights(hour) - withNights(5.2), 0.01);
    });
    expectDays(rows, [20, 20 - (withNights(5.2) - empty)]);
  });

  test('OpenDTU #2693: at midnight it falls to the day before, not to zero', () => {
    const rows = readings(daily, (t, hour) => step((t < D2 ? 31 : 20) + producedBy(hour)));
    expectDays(rows, [20, 20]);
  });

  test('solis-sensor #91: midnight passes, the value of the day before is given once more, then it resets', () => {
    const rows = readings(daily, (t, hour) => {
      if (t >= D2 && t < D2 + 15 * MIN) return t === D2 + 5 * MIN ? 20 : 0;
      return step(producedBy(hour));
    });
    expectDays(rows, [20, 20]);
  });
});

describe('zeros', () => {
  test('solax-modbus #841, core #55901: zero now and then, and back', () => {
    let n = 0;
    expectDays(
      readings(total, (t) => (n++ % 7 === 3 ? 0 : step(5000 + produced(t)))),
      [20, 20],
    );
  });

  test('hoymiles-wifi #37: zero all night', () => {
    expectDays(
      readings(total, (t, h) => (h < 5.5 || h > 20.5 ? 0 : step(5000 + produced(t)))),
      [20, 20],
    );
  });

  test('home-assistant core #62723: a daily counter is zero while the device is not known', () => {
    expectDays(
      readings(daily, (_t, h) => (h > 12 && h < 12.5 ? 0 : step(producedBy(h)))),
      [20, 20],
    );
  });

  test('core #125413: a restart in mid hour that shows zero, then 35 MWh, is no 35 MWh', () => {
    const rows = readings(total, (t, h) => (h > 10.4 && h < 10.6 ? 0 : step(35_000 + produced(t))), { minutes: 1 });
    expectDays(rows, [20, 20]);
  });

  test('core #182493: registers at zero for half a day count what they counted meanwhile, not all that they show', () => {
    const until = D1 + 21 * 3_600_000 + 10 * MIN;
    const shown = (last: number, next: number) => (t: number) => (t < until ? last : t < D2 + 9 * 3_600_000 ? 0 : next);
    const energy = (last: number, next: number) => book(readings(total, shown(last, next))).kwh('solar', D1, D2 + DAY);
    expect(energy(397.11, 413.5)).toBeCloseTo(16.39, 6);
    expect(energy(380.63, 380.8)).toBeCloseTo(0.17, 6);
  });

  test('core #140300: months of silence, the old value for a moment, then zero: neither 12 kWh less nor more', () => {
    const rows: TestRow[] = [
      [D1, { [total]: 12 }],
      [D1 + 5 * MIN, { [total]: 12 }],
      [D1 + 90 * DAY, { [total]: 10.42 }],
      [D1 + 90 * DAY + 3000, { [total]: 0 }],
      ...Array.from({ length: 30 }, (_, i): TestRow => [D1 + 90 * DAY + (i + 1) * 5 * MIN, { [total]: 0.01 * i }]),
    ];
    expect(book(rows).kwh('solar', D1, D1 + 91 * DAY)).toBeCloseTo(0.29, 6);
  });

  test('core #137676: for an hour a hundred times what the roof can give, then as before', () => {
    const rows = readings(total, (t, h) => step(700 + produced(t) + (t < D2 && h >= 11 && h < 12 ? 190 : 0)));
    // What it counted in the two steps between is not known.
    expectDays(rows, [20, 20], 0.41);
  });

  test('frontend #20886: a sum that begins anew at each restart of who adds it up', () => {
    const restarts = [D1 + 10.4 * 3_600_000, D1 + 15 * 3_600_000, D2 + 12.2 * 3_600_000];
    const rows = readings(total, (t) => step(produced(t) - produced(restarts.findLast((r) => r <= t) ?? D1), 0.01));
    expectDays(rows, [20, 20], 0.5);
    expect(
      book(rows)
        .kinds()
        .filter((kind) => kind === 'reset'),
    ).toHaveLength(3);
  });

  test('frontend #28177: a device that was off for long and shows what it showed before is no energy, and no negative one', () => {
    const rows = readings(total, (t) => {
      if (t >= D1 + 10 * 3_600_000 && t < D2 + 18 * 3_600_000) return null;
      return step(1400 + (t < D2 ? Math.min(produced(t), producedBy(10)) : producedBy(10)));
    });
    expectDays(rows, [producedBy(10), 0]);
    // The gap is named, with nothing in it.
    expect(book(rows).kinds()).toEqual(['bridge']);
  });

  test('core #56005: the first value of a counter is no production of its day', () => {
    const rows = readings(total, (t, h) => (t < D2 && h < 12 ? null : step(35_000 + produced(t))));
    expectDays(rows, [step(20 - producedBy(12)), 20]);
  });

  test('home-energy-manager #237: a counter stuck at zero while power flows', () => {
    const rows = readings(total, () => 0, { power: true });
    expectDays(rows, [20, 20]);
    expect(book(rows).power('solar')).toBeCloseTo(40, 1);
  });

  test('ha_solar_assistant #14: a counter that froze while power flows', () => {
    const rows = readings(total, (t) => step(700.3 + Math.min(produced(t), producedBy(11))), { power: true });
    expectDays(rows, [20, 20]);
    expect(book(rows).kinds()).toEqual(['stuck']);
  });

  test('solarpower counted by the day where the total is missing', () => {
    const rows = readings(daily, (_t, h) => step(producedBy(h)));
    expectDays(rows, [20, 20]);
    expect(book(rows).power('solar')).toBeNull();
  });
});

describe('falls', () => {
  test('Grott #99: a total that is one step lower now and then', () => {
    let n = 0;
    expectDays(
      readings(total, (t) => step(4999.9 + produced(t)) - (n++ % 5 === 2 ? 0.1 : 0)),
      [20, 20],
    );
  });

  test('the 0.9 rule of Home Assistant: below nine tenths it begins anew', () => {
    const rows = readings(total, (t) => step(t < D2 ? 700 + produced(t) : produced(t) - 20));
    expectDays(rows, [20, 20]);
  });

  test('between 0.9 and 1 it is no beginning, and no negative energy either', () => {
    const rows = readings(total, (t, h) => step(1000 + produced(t) - (t < D2 && h > 11 && h < 13 ? 30 : 0)));
    // What is counted while it is low counts; the way down and back does not.
    expectDays(rows, [20, 20], 1.5);
    expect(book(rows).kwh('solar')).toBeLessThanOrEqual(40);
  });

  test('negative is no value', () => {
    let n = 0;
    expectDays(
      readings(total, (t) => (n++ % 9 === 4 ? -step(produced(t)) - 1 : step(50 + produced(t)))),
      [20, 20],
    );
  });

  test('SolarAssistant entity-contract: totals that begin anew each week', () => {
    const rows = readings(total, (t) =>
      step(t < D2 + 12 * 3_600_000 ? 90 + produced(t) : produced(t) - produced(D2 + 12 * 3_600_000)),
    );
    expectDays(rows, [20, 20], 0.31);
  });

  test('a replaced inverter with a lower counter', () => {
    const rows = readings(total, (t, h) => {
      if (t >= D2 && h < 9) return null; // nothing is connected while it is replaced
      return step(t < D2 ? 10_000 + produced(t) : 3200 + produced(t) - produced(D2 + 9 * 3_600_000));
    });
    expectDays(rows, [20, step(20 - producedBy(9))]);
    expect(book(rows).kinds()).toEqual(['jump']);
  });

  test('a replaced inverter with a higher counter', () => {
    const rows = readings(total, (t, h) => {
      if (t >= D2 && h < 9) return null;
      return step(t < D2 ? 3200 + produced(t) : 10_000 + produced(t) - produced(D2 + 9 * 3_600_000));
    });
    expectDays(rows, [20, step(20 - producedBy(9))]);
    expect(book(rows).kinds()).toEqual(['jump']);
  });

  test('a replaced inverter that comes with 34 kWh of its own half an hour later', () => {
    const at = D2 + 12 * 3_600_000;
    const rows = readings(total, (t) => {
      if (t >= at && t < at + 30 * MIN) return null;
      return step(t < at ? 5100 + produced(t) : 34 + produced(t) - produced(at + 30 * MIN));
    });
    expectDays(rows, [20, 20 - (producedBy(12.5) - producedBy(12))], 0.31);
    expect(book(rows).kinds()).toEqual(['jump']);
  });

  test('what a replaced inverter produced meanwhile is known where there is power', () => {
    const rows = readings(
      total,
      (t, h) => {
        if (t >= D2 && h < 9) return null;
        return step(t < D2 ? 3200 + produced(t) : 10_000 + produced(t) - produced(D2 + 9 * 3_600_000));
      },
      { power: true },
    );
    expectDays(rows, [20, 20]);
  });
});

describe('values that stand for something else', () => {
  test.each([21_474_836.47, 2_147_483_647, 42_949_672.95, 6553.5, 65_535, 655.35])(
    'huawei_solar #32: %p once in a while, and for an hour',
    (sentinel) => {
      let n = 0;
      const rows = readings(total, (t, h) =>
        n++ % 11 === 5 || (h > 14 && h < 15) ? sentinel : step(900 + produced(t)),
      );
      expectDays(rows, [20, 20]);
    },
  );

  test('Wh among kWh', () => {
    let n = 0;
    expectDays(
      readings(total, (t) => step(900 + produced(t)) * (n++ % 13 === 6 ? 1000 : 1)),
      [20, 20],
    );
  });

  test('Wh from the second noon on', () => {
    const rows = readings(total, (t) => step(900 + produced(t)) * (t > D2 + 12 * 3_600_000 ? 1000 : 1));
    expectDays(rows, [20, 20]);
  });

  test('a display that passes 1000 kWh and goes on in MWh', () => {
    const rows = readings(total, (t) =>
      t < D2 + 10 * 3_600_000 ? step(2000 + produced(t)) : step(2 + produced(t) / 1000, 0.001),
    );
    expectDays(rows, [20, 20], 1);
  });
});

test('several at once: zeros, a sentinel, a dip, a night of silence and a reset', () => {
  let n = 0;
  const rows = readings(total, (t, h) => {
    n++;
    if (h < 4 || h > 22) return null;
    if (n % 17 === 3) return 0;
    if (n % 19 === 3) return 21_474_836.47;
    if (n % 23 === 3) return step(t < D2 ? 400 + produced(t) : produced(t) - 20) - 0.1;
    return step(t < D2 ? 400 + produced(t) : produced(t) - 20);
  });
  expectDays(rows, [20, 20], 0.2);
});
