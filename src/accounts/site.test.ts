import { expect, test } from 'bun:test';
import { isTimeZone, parseSite, timeZones } from './site.ts';

const typed = { name: ' Home ', latitude: '52,52', longitude: '\u221213.40°', timeZone: 'Europe/Berlin' };

test('a place is read as people type it', () => {
  expect(parseSite(typed)).toEqual({
    site: { name: 'Home', latitude: 52.52, longitude: -13.4, timeZone: 'Europe/Berlin' },
  });
});

test('every field at fault is named at once', () => {
  const read = parseSite({ name: '', latitude: '90.1', longitude: 'east', timeZone: 'Mars/Olympus' });
  expect('problems' in read && read.problems.map((p) => p.field)).toEqual([
    'name',
    'latitude',
    'longitude',
    'timeZone',
  ]);
});

test.each(['', 'NaN', 'Infinity', '1e1', '0x10', '1.2.3', ' '])('%p is no latitude', (latitude) => {
  expect('problems' in parseSite({ ...typed, latitude })).toBe(true);
});

test('time zones are those of the IANA database', () => {
  expect(timeZones()[0]).toBe('UTC');
  expect(timeZones()).toContain('Australia/Lord_Howe');
  expect(timeZones().every(isTimeZone)).toBe(true);
  for (const no of ['', '+02:00', 'Europe/Nowhere', 'Europe/Berlin; DROP TABLE users'])
    expect(isTimeZone(no)).toBe(false);
});
