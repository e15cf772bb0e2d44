import { issueLevels } from '../issue.ts';
import type { ProductionView } from '../production-model.ts';
import type { PreparedProduction } from './production-data.ts';

/**
 * The odds without weather: how bright the site's own last weeks were, as power over the clear sky's, apart for low and high
 * sun and for morning and afternoon. Any coming day may be like any of them, so the bands are as wide as the weeks were mixed.
 */
export interface ClearnessOdds {
  /** Quantiles of power over the clear sky's by `issueLevels`, for each class of `classAt`. */
  classes: (readonly number[])[];
}

const CLASSES = 4;
const PAST_DAYS = 60;
/** After so many days a day counts half: weather comes in spells. */
const HALF_LIFE_DAYS = 12;
const LIT_SHARE = 0.04;
const MOST_RATIO = 1.5;
/** The usual clearness counts like so many days: hours of one day are no witnesses of their own. */
const USUAL_DAYS = 4;
/** Where nothing is known of a site: a mixed climate, by `issueLevels`. */
const usual: readonly number[] = [0.06, 0.1, 0.16, 0.36, 0.66, 0.88, 0.97, 1.01, 1.05];

/** Reads it from the intervals below `known`. */
export function clearnessOdds(
  { data, excluded }: PreparedProduction,
  view: ProductionView,
  scaleW: number,
  known: number,
): ClearnessOdds {
  const { grid, powerW } = data;
  const slots = Math.round(86_400_000 / grid.stepMs);
  const samples: { ratio: number; weight: number }[][] = Array.from({ length: CLASSES }, () => []);
  for (let index = Math.max(0, known - PAST_DAYS * slots); index < known; index++) {
    const clear = view.clearW[index] ?? 0;
    const power = powerW[index] ?? Number.NaN;
    if (!(power >= 0) || clear < LIT_SHARE * scaleW || excluded[index]) continue;
    const age = (known - index) / slots;
    samples[classAt(view, index)]?.push({
      ratio: Math.min(MOST_RATIO, power / clear),
      weight: 0.5 ** (age / HALF_LIFE_DAYS) / slots,
    });
  }
  return { classes: samples.map(quantiles) };
}

/** The class of an interval: low or high sun, before or after noon. */
export function classAt({ light }: ProductionView, index: number): number {
  return ((light.elevationDeg[index] ?? 0) < 15 ? 0 : 2) + ((light.hourAngleDeg[index] ?? 0) < 0 ? 0 : 1);
}

/** Weighted quantiles, drawn to the usual ones where little was seen. */
function quantiles(samples: { ratio: number; weight: number }[]): readonly number[] {
  const sorted = samples.sort((a, b) => a.ratio - b.ratio);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return usual;
  // A class is lit for a fifth of the day or so.
  const trust = total / (total + USUAL_DAYS / 5);
  let [passed, at] = [0, 0];
  return issueLevels.map((level, place) => {
    while (at < sorted.length - 1 && passed + (sorted[at]?.weight ?? 0) < level * total)
      passed += sorted[at++]?.weight ?? 0;
    return trust * (sorted[at]?.ratio ?? 0) + (1 - trust) * (usual[place] ?? 0);
  });
}
