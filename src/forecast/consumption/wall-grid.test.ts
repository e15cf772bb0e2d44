import { describe, expect, test } from 'bun:test';
import { hours, minutes } from '../../core/durations.ts';
import { createUsualLoad, createUsualMedian } from './usual-load.ts';
import { wallGrid } from './wall-grid.ts';

const indexOf = (grid: { from: number; stepMs: number }, iso: string): number =>
  (Date.parse(iso) - grid.from) / grid.stepMs;

describe('intervals by the clock on the wall', () => {
  const grid = { from: Date.parse('2026-03-20T00:00:00Z'), stepMs: hours(1), count: 24 * 20 };
  const wall = wallGrid(grid, 'Europe/Berlin');

  test('have the same slot at the same time of day before and after the clocks change', () => {
    const winter = indexOf(grid, '2026-03-28T06:00:00Z');
    const summer = indexOf(grid, '2026-03-29T05:00:00Z');
    expect(wall.slot[winter]).toBe(7);
    expect(wall.slot[summer]).toBe(7);
    expect(wall.at((wall.day[summer] ?? 0) - 1, 7)).toBe(winter);
  });

  test('know no hour that the clock skipped, and the later of one that it repeated', () => {
    const sunday = wall.day[indexOf(grid, '2026-03-29T10:00:00Z')] ?? 0;
    expect(wall.at(sunday, 2)).toBe(-1);
    expect(wall.at(sunday, 3)).toBe(indexOf(grid, '2026-03-29T01:00:00Z'));
    const autumn = { from: Date.parse('2026-10-20T00:00:00Z'), stepMs: hours(1), count: 24 * 10 };
    const back = wallGrid(autumn, 'Europe/Berlin');
    const day = back.day[indexOf(autumn, '2026-10-25T10:00:00Z')] ?? 0;
    expect(back.at(day, 2)).toBe(indexOf(autumn, '2026-10-25T01:00:00Z'));
  });

  test('count weekdays from Monday, in the zone of the house', () => {
    expect(wall.weekday[indexOf(grid, '2026-03-22T22:00:00Z')]).toBe(6);
    expect(wall.weekday[indexOf(grid, '2026-03-22T23:00:00Z')]).toBe(0);
  });

  test('fit zones off the hour, days as intervals, and days before the grid', () => {
    const india = wallGrid(
      { from: Date.parse('2026-05-01T00:00:00Z'), stepMs: minutes(15), count: 200 },
      'Asia/Kolkata',
    );
    expect(india.slot[0]).toBe(22);
    expect(india.at((india.day[0] ?? 0) - 1, 22)).toBe(-1);
    const daily = wallGrid({ from: Date.parse('2026-05-01T22:00:00Z'), stepMs: hours(24), count: 3 }, 'Europe/Berlin');
    expect([...daily.slot]).toEqual([0, 0, 0]);
    expect([...daily.weekday]).toEqual([5, 6, 0]);
    expect(wallGrid({ from: 0, stepMs: hours(1), count: 0 }, 'UTC').at(0, 0)).toBe(-1);
  });
});

describe('what is usual', () => {
  const grid = { from: Date.parse('2026-01-05T00:00:00Z'), stepMs: hours(1), count: 24 * 42 };
  const wall = wallGrid(grid, 'UTC');
  const powerW = Float64Array.from({ length: grid.count }, (_, index) => 1 + Math.floor(index / 24));
  const usualOf = createUsualLoad(wall, powerW);

  test('is told apart by working days and weekends, and by the day of the week', () => {
    // Monday of the fifth week, number 28; its powers are the numbers of the days, from 1 on.
    const usual = usualOf(28 * 24 + 8, 28 * 24);
    expect(usual).toMatchObject({ yesterday: 28, weekAgo: 22, median3: 27, median7: 25, sameWeekday: 11.5 });
    // The ten working days before: 15 to 19 and 22 to 26.
    expect(usual.sameKind).toBe(20.5);
  });

  test('looks at nothing that was not known', () => {
    expect(usualOf(30 * 24 + 8, 28 * 24).yesterday).toBe(28);
    expect(usualOf(30 * 24 + 8, 28 * 24 + 9).yesterday).toBe(29);
    expect(usualOf(30 * 24 + 8, 0).yesterday).toBeNaN();
  });

  test('has a median of the last four weeks that is the same when it is asked for alone', () => {
    const gaps = powerW.map((value, index) => (index % 5 === 0 ? Number.NaN : value));
    const excluded = powerW.map((_, index) => (index % 7 === 0 ? 1 : 0));
    const [both, alone] = [createUsualLoad(wall, gaps, excluded), createUsualMedian(wall, gaps, excluded)];
    for (const index of [0, 8, 28 * 24 + 8, 40 * 24 + 3])
      expect(alone(index, 30 * 24)).toEqual(both(index, 30 * 24).median28);
  });
});
