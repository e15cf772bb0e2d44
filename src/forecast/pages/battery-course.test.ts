import { describe, expect, test } from 'bun:test';
import type { BatteryNow } from '../../telemetry/battery/battery-now.ts';
import { batteryCourse, type NetAt } from './battery-course.ts';
import { sayCourse } from './battery-words.ts';

const HOUR = 3_600_000;
const midnight = Date.UTC(2026, 5, 21);
const habits = { capacityKwh: 10, floor: 12, followsBalance: true, mostChargeW: 4000, mostDischargeW: 3000 };

/** A sun of `peak` W from six to eighteen, over a house that takes `load` W all the time. */
const day =
  (peak: number, load: number, reach = 48): NetAt =>
  (time) => {
    if (time >= midnight + reach * HOUR) return null;
    const hour = ((time - midnight) / HOUR) % 24;
    return Math.max(0, peak * Math.sin(((hour - 6) / 12) * Math.PI)) - load;
  };

function say(hour: number, charge: number, netAt: NetAt, more: Partial<BatteryNow> = {}): string | null {
  const now = midnight + hour * HOUR;
  const course = batteryCourse({ charge, powerW: null, capacityKwh: 10, habits, ...more }, netAt, now);
  return course && sayCourse(course, now, 'UTC').replaceAll('\u00a0', ' ');
}

describe('what a battery has before it', () => {
  test('at night is how long it lasts, and when the sun takes over', () => {
    expect(say(1, 30, day(4000, 500))).toBe(
      'Down to 12 % by about 04:30; the sun charges it from about 06:45. Then full by about 11:15.',
    );
    expect(say(1, 70, day(4000, 500))).toBe(
      'Lasts until the sun charges it from about 06:45, with about 42 % left. Then full by about 10:15.',
    );
  });

  test('when it is empty is when the sun charges it', () => {
    expect(say(2, 12, day(4000, 500))).toBe('The sun charges it from about 06:45. Then full by about 11:15.');
    expect(say(2, 12, day(1200, 500))).toBe('The sun charges it from about 08:00. At most about 50 %, at about 16:30.');
  });

  test('by day is when it is full, and whether that lasts the night', () => {
    expect(say(9, 40, day(4000, 500))).toBe('Full by about 11:15. That lasts the night.');
    expect(say(9, 40, day(4000, 1200))).toBe('Full by about 11:45. After that down to 12 % by about 00:45.');
  });

  test('on a dull day is what that day brings, not when the next one fills it', () => {
    const dull = (time: number): number | null => day(time < midnight + 24 * HOUR ? 1500 : 5000, 700)(time);
    expect(say(9, 20, dull)).toBe('At most about 60 %, at about 16:15. After that down to 12 % by about 00:00.');
  });

  test('when it is full is how long that goes on, and whether it lasts the night', () => {
    expect(say(13, 100, day(4000, 500))).toBe('Full until about 17:45. That lasts the night.');
    expect(say(13, 100, day(4000, 1200))).toBe('Full until about 17:15. After that down to 12 % by about 00:45.');
    // A night begins with a full battery, too.
    expect(say(20, 100, day(4000, 300))).toContain('Lasts until the sun charges it from about');
  });

  test('of tomorrow says so', () => {
    expect(say(20, 60, day(4000, 500))).toBe(
      'Down to 12 % by about 05:15 tomorrow; the sun charges it from about 06:45. Then full by about 11:15.',
    );
  });

  test('without sun to spare is that there is none', () => {
    expect(say(8, 60, day(400, 500))).toContain('with no sun to spare before');
    expect(say(8, 12, day(400, 500))).toBe('The sun is not seen to charge it before 14:00 tomorrow.');
  });

  test('is not made up: not of one that follows prices, nor without knowing what fits in, nor where no forecast reaches', () => {
    expect(say(1, 30, day(4000, 500), { habits: { ...habits, followsBalance: false } })).toBeNull();
    expect(say(1, 30, day(4000, 500), { habits: null })).toBeNull();
    expect(say(1, 30, day(4000, 500), { capacityKwh: null })).toBeNull();
    expect(say(1, 30, day(4000, 500, 4))).toBeNull();
  });

  test('takes and gives no more than it did of late', () => {
    const slow = { habits: { ...habits, mostChargeW: 1000 } };
    expect(say(9, 40, day(4000, 500), slow)).toContain('Full by about 15:15.');
  });
});
