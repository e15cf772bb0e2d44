import { expect, test } from 'bun:test';
import { QuietValues } from './quiet-values.ts';

test('what gave a reading and says nothing more is asked for, until it is gone', () => {
  const values = new QuietValues(60);
  values.heard('soc', true, 0);
  values.heard('power', true, 0);
  values.heard('settings', false, 0);
  values.heard('power', true, 50);
  expect(values.quiet(59)).toEqual([]);
  expect(values.quiet(60)).toEqual(['soc']);
  expect(values.quiet(110)).toEqual(['soc', 'power']);
  values.heard('soc', true, 120);
  expect(values.quiet(130)).toEqual(['power']);
  expect(values.quiet(650)).toEqual(['soc']);
  expect(values.quiet(800)).toEqual([]);
});

test('a value that the device takes back is not asked for', () => {
  const values = new QuietValues(60);
  values.heard('soc', true, 0);
  values.heard('soc', false, 30);
  expect(values.quiet(100)).toEqual([]);
});

test('it remembers a bounded number of topics', () => {
  const values = new QuietValues(60);
  for (let i = 0; i < 5000; i++) values.heard(`t${i}`, true, 0);
  expect(values.quiet(60)).toHaveLength(512);
});
