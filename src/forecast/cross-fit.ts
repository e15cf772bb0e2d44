import type { TreeLearner } from '../core/boosted-trees.ts';
import { type FeatureRows, pickRows } from './feature-rows.ts';
import { type LearningOptions, learnPower, predictLearned } from './learned-power.ts';

export interface CrossFitInput {
  rows: FeatureRows;
  /** Shares of strong power, by row. */
  target: Float64Array;
  /** Day of each row, any numbering. */
  dayOf: ArrayLike<number>;
  learner: TreeLearner;
  options: LearningOptions;
  /** Called after each part. */
  onProgress?: (done: number, of: number) => void;
}

const FOLDS = 4;
/** With so many rows a part more or less to learn from makes no difference, and time does. */
const FOLDS_OF_MANY = 3;
const MANY_ROWS = 6000;
/** Below this, blocks are single days. */
const FEW_DAYS = 12;
/** With fewer days nothing is left out: there is too little to learn from as it is. */
const FEWEST_DAYS = 7;

/**
 * Forecasts of past rows by models that have not seen them: whole blocks of days are left out in turn (Stone, 1974; blocks,
 * because neighbouring days are alike: Roberts et al., Ecography 40, 2017). Null when there are too few days.
 */
export function crossFit(input: CrossFitInput): { anchor: Float64Array; learned: Float64Array } | null {
  const { rows, target, dayOf, learner, options } = input;
  const count = target.length;
  const days = count > 0 ? (dayOf[count - 1] ?? 0) - (dayOf[0] ?? 0) + 1 : 0;
  if (days < FEWEST_DAYS) return null;
  const block = Math.max(days < FEW_DAYS ? 1 : 3, Math.min(10, Math.floor(days / 12)));
  const folds = count < MANY_ROWS ? FOLDS : FOLDS_OF_MANY;
  const foldOf = (row: number): number => Math.floor(((dayOf[row] ?? 0) - (dayOf[0] ?? 0)) / block) % folds;
  const anchor = new Float64Array(count);
  const learned = new Float64Array(count);
  for (let fold = 0; fold < folds; fold++) {
    const [kept, left]: [number[], number[]] = [[], []];
    for (let row = 0; row < count; row++) (foldOf(row) === fold ? left : kept).push(row);
    const model = learnPower(pickRows(rows, kept), pick(target, kept), learner, options);
    const predicted = predictLearned(model, pickRows(rows, left));
    left.forEach((row, at) => {
      anchor[row] = predicted.anchor[at] ?? 0;
      learned[row] = predicted.learned[at] ?? 0;
    });
    input.onProgress?.(fold + 1, folds);
  }
  return { anchor, learned };
}

const pick = (values: Float64Array, rows: readonly number[]): Float64Array =>
  Float64Array.from(rows, (row) => values[row] ?? 0);
