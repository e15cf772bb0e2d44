import { expect, test } from 'bun:test';
import { uptimeFrom } from './time-sources.ts';

test('the time since the machine was switched on is in whole milliseconds', () => {
  expect(uptimeFrom('1.13 0.98')).toBe(1130);
  expect(uptimeFrom('350735.47 234388.90')).toBe(350_735_470);
  for (let i = 1; i < 3000; i++) expect(uptimeFrom(`${(i / 100).toFixed(2)} 0.00`)).toBe(i * 10);
});

test('what does not say how long is no time at all', () => {
  expect(uptimeFrom(null)).toBeNull();
  expect(uptimeFrom('')).toBeNull();
  expect(uptimeFrom('soon')).toBeNull();
});
