import { describe, expect, test } from 'bun:test';
import { formatDate } from './format.ts';
import { bucketFor, panRange, timeTicks, zoomRange } from './time-range.ts';
import { startOfDay } from './wall-clock.ts';

const at = (iso: string): number => Date.parse(iso);
const HOUR = 3_600_000;

describe('ticks', () => {
  test('of a day fall on round hours of the zone', () => {
    const range = { from: at('2026-11-20T10:17:00Z'), to: at('2026-11-21T10:17:00Z') };
    const ticks = timeTicks(range, 'Asia/Kolkata', 6);
    expect(ticks.map((t) => formatDate(t.time, 'Asia/Kolkata', 'time'))).toEqual([
      '16:00',
      '20:00',
      '00:00',
      '04:00',
      '08:00',
      '12:00',
    ]);
    expect(ticks.map((t) => t.isMajor)).toEqual([false, false, true, false, false, false]);
  });

  test('stay on the wall clock over a clock change', () => {
    const from = startOfDay(at('2026-10-24T12:00:00Z'), 'Europe/Berlin');
    const ticks = timeTicks({ from, to: from + 3 * 25 * HOUR }, 'Europe/Berlin', 14);
    expect(new Set(ticks.map((t) => formatDate(t.time, 'Europe/Berlin', 'time')))).toEqual(
      new Set(['00:00', '06:00', '12:00', '18:00']),
    );
  });

  test('of a year fall on the first of months, and never exceed what was asked for by much', () => {
    const range = { from: at('2025-11-21T00:00:00Z'), to: at('2026-11-21T00:00:00Z') };
    const ticks = timeTicks(range, 'Europe/Lisbon', 12);
    expect(ticks.every((t) => formatDate(t.time, 'Europe/Lisbon', 'dayMonth').startsWith('1 '))).toBe(true);
    for (const most of [3, 5, 8, 12]) expect(timeTicks(range, 'UTC', most).length).toBeLessThanOrEqual(most + 1);
  });

  test('ascend and lie within the range for every width from minutes to decades', () => {
    for (let width = 300_000; width < 40 * 366 * 86_400_000; width *= 3) {
      const range = { from: at('2026-02-27T23:11:00Z') - width, to: at('2026-02-27T23:11:00Z') };
      const times = timeTicks(range, 'Europe/London', 8).map((t) => t.time);
      expect(times.length).toBeGreaterThan(0);
      expect(times.every((t) => t >= range.from && t < range.to)).toBe(true);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    }
  });
});

describe('moving a range', () => {
  const range = { from: 0, to: 10 * HOUR };
  test('stops at the newest moment', () => {
    expect(panRange(range, 0.5, 12 * HOUR)).toEqual({ from: 2 * HOUR, to: 12 * HOUR });
    expect(panRange(range, -0.5, 12 * HOUR)).toEqual({ from: -5 * HOUR, to: 5 * HOUR });
  });

  test('zooming keeps the point under the finger where it is', () => {
    expect(zoomRange(range, 0.5, 2 * HOUR)).toEqual({ from: HOUR, to: 6 * HOUR });
    const tiny = zoomRange({ from: 0, to: 600_000 }, 0.001);
    expect(tiny.to - tiny.from).toBe(300_000);
  });

  test('buckets are round and keep the number of points', () => {
    expect(bucketFor({ from: 0, to: 24 * HOUR }, 300)).toBe(300_000);
    expect(bucketFor({ from: 0, to: 30 * 24 * HOUR }, 360)).toBe(2 * HOUR);
    expect(bucketFor({ from: 0, to: 300_000 }, 300)).toBe(10_000);
  });
});
