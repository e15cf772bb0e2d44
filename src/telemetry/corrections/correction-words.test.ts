import { expect, test } from 'bun:test';
import { noEnergy } from '../house/house-energy.ts';
import type { CorrectionEffect } from './correction-effect.ts';
import { sayEffect } from './correction-words.ts';

const day = (solarKwh: number, coverage: number) => ({
  ...{ ...noEnergy, period: '2026-11-26', origins: {}, solarKwh, coverage },
});
const effectOf = (items: CorrectionEffect['items']): CorrectionEffect => ({
  ...{ values: 3600, isMore: false, samples: [], last: null, least: null, most: null },
  ...{ period: 'day', items, isWhole: true },
});

test('an effect tells energy that changes from days of which only less counts as measured', () => {
  const energy = { period: '2026-11-26', before: day(20, 1), after: day(15, 0.9) };
  const coverage = { period: '2026-11-25', before: day(20, 1), after: day(20, 0.9) };
  expect(sayEffect(effectOf([energy, coverage]), 'remove')).toBe('It changes 3,600 values and the energy of 1 day.');
  expect(sayEffect(effectOf([coverage]), 'remove')).toBe(
    'It changes 3,600 values and how much of 1 day counts as measured. The energy stays as it is.',
  );
  expect(sayEffect(effectOf([]), 'scale')).toBe('It changes 3,600 values. The energy of each day stays as it is.');
});
