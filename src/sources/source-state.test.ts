import { expect, test } from 'bun:test';
import { sourceState } from './source-state.ts';

const now = Date.UTC(2026, 5, 21, 23);
const stateAfter = (minutes: number, isAsleep = false) =>
  sourceState({ isActive: true }, now - minutes * 60_000, now, { isAsleep });

test('a source that may sleep is no cause for alarm, and reports all the same when it wakes', () => {
  expect([1, 10, 60].map((minutes) => stateAfter(minutes))).toEqual(['reporting', 'late', 'silent']);
  expect([1, 10, 60].map((minutes) => stateAfter(minutes, true))).toEqual(['reporting', 'asleep', 'asleep']);
  expect(sourceState({ isActive: false }, now, now, { isAsleep: true })).toBe('deactivated');
  expect(sourceState({ isActive: true }, null, now, { isReadable: false, isAsleep: true })).toBe('unknown');
});
