import { addPredictions, type BoostedTrees, type TreeLearner } from '../core/boosted-trees.ts';
import { fitNonnegative } from '../core/nonnegative-fit.ts';
import { pause } from '../core/pause.ts';
import { quantile } from '../core/stats.ts';
import { candidateColumn, type FeatureRows, pickRows } from './feature-rows.ts';

/** A learned model of power: simple forecasts weighed against each other, and trees for what they leave over. */
export interface LearnedPower {
  /** Weight of each simple forecast. */
  weights: number[];
  /** Ensembles that add up: one, several in models of before, none where there was too little to learn from. */
  stages: BoostedTrees[];
  /** Features that the trees expect. */
  columns: number;
}

export interface LearningOptions {
  /** Intervals of a day, for how many rows a leaf needs. */
  slotsPerDay: number;
  /** Where the weights of the simple forecasts start from; null for one that is no forecast by itself and gets no weight. */
  anchorPrior: readonly (number | null)[];
  depth: number;
  rounds: number;
  stages: number;
  learningRate: number;
  rowShare: number;
  columnShare: number;
  lambda: number;
  /** Days' worth of intervals that a leaf needs. */
  leafDays: number;
  /** More rows than this are thinned out evenly: neighbouring minutes are alike, and say the same again. */
  mostRows: number;
}

export const learningDefaults: Omit<LearningOptions, 'slotsPerDay' | 'anchorPrior'> = {
  depth: 5,
  rounds: 120,
  stages: 5,
  learningRate: 0.065,
  rowShare: 0.7,
  columnShare: 0.5,
  lambda: 5,
  leafDays: 1,
  mostRows: 16_000,
};

/** Fewer rows than this teach trees nothing that lasts. */
const FEWEST_ROWS = 60;

/** Learns from rows with known power, shares of strong power. The error counts absolutely, so that the median is learned. */
export function learnPower(
  rows: FeatureRows,
  target: Float64Array,
  learner: TreeLearner,
  options: LearningOptions,
): LearnedPower {
  const columns = options.anchorPrior.map((weight, k) =>
    weight === null ? new Float64Array(target.length) : candidateColumn(rows, k),
  );
  const prior = options.anchorPrior.map((weight) => weight ?? 0);
  const weights = fitNonnegative({ columns, target, prior, priorRows: options.slotsPerDay / 50 });
  if (target.length < FEWEST_ROWS) return { weights, stages: [], columns: rows.columns };
  const kept = thinned(target.length, options.mostRows);
  const few = kept.length === target.length ? rows : pickRows(rows, kept);
  const residual = anchorsOf(weights, few).map((value, row) => (target[kept[row] ?? row] ?? 0) - value);
  return {
    weights,
    stages: [boostResidual(few, residual, learner, options, kept.length / target.length)],
    columns: rows.columns,
  };
}

/**
 * Boosts in stages with errors cut off at the median error so far: each stage fits Huber's pseudo-residuals (Friedman,
 * Annals of Statistics 29 (5), 2001, section 4.4), so that squared-loss trees come near to the median.
 */
function boostResidual(
  rows: FeatureRows,
  residual: Float64Array,
  learner: TreeLearner,
  options: LearningOptions,
  kept: number,
): BoostedTrees {
  const count = residual.length;
  const predicted = new Float64Array(count);
  const leafRows = Math.max(5, Math.min(count / 40, options.leafDays * options.slotsPerDay * kept));
  const target = (grown: BoostedTrees): Float32Array => {
    pause();
    addPredictions(grown, rows.matrix, rows.columns, predicted);
    const left = residual.map((value, row) => value - (predicted[row] ?? 0));
    const limit = Math.max(1e-4, quantile(left.map(Math.abs), 0.5));
    return Float32Array.from(predicted, (value, row) => value + Math.max(-limit, Math.min(limit, left[row] ?? 0)));
  };
  const trees = learner({
    matrix: rows.matrix,
    target: Float32Array.from(residual),
    rows: count,
    columns: rows.columns,
    rounds: Math.ceil(options.rounds / options.stages),
    depth: options.depth,
    learningRate: options.learningRate,
    rowShare: options.rowShare,
    columnShare: options.columnShare,
    minRows: leafRows,
    lambda: options.lambda,
    seed: 1,
    more: { stages: options.stages - 1, target },
  });
  pause();
  return trees;
}

/** The weighed simple forecasts of rows. */
export function anchorsOf(weights: readonly number[], rows: FeatureRows): Float64Array {
  const out = new Float64Array(rows.indices.length);
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let k = 0; k < rows.candidateCount; k++)
      sum += (weights[k] ?? 0) * (rows.candidates[row * rows.candidateCount + k] ?? 0);
    out[row] = sum;
  }
  return out;
}

/** Forecasts of rows, shares of strong power: the weighed simple ones, and with what the trees add. */
export function predictLearned(
  model: LearnedPower,
  rows: FeatureRows,
): { anchor: Float64Array; learned: Float64Array } {
  if (rows.columns !== model.columns)
    throw new Error(`the model knows ${model.columns} features, the rows have ${rows.columns}`);
  const anchor = anchorsOf(model.weights, rows);
  const learned = Float64Array.from(anchor);
  for (const stage of model.stages) addPredictions(stage, rows.matrix, rows.columns, learned);
  return { anchor, learned };
}

/** Numbers 0..count-1, or an even selection of them. */
function thinned(count: number, most: number): Int32Array {
  const size = Math.min(count, most);
  return Int32Array.from({ length: size }, (_, index) => Math.floor((index * count) / size));
}
