/**
 * Minimises x'Nx/2 - r'x over x >= 0 by active sets (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23), from
 * a start: weights that are free are solved for exactly, the others are 0. `normal` holds the lower half of N, rows after one
 * another; a weight whose row is empty stays as it was. Columns that are nearly alike, which coordinate descent needs thousands
 * of rounds for, cost nothing.
 */
export function solveNonnegative(normal: Float64Array, right: Float64Array, start: Float64Array): Float64Array {
  const count = right.length;
  const weights = Float64Array.from(start);
  const free = Uint8Array.from(weights, (weight, a) => (weight > 0 && diagonalOf(normal, count, a) > 0 ? 1 : 0));
  for (let turn = 0; turn < 3 * count; turn++) {
    settle(normal, right, weights, free);
    const next = steepest(normal, right, weights, free);
    if (next < 0) break;
    free[next] = 1;
  }
  return weights;
}

/** What counts as nothing beside a weight's own scale. */
const NOTHING = 1e-12;

const diagonalOf = (normal: Float64Array, count: number, a: number): number => normal[a * count + a] ?? 0;

/** Element of the whole matrix. */
const at = (normal: Float64Array, count: number, a: number, b: number): number =>
  (a >= b ? normal[a * count + b] : normal[b * count + a]) ?? 0;

/** Moves the free weights to their best as far as none falls below 0, and binds those that would. */
function settle(normal: Float64Array, right: Float64Array, weights: Float64Array, free: Uint8Array): void {
  for (let left = weights.length; left >= 0; left--) {
    const goal = solveFree(normal, right, free);
    let share = 1;
    for (let a = 0; a < goal.length; a++) {
      const [now, wanted] = [weights[a] ?? 0, goal[a] ?? 0];
      if (free[a] && wanted < 0) share = Math.min(share, now / (now - wanted));
    }
    for (let a = 0; a < goal.length; a++) {
      if (!free[a]) continue;
      const [now, wanted] = [weights[a] ?? 0, goal[a] ?? 0];
      const moved = now + share * (wanted - now);
      const isBound = wanted < 0 && moved <= NOTHING * Math.abs(wanted);
      if (isBound) free[a] = 0;
      weights[a] = isBound ? 0 : moved;
    }
    if (share === 1) return;
  }
}

/** The bound weight that gains most by being freed; -1 when none gains. */
function steepest(normal: Float64Array, right: Float64Array, weights: Float64Array, free: Uint8Array): number {
  const count = weights.length;
  let [best, most] = [-1, 0];
  for (let a = 0; a < count; a++) {
    const diagonal = diagonalOf(normal, count, a);
    if (free[a] || !(diagonal > 0)) continue;
    let [slope, scale] = [right[a] ?? 0, Math.abs(right[a] ?? 0)];
    for (let b = 0; b < count; b++) {
      const part = at(normal, count, a, b) * (weights[b] ?? 0);
      slope -= part;
      scale += Math.abs(part);
    }
    const gain = slope / Math.sqrt(diagonal);
    if (slope > 1e-9 * scale && gain > most) [best, most] = [a, gain];
  }
  return best;
}

/** The best free weights with the others 0, whatever their sign (Cholesky). */
function solveFree(normal: Float64Array, right: Float64Array, free: Uint8Array): Float64Array {
  const count = right.length;
  const root = new Float64Array(count * count);
  const answer = new Float64Array(count);
  for (let a = 0; a < count; a++) {
    if (!free[a]) continue;
    let value = right[a] ?? 0;
    for (let b = 0; b <= a; b++) {
      if (!free[b]) continue;
      let sum = normal[a * count + b] ?? 0;
      for (let k = 0; k < b; k++) sum -= (root[a * count + k] ?? 0) * (root[b * count + k] ?? 0);
      if (b < a) {
        const own = sum / (root[b * count + b] ?? 1);
        root[a * count + b] = own;
        value -= own * (answer[b] ?? 0);
      } else root[a * count + a] = Math.sqrt(Math.max(NOTHING * diagonalOf(normal, count, a), sum));
    }
    answer[a] = value / (root[a * count + a] ?? 1);
  }
  for (let a = count - 1; a >= 0; a--) {
    if (!free[a]) continue;
    let value = answer[a] ?? 0;
    for (let b = a + 1; b < count; b++) if (free[b]) value -= (root[b * count + a] ?? 0) * (answer[b] ?? 0);
    answer[a] = value / (root[a * count + a] ?? 1);
  }
  return answer;
}
