import { expect, test } from 'bun:test';
import { kilowattText, typedWatts } from './form-power.ts';

test('a form shows kilowatts and takes them, with a comma or the unit behind', () => {
  expect([8500, 5432.5, 0, null].map(kilowattText)).toEqual(['8.5', '5.4325', '0', '']);
  for (const typed of ['8.5', '8,5', ' 8.5 ', '8.5 kW', '8,5kw']) expect(typedWatts(typed)).toBe('8500');
  expect(typedWatts('5.4325')).toBe('5432.5');
  for (let watts = 1; watts < 2000; watts++) expect(typedWatts(kilowattText(watts))).toBe(String(watts));
});

test('what is no number stays as it was typed, and nothing stays nothing', () => {
  expect(typedWatts('zwölf')).toBe('zwölf');
  expect(typedWatts('')).toBe('');
  expect(typedWatts(' ')).toBe(' ');
});
