import { describe, expect, test } from 'bun:test';
import type { NumericMetric } from '../../core/metrics.ts';
import { book, type TestRow } from '../../testing/books.ts';

/** What happened to a counter while nobody heard it, or it said something else: what it shows next tells when and how much. */

const MIN = 60_000;
const HOUR = 60 * MIN;
const START = Date.UTC(2026, 5, 20);

/** What a device says at an hour since the start; null for nothing. */
type Shown = (hour: number) => Partial<Record<NumericMetric, number>> | null;

function rowsOf(days: number, shown: Shown, minutes = 5): TestRow[] {
  const rows: TestRow[] = [];
  for (let minute = 0; minute < days * 1440; minute += minutes) {
    const values = shown(minute / 60);
    if (values) rows.push([START + minute * MIN, values]);
  }
  return rows;
}

const at = (hour: number): number => START + hour * HOUR;
const cut = (kwh: number, size = 0.01): number => Math.round(Math.floor(kwh / size + 1e-6) * size * 1000) / 1000;
/** 20 kWh a day between 6 and 18 o'clock, 5 kW at noon; since the start. */
function produced(hour: number): number {
  const share = Math.min(1, Math.max(0, ((hour % 24) - 6) / 12));
  return 20 * (Math.floor(hour / 24) + share * share * (3 - 2 * share));
}

/** W. */
const watts = (hour: number): number => (produced(hour + 0.01) - produced(hour - 0.01)) * 50_000;

describe('zeros before it goes on', () => {
  test.each([910.5, 9100, 990.7])(
    'a total of %p that began anew and shows zero for hours went over no end of a register',
    (before) => {
      const shown: Shown = (hour) => ({
        totalGridImport: hour < 10 ? before : cut(0.02 * Math.max(0, hour - 14), 0.1),
      });
      expect(book(rowsOf(2, shown)).kwh('import') ?? 0).toBeLessThan(1);
    },
  );

  test('one that goes over its end in the evening and shows zero until the morning did', () => {
    const shown: Shown = (hour) => ({ totalEnergyProduced: cut((9980 + produced(hour)) % 10_000, 0.1) });
    const books = book(rowsOf(2, shown));
    expect(books.kinds()).toContain('rollover');
    expect(Math.abs((books.kwh('solar') ?? 0) - 40)).toBeLessThan(0.3);
  });

  test('one of whole kWh that goes over its end with 30 kW between two values did, though the first shows zero', () => {
    const shown: Shown = (hour) => ({ totalGridExport: Math.floor((4_294_962.8 + 30 * hour) % 4_294_967.296) });
    expect(book(rowsOf(1, shown, 15)).kwh('export') ?? 0).toBeGreaterThan(707);
  });
});

describe('what a device says once more that lost its inverter', () => {
  const day = (books: ReturnType<typeof book>, i: number) => books.kwh('solar', at(24 * i), at(24 * i + 24)) ?? 0;
  /** The hour from which a value is: nothing is heard from 10 to 20 o'clock of the second day, and then what was said at ten. */
  const frozen = (hour: number, until: number) => (hour <= 34 ? hour : hour < 44 ? null : hour < until ? 34 : hour);

  test('the old value for a minute after a silence: what comes then flowed in the silence, and not when it last moved', () => {
    const shown: Shown = (hour) => {
      const from = frozen(hour, 44.02);
      if (from === null) return null;
      return { solarPower: from === hour ? watts(hour) / 4 : 0, totalEnergyProduced: cut(3000 + produced(from) / 4) };
    };
    const books = book(rowsOf(3, shown, 1));
    expect(Math.abs((books.kwh('solar', at(34), at(44)) ?? 0) - (produced(44) - produced(34)) / 4)).toBeLessThan(0.1);
    for (const i of [0, 1, 2]) expect(Math.abs(day(books, i) - 5)).toBeLessThan(0.1);
  });

  test.each(['totalEnergyProduced', 'dailyEnergyProduced'] as const)(
    'the old %s until the sun wakes the inverter, without a power: nothing of it flowed at sunrise',
    (metric) => {
      const start = metric === 'totalEnergyProduced' ? 3000 : 0;
      const shown: Shown = (hour) => {
        const from = frozen(hour, 54.1);
        if (from === null) return null;
        return { [metric]: cut(start + produced(from) - (start === 0 ? 20 * Math.floor(from / 24) : 0)) };
      };
      const books = book(rowsOf(3, shown));
      expect(day(books, 2)).toBeLessThan(20.2);
      // What a daily counter counted in the silence is gone with its day.
      if (start > 0) expect(Math.abs(day(books, 1) - 20)).toBeLessThan(0.2);
    },
  );

  test('zero all night, after a day of which nothing was heard: all of it is that day’s', () => {
    const isDark = (hour: number) => hour % 24 < 6 || hour % 24 >= 18;
    const shown: Shown = (hour) =>
      hour >= 24 && hour < 46 ? null : { totalEnergyProduced: isDark(hour) ? 0 : cut(3000 + produced(hour)) };
    const books = book(rowsOf(3, shown));
    for (const i of [0, 1, 2]) expect(Math.abs(day(books, i) - 20)).toBeLessThan(0.1);
  });

  test.each([2.3, 20])(
    'a day of %p kWh that shows zero all night, and once more itself when the inverter wakes up',
    (kwh) => {
      const shown: Shown = (hour) => {
        const isDark = hour % 24 < 6 || hour % 24 >= 18;
        const isWaking = hour > 24 && hour % 24 < 6.5;
        const today = cut(((produced(hour) - 20 * Math.floor(hour / 24)) * kwh) / 20, 0.1);
        return { dailyEnergyProduced: isDark ? 0 : isWaking ? kwh : today };
      };
      const books = book(rowsOf(3, shown, 15));
      for (const i of [0, 1, 2]) expect(Math.abs(day(books, i) - kwh)).toBeLessThan(0.25);
    },
  );

  test('a day that stands until the inverter wakes up, and then shows the last Wh of its dusk, is not counted again', () => {
    // Awake from nine to four, 0.7 kWh an hour.
    const shown: Shown = (hour) => {
      const [day, awake] = [Math.floor(hour / 24), (hour % 24) - 9];
      if (awake < 0 || awake > 7) return null;
      return { dailyEnergyProduced: day > 0 && awake < 0.3 ? 4.901 : cut(0.7 * awake, 0.001) };
    };
    const books = book(rowsOf(3, shown));
    for (const i of [0, 1, 2]) expect(Math.abs(day(books, i) - 4.9)).toBeLessThan(0.1);
  });
});

describe('another device in a silence', () => {
  test('where a counter stood for days, what the other shows is not what was counted meanwhile', () => {
    const shown: Shown = (hour) =>
      hour > 80 && hour < 85 ? null : { totalBatteryDischarge: hour < 82 ? 2046.2 : 3000 };
    expect(book(rowsOf(4, shown)).kwh('discharge') ?? 0).toBe(0);
  });

  test('panels of 3 kW do not give 84 kWh in a night', () => {
    const shown: Shown = (hour) => {
      const isNight = hour % 24 < 6 || hour % 24 >= 18;
      return isNight ? null : { totalEnergyProduced: cut((hour < 24 ? 8 : 100) + produced(hour)) };
    };
    const books = book(rowsOf(2, shown), { installedCapacityW: 3000 });
    expect(Math.abs((books.kwh('solar') ?? 0) - 40)).toBeLessThan(0.5);
  });
});
