import { expect, test } from 'bun:test';
import { percentMeasured, sayLess, sayMeasured } from './coverage-words.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test('a little that was measured is not said to be nothing, nor nearly all to be all', () => {
  expect([0, 0.001, 0.0099, 0.01, 0.979, 1].map((share) => plain(percentMeasured(share)))).toEqual([
    ...['0 %', 'less than 1 %', 'less than 1 %', '1 %', '97 %', '100 %'],
  ]);
  expect(plain(sayMeasured(0.002))).toBe('measured for less than 1 % of the time');
  expect(plain(sayMeasured(1, [0.5]))).toBe('measured for 99 % of the time');
});

test('what was measured for less of the time than the rest is named, those of one share together', () => {
  const known = (coverage: number) => ({ from: 'power', powerKwh: 1, bridgedKwh: 0, coverage }) as const;
  expect(sayLess({})).toBeNull();
  expect(sayLess({ origins: { solar: known(0.5), load: known(0.51) } })).toBeNull();
  const less = sayLess({
    origins: { solar: known(0.83), import: known(1), charge: known(0.5), discharge: known(0.5) },
  });
  expect(less?.coverage).toBe(1);
  expect(plain(less?.words ?? '')).toBe(
    'what was produced only for 83 % and what was charged and what was discharged only for 50 %',
  );
});
