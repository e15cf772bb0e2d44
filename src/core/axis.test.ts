import { expect, test } from 'bun:test';
import { axisScale, roundStep } from './axis.ts';

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
