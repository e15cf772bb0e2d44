import { fitNonnegative } from '../../core/nonnegative-fit.ts';
import { recency } from './blend.ts';

/** What the last hours say of an interval that is to come, by several simple rules. */
export interface Guides {
  names: readonly string[];
  /**
   * W, in the order of `names`; NaN where a rule has nothing to say. `known`: intervals with a smaller number are over, of
   * others no power is looked at.
   */
  at(index: number, known: number): readonly number[];
}

/** How far a forecast follows each guide, by lead. */
export interface Nowcast {
  /** For each of `knotsH` the weight of each guide; none where the last hours are not followed. */
  weights: number[][];
}

/** A forecast of the past that had not seen what came, and what the hours before it was made said. */
export interface NowcastRow {
  leadH: number;
  forecastW: number;
  actualW: number;
  guides: readonly number[];
  ageDays: number;
}

/** From this lead on the last hours say nothing any more. */
export const REACH_H = 6;
/** So many of the last hours are looked at. */
export const LOOK_BACK_H = 3;
/** Leads at which weights are learned, hours; straight lines between, and to nothing at the end of the reach. */
const knotsH: readonly number[] = [0, 1, 3];
const PRIOR_ROWS = 20;
const HALF_LIFE_DAYS = 60;
/** Weights are tried on blocks of so many days that they were not fitted to. */
const BLOCK_DAYS = 10;
/** How much trust weights lose that have been worse than none by a share, and the rows of errors at which it is half of that: see `trust.ts`. */
const [RATE, SURE_ROWS] = [50, 120];

export const noNowcast: Nowcast = { weights: [] };

/** What to add to a forecast for an interval `leadH` ahead, W. */
export function nowcastCorrection(
  { weights }: Nowcast,
  leadH: number,
  forecastW: number,
  guides: readonly number[],
): number {
  if (!(leadH < REACH_H)) return 0;
  let sum = 0;
  weights.forEach((own, knot) => {
    const near = nearness(knot, leadH);
    if (near > 0) sum += near * pull(own, forecastW, guides);
  });
  return sum;
}

/** A forecast for an interval that is `leadH` ahead, as far as it follows the last hours before `known` (see `Guides`), W. */
export function withNowcast(
  nowcast: Nowcast,
  { guides, limitW }: { guides: Guides; limitW: number },
  { index, known, leadH, blendW }: { index: number; known: number; leadH: number; blendW: number },
): number {
  const addedW = leadH < REACH_H ? nowcastCorrection(nowcast, leadH, blendW, guides.at(index, known)) : 0;
  return Math.min(limitW, Math.max(0, blendW + addedW));
}

/**
 * Learns it from rows: the smallest absolute error, tried on days that the weights were not fitted to. Where that was not
 * better than the forecast by itself they are hardly followed: the last hours must not make a forecast worse.
 */
export function learnNowcast(rows: readonly NowcastRow[], guides: number): Nowcast {
  const used = rows.filter(({ leadH }) => leadH < REACH_H);
  const tried = [0, 1].map((part) =>
    fit(
      used.filter((row) => partOf(row) !== part),
      guides,
    ),
  );
  const tests = used.map((row) => {
    const { leadH, forecastW, actualW, ageDays } = row;
    const correctedW = forecastW + nowcastCorrection(tried[partOf(row)] ?? noNowcast, leadH, forecastW, row.guides);
    const [own, alone] = [Math.abs(actualW - correctedW), Math.abs(actualW - forecastW)];
    return { leadH, weight: recency(ageDays), own, alone };
  });
  const { weights } = fit(used, guides);
  return {
    weights: weights.map((own, knot) => {
      const trust = trustAt(knot, tests);
      return own.map((weight) => trust * weight);
    }),
  };
}

const partOf = ({ ageDays }: NowcastRow): number => Math.floor(ageDays / BLOCK_DAYS) % 2;

function fit(rows: readonly NowcastRow[], guides: number): Nowcast {
  const columns = knotsH.flatMap((_, knot) =>
    Array.from({ length: guides }, (_, k) =>
      Float64Array.from(rows, (row) => nearness(knot, row.leadH) * pullOf(row.guides[k], row.forecastW)),
    ),
  );
  const fitted = fitNonnegative({
    columns,
    target: Float64Array.from(rows, ({ actualW, forecastW }) => actualW - forecastW),
    rowWeights: Float64Array.from(rows, ({ ageDays }) => 0.5 ** (ageDays / HALF_LIFE_DAYS)),
    priorRows: PRIOR_ROWS,
  });
  return { weights: knotsH.map((_, knot) => fitted.slice(knot * guides, (knot + 1) * guides)) };
}

interface Tried {
  leadH: number;
  weight: number;
  own: number;
  alone: number;
}

/** Trust in the weights of a knot beside none at all, 0 to 1. */
function trustAt(knot: number, tests: readonly Tried[]): number {
  let [own, alone, rows] = [0, 0, 0];
  for (const test of tests) {
    const weight = test.weight * nearness(knot, test.leadH);
    own += weight * test.own;
    alone += weight * test.alone;
    rows += weight;
  }
  const best = Math.min(own, alone);
  if (!(best > 0)) return 0;
  const rate = (RATE * rows) / (rows + SURE_ROWS);
  return 1 / (1 + Math.exp((rate * (own - alone)) / best));
}

/** How near a lead is to a knot, 0 to 1. */
function nearness(knot: number, leadH: number): number {
  const [before, own, after] = [knotsH[knot - 1] ?? 0, knotsH[knot] ?? 0, knotsH[knot + 1] ?? REACH_H];
  if (leadH === own) return 1;
  return Math.max(0, leadH < own ? (leadH - before) / (own - before) : (after - leadH) / (after - own));
}

function pull(weights: readonly number[], forecastW: number, guides: readonly number[]): number {
  return weights.reduce((sum, weight, k) => sum + weight * pullOf(guides[k], forecastW), 0);
}

const pullOf = (guide: number | undefined, forecastW: number): number =>
  guide === undefined || Number.isNaN(guide) ? 0 : guide - forecastW;
