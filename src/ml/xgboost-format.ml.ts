import { type BoostedTrees, type DecisionTree, fillInnerValues } from '../core/boosted-trees.ts';

/**
 * XGBoost's binary model, as version 0.7 writes it (`LearnerModelParam`, names of objective and booster, `GBTreeModelParam`,
 * then the trees; little-endian). Sizes in bytes.
 */
const LEARNER_HEAD = 136;
const BOOSTER_HEAD = 160;
const TREE_HEAD = 148;
const NODE = 20;
const STATISTICS = 16;
const DEFAULT_LEFT = 0x8000_0000;

/** Reads the trees from number `from` on out of a saved model, so that predicting needs no WebAssembly. Throws when it is no gbtree model. */
export function readXgboostModel(bytes: Uint8Array, from = 0): BoostedTrees {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const baseScore = view.getFloat32(0, true);
  let at = LEARNER_HEAD;
  const text = (): string => {
    const length = view.getUint32(at, true);
    const start = at + 8;
    at = start + length;
    return new TextDecoder().decode(bytes.subarray(start, at));
  };
  text();
  const booster = text();
  if (booster !== 'gbtree') throw new Error(`expected a gbtree model, found "${booster}"`);
  const count = view.getInt32(at, true);
  at += BOOSTER_HEAD;
  const trees: DecisionTree[] = [];
  for (let index = 0; index < count; index++) {
    const nodes = view.getInt32(at + 4, true);
    if (index >= from) trees.push(readTree(view, at + TREE_HEAD, nodes));
    at += TREE_HEAD + nodes * (NODE + STATISTICS);
  }
  return { baseScore, trees };
}

function readTree(view: DataView, start: number, nodes: number): DecisionTree {
  const tree: DecisionTree = {
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
    gain: new Float32Array(nodes),
    cover: new Float32Array(nodes),
  };
  for (let node = 0; node < nodes; node++) {
    const at = start + node * NODE;
    const left = view.getInt32(at + 4, true);
    const split = view.getUint32(at + 12, true);
    const number = view.getFloat32(at + 16, true);
    tree.left[node] = left;
    tree.right[node] = view.getInt32(at + 8, true);
    if (left < 0) tree.value[node] = number;
    else {
      tree.feature[node] = (split & ~DEFAULT_LEFT) >>> 0;
      tree.missingLeft[node] = split >= DEFAULT_LEFT ? 1 : 0;
      tree.threshold[node] = number;
    }
    const statistics = start + nodes * NODE + node * STATISTICS;
    tree.gain[node] = view.getFloat32(statistics, true);
    tree.cover[node] = view.getFloat32(statistics + 4, true);
  }
  return fillInnerValues(tree);
}
