import { describe, expect, test } from 'bun:test';
import {
  addContributions,
  addGains,
  addPredictions,
  type BoostedTrees,
  type BoostingTask,
  cell,
  MISSING,
} from '../core/boosted-trees.ts';
import { createRandom } from '../testing/synthetic-roof.ts';
import { grow, loadXgboost, openXgboost, put, savedBytes } from './xgboost.ml.ts';
import { readXgboostModel } from './xgboost-format.ml.ts';

const COLUMNS = 5;

/** y = sin(6 a) + b, or 2 where b is unknown; the other columns are noise. */
function task(rows: number, options: Partial<BoostingTask> = {}): BoostingTask {
  const random = createRandom(3);
  const matrix = new Float32Array(rows * COLUMNS);
  const target = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < COLUMNS; column++) matrix[row * COLUMNS + column] = random() - 0.5;
    const isUnknown = row % 5 === 0;
    if (isUnknown) matrix[row * COLUMNS + 1] = MISSING;
    const [a = 0, b = 0] = [matrix[row * COLUMNS], matrix[row * COLUMNS + 1]];
    target[row] = Math.sin(6 * a) + (isUnknown ? 2 : b);
  }
  const usual = {
    rounds: 60,
    depth: 4,
    learningRate: 0.1,
    rowShare: 1,
    columnShare: 1,
    minRows: 5,
    lambda: 1,
    seed: 1,
  };
  return { matrix, target, rows, columns: COLUMNS, ...usual, ...options };
}

describe('XGBoost', () => {
  test('learns, and its trees are read so that they predict what the library predicts, unknown values included', async () => {
    const module = await openXgboost();
    const work = task(2000);
    const model = grow(module, work);
    const trees = readXgboostModel(savedBytes(module, model));
    const own = addPredictions(trees, work.matrix, COLUMNS, new Float64Array(work.rows));
    const out = module._malloc(4);
    for (let row = 0; row < 200; row++) {
      const pointer = put(module, work.matrix.slice(row * COLUMNS, (row + 1) * COLUMNS));
      module._predict_one(model, pointer, COLUMNS, out);
      const theirs = new DataView(module.HEAPU8.buffer).getFloat32(out, true);
      expect(own[row]).toBeCloseTo(theirs, 4);
      module._free(pointer);
    }
    const squares = own.reduce((sum, value, row) => sum + (value - (work.target[row] ?? 0)) ** 2, 0);
    expect(Math.sqrt(squares / work.rows)).toBeLessThan(0.1);
  });

  test('takes a matrix larger than the stack of its WebAssembly, and one after the other', async () => {
    const learner = await loadXgboost();
    const large = task(300_000, { rounds: 2 });
    expect(large.matrix.byteLength).toBeGreaterThan(5_242_880);
    for (let time = 0; time < 3; time++) expect(learner(large).trees).toHaveLength(2);
  });

  test('gives the same trees for the same task', async () => {
    const learner = await loadXgboost();
    const work = task(500, { rowShare: 0.6, columnShare: 0.6 });
    expect(learner(work)).toEqual(learner(work));
  });

  test('goes on with other targets from where it is; with the same ones it grows what one longer model would', async () => {
    const learner = await loadXgboost();
    const work = task(2000, { rounds: 20 });
    // With no new targets it is one model of twice as many rounds.
    const stay = { stages: 1, target: () => work.target };
    expect(learner({ ...work, more: stay })).toEqual(learner({ ...work, rounds: 40 }));
    const turned = work.target.map((value) => 5 - value);
    const seen: number[] = [];
    const turn = {
      stages: 2,
      target: (grown: BoostedTrees) => {
        seen.push(grown.trees.length);
        return turned;
      },
    };
    const both = learner({ ...work, more: turn });
    expect([seen, both.trees.length]).toEqual([[20, 20], 60]);
    const own = addPredictions(both, work.matrix, COLUMNS, new Float64Array(work.rows));
    const away = own.reduce((sum, value, row) => sum + Math.abs(value - (turned[row] ?? 0)), 0) / work.rows;
    expect(away).toBeLessThan(0.2);
    expect(() => learner({ ...work, more: { stages: 1, target: () => new Float32Array(3) } })).toThrow('targets');
    // What was refused leaves nothing behind that the next one meets.
    expect(learner(work)).toEqual(learner(work));
  });

  test('refuses what would abort the library: values that are no numbers, sizes that do not fit, no rows', async () => {
    const learner = await loadXgboost();
    const work = task(50);
    const spoilt = work.matrix.slice();
    spoilt[7] = Number.NaN;
    expect(() => learner({ ...work, matrix: spoilt })).toThrow('finite');
    expect(() => learner({ ...work, rows: 49 })).toThrow('do not fit');
    expect(() => learner({ ...work, matrix: new Float32Array(0), target: new Float32Array(0), rows: 0 })).toThrow();
    expect(learner(work).trees.length).toBe(60);
  });

  test('says which features matter, and splits a prediction up among them', async () => {
    const work = task(2000);
    const trees = (await loadXgboost())(work);
    const gains = addGains(trees, new Float64Array(COLUMNS));
    const [first = 0, second = 0, ...noise] = gains;
    expect(Math.min(first, second)).toBeGreaterThan(20 * Math.max(...noise));
    const predicted = addPredictions(trees, work.matrix, COLUMNS, new Float64Array(work.rows));
    const roots = trees.trees.reduce((sum, tree) => sum + (tree.value[0] ?? 0), 0);
    for (const row of [0, 1, 2, 3]) {
      const parts = addContributions(trees, work.matrix, row * COLUMNS, new Float64Array(COLUMNS));
      const total = parts.reduce((sum, part) => sum + part, roots + trees.baseScore);
      expect(total).toBeCloseTo(predicted[row] ?? 0, 4);
    }
    const unknown = addContributions(trees, work.matrix, 0, new Float64Array(COLUMNS));
    expect(unknown[1]).toBeGreaterThan(1);
  });

  test('keeps real values apart from the one that means unknown', () => {
    expect(cell(Number.NaN)).toBe(MISSING);
    expect(cell(Number.POSITIVE_INFINITY)).toBe(MISSING);
    expect(cell(-1)).not.toBe(MISSING);
    expect(cell(-1)).toBeCloseTo(-1, 4);
    expect(cell(3)).toBe(3);
  });
});
