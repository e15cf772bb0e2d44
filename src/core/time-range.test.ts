import { describe, expect, test } from 'bun:test';
import { formatDate } from './format.ts';
import {
  bucketFor,
  fromLocalInput,
  panRange,
  startOfDay,
  startOfMonth,
  startOfYear,
  timeTicks,
  toLocalInput,
  toZonedIso,
  zoomRange,
} from './time-range.ts';

const at = (iso: string): number => Date.parse(iso);
const HOUR = 3_600_000;

describe('days of a zone', () => {
  test('the day that springs forward has 23 hours, the one that falls back 25', () => {
    const spring = at('2026-03-29T10:00:00Z');
    const autumn = at('2026-10-25T10:00:00Z');
    const length = (time: number): number => startOfDay(time, 'Europe/Berlin', 1) - startOfDay(time, 'Europe/Berlin');
    expect(length(spring) / HOUR).toBe(23);
    expect(length(autumn) / HOUR).toBe(25);
  });

  test('a zone of three quarters of an hour starts its day at 18:15 UTC', () => {
    expect(startOfDay(at('2026-06-01T20:00:00Z'), 'Asia/Kathmandu')).toBe(at('2026-06-01T18:15:00Z'));
  });

  test('where midnight is skipped the day starts with the first moment there is', () => {
    // Beirut moved its clocks from 00:00 to 01:00 on 2025-03-30.
    expect(toLocalInput(startOfDay(at('2025-03-30T12:00:00Z'), 'Asia/Beirut'), 'Asia/Beirut')).toBe('2025-03-30T01:00');
  });

  test('months and years start at their own midnight', () => {
    const time = at('2026-03-10T12:00:00Z');
    expect(startOfMonth(time, 'America/New_York')).toBe(at('2026-03-01T05:00:00Z'));
    expect(startOfMonth(time, 'America/New_York', 1)).toBe(at('2026-04-01T04:00:00Z'));
    expect(startOfYear(time, 'America/New_York', -1)).toBe(at('2025-01-01T05:00:00Z'));
  });
});

describe('wall clock texts', () => {
  test('what is shown in an input comes back as the same moment', () => {
    for (const zone of ['Europe/Berlin', 'Asia/Kathmandu', 'Australia/Adelaide', 'America/Caracas', 'UTC']) {
      const time = at('2026-08-15T09:45:00Z');
      expect(fromLocalInput(toLocalInput(time, zone), zone)).toBe(time);
    }
  });

  test('nonsense is refused', () => {
    for (const text of ['', 'yesterday', '2026-13-01', '2026-01-01T25:00', "2026-01-01'--"]) {
      expect(fromLocalInput(text, 'UTC')).toBeNull();
    }
  });

  test('exports carry the offset', () => {
    expect(toZonedIso(at('2026-03-29T00:59:00Z'), 'Europe/Berlin')).toBe('2026-03-29T01:59:00+01:00');
    expect(toZonedIso(at('2026-03-29T01:00:00Z'), 'Europe/Berlin')).toBe('2026-03-29T03:00:00+02:00');
    expect(toZonedIso(at('2026-01-01T00:00:00Z'), 'America/St_Johns')).toBe('2025-12-31T20:30:00-03:30');
  });
});

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
