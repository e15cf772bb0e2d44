import { fitNonnegative } from '../core/nonnegative-fit.ts';
import { type IntervalGrid, slotsPerDay } from './interval-grid.ts';

/** Forecasts that are blended: physics, simple memory, and what was learned. */
export const expertNames = ['physics', 'yesterday', 'median7', 'median14', 'high14', 'anchor', 'learned'] as const;
export type ExpertName = (typeof expertNames)[number];

/** Where a blend starts before skill has been measured. */
export const startWeights: readonly number[] = expertNames.map((name) =>
  name === 'learned' ? 0.6 : name === 'physics' ? 0.4 : 0,
);

/** Weights of the experts for each part of the day, in the order of `expertNames`. */
export interface Blend {
  parts: number[][];
}

export interface SkillInput {
  grid: IntervalGrid;
  hourAngleDeg: ArrayLike<number>;
  /** Out-of-sample forecasts by expert and interval, shares of strong power; NaN where none was made. */
  experts: readonly Float64Array[];
  /** What came, shares of strong power; NaN where unknown. */
  actual: Float64Array;
  /** 1 where an interval must not count. */
  excluded?: Uint8Array;
}

const WINDOW_DAYS = 120;
/** After so many days an error counts half. */
const HALF_LIFE_DAYS = 25;
const MOST_ROWS = 4000;
/** The start weights count like so many hours; the experts are alike, so that little goes far. */
const PRIOR_HOURS = 0.1;
const PARTS = 3;

/** Morning, noon or afternoon, by the sun. */
export function partOf(hourAngleDeg: number): number {
  return Math.min(PARTS - 1, Math.max(0, Math.floor(((hourAngleDeg + 105) / 210) * PARTS)));
}

export const startBlend = (): Blend => ({ parts: Array.from({ length: PARTS }, () => [...startWeights]) });

/** Moves the weights to where the experts' recent errors were smallest together. Looks at intervals below `known` only. */
export function blendBySkill(input: SkillInput, known: number): Blend {
  const { grid, hourAngleDeg, experts, actual, excluded } = input;
  const slots = slotsPerDay(grid);
  const first = Math.max(0, known - WINDOW_DAYS * slots);
  const rows: number[][] = Array.from({ length: PARTS }, () => []);
  const learned = experts[expertNames.length - 1];
  for (let index = first; index < known; index++) {
    const forecast = learned?.[index] ?? Number.NaN;
    const came = actual[index] ?? Number.NaN;
    if (Number.isNaN(forecast) || Number.isNaN(came) || excluded?.[index]) continue;
    rows[partOf(hourAngleDeg[index] ?? 0)]?.push(index);
  }
  const every = Math.max(1, rows.reduce((sum, part) => sum + part.length, 0) / MOST_ROWS);
  return { parts: rows.map((part) => weigh(input, every > 1 ? thin(part, every) : part, known, (24 / slots) * every)) };
}

function weigh({ experts, actual, grid }: SkillInput, rows: readonly number[], known: number, hours: number): number[] {
  const slots = slotsPerDay(grid);
  return fitNonnegative({
    columns: experts.map((expert) => Float64Array.from(rows, (index) => expert[index] ?? 0)),
    target: Float64Array.from(rows, (index) => actual[index] ?? 0),
    rowWeights: Float64Array.from(rows, (index) => hours * 0.5 ** ((known - index) / slots / HALF_LIFE_DAYS)),
    prior: startWeights,
    priorRows: PRIOR_HOURS,
    rounds: 8,
  });
}

function thin(rows: readonly number[], every: number): number[] {
  return Array.from({ length: Math.floor(rows.length / every) }, (_, at) => rows[Math.floor(at * every)] ?? 0);
}

/** The blended forecast of an interval, a share of strong power. */
export function blended(
  blend: Blend,
  experts: readonly ArrayLike<number>[],
  index: number,
  hourAngleDeg: number,
): number {
  const weights = blend.parts[partOf(hourAngleDeg)] ?? startWeights;
  let sum = 0;
  for (let k = 0; k < expertNames.length; k++) {
    const weight = weights[k] ?? 0;
    if (weight > 0) sum += weight * (experts[k]?.[index] ?? 0);
  }
  return sum;
}
