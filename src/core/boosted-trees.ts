/**
 * Ensembles of boosted regression trees, whoever grew them: prediction, importance and explanation need no library and no
 * worker. A matrix is rows after one another, `columns` values each; `MISSING` marks an unknown value.
 */
export interface BoostedTrees {
  baseScore: number;
  trees: readonly DecisionTree[];
}

/** Nodes of one tree by index, the root first. A leaf has `left` -1. */
export interface DecisionTree {
  feature: Int32Array;
  /** Smaller goes left. */
  threshold: Float32Array;
  left: Int32Array;
  right: Int32Array;
  /** 1 where an unknown value goes left. */
  missingLeft: Uint8Array;
  /** What a leaf adds; for an inner node the mean of its leaves by cover. */
  value: Float32Array;
  /** What the split gained in loss. */
  gain: Float32Array;
  /** Training rows that came by (sum of second derivatives). */
  cover: Float32Array;
}

/** Grows an ensemble, all its stages in one: squared loss, histogram splits. Values must be finite; throws otherwise. */
export type TreeLearner = (task: BoostingTask) => BoostedTrees;

export interface BoostingTask {
  matrix: Float32Array;
  target: Float32Array;
  rows: number;
  columns: number;
  rounds: number;
  depth: number;
  learningRate: number;
  /** Share of rows and of columns that each tree sees. */
  rowShare: number;
  columnShare: number;
  /** Fewest rows of a leaf. */
  minRows: number;
  /** L2 penalty on leaf values. */
  lambda: number;
  seed: number;
  /** Further stages of as many rounds each: what they shall learn is said when the one before has been grown. */
  more?: { stages: number; target(grown: BoostedTrees): Float32Array };
}

/** XGBoost's matrix takes this value for "unknown"; real values must avoid it (`cell`). */
export const MISSING = -1;

/** A feature's value as the matrix holds it. */
export function cell(value: number): number {
  if (!Number.isFinite(value)) return MISSING;
  return value === MISSING ? -0.999999 : value;
}

/** Adds the ensemble's prediction of each row to `out`. */
export function addPredictions(
  model: BoostedTrees,
  matrix: Float32Array,
  columns: number,
  out: Float64Array,
): Float64Array {
  for (const tree of model.trees) addTree(tree, matrix, columns, out);
  if (model.baseScore !== 0) for (let row = 0; row < out.length; row++) out[row] = (out[row] ?? 0) + model.baseScore;
  return out;
}

/** What runs a million times a second: everything at hand, no calls. */
function addTree(tree: DecisionTree, matrix: Float32Array, columns: number, out: Float64Array): void {
  const { feature, threshold, left, right, missingLeft, value } = tree;
  for (let row = 0, start = 0; row < out.length; row++, start += columns) {
    let node = 0;
    for (let next = left[0] ?? -1; next >= 0; next = left[node] ?? -1) {
      const at = matrix[start + (feature[node] ?? 0)] ?? MISSING;
      const isLeft = at === MISSING ? missingLeft[node] === 1 : at < (threshold[node] ?? 0);
      node = isLeft ? next : (right[node] ?? 0);
    }
    out[row] = (out[row] ?? 0) + (value[node] ?? 0);
  }
}

function goesLeft(tree: DecisionTree, node: number, value: number): boolean {
  return value === MISSING ? tree.missingLeft[node] === 1 : value < (tree.threshold[node] ?? 0);
}

/** Gain of each feature over all splits. */
export function addGains(model: BoostedTrees, gains: Float64Array): Float64Array {
  for (const tree of model.trees) {
    for (let node = 0; node < tree.left.length; node++) {
      const feature = tree.feature[node] ?? 0;
      if ((tree.left[node] ?? -1) >= 0) gains[feature] = (gains[feature] ?? 0) + (tree.gain[node] ?? 0);
    }
  }
  return gains;
}

/**
 * What each feature added to the prediction of one row: the change of the expected value along the row's way through each
 * tree (Palczewska et al., IEEE IRI 2013; Saabas, 2014). The sum over features and the mean of the roots give the prediction.
 */
export function addContributions(
  model: BoostedTrees,
  matrix: Float32Array,
  start: number,
  out: Float64Array,
): Float64Array {
  for (const tree of model.trees) {
    let node = 0;
    for (;;) {
      const left = tree.left[node] ?? -1;
      if (left < 0) break;
      const feature = tree.feature[node] ?? 0;
      const next = goesLeft(tree, node, matrix[start + feature] ?? MISSING) ? left : (tree.right[node] ?? 0);
      out[feature] = (out[feature] ?? 0) + (tree.value[next] ?? 0) - (tree.value[node] ?? 0);
      node = next;
    }
  }
  return out;
}

/** Fills the inner nodes' values from the leaves', children weighted by cover. Nodes come in any order. */
export function fillInnerValues(tree: DecisionTree): DecisionTree {
  const meanOf = (node: number): number => {
    const left = tree.left[node] ?? -1;
    if (left < 0) return tree.value[node] ?? 0;
    const right = tree.right[node] ?? 0;
    const [leftCover, rightCover] = [tree.cover[left] ?? 0, tree.cover[right] ?? 0];
    const all = leftCover + rightCover;
    const [leftMean, rightMean] = [meanOf(left), meanOf(right)];
    const value = all > 0 ? (leftMean * leftCover + rightMean * rightCover) / all : (leftMean + rightMean) / 2;
    tree.value[node] = value;
    return value;
  };
  meanOf(0);
  return tree;
}
