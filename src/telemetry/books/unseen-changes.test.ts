import { describe, expect, test } from 'bun:test';
import type { NumericMetric } from '../../core/metrics.ts';
import { book, type TestRow } from '../../testing/books.ts';

/** What happened to a counter while nobody heard it, or it said something else: what it shows next tells when and how much. */

const MIN = 60_000;
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

const cut = (kwh: number, size = 0.01): number => Math.round(Math.floor(kwh / size + 1e-6) * size * 1000) / 1000;
/** 20 kWh a day between 6 and 18 o'clock, 5 kW at noon; since the start. */
function produced(hour: number): number {
  const share = Math.min(1, Math.max(0, ((hour % 24) - 6) / 12));
  return 20 * (Math.floor(hour / 24) + share * share * (3 - 2 * share));
}

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
});
