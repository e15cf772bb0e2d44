import { describe, expect, test } from 'bun:test';
import type { NumericMetric } from '../../core/metrics.ts';
import { book, type TestRow } from '../../testing/books.ts';

/** For how long each quantity is known, where values are missing in readings that go on. */

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 1);

type Values = Partial<Record<NumericMetric, number>>;
/** A reading every `step` minutes from one hour of the first of June to another. */
function rows(from: number, to: number, values: (hour: number) => Values, step = 5): TestRow[] {
  const all: TestRow[] = [];
  for (let minute = from * 60; minute <= to * 60; minute += step) all.push([START + minute * MIN, values(minute / 60)]);
  return all;
}
const meter = { gridPower: 300 };
const isOut = (hour: number): boolean => hour > 10 && hour < 14;

describe('the time for which energy is known', () => {
  test('leaves out the hours in which a power is missing while others go on', () => {
    const booked = book(rows(0, 24, (hour) => ({ ...meter, ...(isOut(hour) ? {} : { solarPower: 1000 }) })));
    expect(booked.coveredMinutes()).toBe(24 * 60);
    expect(booked.knownMinutes('import')).toBe(24 * 60);
    expect(booked.knownMinutes('solar')).toBe(20 * 60);
    expect(booked.kwh('solar')).toBeCloseTo(20, 6);
  });

  test('is all of it where a counter goes on while the power is missing', () => {
    const values = (hour: number): Values => ({
      ...meter,
      ...(isOut(hour) ? {} : { solarPower: 1000 }),
      totalEnergyProduced: 100 + hour,
    });
    const booked = book(rows(0, 24, values));
    expect(booked.knownMinutes('solar')).toBe(24 * 60);
    expect(booked.kwh('solar')).toBeCloseTo(24, 6);
  });

  test('leaves out what a counter bridges that is missing with the power, and says so', () => {
    const values = (hour: number): Values => ({
      ...meter,
      ...(isOut(hour) ? {} : { solarPower: 1000, totalEnergyProduced: 100 + hour }),
    });
    const booked = book(rows(0, 24, values));
    expect(booked.kwh('solar')).toBeCloseTo(24, 6);
    expect(booked.bridged('solar')).toBeCloseTo(4, 6);
    expect(booked.knownMinutes('solar')).toBeCloseTo(20 * 60, 6);
  });

  test('holds the hours between the values of a counter that speaks once an hour', () => {
    const values = (hour: number): Values => ({
      ...meter,
      ...(Number.isInteger(hour) ? { totalEnergyProduced: 100 + hour } : {}),
    });
    const booked = book(rows(0, 24, values));
    expect(booked.kwh('solar')).toBeCloseTo(24, 6);
    expect(booked.knownMinutes('solar')).toBeGreaterThanOrEqual(20 * 60);
    // Only until its rhythm shows.
    expect(booked.bridged('solar')).toBeCloseTo(3, 6);
  });

  test('is counted once where a coarse counter moves late', () => {
    const values = (hour: number): Values => ({ solarPower: 400, totalEnergyProduced: Math.floor(100 + 0.4 * hour) });
    const booked = book(rows(0, 24, values));
    expect(booked.knownMinutes('solar')).toBe(24 * 60);
  });
});

