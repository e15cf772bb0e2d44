import { pauseAt } from '../core/pause.ts';
import type { Known, KnownFor } from './known.ts';

/** One feature of a model. Values are unknown (`MISSING`) where the data do not reach. */
export interface FeatureDescription {
  name: string;
  unit: string;
  meaning: string;
}

/** Lays out what is known of an interval. */
export interface FeatureBuilder {
  features: readonly FeatureDescription[];
  /** Names of the simple forecasts, which are the first features. */
  candidateNames: readonly string[];
  /** Simple forecasts, in the order of their names; always finite. */
  candidates(index: number, known: Known): Float64Array;
  /** Writes an interval's features at `start`. `candidates` are those of the same interval. */
  fill(index: number, known: Known, candidates: Float64Array, out: Float32Array, start: number): void;
}

/** Features of some intervals, one row each: what a model is trained on or asked about. */
export interface FeatureRows {
  /** Numbers of the intervals in their grid. */
  indices: Int32Array;
  columns: number;
  candidateCount: number;
  /** Rows after one another, `columns` values each. */
  matrix: Float32Array;
  /** Simple forecasts, rows after one another, `candidateCount` values each, shares of strong power. */
  candidates: Float64Array;
}

export function buildRows(builder: FeatureBuilder, indices: Int32Array, knownFor: KnownFor): FeatureRows {
  const columns = builder.features.length;
  const candidateCount = builder.candidateNames.length;
  const matrix = new Float32Array(indices.length * columns);
  const candidates = new Float64Array(indices.length * candidateCount);
  indices.forEach((index, row) => {
    pauseAt(row);
    const known = knownFor(index);
    const simple = builder.candidates(index, known);
    candidates.set(simple, row * candidateCount);
    builder.fill(index, known, simple, matrix, row * columns);
  });
  return { indices, columns, candidateCount, matrix, candidates };
}

/** Some of the rows, by number. */
export function pickRows(rows: FeatureRows, numbers: ArrayLike<number>): FeatureRows {
  const { columns, candidateCount } = rows;
  const count = numbers.length;
  const indices = new Int32Array(count);
  const matrix = new Float32Array(count * columns);
  const candidates = new Float64Array(count * candidateCount);
  for (let to = 0; to < count; to++) {
    const from = numbers[to] ?? 0;
    indices[to] = rows.indices[from] ?? 0;
    matrix.set(rows.matrix.subarray(from * columns, (from + 1) * columns), to * columns);
    candidates.set(rows.candidates.subarray(from * candidateCount, (from + 1) * candidateCount), to * candidateCount);
  }
  return { indices, columns, candidateCount, matrix, candidates };
}

/** One simple forecast of all rows. */
export function candidateColumn(rows: FeatureRows, candidate: number): Float64Array {
  const out = new Float64Array(rows.indices.length);
  for (let row = 0; row < out.length; row++) out[row] = rows.candidates[row * rows.candidateCount + candidate] ?? 0;
  return out;
}
