import { addPredictions, type BoostedTrees, cell, type TreeLearner } from '../../core/boosted-trees.ts';
import { pauseAt } from '../../core/pause.ts';

/** What the size of a forecast's error depends on. */
export interface ErrorSigns {
  /** A share of strong power. */
  forecast: number;
  /** Features of the size, NaN where unknown; always as many. */
  values: readonly number[];
  /** Category in which errors are alike, below `REGIMES`. */
  regime: number;
  /** Size to expect before anything was measured, a share of strong power. */
  usual: number;
}

/** How large an error is to be expected where. */
export interface ErrorScale {
  /** Size of errors of either sign, and how much of it comes from those above the forecast; null while there is too little. */
  trees: { size: BoostedTrees; above: BoostedTrees } | null;
  /** Mean absolute error that it was made from. */
  mean: number;
  /** The same of errors above the forecast, those below counting as 0. */
  meanAbove: number;
}

/** What is to be expected of one forecast's error. */
export interface ErrorSpread {
  /** Mean absolute error, a share of strong power. */
  size: number;
  /** Share of it that errors above the forecast have: a half where both sides are alike. */
  above: number;
}

const EVEN = 0.5;

/**
 * Differences in size are taken less than they were seen: what trees tell apart is partly chance, and bands become narrower
 * for the same coverage, since one that holds 80 % of each kind of error is wider than one that holds 80 % of all.
 */
const TEMPER = 0.7;
/** Nor are the sides believed to be as different as they looked: odds stay nearer to those of all errors. */
const SIDE_TEMPER = 0.4;
/** However one-sided, there is a rest. */
const LEAST_SIDE = 0.05;
const LEAST_SHARE = 0.08;
const FEWEST_ROWS = 200;
const MOST_ROWS = 15_000;

/** Learns from out-of-sample errors: their absolute size by their signs (asked for when they are needed), and that of those above the forecast. */
export function fitErrorScale(
  signsOf: (row: number) => ErrorSigns,
  errors: ArrayLike<number>,
  learner: TreeLearner,
): ErrorScale {
  const count = errors.length;
  let sum = 0;
  for (let row = 0; row < count; row++) sum += Math.abs(errors[row] ?? 0);
  const mean = count > 0 ? sum / count : 0;
  const none = { trees: null, mean, meanAbove: EVEN * mean };
  if (count < FEWEST_ROWS || !(mean > 0)) return none;
  const columns = signsOf(0).values.length;
  const rows = Math.min(count, MOST_ROWS);
  const matrix = new Float32Array(rows * columns);
  const sizes = new Float32Array(rows);
  const above = new Float32Array(rows);
  let sumAbove = 0;
  for (let row = 0; row < rows; row++) {
    const from = Math.floor((row * count) / rows);
    pauseAt(row);
    write(signsOf(from), matrix, row * columns);
    const error = errors[from] ?? 0;
    sizes[row] = Math.abs(error);
    above[row] = Math.max(0, error);
    sumAbove += Math.max(0, error);
  }
  const grow = (target: Float32Array, seed: number): BoostedTrees =>
    learner({ ...shape, matrix, target, rows, columns, minRows: Math.max(20, rows / 30), seed });
  return { trees: { size: grow(sizes, 1), above: grow(above, 2) }, mean, meanAbove: sumAbove / rows };
}

const shape = { rounds: 50, depth: 4, learningRate: 0.1, rowShare: 0.6, columnShare: 0.7, lambda: 5 };

/** What to expect of the error of one forecast. */
export function errorSpreadOf({ trees, mean, meanAbove }: ErrorScale, signs: ErrorSigns): ErrorSpread {
  if (!trees) return { size: signs.usual, above: EVEN };
  const columns = signs.values.length;
  const row = new Float32Array(columns);
  write(signs, row, 0);
  const [size = 0] = addPredictions(trees.size, row, columns, new Float64Array(1));
  const [above = 0] = addPredictions(trees.above, row, columns, new Float64Array(1));
  const least = LEAST_SHARE * mean;
  const own = logOdds((above + least / 4) / (Math.max(least, size) + least / 2));
  const tempered = SIDE_TEMPER * own + (1 - SIDE_TEMPER) * logOdds(meanAbove / mean);
  return { size: mean * (Math.max(least, size) / mean) ** TEMPER, above: 1 / (1 + Math.exp(-tempered)) };
}

function logOdds(share: number): number {
  const within = Math.min(1 - LEAST_SIDE, Math.max(LEAST_SIDE, share));
  return Math.log(within / (1 - within));
}

/** An error over the size that is expected on its side of the forecast ... */
export function ratioOf(error: number, { size, above }: ErrorSpread): number {
  return error / Math.max(1e-9, 2 * size * (error > 0 ? above : 1 - above));
}

/** ... and the error that has such a ratio. */
export function errorOf(ratio: number, { size, above }: ErrorSpread): number {
  return 2 * size * (ratio > 0 ? above : 1 - above) * ratio;
}

function write(signs: ErrorSigns, out: Float32Array, start: number): void {
  for (let k = 0; k < signs.values.length; k++) out[start + k] = cell(signs.values[k] ?? Number.NaN);
}
