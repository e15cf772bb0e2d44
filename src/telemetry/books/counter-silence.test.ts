import { describe, expect, test } from 'bun:test';
import { localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { book, type TestRow } from '../../testing/books.ts';

/** What counters say before and after hours in which nothing was heard, beside a power that tells nothing of these. */

const MIN = 60_000;
const HOUR = 60 * MIN;
const START = Date.UTC(2026, 5, 20);

interface Shown {
  hours: number;
  /** W. */
  load: (hour: number) => number;
  metric: 'totalEnergyConsumed' | 'dailyEnergyConsumed';
  /** What the counter shows of so many kWh; null where nothing is heard. */
  shown: (kwh: number, hour: number) => number | null;
  start?: number;
}

/** A reading every five minutes. */
function rowsOf({ hours, load, metric, shown, start = START }: Shown): TestRow[] {
  const rows: TestRow[] = [];
  let kwh = 0;
  for (let minute = 0; minute <= hours * 60; minute += 5) {
    const hour = minute / 60;
    const value = shown(kwh, hour);
    if (value !== null) rows.push([start + minute * MIN, { loadPower: load(hour), [metric]: value }]);
    kwh += load(hour) / 12_000;
  }
  return rows;
}

const cut = (kwh: number, size = 0.001): number => Math.round(Math.floor(kwh / size + 1e-6) * size * 1000) / 1000;

test('a little less than before many zeros, by more than its last digit, was counted since', () => {
  const load = (hour: number) => (hour < 10 ? 757.4 : hour < 22 ? 0 : hour < 26.9 ? 1510 : 60);
  const shown = (kwh: number, hour: number) => {
    if (hour > 22 && hour < 26.9) return null;
    return hour < 10 ? cut(kwh) : cut(kwh - 7.574);
  };
  const booked = book(rowsOf({ hours: 30, load, metric: 'totalEnergyConsumed', shown }));
  expect(booked.kinds()).toContain('reset');
  const flowed = 7.574 + 4.9 * 1.51 + 3.1 * 0.06;
  expect(Math.abs((booked.kwh('load') ?? 0) - flowed)).toBeLessThan(0.2);
});

test('a daily counter by the clock of Greenwich goes on over a silence at midnight on the day on which clocks change', () => {
  const dayStart = (time: number) => startOfLocalDay(localDayOf(time, 'Europe/Berlin'), 'Europe/Berlin');
  const shown = (_kwh: number, hour: number) => (hour > 69.5 && hour < 71.9 ? null : cut(0.6 * (hour % 24), 0.1));
  const start = Date.UTC(2026, 2, 27);
  const rows = rowsOf({ hours: 120, load: () => 600, metric: 'dailyEnergyConsumed', shown, start });
  const booked = book(rows, { dayStart });
  const day = dayStart(Date.UTC(2026, 2, 30, 12));
  expect(booked.kwh('load', day, day + 24 * HOUR)).toBeCloseTo(14.4, 0);
  expect(Math.abs((booked.kwh('load') ?? 0) - 72)).toBeLessThan(0.7);
});

test('a total that shows Wh for three hours and goes on in whole tenths of a kWh is none that began anew', () => {
  const shown = (kwh: number, hour: number) => {
    if (hour > 6 && hour < 8) return null;
    return hour >= 1 && hour < 4 ? Math.round(cut(352.44 + kwh) * 1000) : cut(352.44 + kwh, 0.1);
  };
  const rows = rowsOf({ hours: 12, load: () => 60, metric: 'totalEnergyConsumed', shown });
  const booked = book(rows.map(([time, { loadPower: _, ...counted }]) => [time, counted]));
  expect(booked.kinds()).not.toContain('reset');
  expect(Math.abs((booked.kwh('load') ?? 0) - 0.72)).toBeLessThan(0.15);
});

describe('what a daily counter without a power counted between its last value of a day and midnight', () => {
  const hour = (books: ReturnType<typeof book>, h: number) =>
    books.kwh('load', START + h * HOUR, START + (h + 1) * HOUR) ?? 0;
  /** 10 kWh by 22 o'clock, then so many kW; a reading every `minutes`, the last twenty before midnight. */
  const nights = (watts: number, minutes: number, next = watts): TestRow[] => {
    const kwh = (h: number) => (h < 22 ? (10 * h) / 22 : 10 + ((h - 22) * watts) / 1000);
    return Array.from({ length: (30 * 60) / minutes }, (_, i): TestRow => {
      const h = (i * minutes - 20) / 60;
      return [START + h * HOUR, { dailyEnergyConsumed: cut(h < 24 ? kwh(h) : (next / 1000) * (h - 24)) }];
    }).slice(1);
  };

  test('went on at the slower pace of the day and the next', () => {
    expect(hour(book(nights(300, 30)), 23)).toBeCloseTo(0.3, 2);
    expect(hour(book(nights(450, 60)), 23)).toBeCloseTo(0.45, 1);
  });

  test('is nothing where nothing flows afterwards, or an hour and more is not heard', () => {
    expect(hour(book(nights(300, 30, 0)), 23)).toBeLessThan(0.21);
    const silent = nights(300, 30).filter(([time]) => Math.abs(time - START - 24 * HOUR) > HOUR);
    expect(hour(book(silent), 23)).toBeLessThan(0.01);
    const later = nights(300, 30).filter(([time]) => time < START + 24 * HOUR || time > START + 27 * HOUR);
    expect(hour(book(later), 23)).toBeLessThan(0.21);
  });
});
