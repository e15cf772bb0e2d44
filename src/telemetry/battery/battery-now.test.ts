import { expect, test } from 'bun:test';
import { batteryOutlook } from './battery-now.ts';

const habits = { capacityKwh: 10, floor: 12, followsBalance: true, mostChargeW: 3000, mostDischargeW: 3000 };
const say = (
  powerW: number | null,
  charge: number,
  known: typeof habits | null = habits,
  capacityKwh: number | null = 10,
) => batteryOutlook({ charge, powerW, capacityKwh, habits: known })?.replaceAll('\u00a0', ' ') ?? null;

test('how long a battery goes on follows from what it holds above its floor, and what it gives', () => {
  expect(say(-1000, 62)).toBe('Lasts about 5 h at this rate, down to 12 %.');
  expect(say(-1000, 62, null)).toBe('Lasts about 6 h 10 min at this rate.');
  expect(say(2000, 60)).toBe('Full in about 2 h at this rate.');
  expect(say(500, 99.8)).toBe('The battery is full.');
  expect(say(0, 100)).toBe('The battery is full.');
  expect(say(-500, 100)).not.toBe('The battery is full.');
});

test('an empty battery is said to be one, and what it never did of late is said too', () => {
  expect(say(0, 12.4)).toBe('The battery is as low as it goes: 12 %.');
  expect(say(-300, 9)).toBe('The battery gives still, and is lower than it came to rest of late: 9 %.');
  expect(say(800, 12)).toBe('Full in about 11 h at this rate.');
});

test('nothing is said of a trickle, of days ahead, or without knowing what fits in', () => {
  expect([say(-20, 60), say(-60, 100), say(null, 60), say(-500, 60, habits, null)]).toEqual([null, null, null, null]);
});