describe('a power of the sun that is silent while other values come', () => {
  const night = (silent: (hour: number) => boolean, watts: (hour: number) => number) =>
    book(rows(0, 48, (hour) => ({ ...meter, ...(silent(hour) ? {} : { solarPower: watts(hour % 24) }) })));
  const sun = (hour: number): number => (hour > 6 && hour < 18 ? 1000 : 4);

  test('gave nothing in the night', () => {
    const booked = night((hour) => hour % 24 < 6 || hour % 24 > 18, sun);
    // From the first morning to the last evening.
    expect(booked.knownMinutes('solar')).toBe(36 * 60);
    expect(booked.kwh('solar')).toBeCloseTo(2 * 12, 0);
  });

  test('is not known from before the dawn till after the dusk', () => {
    const booked = night((hour) => hour > 29 && hour < 43, sun);
    expect(booked.knownMinutes('solar')).toBe(34 * 60);
    expect(booked.kwh('solar')).toBeCloseTo(12, 0);
  });

  test('is not known where it broke off in full sun, or came back so', () => {
    expect(night((hour) => hour > 14 && hour < 30, sun).knownMinutes('solar')).toBe(32 * 60);
    expect(night((hour) => hour > 20 && hour < 32, sun).knownMinutes('solar')).toBe(36 * 60);
  });

  test('is judged by the days of the source, in whatever zone', () => {
    const shift = 10 * HOUR;
    const dayStart = (time: number): number => Math.floor((time + shift) / DAY) * DAY - shift;
    const sydney: TestRow[] = rows(0, 48, (hour) => {
      const local = (hour + 10) % 24;
      return { ...meter, ...(local < 6 || local > 18 ? {} : { solarPower: sun(local) }) };
    });
    // Silent from 8:00 to 20:00 UTC, in which the noon of Greenwich lies.
    expect(book(sydney, { dayStart }).knownMinutes('solar')).toBe(48 * 60);
    expect(book(sydney).knownMinutes('solar')).toBeLessThan(26 * 60);
  });

  test('of a big plant wakes up with more than a small one', () => {
    const big = (hour: number): number => (hour > 6 && hour < 18 ? 60_000 : 700);
    const silent = (hour: number): boolean => hour % 24 < 6 || hour % 24 > 18;
    expect(night(silent, big).knownMinutes('solar')).toBe(24 * 60);
    const plant = rows(0, 48, (hour) => ({ ...meter, ...(silent(hour) ? {} : { solarPower: big(hour % 24) }) }));
    expect(book(plant, { installedCapacityW: 80_000 }).knownMinutes('solar')).toBe(36 * 60);
  });
});

describe('a night in which nothing at all was heard', () => {
  /** From six to eighteen, of two days; the production is missing for four hours of the second. */
  const asleep = (values: (hour: number) => Values): TestRow[] =>
    rows(0, 48, values).filter(([time]) => {
      const hour = ((time - START) / HOUR) % 24;
      return hour >= 6 && hour <= 18;
    });
  const isMissing = (hour: number): boolean => hour > 34 && hour < 38;

  test('does not make up for hours of the day in which a power is missing', () => {
    const watts = (hour: number): number => (hour % 24 > 6 && hour % 24 < 18 ? 1000 : 4);
    const values = (hour: number): Values => ({ ...meter, ...(isMissing(hour) ? {} : { solarPower: watts(hour) }) });
    const booked = book(asleep(values));
    expect(booked.coveredMinutes()).toBe(24 * 60);
    expect(booked.knownMinutes('solar')).toBe(20 * 60);
  });

  test('does not make up for hours in which a counter is missing that stood still in the night', () => {
    const counted = (hour: number): number => Math.floor(hour / 24) * 12 + Math.min(12, Math.max(0, (hour % 24) - 6));
    const values = (hour: number): Values => ({
      ...meter,
      ...(isMissing(hour) ? {} : { totalEnergyProduced: 100 + counted(hour) }),
    });
    const booked = book(asleep(values));
    expect(booked.kwh('solar')).toBeCloseTo(24, 6);
    expect(booked.knownMinutes('solar')).toBeCloseTo(20 * 60, 6);
  });
});

test('what two counters bridge is told as such, and is not known when', () => {
  const values = (hour: number): Values => ({
    ...meter,
    ...(isOut(hour) ? {} : { totalEnergyProduced: 100 + hour, dailyEnergyProduced: 2 + hour }),
  });
  const booked = book(rows(0, 20, values));
  expect(booked.kwh('solar')).toBeCloseTo(20, 6);
  expect(booked.bridged('solar')).toBeCloseTo(4, 6);
  expect(booked.knownMinutes('solar')).toBeCloseTo(16 * 60, 6);
});

test('the last digit that a counter shows after hours of nothing, of which power knows, makes these no bridge', () => {
  const values = (hour: number): Values => ({
    gridPower: hour < 8 ? 500 : 0,
    ...(hour > 8 && hour < 14 ? {} : { totalGridImport: hour <= 8 ? 100 + 0.5 * hour : 104.01 }),
  });
  const booked = book(rows(0, 20, values));
  expect(booked.knownMinutes('import')).toBe(20 * 60);
  expect(booked.bridged('import') ?? 0).toBe(0);
});
