import { describe, expect, test } from 'bun:test';
import { stepsIn } from './local-steps.ts';
import { localDay, startOfLocalDay } from './zone.ts';

const HOUR = 3_600_000;
const dayOf = (zone: string, year: number, month: number, day: number) => {
  const at = localDay(year, month, day);
  return { from: startOfLocalDay(at, zone), to: startOfLocalDay(at + 1, zone) };
};
const hoursOf = (zone: string, year: number, month: number, day: number) =>
  stepsIn('hour', dayOf(zone, year, month, day), zone);

describe('the hours of a local day', () => {
  test('are 24 that follow each other', () => {
    const hours = hoursOf('Europe/Lisbon', 2026, 6, 21);
    expect(hours.length).toBe(24);
    expect(hours[0]?.key).toBe('2026-06-21T00:00+01:00');
    expect(hours.at(-1)?.key).toBe('2026-06-21T23:00+01:00');
    expect(hours.every((hour, i) => hour.to - hour.from === HOUR && hour.to === (hours[i + 1]?.from ?? hour.to))).toBe(
      true,
    );
  });

  test('are 23 when the clock is set forward and 25 when it is set back, the hour that comes twice told apart', () => {
    const spring = hoursOf('Europe/Berlin', 2026, 3, 29);
    expect(spring.map((hour) => hour.key.slice(11, 13)).slice(0, 4)).toEqual(['00', '01', '03', '04']);
    expect(spring.length).toBe(23);
    const autumn = hoursOf('Europe/Berlin', 2026, 10, 25);
    expect(autumn.length).toBe(25);
    expect(autumn.slice(2, 4).map((hour) => hour.key)).toEqual(['2026-10-25T02:00+02:00', '2026-10-25T02:00+01:00']);
    expect(new Set(autumn.map((hour) => hour.key)).size).toBe(25);
  });

  test('begin at half past, or a quarter to, where the zone does', () => {
    const kolkata = hoursOf('Asia/Kolkata', 2026, 6, 21);
    expect(kolkata.length).toBe(24);
    expect((kolkata[0]?.from ?? 0) % HOUR).toBe(HOUR / 2);
    expect(kolkata[0]?.key).toBe('2026-06-21T00:00+05:30');
    expect((hoursOf('Asia/Kathmandu', 2026, 6, 21)[5]?.from ?? 0) % HOUR).toBe(HOUR / 4);
  });

  test('cover the day also where the clock is set by half an hour', () => {
    for (const [month, day, length] of [
      [4, 5, 24.5],
      [10, 4, 23.5],
    ] as const) {
      const hours = hoursOf('Australia/Lord_Howe', 2026, month, day);
      expect(hours.length).toBe(24);
      expect(((hours.at(-1)?.to ?? 0) - (hours[0]?.from ?? 0)) / HOUR).toBe(length);
      expect(hours.every((hour, i) => i === 0 || hour.from === hours[i - 1]?.to)).toBe(true);
    }
  });

  test('are given whole when the range begins and ends within them', () => {
    const from = Date.UTC(2026, 5, 21, 10, 20);
    const hours = stepsIn('hour', { from, to: from + 1 }, 'Asia/Kolkata');
    expect(hours).toEqual([
      { key: '2026-06-21T15:00+05:30', from: Date.UTC(2026, 5, 21, 9, 30), to: Date.UTC(2026, 5, 21, 10, 30) },
    ]);
  });

  test('and quarter hours are the same everywhere', () => {
    const quarters = stepsIn('quarterHour', dayOf('Europe/Berlin', 2026, 10, 25), 'Europe/Berlin');
    expect(quarters.length).toBe(100);
    expect(quarters[1]?.key).toBe('2026-10-25T00:15+02:00');
  });
});
