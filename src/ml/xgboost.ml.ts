import type { XgboostModule } from 'ml-xgboost/dist/wasm/xgboost.js';
import wasmFile from 'ml-xgboost/dist/wasm/xgboost.wasm' with { type: 'file' };
import type { BoostedTrees, BoostingTask, TreeLearner } from '../core/boosted-trees.ts';
import { readXgboostModel } from './xgboost-format.ml.ts';

/**
 * XGBoost 0.7 (`ml-xgboost`, WebAssembly) as a learner of trees. For a worker that is thrown away: a C++ error aborts the
 * instance, memory is never returned, and loading it borrows `fetch` and `console` for a moment.
 *
 * The package's own wrapper is not used: it copies the training matrix onto WebAssembly's stack, which 35,000 rows of 40
 * features overflow, and predicts row by row through C++. Here the matrix goes to the heap, and the trees come back.
 */
export async function loadXgboost(): Promise<TreeLearner> {
  const module = await openXgboost();
  return (task) => {
    const model = grow(module, task);
    try {
      return growOn(module, model, task);
    } finally {
      module._free_memory_model(model);
    }
  };
}

/** Grows the further stages of a model that has its first, and gives the trees of all. */
function growOn(module: XgboostModule, model: number, { target, rounds, more }: BoostingTask): BoostedTrees {
  let all = readXgboostModel(savedBytes(module, model));
  if (!more) return all;
  let [before, grown] = [target, all];
  for (let stage = 0; stage < more.stages; stage++) {
    const next = more.target(grown);
    setLabels(module, model, before, next);
    before = next;
    module._train_full_model(model, rounds);
    const { baseScore, trees } = readXgboostModel(savedBytes(module, model), all.trees.length);
    grown = { baseScore: 0, trees };
    all = { baseScore, trees: [...all.trees, ...trees] };
  }
  return all;
}

/** The package asks for `xgboost.wasm` in the working directory; it gets the embedded bytes. */
export async function openXgboost(): Promise<XgboostModule> {
  const bytes = await Bun.file(wasmFile).arrayBuffer();
  const { fetch, console } = globalThis;
  const answer = async () => new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
  globalThis.fetch = Object.assign(answer, { preconnect: fetch.preconnect });
  // It keeps the function for what it says about each training; that is of no use to anybody.
  globalThis.console = { ...console, warn: () => {} };
  try {
    const { default: loading } = await import('ml-xgboost/dist/wasm/xgboost.js');
    return await loading.isReady;
  } finally {
    globalThis.fetch = fetch;
    globalThis.console = console;
  }
}

/** Trains, and gives the library's handle of the model. */
export function grow(module: XgboostModule, task: BoostingTask): number {
  const { matrix, target, rows, columns } = task;
  if (rows < 1 || matrix.length !== rows * columns || target.length !== rows)
    throw new Error(`${rows} rows of ${columns} features do not fit ${matrix.length} values, ${target.length} targets`);
  if (!allFinite(matrix) || !allFinite(target)) throw new Error('a feature or target is not a finite number');
  const data = put(module, matrix);
  const labels = put(module, target);
  const model = module._create_model(data, labels, rows, columns);
  module._free(data);
  module._free(labels);
  for (const [name, value] of Object.entries(parameters(task))) setParameter(module, model, name, String(value));
  module._train_full_model(model, task.rounds);
  return model;
}

/**
 * Puts other labels in the place of those that the library keeps with its matrix, so that a model goes on to learn something else
 * of the same rows: sorting a matrix into bins costs as much as a dozen trees. It has no call for that; where the labels lie is
 * found as the C++ does (handle, matrix, source, the vector's begin and end), and must hold what was there before.
 */
function setLabels(module: XgboostModule, model: number, before: Float32Array, labels: Float32Array): void {
  if (labels.length !== before.length || !allFinite(labels))
    throw new Error('targets are missing, or no finite numbers');
  const words = new Uint32Array(module.HEAPU8.buffer);
  const word = (address: number): number => words[address / 4] ?? 0;
  const source = word(word(word(word(model + 4))) + 8);
  const [begin, end] = [word(source + 32), word(source + 36)];
  const kept = new Float32Array(module.HEAPU8.buffer, begin, before.length);
  if (end - begin !== before.byteLength || !kept.every((value, row) => value === before[row]))
    throw new Error('the learner keeps its labels elsewhere than expected');
  kept.set(labels);
}

/** The model as the library saves it. */
export function savedBytes(module: XgboostModule, model: number): Uint8Array {
  const size = module._save_model(model);
  const content = module._malloc(size);
  module._get_file_content(content, size);
  const saved = module.HEAPU8.slice(content, content + size);
  module._free(content);
  return saved;
}

function parameters(task: BoostingTask): Record<string, string | number> {
  return {
    objective: 'reg:linear',
    booster: 'gbtree',
    tree_method: 'hist',
    max_bin: 64,
    base_score: 0,
    silent: 1,
    nthread: 1,
    max_depth: task.depth,
    eta: task.learningRate,
    subsample: task.rowShare,
    colsample_bytree: task.columnShare,
    min_child_weight: task.minRows,
    lambda: task.lambda,
    seed: task.seed,
  };
}

function allFinite(values: Float32Array): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index])) return false;
  return true;
}

/** Copies values into the library's memory. */
export function put(module: XgboostModule, values: Float32Array): number {
  const pointer = module._malloc(values.byteLength);
  if (pointer === 0) throw new Error(`no room for ${values.byteLength} bytes in the learner's memory`);
  module.HEAPU8.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), pointer);
  return pointer;
}

function setParameter(module: XgboostModule, model: number, name: string, value: string): void {
  const pointers = [name, value].map((text) => {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const pointer = module._malloc(bytes.length);
    module.HEAPU8.set(bytes, pointer);
    return pointer;
  });
  module._set_param(model, pointers[0] ?? 0, pointers[1] ?? 0);
  for (const pointer of pointers) module._free(pointer);
}
