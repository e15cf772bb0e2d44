import { describe, expect, test } from 'bun:test';
import { days, hours, minutes } from '../core/durations.ts';
import { missingRanges, wantedDays } from './archive-rules.ts';
import { superfluousIssues } from './issue-thinning.ts';
import { pointDegrees, pointOf } from './place.ts';
import { dueAt, pastDaysFor, retryAt } from './refresh-rules.ts';
import { supplierAt } from './supplier.ts';
import { pauseUntil } from './trouble.ts';
import { ageOf } from './weather-state.ts';
import { outlook } from './weather-words.ts';
import { skyOf } from './wmo-code.ts';

const lisbon = pointOf({ latitude: 38.7223, longitude: -9.1393 });
const noon = Date.UTC(2026, 5, 21, 12);

describe('a place', () => {
  test('is rounded to hundredths of a degree, so that no house can be told from its neighbours', () => {
    expect(pointDegrees(lisbon)).toEqual({ latitude: 38.72, longitude: -9.14 });
    expect(pointOf({ latitude: -0.004, longitude: 179.999 })).toEqual({ latitudeCdeg: 0, longitudeCdeg: 18_000 });
  });
});

describe('asking', () => {
  const asked = (fetchedAt: number | null, nextTryAt: number | null = null) => ({
    ...lisbon,
    ...{ fetchedAt, nextTryAt, triedAt: null },
  });

  test('is due hourly while there is sun, three-hourly at night, at once when nothing is known', () => {
    expect(dueAt(asked(noon), noon)).toBe(noon + minutes(55));
    const night = noon + hours(12);
    expect(dueAt(asked(night), night)).toBe(night + minutes(175));
    expect(dueAt(asked(null), noon)).toBe(0);
  });

  test('waits after failures, longer each time and never more than an hour', () => {
    const waits = [1, 2, 3, 4, 5, 99].map((failures) => retryAt(failures, 0, () => 0) / minutes(1));
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
    expect(dueAt(asked(noon, noon + minutes(7)), noon)).toBe(noon + minutes(7));
  });

  test('looks back as far as nothing was heard, two days at least and 92 at most', () => {
    expect(pastDaysFor(noon - hours(1), noon)).toBe(2);
    expect(pastDaysFor(noon - days(9), noon)).toBe(10);
    expect(pastDaysFor(noon - days(400), noon)).toBe(92);
    expect(pastDaysFor(null, noon)).toBe(92);
  });
});

describe('a limit of the service', () => {
  test.each([
    ['Minutely API request limit exceeded. Please try again in one minute.', noon + minutes(1)],
    ['Hourly API request limit exceeded. Please try again in the next hour.', noon + hours(1)],
    ['Daily API request limit exceeded. Please try again tomorrow.', noon + hours(12) + minutes(5)],
    ['Too many concurrent requests', noon + minutes(15)],
  ])('is kept as long as it says: %s', (reason, until) => {
    expect(pauseUntil(reason, null, noon)).toBe(until);
  });

  test('is kept as long as Retry-After says when that is longer, but no longer than a day', () => {
    expect(pauseUntil('Minutely', 600, noon)).toBe(noon + minutes(10));
    expect(pauseUntil('Minutely', 1e9, noon)).toBe(noon + days(1));
    expect(pauseUntil('Minutely', -5, noon)).toBe(noon + minutes(1));
  });
});

describe('the archive', () => {
  const today = Math.floor(noon / days(1));
  const whole = (day: number) => ({ day, fetchedAt: noon, isWhole: true });

  test('is wanted from the first reading on, ten years at most, to six days ago', () => {
    expect(wantedDays(noon - days(100), noon)).toEqual({ first: today - 100, last: today - 6 });
    expect(wantedDays(0, noon)).toEqual({ first: today - 3653, last: today - 6 });
    expect(wantedDays(noon - days(5), noon)).toBeNull();
  });

  test('is asked for by the year, the newest first, and not for what is known', () => {
    const wanted = { first: 10_000, last: 10_799 };
    expect(missingRanges(wanted, [])).toEqual([
      { first: 10_732, last: 10_799 },
      { first: 10_366, last: 10_731 },
      { first: 10_000, last: 10_365 },
    ]);
    const known = Array.from({ length: 700 }, (_, i) => whole(10_000 + i));
    expect(missingRanges(wanted, known)).toEqual([{ first: 10_700, last: 10_799 }]);
    expect(missingRanges(wanted, [...known, ...Array.from({ length: 100 }, (_, i) => whole(10_700 + i))])).toEqual([]);
  });

  test('is asked once more for a day that it did not know wholly, but not for ever', () => {
    const wanted = { first: today - 60, last: today - 6 };
    const known = Array.from({ length: 55 }, (_, i) => whole(today - 60 + i));
    const young = { day: today - 10, fetchedAt: noon, isWhole: false };
    const old = { day: today - 50, fetchedAt: noon, isWhole: false };
    const others = known.filter(({ day }) => day !== young.day && day !== old.day);
    expect(missingRanges(wanted, [...others, young, old])).toEqual([{ first: young.day, last: young.day }]);
  });
});

describe('old forecasts', () => {
  test('are thinned to six-hourly after two weeks and daily after 400 days; the newest all stay', () => {
    const hourly = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i * hours(1));
    const start = Date.UTC(2025, 0, 1);
    const kept = (times: number[], now: number) => {
      const gone = new Set(superfluousIssues(times, now));
      return times.filter((time) => !gone.has(time)).length;
    };
    expect(kept(hourly(start, 48), start + days(10))).toBe(48);
    expect(kept(hourly(start, 48), start + days(30))).toBe(8);
    expect(kept(hourly(start, 48), start + days(500))).toBe(2);
    // Thinning what was thinned takes nothing more.
    const once = hourly(start, 48).filter((t) => !superfluousIssues(hourly(start, 48), start + days(30)).includes(t));
    expect(superfluousIssues(once, start + days(30))).toEqual([]);
  });
});

test('ages: four hours are fresh, twelve are not stale yet', () => {
  const ages = [null, noon, noon - hours(4), noon - hours(12), noon - hours(12) - 1];
  expect(ages.map((at) => ageOf(at, noon))).toEqual(['none', 'fresh', 'fresh', 'ageing', 'stale']);
});

test('the supplier is named, with what its licence wants said', () => {
  expect(supplierAt('api.open-meteo.com').attribution).toContain('CC BY 4.0');
  expect(supplierAt('open-meteo.com.example.org')).toMatchObject({
    name: 'open-meteo.com.example.org',
    attribution: null,
  });
});

test('every WMO code that models give has words; others are not guessed at', () => {
  expect(skyOf(61)?.words).toBe('Light rain');
  expect(skyOf(4)).toBeNull();
  expect(skyOf(null)).toBeNull();
});

test('tomorrow is compared with today, and nothing is said when one is unknown', () => {
  expect(outlook(2, 4)).toContain('twice');
  expect(outlook(4, 4.1)).toContain('about as much');
  expect(outlook(4, 1)).toContain('half');
  expect(outlook(null, 4)).toBeNull();
  expect(outlook(4, null)).toBeNull();
});
