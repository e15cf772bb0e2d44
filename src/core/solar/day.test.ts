import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { nightsWithin, solarDay } from './day.ts';

const DAY = 86_400_000;

describe('sunrise and sunset', () => {
  // Published on the web site of NREL's Solar Position Algorithm for its worked place, zone UTC-7.
  test('agree with the published answers of the Solar Position Algorithm to 10 s', () => {
    const place = { latitude: 39.742476, longitude: -105.1786 };
    const day = solarDay(Date.parse('2015-01-02T12:00:00-07:00'), place);
    expect(Math.abs(day.sunrise - Date.parse('2015-01-02T07:21:55-07:00'))).toBeLessThan(10_000);
    expect(Math.abs(day.noon - Date.parse('2015-01-02T12:04:45-07:00'))).toBeLessThan(10_000);
    expect(Math.abs(day.sunset - Date.parse('2015-01-02T16:47:43-07:00'))).toBeLessThan(10_000);
    const summer = solarDay(Date.parse('2015-08-02T12:00:00-07:00'), place);
    expect(Math.abs(summer.sunrise - Date.parse('2015-08-02T05:00:27-07:00'))).toBeLessThan(10_000);
    expect(Math.abs(summer.noon - Date.parse('2015-08-02T12:06:58-07:00'))).toBeLessThan(10_000);
    // The site lists events by the UTC day: its sunset of 2 August is the one before, on the evening of the 1st there.
    const evening = solarDay(Date.parse('2015-08-01T12:00:00-07:00'), place);
    expect(Math.abs(evening.sunset - Date.parse('2015-08-01T19:13:58-07:00'))).toBeLessThan(10_000);
  });

  test('the sun stays up in Tromsø in June and down in December', () => {
    const tromso = { latitude: 69.65, longitude: 18.96 };
    expect(solarDay(Date.UTC(2026, 5, 21, 12), tromso).kind).toBe('alwaysUp');
    expect(solarDay(Date.UTC(2026, 11, 21, 12), tromso).kind).toBe('alwaysDown');
  });

  const folder = process.env.AMPRA_TEST_DATA;
  test.skipIf(!folder)('agree with the reference table of 72 days in 6 zones to 3 s', async () => {
    const file = Bun.file(join(folder ?? '', 'solar_ref', 'sun_rise_set.csv.gz'));
    const text = new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(await file.arrayBuffer())));
    const rows = text.trim().split('\n').slice(1);
    expect(rows.length).toBe(72);
    for (const row of rows) {
      const [, , latitude, longitude, sunrise = '', transit = '', sunset = ''] = row.split(',');
      const place = { latitude: Number(latitude), longitude: Number(longitude) };
      // The table is made day by day in UTC, so that far from Greenwich it pairs events of neighbouring days.
      const days = [-DAY, 0, DAY].map((shift) => ({ shift, day: solarDay(Date.parse(transit) + shift, place) }));
      const nearest = (event: 'sunrise' | 'noon' | 'sunset', expected: string): number =>
        Math.min(...days.map(({ day, shift }) => Math.abs(day[event] - shift - Date.parse(expected))));
      expect(nearest('noon', transit)).toBeLessThan(3000);
      expect(nearest('sunrise', sunrise)).toBeLessThan(3000);
      expect(nearest('sunset', sunset)).toBeLessThan(3000);
    }
  });
});

describe('nights of a range', () => {
  const berlin = { latitude: 52.5, longitude: 13.4 };
  test('are clipped to it and do not overlap', () => {
    const range = { from: Date.UTC(2026, 10, 20, 2), to: Date.UTC(2026, 10, 21, 2) };
    const nights = nightsWithin(range, berlin);
    expect(nights.length).toBe(2);
    expect(nights[0]?.from).toBe(range.from);
    expect(nights[1]?.to).toBe(range.to);
    expect(nights[0]?.to ?? 0).toBeLessThan(nights[1]?.from ?? 0);
  });

  test('are one long one in a polar winter and none in its summer', () => {
    const place = { latitude: 78.2, longitude: 15.6 };
    const winter = { from: Date.UTC(2026, 11, 10), to: Date.UTC(2026, 11, 13) };
    expect(nightsWithin(winter, place)).toEqual([winter]);
    expect(nightsWithin({ from: Date.UTC(2026, 5, 10), to: Date.UTC(2026, 5, 13) }, place)).toEqual([]);
  });

  test('are left out where they would only be stripes', () => {
    expect(nightsWithin({ from: 0, to: 60 * DAY }, berlin)).toEqual([]);
  });
});
