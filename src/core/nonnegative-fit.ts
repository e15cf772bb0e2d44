import { solveNonnegative } from './nonnegative-solve.ts';

/**
 * Non-negative weights of a few columns that come nearest to a target in absolute error: iteratively reweighted least
 * squares (Schlossmacher, JASA 68, 1973) around non-negative ones (`nonnegative-solve.ts`), drawn to prior weights by a ridge.
 */
export interface NonnegativeProblem {
  columns: readonly ArrayLike<number>[];
  target: ArrayLike<number>;
  /** Weight of each row; all alike when left out. */
  rowWeights?: ArrayLike<number>;
  /** Where the weights are drawn to; zero when left out. */
  prior?: readonly number[];
  /** How many rows of usual size and weight 1 the prior counts like, for each weight. */
  priorRows?: number;
  /** Weight of rows above the fit, of 1, those below having the rest; 0.5 is the median. */
  share?: number;
  rounds?: number;
}

/** Weights by column. The prior when there is nothing to learn from. */
export function fitNonnegative(problem: NonnegativeProblem): number[] {
  const { columns, target, rowWeights, share = 0.5, rounds = 10 } = problem;
  const prior = problem.prior ?? columns.map(() => 0);
  const count = columns.length;
  const rows = target.length;
  let size = 0;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = rowWeights?.[row] ?? 1;
    size += weight * Math.abs(target[row] ?? 0);
    total += weight;
  }
  const scale = total > 0 ? size / total : 0;
  if (!(scale > 0)) return [...prior];
  const tiny = 0.02 * scale;
  const ridge = (problem.priorRows ?? 0.01) / total;
  let weights: Float64Array = Float64Array.from(prior);
  const cells = byRow(columns, rows);
  const residual = new Float64Array(rows);
  for (let round = 0; round < rounds; round++) {
    const normal = new Float64Array(count * count);
    const right = new Float64Array(count);
    setResidual(residual, columns, target, weights);
    for (let row = 0; row < rows; row++) {
      const error = residual[row] ?? 0;
      const side = error > 0 ? share : 1 - share;
      const weight = ((rowWeights?.[row] ?? 1) * 2 * side) / Math.max(tiny, Math.abs(error));
      addRow(normal, right, cells, row * count, weight, target[row] ?? 0);
    }
    for (let a = 0; a < count; a++) {
      const own = ridge * (normal[a * count + a] ?? 0);
      normal[a * count + a] = (normal[a * count + a] ?? 0) + own;
      right[a] = (right[a] ?? 0) + own * (prior[a] ?? 0);
    }
    const next = solveNonnegative(normal, right, weights);
    const moved = next.reduce((most, value, index) => Math.max(most, Math.abs(value - (weights[index] ?? 0))), 0);
    weights = next;
    if (moved < 1e-5) break;
  }
  return Array.from(weights);
}

function setResidual(
  out: Float64Array,
  columns: readonly ArrayLike<number>[],
  target: ArrayLike<number>,
  weights: Float64Array,
): void {
  for (let row = 0; row < out.length; row++) out[row] = target[row] ?? 0;
  columns.forEach((column, index) => {
    const weight = weights[index] ?? 0;
    if (weight === 0) return;
    for (let row = 0; row < out.length; row++) out[row] = (out[row] ?? 0) - weight * (column[row] ?? 0);
  });
}

/** The columns' values row after row: what is read together lies together. */
function byRow(columns: readonly ArrayLike<number>[], rows: number): Float64Array {
  const cells = new Float64Array(rows * columns.length);
  columns.forEach((column, index) => {
    for (let row = 0, at = index; row < rows; row++, at += columns.length) cells[at] = column[row] ?? 0;
  });
  return cells;
}

/** Adds a row, which begins at `start`, to the lower half of the normal equations. */
function addRow(
  normal: Float64Array,
  right: Float64Array,
  cells: Float64Array,
  start: number,
  weight: number,
  target: number,
): void {
  const count = right.length;
  for (let a = 0; a < count; a++) {
    const value = weight * (cells[start + a] ?? 0);
    if (value === 0) continue;
    right[a] = (right[a] ?? 0) + value * target;
    for (let b = 0, at = a * count; b <= a; b++, at++) {
      normal[at] = (normal[at] ?? 0) + value * (cells[start + b] ?? 0);
    }
  }
}
