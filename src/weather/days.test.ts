import { describe, expect, test } from 'bun:test';
import { dailyWeather, localDays, stampsOf } from './days.ts';
import { HOUR_MS, type HourlyWeather, unknownHours } from './hours.ts';

const berlin = { latitude: 52.52, longitude: 13.42, timeZone: 'Europe/Berlin' };
const kolkata = { latitude: 22.57, longitude: 88.36, timeZone: 'Asia/Kolkata' };
const tromso = { latitude: 69.65, longitude: 18.96, timeZone: 'Europe/Oslo' };

/** The local day of that date, and hours around it filled by `fill`. */
function dayOf(date: string, place: typeof berlin, fill: (hours: HourlyWeather, i: number, time: number) => void) {
  const noon = Date.parse(`${date}T12:00:00Z`);
  const day = localDays({ from: noon, to: noon + 1 }, place).find((one) => one.date === date);
  if (!day) throw new Error(`no ${date}`);
  const hours = unknownHours({ from: day.from - 6 * HOUR_MS, to: stampsOf(day).to + 6 * HOUR_MS });
  for (const [i, time] of hours.times.entries()) {
    hours.origins[i] = 'recent';
    hours.fetchedAt[i] = day.to;
    fill(hours, i, time);
  }
  return { day, hours, weather: () => dailyWeather(day, hours) };
}

const lit = (hours: HourlyWeather, i: number) => {
  hours.values.ghiWm2[i] = 100;
  hours.values.precipitationMm[i] = 1;
  hours.values.temperatureC[i] = 10;
};

describe('the weather of a day', () => {
  test.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
    ['2026-06-21', 24],
  ])('%s has as many hours as the clock of its zone shows: %d', (date, hours) => {
    const weather = dayOf(date, berlin, lit).weather();
    expect(weather.hoursInDay).toBe(hours);
    expect(weather.shortwaveSumMjM2).toBeCloseTo(hours * 0.36, 9);
    expect(weather.precipitationSumMm).toBe(hours);
  });

  test('ends at the half hour where the zone does: averages are shared between two days', () => {
    const midnight = Date.parse('2026-03-28T18:30:00Z');
    const { day, weather } = dayOf('2026-03-29', kolkata, (hours, i, time) => {
      lit(hours, i);
      // The hour that holds midnight, half in this day and half in the day before.
      if (time === Date.parse('2026-03-28T19:00:00Z')) hours.values.precipitationMm[i] = 5;
    });
    expect(day.from).toBe(midnight);
    expect(weather().precipitationSumMm).toBe(23.5 + 2.5);
    expect(weather().shortwaveSumMjM2).toBeCloseTo(24 * 0.36, 9);
    expect(weather().hoursInDay).toBe(24);
  });

  test('counts an average to the hour before its stamp', () => {
    const { weather } = dayOf('2026-06-21', berlin, (hours, i, time) => {
      lit(hours, i);
      // Stamped at local midnight: the last hour of the day before, and of the day itself.
      if (time === Date.parse('2026-06-20T22:00:00Z')) hours.values.precipitationMm[i] = 100;
      if (time === Date.parse('2026-06-21T22:00:00Z')) hours.values.precipitationMm[i] = 7;
    });
    expect(weather().precipitationSumMm).toBe(23 + 7);
  });

  test('does not add up light that it does not know, but needs none of the night', () => {
    const unknownAt = (stamp: string) =>
      dayOf('2026-06-21', berlin, (hours, i, time) => {
        lit(hours, i);
        if (time === Date.parse(stamp)) hours.values.ghiWm2[i] = null;
      }).weather().shortwaveSumMjM2;
    expect(unknownAt('2026-06-21T10:00:00Z')).toBeNull();
    expect(unknownAt('2026-06-20T23:00:00Z')).toBeCloseTo(23 * 0.36, 9);
  });

  test('has no highest temperature when more than a quarter of the hours is unknown, nor when none is known', () => {
    const after = (hour: number) =>
      dayOf('2026-06-21', berlin, (hours, i, time) => {
        if (time >= Date.parse('2026-06-20T22:00:00Z') + hour * HOUR_MS) hours.values.temperatureC[i] = i;
      }).weather().temperatureMaxC;
    expect(after(6)).not.toBeNull();
    expect(after(7)).toBeNull();
    expect(after(999)).toBeNull();
  });

  test('takes the sky that at least a quarter of the daylight reaches', () => {
    const withCodes = (codes: (hour: number) => number) =>
      dayOf('2026-06-21', berlin, (hours, i, time) => {
        hours.values.weatherCode[i] = codes(new Date(time).getUTCHours());
      }).weather().weatherCode;
    expect(withCodes((hour) => (hour === 12 ? 80 : 1))).toBe(1);
    expect(withCodes((hour) => (hour >= 8 && hour < 13 ? 61 : 1))).toBe(61);
    // Fog before the sun rises is nobody's day.
    expect(withCodes((hour) => (hour < 3 || hour > 20 ? 45 : 0))).toBe(0);
  });

  test('has its sunrise and sunset without any weather, and none where the sun stays up or down', () => {
    const summer = dayOf('2026-06-21', berlin, () => undefined).weather();
    expect(new Date(summer.sunrise ?? 0).toISOString().slice(0, 16)).toBe('2026-06-21T02:43');
    expect(new Date(summer.sunset ?? 0).toISOString().slice(0, 16)).toBe('2026-06-21T19:33');
    const white = dayOf('2026-06-21', tromso, lit).weather();
    expect([white.sunrise, white.sunset]).toEqual([null, null]);
    const polarNight = dayOf('2026-12-21', tromso, (hours, i) => {
      if (i === 12) hours.values.ghiWm2[i] = 0;
    }).weather();
    expect(polarNight.shortwaveSumMjM2).toBe(0);
  });

  test('is a forecast while one of its hours is, and as old as the oldest of them', () => {
    const { day, hours, weather } = dayOf('2026-06-21', berlin, lit);
    const index = (time: number) => hours.times.indexOf(time);
    hours.origins[index(day.from)] = 'archive';
    expect(weather().origin).toBe('recent');
    hours.origins[index(day.from + 3 * HOUR_MS)] = 'forecast';
    hours.fetchedAt[index(day.from + 3 * HOUR_MS)] = day.from - HOUR_MS;
    expect(weather()).toMatchObject({ origin: 'forecast', fetchedAt: day.from - HOUR_MS, hoursKnown: 24 });
  });
});
