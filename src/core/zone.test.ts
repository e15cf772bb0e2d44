import { describe, expect, test } from 'bun:test';
import {
  isTimeZone,
  localDay,
  localDayOf,
  offsetsIn,
  periodAt,
  periodsIn,
  QUARTER_HOUR_MS,
  startOfLocalDay,
  zoneOffsetMs,
} from './zone.ts';

const HOUR = 3_600_000;
const at = (iso: string): number => Date.parse(iso);
const hoursOf = (zone: string, iso: string): number => {
  const span = periodAt('day', at(iso), zone);
  return (span.to - span.from) / HOUR;
};

describe('time zones', () => {
  test('gives days of 23 and 25 hours where the clock changes', () => {
    expect(hoursOf('Europe/Berlin', '2026-03-29T12:00:00Z')).toBe(23);
    expect(hoursOf('Europe/Berlin', '2026-10-25T12:00:00Z')).toBe(25);
    expect(hoursOf('Europe/Berlin', '2026-06-21T12:00:00Z')).toBe(24);
    expect(hoursOf('Australia/Lord_Howe', '2026-10-03T20:00:00Z')).toBe(23.5);
  });

  test('starts a day at the moment of the change where midnight is skipped', () => {
    // Cairo 2026-04-24: the clock goes from 00:00 to 01:00.
    expect(new Date(startOfLocalDay(localDay(2026, 4, 24), 'Africa/Cairo')).toISOString()).toBe(
      '2026-04-23T22:00:00.000Z',
    );
    expect(hoursOf('Africa/Cairo', '2026-04-24T12:00:00Z')).toBe(23);
  });

  test('knows zones of half and three quarter hours', () => {
    expect(zoneOffsetMs(at('2026-01-01T00:00:00Z'), 'Asia/Kolkata')).toBe(5.5 * HOUR);
    expect(zoneOffsetMs(at('2026-01-01T00:00:00Z'), 'Asia/Kathmandu')).toBe(5.75 * HOUR);
    expect(localDayOf(at('2026-01-01T18:14:59Z'), 'Asia/Kathmandu')).toBe(localDay(2026, 1, 1));
    expect(localDayOf(at('2026-01-01T18:15:00Z'), 'Asia/Kathmandu')).toBe(localDay(2026, 1, 2));
  });

  test('names days, months and years, whole, that share time with a range', () => {
    const range = { from: at('2026-02-27T23:30:00Z'), to: at('2026-03-01T23:00:00Z') };
    expect(periodsIn('day', range, 'Europe/Berlin').map((p) => p.key)).toEqual(['2026-02-28', '2026-03-01']);
    expect(periodsIn('month', range, 'Europe/Berlin').map((p) => p.key)).toEqual(['2026-02', '2026-03']);
    expect(periodsIn('year', range, 'Pacific/Auckland').map((p) => p.key)).toEqual(['2026']);
    expect(periodsIn('day', { from: 5, to: 5 }, 'UTC')).toEqual([]);
  });

  test('leaves out the day that Samoa skipped', () => {
    const range = { from: at('2011-12-29T12:00:00Z'), to: at('2012-01-01T12:00:00Z') };
    expect(periodsIn('day', range, 'Pacific/Apia').map((p) => p.key)).not.toContain('2011-12-30');
  });

  test('every midnight of every zone since 2010 lies on a quarter hour, and days follow each other without a seam', () => {
    for (const zone of ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Cairo']) {
      const days = periodsIn('day', { from: at('2010-01-01T00:00:00Z'), to: at('2027-01-01T00:00:00Z') }, zone);
      for (const [i, day] of days.entries()) {
        expect(day.from % QUARTER_HOUR_MS === 0 || day.from < at('2011-12-01T00:00:00Z')).toBe(true);
        expect(day.from).toBe(days[i - 1]?.to ?? day.from);
      }
    }
  });

  test('lists the changes of offset in a range', () => {
    const steps = offsetsIn({ from: at('2026-01-01T00:00:00Z'), to: at('2027-01-01T00:00:00Z') }, 'Europe/Berlin');
    expect(steps.map((s) => [new Date(s.from).toISOString(), s.offset / HOUR])).toEqual([
      ['2026-01-01T00:00:00.000Z', 1],
      ['2026-03-29T01:00:00.000Z', 2],
      ['2026-10-25T01:00:00.000Z', 1],
    ]);
  });

  test('tells a zone from a typing error', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Europe/Berlim')).toBe(false);
    expect(isTimeZone('')).toBe(false);
  });
});
