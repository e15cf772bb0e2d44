import { candidateNames, type FeatureBuilder } from './features.ts';
import type { KnownFor } from './known.ts';

/** Features of some intervals, one row each: what a model is trained on or asked about. */
export interface FeatureRows {
  /** Numbers of the intervals in their grid. */
  indices: Int32Array;
  columns: number;
  /** Rows after one another, `columns` values each. */
  matrix: Float32Array;
  /** Simple forecasts, rows after one another in the order of `candidateNames`, shares of strong power. */
  candidates: Float64Array;
}

export const CANDIDATES = candidateNames.length;

export function buildRows(builder: FeatureBuilder, indices: Int32Array, knownFor: KnownFor): FeatureRows {
  const columns = builder.features.length;
  const matrix = new Float32Array(indices.length * columns);
  const candidates = new Float64Array(indices.length * CANDIDATES);
  indices.forEach((index, row) => {
    const known = knownFor(index);
    const simple = builder.candidates(index, known);
    candidates.set(simple, row * CANDIDATES);
    builder.fill(index, known, simple, matrix, row * columns);
  });
  return { indices, columns, matrix, candidates };
}

/** Some of the rows, by number. */
export function pickRows(rows: FeatureRows, numbers: ArrayLike<number>): FeatureRows {
  const { columns } = rows;
  const count = numbers.length;
  const indices = new Int32Array(count);
  const matrix = new Float32Array(count * columns);
  const candidates = new Float64Array(count * CANDIDATES);
  for (let to = 0; to < count; to++) {
    const from = numbers[to] ?? 0;
    indices[to] = rows.indices[from] ?? 0;
    matrix.set(rows.matrix.subarray(from * columns, (from + 1) * columns), to * columns);
    candidates.set(rows.candidates.subarray(from * CANDIDATES, (from + 1) * CANDIDATES), to * CANDIDATES);
  }
  return { indices, columns, matrix, candidates };
}

/** One simple forecast of all rows. */
export function candidateColumn(rows: FeatureRows, candidate: number): Float64Array {
  const out = new Float64Array(rows.indices.length);
  for (let row = 0; row < out.length; row++) out[row] = rows.candidates[row * CANDIDATES + candidate] ?? 0;
  return out;
}
