import { beforeAll, describe, expect, test } from 'bun:test';
import type { TreeLearner } from '../../core/boosted-trees.ts';
import { loadXgboost } from '../../ml/xgboost.ml.ts';
import { createRandom } from '../../testing/synthetic-roof.ts';
import { type ErrorSigns, errorOf, errorSpreadOf, fitErrorScale, ratioOf } from './error-scale.ts';

let learner: TreeLearner;
beforeAll(async () => {
  learner = await loadXgboost();
});

const signsOf = (value: number): ErrorSigns => ({ forecast: 0.5, values: [value, 0.5], regime: 0, usual: 0.1 });

/** Errors that are as often above as below; their size, and the sides' sizes, follow the first sign. */
function learned(sizeOf: (value: number, isAbove: boolean) => number) {
  const random = createRandom(9);
  const values = Array.from({ length: 6000 }, () => random());
  const errors = values.map((value) => {
    const isAbove = random() < 0.5;
    return sizeOf(value, isAbove) * random() * (isAbove ? 1 : -1);
  });
  return fitErrorScale((row) => signsOf(values[row] ?? 0), errors, learner);
}

describe('what is expected of errors', () => {
  test('is large where they have been large, though less different than they looked', () => {
    const scale = learned((value) => (value < 0.5 ? 0.05 : 0.2));
    const [calm, restless] = [0.2, 0.8].map((value) => errorSpreadOf(scale, signsOf(value)).size);
    expect((restless ?? 0) / (calm ?? 1)).toBeWithin(2, 3.5);
  });

  test('tells the sides apart where errors are larger on one of them', () => {
    const scale = learned((value, isAbove) => (isAbove === value < 0.5 ? 0.05 : 0.2));
    const [below, above] = [0.2, 0.8].map((value) => errorSpreadOf(scale, signsOf(value)).above);
    expect(below).toBeWithin(0.25, 0.42);
    expect(above).toBeWithin(0.58, 0.75);
  });

  test('is alike on both sides where nothing tells them apart, and while too little is known', () => {
    expect(
      errorSpreadOf(
        learned(() => 0.1),
        signsOf(0.5),
      ).above,
    ).toBeWithin(0.46, 0.54);
    const scale = fitErrorScale(() => signsOf(0.5), [0.3], learner);
    expect(errorSpreadOf(scale, signsOf(0.5))).toEqual({ size: 0.1, above: 0.5 });
  });

  test('measures an error on its own side, and gives it back', () => {
    const spread = { size: 0.1, above: 0.25 };
    expect(ratioOf(0.1, spread)).toBeCloseTo(2, 6);
    expect(ratioOf(-0.1, spread)).toBeCloseTo(-0.667, 3);
    for (const error of [-0.3, -0.02, 0, 0.07, 0.4])
      expect(errorOf(ratioOf(error, spread), spread)).toBeCloseTo(error, 9);
  });
});
