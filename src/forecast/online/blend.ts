import { fitNonnegative } from '../../core/nonnegative-fit.ts';
import { evidenceHours, type IntervalGrid, slotsPerDay } from '../interval-grid.ts';

/** Weights of several forecasts of the same (the experts) for each part of the day. */
export interface Blend {
  parts: number[][];
}

export interface SkillInput {
  grid: IntervalGrid;
  /** Out-of-sample forecasts by expert and interval; NaN where none was made. */
  experts: readonly Float64Array[];
  /** What came; NaN where unknown. */
  actual: Float64Array;
  /** 1 where an interval must not count. */
  excluded?: Uint8Array;
  /** Part of the day that an interval lies in, below `PARTS`. */
  partOf(index: number): number;
  /** Where the blend starts before skill has been measured. */
  startWeights: readonly number[];
}

/** Errors older than this say nothing about today's skill. */
export const SKILL_WINDOW_DAYS = 120;
/** After so many days an error counts half. */
const HALF_LIFE_DAYS = 25;
const MOST_ROWS = 4000;
/** The start weights count like so many hours; the experts are alike, so that little goes far. */
const PRIOR_HOURS = 0.1;
/** Parts of the day with weights of their own. */
export const PARTS = 3;

export const startBlend = (startWeights: readonly number[]): Blend => ({
  parts: Array.from({ length: PARTS }, () => [...startWeights]),
});

/** Moves the weights to where the experts' recent errors were smallest together. Looks at intervals below `known` only. */
export function blendBySkill(input: SkillInput, known: number): Blend {
  const { grid, experts, actual, excluded } = input;
  const slots = slotsPerDay(grid);
  const first = Math.max(0, known - SKILL_WINDOW_DAYS * slots);
  const rows: number[][] = Array.from({ length: PARTS }, () => []);
  const newest = experts.at(-1);
  for (let index = first; index < known; index++) {
    const forecast = newest?.[index] ?? Number.NaN;
    const came = actual[index] ?? Number.NaN;
    if (Number.isNaN(forecast) || Number.isNaN(came) || excluded?.[index]) continue;
    rows[input.partOf(index)]?.push(index);
  }
  const every = Math.max(1, rows.reduce((sum, part) => sum + part.length, 0) / MOST_ROWS);
  return {
    parts: rows.map((part) => weigh(input, every > 1 ? thin(part, every) : part, known, evidenceHours(grid) * every)),
  };
}

function weigh(
  { experts, actual, grid, startWeights }: SkillInput,
  rows: readonly number[],
  known: number,
  hours: number,
): number[] {
  const slots = slotsPerDay(grid);
  return fitNonnegative({
    columns: experts.map((expert) => picked(rows, (index) => expert[index] ?? 0)),
    target: picked(rows, (index) => actual[index] ?? 0),
    rowWeights: picked(rows, (index) => hours * recency((known - index) / slots)),
    prior: startWeights,
    priorRows: PRIOR_HOURS,
    rounds: 8,
  });
}

/** As `Float64Array.from` would, which takes several times as long. */
function picked(rows: readonly number[], value: (index: number) => number): Float64Array {
  const out = new Float64Array(rows.length);
  for (let row = 0; row < out.length; row++) out[row] = value(rows[row] ?? 0);
  return out;
}

/** How much an error of so many days ago counts beside one of today. */
export const recency = (ageDays: number): number => 0.5 ** (ageDays / HALF_LIFE_DAYS);

function thin(rows: readonly number[], every: number): number[] {
  return Array.from({ length: Math.floor(rows.length / every) }, (_, at) => rows[Math.floor(at * every)] ?? 0);
}

/** The blended forecast of an interval in a part of the day, in the experts' unit. */
export function blended(blend: Blend, experts: readonly ArrayLike<number>[], index: number, part: number): number {
  const weights = blend.parts[part] ?? [];
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k] ?? 0;
    if (weight > 0) sum += weight * (experts[k]?.[index] ?? 0);
  }
  return sum;
}
