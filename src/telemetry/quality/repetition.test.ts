import { expect, test } from 'bun:test';
import type { MetricValues } from '../../core/reading.ts';
import { Repetition } from './repetition.ts';

const MINUTE = 60_000;
const frozen: MetricValues = { solarPower: 1840, loadPower: 612, batteryVoltage: 52.3, stateOfCharge: 77 };

function heard(values: (minute: number) => MetricValues, minutes: number): number | null {
  const repetition = new Repetition();
  for (let minute = 0; minute <= minutes; minute++) repetition.learn({ time: minute * MINUTE, values: values(minute) });
  return repetition.repeatedMs;
}

test('ha_solar_assistant #14: a source that says the very same for a quarter hour repeats itself', () => {
  expect(heard(() => frozen, 14)).toBeNull();
  expect(heard(() => frozen, 15)).toBe(15 * MINUTE);
  expect(heard(() => frozen, 40)).toBe(40 * MINUTE);
});

test('one figure that moves, however little, is life', () => {
  expect(heard((minute) => ({ ...frozen, batteryVoltage: 52.3 + (minute % 2) / 10 }), 60)).toBeNull();
  expect(heard((minute) => ({ ...frozen, solarPower: minute < 50 ? 1840 : 1841 }), 60)).toBeNull();
});

test('at rest, with little to tell by, or with few reports nothing is said', () => {
  expect(heard(() => ({ solarPower: 0, loadPower: 0, batteryVoltage: 52.3, gridVoltage: 230 }), 60)).toBeNull();
  expect(heard(() => ({ solarPower: 1840, loadPower: 612 }), 60)).toBeNull();
  const seldom = new Repetition();
  for (let hour = 0; hour < 9; hour++) seldom.learn({ time: hour * 60 * MINUTE, values: frozen });
  expect(seldom.repeatedMs).toBeNull();
});

test('the same reading looked at twice is one report', () => {
  const repetition = new Repetition();
  repetition.learn({ time: 0, values: frozen });
  for (let i = 0; i < 50; i++) repetition.learn({ time: 20 * MINUTE, values: frozen });
  expect(repetition.repeatedMs).toBeNull();
});
