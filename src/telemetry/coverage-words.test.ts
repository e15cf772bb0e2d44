import { expect, test } from 'bun:test';
import { percentMeasured, sayMeasured } from './coverage-words.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test('a little that was measured is not said to be nothing, nor nearly all to be all', () => {
  expect([0, 0.001, 0.0099, 0.01, 0.979, 1].map((share) => plain(percentMeasured(share)))).toEqual([
    ...['0 %', 'less than 1 %', 'less than 1 %', '1 %', '97 %', '100 %'],
  ]);
  expect(plain(sayMeasured(0.002))).toBe('measured for less than 1 % of the time');
  expect(plain(sayMeasured(1, [0.5]))).toBe('measured for 99 % of the time');
});
