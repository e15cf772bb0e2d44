import { describe, expect, test } from 'bun:test';
import {
  allFromLocalInput,
  fromLocalInput,
  startOfDay,
  startOfMonth,
  startOfYear,
  toLocalInput,
  toLocalSeconds,
  toZonedIso,
} from './wall-clock.ts';

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
      expect(fromLocalInput(toLocalSeconds(time + 7000, zone), zone)).toBe(time + 7000);
    }
  });

  test('an hour that comes twice is two moments, one that is skipped none', () => {
    const all = (text: string, zone: string) => allFromLocalInput(text, zone).map((t) => new Date(t).toISOString());
    expect(all('2026-10-25T02:30', 'Europe/Berlin')).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']);
    expect(all('2026-03-29T02:30', 'Europe/Berlin')).toEqual([]);
    expect(all('2026-10-25T04:30:07', 'Europe/Berlin')).toEqual(['2026-10-25T03:30:07.000Z']);
    // Half an hour back.
    expect(all('2026-04-05T01:45', 'Australia/Lord_Howe')).toEqual([
      '2026-04-04T14:45:00.000Z',
      '2026-04-04T15:15:00.000Z',
    ]);
    expect(all('yesterday', 'UTC')).toEqual([]);
  });

  test('nonsense is refused', () => {
    for (const text of ['', 'yesterday', '2026-13-01', '2026-01-01T25:00', '2026-01-01T10:00:61', "2026-01-01'--"]) {
      expect(fromLocalInput(text, 'UTC')).toBeNull();
    }
  });

  test('exports carry the offset', () => {
    expect(toZonedIso(at('2026-03-29T00:59:00Z'), 'Europe/Berlin')).toBe('2026-03-29T01:59:00+01:00');
    expect(toZonedIso(at('2026-03-29T01:00:00Z'), 'Europe/Berlin')).toBe('2026-03-29T03:00:00+02:00');
    expect(toZonedIso(at('2026-01-01T00:00:00Z'), 'America/St_Johns')).toBe('2025-12-31T20:30:00-03:30');
  });
});
