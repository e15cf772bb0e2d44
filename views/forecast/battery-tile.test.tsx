import { expect, test } from 'bun:test';
import { batteryCourse } from '../../src/forecast/pages/battery-course.ts';
import { BatteryTile } from './battery-tile.tsx';

test('the battery to come is said in words, and drawn over nights and hours of the clock', () => {
  const now = Date.UTC(2026, 5, 20, 22, 7);
  const habits = { capacityKwh: 10, floor: 12, followsBalance: true, mostChargeW: 4000, mostDischargeW: 3000 };
  const battery = { charge: 60, powerW: -500, capacityKwh: 10, habits };
  const course = batteryCourse(battery, (time) => (new Date(time).getUTCHours() % 20 > 6 ? 3000 : -500), now);
  if (!course) throw new Error('there is no course');
  const place = { latitude: 38.72, longitude: -9.14 };
  const html = String(<BatteryTile course={course} now={now} timeZone="Europe/Lisbon" place={place} />);
  expect(html).toContain('Lasts until the sun charges it from about 08:00 tomorrow, with about');
  expect([...html.matchAll(/>(\d\d:\d\d)<\/text>/g)].map(([, text]) => text)).toEqual([
    '06:00',
    '12:00',
    '18:00',
    '00:00',
  ]);
  expect(html.match(/class="night"/g)?.length).toBe(2);
  expect(html).not.toContain('NaN');
});

test('the battery to come keeps its place while what it did of late is being looked up', () => {
  const when = { now: Date.UTC(2026, 5, 20, 22, 7), timeZone: 'Europe/Lisbon' };
  const html = String(<BatteryTile course="later" {...when} place={{ latitude: 38.72, longitude: -9.14 }} />);
  expect(html).toContain('What it did of late is being looked up.');
  expect(html).toContain('height="92"');
  expect(html).not.toContain('battery-course-line');
});
