import { addPredictions, type BoostedTrees, cell, type TreeLearner } from '../core/boosted-trees.ts';

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
  trees: BoostedTrees | null;
  /** Mean absolute error that it was made from. */
  mean: number;
}

/**
 * Differences in size are taken less than they were seen: what trees tell apart is partly chance, and bands become narrower
 * for the same coverage, since one that holds 80 % of each kind of error is wider than one that holds 80 % of all.
 */
const TEMPER = 0.6;
const LEAST_SHARE = 0.08;
const FEWEST_ROWS = 200;
const MOST_ROWS = 30_000;

/** Learns from out-of-sample errors: their absolute size by their signs. */
export function fitErrorScale(
  signs: readonly ErrorSigns[],
  errors: ArrayLike<number>,
  learner: TreeLearner,
): ErrorScale {
  const count = signs.length;
  let sum = 0;
  for (let row = 0; row < count; row++) sum += Math.abs(errors[row] ?? 0);
  const mean = count > 0 ? sum / count : 0;
  if (count < FEWEST_ROWS || !(mean > 0)) return { trees: null, mean };
  const columns = signs[0]?.values.length ?? 0;
  const rows = Math.min(count, MOST_ROWS);
  const matrix = new Float32Array(rows * columns);
  const target = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = Math.floor((row * count) / rows);
    const sign = signs[from];
    if (!sign) continue;
    write(sign, matrix, row * columns);
    target[row] = Math.abs(errors[from] ?? 0);
  }
  const trees = learner({
    matrix,
    target,
    rows,
    columns,
    rounds: 50,
    depth: 4,
    learningRate: 0.1,
    rowShare: 0.6,
    columnShare: 0.7,
    minRows: Math.max(20, rows / 30),
    lambda: 5,
    seed: 1,
  });
  return { trees, mean };
}

/** Expected size of the error of one forecast, a share of strong power. */
export function errorScaleOf(scale: ErrorScale, signs: ErrorSigns): number {
  if (!scale.trees) return signs.usual;
  const columns = signs.values.length;
  const row = new Float32Array(columns);
  write(signs, row, 0);
  const [size = 0] = addPredictions(scale.trees, row, columns, new Float64Array(1));
  return scale.mean * Math.max(LEAST_SHARE, size / scale.mean) ** TEMPER;
}

function write(signs: ErrorSigns, out: Float32Array, start: number): void {
  for (let k = 0; k < signs.values.length; k++) out[start + k] = cell(signs.values[k] ?? Number.NaN);
}
