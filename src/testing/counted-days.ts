import { expect } from 'bun:test';
import type { NumericMetric } from '../core/metrics.ts';
import { book, type TestRow } from './books.ts';

/** Days of a roof that gives 20 kWh each, and what counters show of them: for cases of wrong totals. */
export const MIN = 60_000;
export const DAY = 86_400_000;
export const D1 = Date.UTC(2026, 5, 20);
export const D2 = D1 + DAY;

/** A day's production by the hour of the day, 0 at night, in all 20 kWh; the sun shines from 5 to 21. */
export function producedBy(hour: number): number {
  const share = Math.min(1, Math.max(0, (hour - 5) / 16));
  return 20 * (share * share * (3 - 2 * share));
}
/** Production since the beginning of the first day. */
export const produced = (time: number): number => {
  const day = Math.floor((time - D1) / DAY);
  return 20 * day + producedBy((time - D1 - day * DAY) / 3_600_000);
};
export const step = (value: number, size = 0.1): number =>
  Math.round(Math.floor(value / size + 1e-9) * size * 1000) / 1000;

/** Readings of `days` days, what a counter shows at each moment; null for nothing. */
export function readings(
  metric: NumericMetric,
  shown: (time: number, hour: number) => number | null,
  options: { days?: number; minutes?: number; power?: boolean } = {},
): TestRow[] {
  const rows: TestRow[] = [];
  const gap = (options.minutes ?? 5) * MIN;
  for (let time = D1; time < D1 + (options.days ?? 2) * DAY; time += gap) {
    const value = shown(time, ((time - D1) % DAY) / 3_600_000);
    const watts = ((produced(time + MIN) - produced(time - MIN)) / (2 / 60)) * 1000;
    rows.push([
      time,
      { ...(value === null ? {} : { [metric]: value }), ...(options.power ? { solarPower: watts } : {}) },
    ]);
  }
  return rows;
}

/**
 * Each day's energy is right to `within` kWh: a counter shows steps of 0.1 and is read every five minutes; what it counted
 * between its last value and a reset nobody knows.
 */
export function expectDays(rows: readonly TestRow[], expected: readonly number[], within = 0.11): void {
  const books = book(rows);
  for (const [i, kwh] of expected.entries()) {
    const booked = books.kwh('solar', D1 + i * DAY, D1 + (i + 1) * DAY) ?? Number.NaN;
    const isRight = Math.abs(booked - kwh) <= within;
    expect(isRight ? kwh : booked).toBe(kwh);
  }
}
