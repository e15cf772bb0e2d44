import { evidenceHours, slotsPerDay } from '../interval-grid.ts';
import { type Blend, recency, SKILL_WINDOW_DAYS, type SkillInput } from './blend.ts';

export interface TrustInput extends Pick<SkillInput, 'grid' | 'experts' | 'actual' | 'excluded'> {
  /** What the experts together said by weights that were fitted; NaN where nothing. */
  fitted: Float64Array;
}

/** More intervals than this are thinned out evenly. */
const MOST_ROWS = 8000;
/** How much trust a forecast loses that has been worse than the best by a share: by 2 %, two thirds. */
const RATE = 50;
/** With so many hours of errors the rate is half of what it can be. */
const SURE_HOURS = 120;
/** Trust in the fitted weights before anything is known; the experts share the rest. */
const FITTED_SHARE = 0.4;

/**
 * Weights that are fitted to a few weeks of errors lose to a single expert where there is little to be learned. So they are one
 * forecast among the experts, and each has as much trust as its recent mean absolute error earns (exponential weights: Cesa-Bianchi
 * and Lugosi, Prediction, Learning, and Games, 2006, section 2.2). Looks at intervals below `known` only.
 */
export function trustBySkill(input: TrustInput, weights: Blend, known: number): Blend {
  const [trusted = 1, ...shares] = trustIn(input, known);
  return { parts: weights.parts.map((part) => part.map((weight, k) => trusted * weight + (shares[k] ?? 0))) };
}

/** Trust in the fitted weights, and in each expert; 1 in all. */
function trustIn(input: TrustInput, known: number): number[] {
  const { experts, fitted } = input;
  const { losses, hours } = recentLosses(input, [fitted, ...experts], known);
  const best = Math.min(...losses);
  if (!(best > 0)) return [1];
  const rate = (RATE * hours) / (hours + SURE_HOURS);
  const trusts = losses.map(
    (loss, at) => (at === 0 ? FITTED_SHARE : (1 - FITTED_SHARE) / experts.length) * Math.exp(-rate * (loss / best - 1)),
  );
  const total = trusts.reduce((sum, trust) => sum + trust, 0);
  return trusts.map((trust) => trust / total);
}

/** Sums of absolute errors, newer ones counting more, and the hours that they stand for. */
function recentLosses(
  { grid, actual, excluded, fitted }: TrustInput,
  forecasts: readonly Float64Array[],
  known: number,
): { losses: number[]; hours: number } {
  const slots = slotsPerDay(grid);
  const first = Math.max(0, known - SKILL_WINDOW_DAYS * slots);
  const every = Math.max(1, Math.ceil((known - first) / MOST_ROWS));
  const losses = forecasts.map(() => 0);
  let hours = 0;
  for (let index = first; index < known; index += every) {
    const came = actual[index] ?? Number.NaN;
    if (Number.isNaN(came) || Number.isNaN(fitted[index] ?? Number.NaN) || excluded?.[index]) continue;
    const weight = evidenceHours(grid) * every * recency((known - index) / slots);
    hours += weight;
    for (let k = 0; k < losses.length; k++)
      losses[k] = (losses[k] ?? 0) + weight * Math.abs(came - (forecasts[k]?.[index] ?? 0));
  }
  return { losses, hours };
}
