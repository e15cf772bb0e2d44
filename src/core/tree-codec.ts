import { type BoostedTrees, type DecisionTree, fillInnerValues } from './boosted-trees.ts';

/** Ensembles as plain JSON: what decides a forecast to nine digits, which tell all single-precision numbers apart, the rest to seven. */
export interface StoredTrees {
  base: number;
  /** By tree: feature, threshold, left, right, missing left, leaf value, gain, cover. */
  trees: number[][][];
}

const LISTS = 8;
const rounded =
  (digits: number) =>
  (values: ArrayLike<number>): number[] =>
    Array.from(values, (value) => Number(value.toPrecision(digits)));
const [plain, exact] = [rounded(7), rounded(9)];

export function storeTrees(model: BoostedTrees): StoredTrees {
  return {
    base: model.baseScore,
    trees: model.trees.map((tree) => [
      plain(tree.feature),
      exact(tree.threshold),
      plain(tree.left),
      plain(tree.right),
      plain(tree.missingLeft),
      exact(tree.value),
      plain(tree.gain),
      plain(tree.cover),
    ]),
  };
}

/** Throws when it is no stored ensemble. */
export function restoreTrees(stored: StoredTrees): BoostedTrees {
  return { baseScore: stored.base, trees: stored.trees.map(restoreTree) };
}

function restoreTree(lists: readonly number[][]): DecisionTree {
  const [feature, threshold, left, right, missingLeft, value, gain, cover] = lists;
  const nodes = feature?.length ?? 0;
  if (lists.length !== LISTS || nodes === 0 || lists.some((list) => list.length !== nodes))
    throw new Error('a stored tree has lists of different lengths');
  return fillInnerValues({
    feature: Int32Array.from(feature ?? []),
    threshold: Float32Array.from(threshold ?? []),
    left: Int32Array.from(left ?? []),
    right: Int32Array.from(right ?? []),
    missingLeft: Uint8Array.from(missingLeft ?? []),
    value: Float32Array.from(value ?? []),
    gain: Float32Array.from(gain ?? []),
    cover: Float32Array.from(cover ?? []),
  });
}
