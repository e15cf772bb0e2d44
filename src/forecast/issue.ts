import type { ForecastReason } from './reasons.ts';

/** What is forecast of a source: what its panels give, or what the house behind it takes. */
export type ForecastQuantity = 'solar' | 'load';
export const forecastQuantities: readonly ForecastQuantity[] = ['solar', 'load'];

/** Quantiles that every forecast is kept with; those between follow from them (`quantileAt`). Ascending, the median among them. */
export const issueLevels = [0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98] as const;
const MEDIAN = issueLevels.indexOf(0.5);

/** Steps of equal length one after the other, the fine ones first. */
export interface IssueSteps {
  /** Start of the first step, ms UTC. */
  from: number;
  fineMs: number;
  fineCount: number;
  coarseMs: number;
  coarseCount: number;
}

/** The odds of a day's energy on the source's calendar. */
export interface DayOdds {
  /** `2026-03-29`. */
  date: string;
  /** The day, ms UTC, half-open. */
  from: number;
  to: number;
  /** The whole day, kWh, by `issueLevels`: what was measured when it was issued is in it. */
  kwh: number[];
  /** Measured by then, kWh; 0 for days to come. */
  soFarKwh: number;
}

/** A forecast as it was issued: never changed afterwards, so that it can be called back and judged. */
export interface ForecastIssue {
  /** ms UTC; nothing that was learned later is in it. */
  issuedAt: number;
  steps: IssueSteps;
  /** Mean power of each step by `issueLevels`, W. */
  quantilesW: Float32Array[];
  /** What physics alone expected, W; for consumption what is usual at that time. */
  referenceW: Float32Array;
  /** Weather is known of steps that begin before this moment; `steps.from` when of none. */
  weatherUntil: number;
  /** When that weather was learned, ms UTC; null without any. */
  weatherAt: number | null;
  /** Version of the model; null for physics and usual values alone. */
  model: string | null;
  /** True when it was worked out later, from what was known then. */
  isReplayed: boolean;
  days: DayOdds[];
  /** What moved the forecast of each whole hour from the one of the first step on, as far as it was worked out. */
  reasons: readonly (readonly ForecastReason[])[];
}

export const stepCount = (steps: IssueSteps): number => steps.fineCount + steps.coarseCount;

/** Start of a step, ms UTC. */
export function stepStart({ from, fineMs, fineCount, coarseMs }: IssueSteps, step: number): number {
  return step <= fineCount ? from + step * fineMs : from + fineCount * fineMs + (step - fineCount) * coarseMs;
}

export const stepLength = (steps: IssueSteps, step: number): number =>
  step < steps.fineCount ? steps.fineMs : steps.coarseMs;

/** The step that holds a moment; -1 when none does. */
export function stepAt(steps: IssueSteps, time: number): number {
  const { from, fineMs, fineCount, coarseMs, coarseCount } = steps;
  if (time < from) return -1;
  const fine = Math.floor((time - from) / fineMs);
  if (fine < fineCount) return fine;
  const coarse = Math.floor((time - from - fineCount * fineMs) / coarseMs);
  return coarse < coarseCount ? fineCount + coarse : -1;
}

/** End of the last step, ms UTC. */
export const stepsEnd = (steps: IssueSteps): number => stepStart(steps, stepCount(steps));

export const medianOf = (issue: ForecastIssue): Float32Array => issue.quantilesW[MEDIAN] as Float32Array;

/**
 * A quantile out of those at `issueLevels`: on straight lines between them, beyond the outermost on the line of the
 * outermost two over the logarithm of the odds, which is how the tails of errors run, nearly enough. Never below zero.
 */
export function quantileAt(level: number, valueAt: (place: number) => number): number {
  const last = issueLevels.length - 1;
  const above = issueLevels.findIndex((known) => known >= level - 1e-9);
  if (above > 0) {
    const [low, high] = [issueLevels[above - 1] as number, issueLevels[above] as number];
    const [from, to] = [valueAt(above - 1), valueAt(above)];
    return from + ((to - from) * (level - low)) / (high - low);
  }
  const [inner, outer] = above === 0 ? [1, 0] : [last - 1, last];
  if (Math.abs((issueLevels[outer] as number) - level) < 1e-9) return valueAt(outer);
  const share =
    (logit(level) - logit(issueLevels[outer] as number)) /
    (logit(issueLevels[outer] as number) - logit(issueLevels[inner] as number));
  return Math.max(0, valueAt(outer) + share * (valueAt(outer) - valueAt(inner)));
}

const logit = (level: number): number => Math.log(level / (1 - level));

/** A quantile of a day, kWh. */
export const dayQuantile = (day: DayOdds, level: number): number => quantileAt(level, (place) => day.kwh[place] ?? 0);
