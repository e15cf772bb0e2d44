/**
 * Nonlinear least squares after Levenberg and Marquardt (Marquardt, J. SIAM 11 (2), 1963) with a numerical Jacobian, for a
 * handful of parameters. `residuals` come divided by their own standard deviation; a prior is one more residual.
 */
export interface Fit {
  parameters: number[];
  /** Standard deviation of each parameter, widened when the residuals are larger than they claim. */
  sd: number[];
  /** Sum of the squared (Huber: damped) residuals. */
  cost: number;
}

export interface FitOptions {
  /** Residuals beyond this many standard deviations count linearly (Huber, 1964). */
  huber?: number;
  /** How many residuals at the end are priors, which always count in full; 0 when left out. */
  priors?: number;
  iterations?: number;
}

/** Where a residual begins to count linearly, in standard deviations. */
type Limit = (index: number) => number;
type Residuals = (parameters: readonly number[]) => number[];

export function leastSquares(residuals: Residuals, start: readonly number[], options: FitOptions = {}): Fit {
  let parameters = [...start];
  let current = residuals(parameters);
  const firstPrior = current.length - (options.priors ?? 0);
  const huber: Limit = (index) =>
    index < firstPrior ? (options.huber ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  let cost = damped(current, huber);
  let damping = 1e-3;
  for (let round = 0; round < (options.iterations ?? 50); round++) {
    const { normal, gradient } = normalEquations(residuals, parameters, current, huber);
    const step = solve(
      normal.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) + 1e-12 : value))),
      gradient.map((value) => -value),
    );
    const next = parameters.map((value, index) => value + (step[index] ?? 0));
    const after = residuals(next);
    const nextCost = damped(after, huber);
    if (!(nextCost < cost)) {
      damping *= 10;
      if (damping > 1e9) break;
      continue;
    }
    const gained = cost - nextCost;
    [parameters, current, cost, damping] = [next, after, nextCost, Math.max(1e-9, damping / 10)];
    if (gained < 1e-9 * (1 + cost)) break;
  }
  return { parameters, sd: deviations(residuals, parameters, current, huber), cost };
}

const weight = (residual: number, limit: number): number => Math.min(1, limit / Math.max(1e-12, Math.abs(residual)));

function damped(residuals: readonly number[], huber: Limit): number {
  return residuals.reduce((sum, r, index) => {
    const size = Math.abs(r);
    const limit = huber(index);
    return sum + (size <= limit ? r * r : limit * (2 * size - limit));
  }, 0);
}

function normalEquations(residuals: Residuals, at: readonly number[], current: readonly number[], huber: Limit) {
  const columns = at.map((value, index) => {
    const width = 1e-5 * Math.max(1, Math.abs(value));
    const moved = residuals(at.map((other, i) => (i === index ? other + width : other)));
    return moved.map((r, i) => (r - (current[i] ?? 0)) / width);
  });
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? 0) * weight(current[i] ?? 0, huber(i)), 0);
  return {
    normal: columns.map((a) => columns.map((b) => dot(a, b))),
    gradient: columns.map((column) => dot(column, current)),
  };
}

function deviations(residuals: Residuals, at: readonly number[], current: readonly number[], huber: Limit): number[] {
  const { normal } = normalEquations(residuals, at, current, huber);
  const freedom = Math.max(1, current.length - at.length);
  const spread = Math.max(1, damped(current, huber) / freedom);
  return at.map((_, index) => {
    const unit = at.map((__, i) => (i === index ? 1 : 0));
    const variance = solve(normal, unit)[index] ?? Number.POSITIVE_INFINITY;
    return variance > 0 ? Math.sqrt(variance * spread) : Number.POSITIVE_INFINITY;
  });
}

/** Solution of a small linear system by elimination with row exchange; infinite where it is singular. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const n = rows.length;
  for (let pivot = 0; pivot < n; pivot++) {
    const best = rows.slice(pivot).reduce((at, row, i) => {
      return Math.abs(row[pivot] ?? 0) > Math.abs(rows[at]?.[pivot] ?? 0) ? pivot + i : at;
    }, pivot);
    [rows[pivot], rows[best]] = [rows[best] ?? [], rows[pivot] ?? []];
    const top = rows[pivot] ?? [];
    for (let below = pivot + 1; below < n; below++) {
      const row = rows[below] ?? [];
      const factor = (row[pivot] ?? 0) / (top[pivot] ?? 0);
      for (let column = pivot; column <= n; column++) row[column] = (row[column] ?? 0) - factor * (top[column] ?? 0);
    }
  }
  const answer = new Array<number>(n).fill(0);
  for (let index = n - 1; index >= 0; index--) {
    const row = rows[index] ?? [];
    let value = row[n] ?? 0;
    for (let column = index + 1; column < n; column++) value -= (row[column] ?? 0) * (answer[column] ?? 0);
    answer[index] = value / (row[index] ?? 0);
  }
  return answer;
}
