import { expect, test } from 'bun:test';
import { axisBeside, axisScale, roundStep, tickDigits } from './axis.ts';

test('steps are round', () => {
  expect([0.7, 1.2, 2.2, 3, 7, 130].map(roundStep)).toEqual([1, 2, 2.5, 5, 10, 200]);
  expect(roundStep(0)).toBe(1);
});

test('an axis of powers holds zero and ends on round numbers', () => {
  expect(axisScale([120, 3950, null], { hasZero: true })).toEqual({
    min: 0,
    max: 4000,
    ticks: [0, 1000, 2000, 3000, 4000],
  });
  expect(axisScale([-2100, 3900], { hasZero: true }).min).toBe(-4000);
});

test('ticks are written with the digits that their step needs', () => {
  const digits = (top: number, divisor?: number): number => tickDigits(axisScale([0, top], { steps: 5 }), divisor);
  expect([digits(5), digits(2.5), digits(1.25), digits(0.125), digits(1250, 1000), digits(5000, 1000)]).toEqual([
    0, 1, 2, 3, 2, 0,
  ]);
});

test('an axis of voltages keeps to where the values are', () => {
  const scale = axisScale([48.2, 53.9]);
  expect(scale.min).toBeGreaterThan(40);
  expect(scale.max).toBeGreaterThanOrEqual(53.9);
});

test('percent runs from 0 to 100 whatever is measured', () => {
  expect(axisScale([64, 65], { bounds: [0, 100] })).toEqual({ min: 0, max: 100, ticks: [0, 25, 50, 75, 100] });
});

test('without any value there is still an axis', () => {
  expect(axisScale([], { hasZero: true }).ticks.length).toBeGreaterThan(1);
  expect(axisScale([5, 5]).max).toBeGreaterThan(5);
});

test('an axis beside another one has as many steps, and holds its values', () => {
  for (const steps of [2, 3, 4, 5, 6, 7]) {
    for (const values of [[48.2, 53.9], [-3, 2], [0.001, 0.0015], [1999]]) {
      const scale = axisBeside(values, { hasZero: values.length === 1 }, steps);
      expect(scale.ticks).toHaveLength(steps + 1);
      expect(scale.min).toBeLessThanOrEqual(Math.min(...values));
      expect(scale.max).toBeGreaterThanOrEqual(Math.max(...values) - 1e-9);
    }
  }
  expect(axisBeside([64], { bounds: [0, 100] }, 5).ticks).toEqual([0, 20, 40, 60, 80, 100]);
  expect(axisBeside([64], { bounds: [0, 100] }, 3).ticks).toEqual([0, 50, 100, 150]);
});
