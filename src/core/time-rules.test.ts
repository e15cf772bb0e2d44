import { describe, expect, test } from 'bun:test';
import { type ClockFacts, DeviceTimes, doubtAtJump, doubtAtStart } from './time-rules.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 8, 21, 10);
const facts = (more: Partial<ClockFacts> = {}): ClockFacts => ({
  ...{ system: NOW, isSynchronised: null, lastKnown: NOW - 60_000, hasNoBattery: false, uptimeMs: MINUTE },
  ...more,
});

describe("the computer's clock at a start", () => {
  const cases: [string, Partial<ClockFacts>, string | null][] = [
    ['as it was left', {}, null],
    ['on the first start', { lastKnown: null }, null],
    ['in 1970', { system: 40_000 }, 'before this Ampra was made'],
    ['in 2070', { system: Date.UTC(2070, 0, 1) }, 'far ahead'],
    ['a week behind what was measured', { system: NOW - 7 * DAY }, 'behind what was measured'],
    ['a year ahead', { system: NOW + 365 * DAY }, 'far ahead'],
    ['a month ahead, as after a month without power', { system: NOW + 30 * DAY }, null],
    ['a year ahead, and a time server agrees', { system: NOW + 365 * DAY, isSynchronised: true }, null],
    ['a week behind, and a time server agrees', { system: NOW - 7 * DAY, isSynchronised: true }, null],
    ['in 1970, whatever says that it agrees', { system: 40_000, isSynchronised: true }, 'before this Ampra was made'],
    ['without a battery, before a time server answers', { hasNoBattery: true, isSynchronised: false }, 'no battery'],
    [
      'without a battery, when none answers',
      { hasNoBattery: true, isSynchronised: false, uptimeMs: 11 * MINUTE },
      null,
    ],
  ];
  for (const [what, more, doubt] of cases)
    test(`${what} is ${doubt === null ? 'believed' : 'not believed'}`, () => {
      expect(doubtAtStart(facts(more))).toBe(doubt as never);
    });
});

describe('a jump of the clock', () => {
  const HOUR = 60 * MINUTE;
  const cases: [string, number, boolean | null, string | null][] = [
    ['of some minutes', 10 * MINUTE, false, null],
    ['of an hour, by hand', HOUR, false, 'jumped'],
    ['of an hour back, by hand', -HOUR, false, 'jumped'],
    ['of an hour, where nobody can tell', HOUR, null, null],
    ['of three days, where nobody can tell', 3 * DAY, null, 'jumped'],
    ['of three days, by a time server', 3 * DAY, true, null],
    ['of five years, by hand', 5 * 365 * DAY, false, 'jumped'],
    ['back to 1970, whoever says so', -NOW, true, 'before this Ampra was made'],
  ];
  for (const [what, jumpMs, isSynchronised, doubt] of cases)
    test(`${what} is ${doubt === null ? 'followed' : 'not followed'}`, () => {
      expect(doubtAtJump(jumpMs, { system: NOW + jumpMs, isSynchronised })).toBe(doubt as never);
    });
});

describe('what devices say of the time', () => {
  test('is believed once their clock has ticked for a minute', () => {
    const devices = new DeviceTimes();
    expect(devices.add('a', NOW, 0)).toBeNull();
    expect(devices.add('a', NOW + 30_000, 30_000)).toBeNull();
    expect(devices.add('a', NOW + 61_000, 61_500)).toBe(NOW - 500);
  });

  test('is not believed when it sends old readings, or none that can be', () => {
    const devices = new DeviceTimes();
    for (let i = 0; i < 100; i++) {
      expect(devices.add('late', NOW - 3 * DAY + i * 300_000, i * 1000)).toBeNull();
      expect(devices.add('lost', i * 1000, i * 1000)).toBeNull();
      expect(devices.add('stuck', NOW, i * 10_000)).toBeNull();
    }
  });
});
