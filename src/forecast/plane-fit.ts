import { patternSearch } from '../core/pattern-search.ts';
import type { SolarSite } from '../core/solar/place.ts';
import { pvwattsAcW } from '../core/solar/pvwatts.ts';
import { createArrayOutput } from './array-output.ts';
import { type PlaneSample, SHIFT_MIN } from './plane-samples.ts';

/** A roof of one plane, or of several with their shares of the peak power. */
export interface PlaneGuess {
  tiltDeg: number;
  azimuthDeg: number;
  /** Of the whole; 1 for a single plane. */
  share: number;
}

/** How well guessed planes explain the power. */
export interface PlaneFit {
  planes: PlaneGuess[];
  /** Rated power of all planes together that explains the days, W. */
  peakW: number;
  /** Day by day the same, for the days' spread. */
  dayPeaksW: number[];
  /** Minutes that the stamps seem to run ahead, within a quarter of an hour. */
  aheadMin: number;
  /** Root mean square of the residuals over the root mean square of the power. */
  misfit: number;
  /** What is left over with the prices of levels and clock, W2, of `total`, the sum of the squared power. */
  cost: number;
  total: number;
}

export interface FitContext {
  site: SolarSite;
  samples: readonly PlaneSample[];
  days: number;
}

/** Days differ in haze by some percent: how strongly a day's own level counts against the common one. */
const LEVEL_WEIGHT = 0.25;
/** Stamps are rarely off by more than this, minutes (standard deviation), in units of a misfit of 3 %. */
const CLOCK_SD_MIN = 8;
const CLOCK_MISFIT = 0.03;
const shifts = [-15, -10, -5, 0, 5, 10, 15];

/** Rated as the model rates: AC power of each sample for planes of 1 W together, for stamps early, right and late. */
function predictions(
  context: FitContext,
  planes: readonly PlaneGuess[],
  clocks: readonly number[] = [0, 1, 2],
): Float64Array[] {
  const outputs = planes.map(({ tiltDeg, azimuthDeg, share }) =>
    createArrayOutput({ tiltDeg, azimuthDeg, peakW: share }, { site: context.site }),
  );
  return clocks.map((clock) => {
    const powers = new Float64Array(context.samples.length);
    for (const [index, { lights, air }] of context.samples.entries()) {
      const light = lights[clock] ?? [];
      let sum = 0;
      for (const { moment, irradiance, sky } of light) {
        let dcW = 0;
        for (const output of outputs) dcW += output(moment, irradiance, air, sky).dcW;
        sum += pvwattsAcW(dcW, Math.max(1, dcW));
      }
      powers[index] = sum / Math.max(1, light.length);
    }
    return powers;
  });
}

/** What a shift of the clock by `minutes` makes of the three (Lagrange). */
function shifted([early, right, late]: readonly Float64Array[], minutes: number, into: Float64Array): Float64Array {
  const x = -minutes / SHIFT_MIN;
  const [a, b, c] = [(x * (x - 1)) / 2, 1 - x * x, (x * (x + 1)) / 2];
  for (let index = 0; index < into.length; index++) {
    into[index] = a * (early?.[index] ?? 0) + b * (right?.[index] ?? 0) + c * (late?.[index] ?? 0);
  }
  return into;
}

/**
 * Fits peak power and clock to guessed planes: each day may have its own level, at a price. With `clock` false the stamps are
 * taken as right, which is three times as fast.
 */
export function fitLevels(context: FitContext, planes: PlaneGuess[], weights: Float64Array, clock = true): PlaneFit {
  const clocks = predictions(context, planes, clock ? [0, 1, 2] : [1]);
  const model = new Float64Array(context.samples.length);
  const total = weightedSquare(context, weights);
  let best: PlaneFit | undefined;
  for (const aheadMin of clock ? shifts : [0]) {
    const levels = dayLevels(context, clock ? shifted(clocks, aheadMin, model) : (clocks[0] ?? model), weights);
    const clockCost = total * CLOCK_MISFIT ** 2 * (aheadMin / CLOCK_SD_MIN) ** 2;
    const cost = levels.cost + clockCost;
    if (best && cost >= best.cost) continue;
    const misfit = Math.sqrt(levels.shapeCost / total);
    best = { planes, peakW: levels.peakW, dayPeaksW: levels.dayPeaksW, aheadMin, misfit, cost, total };
  }
  if (!best) throw new Error('no clock was tried');
  return best;
}

function weightedSquare({ samples }: FitContext, weights: Float64Array): number {
  return samples.reduce((sum, { powerW }, index) => sum + (weights[index] ?? 0) * powerW ** 2, 0);
}

function dayLevels({ samples, days }: FitContext, model: Float64Array, weights: Float64Array) {
  const [cross, square, own] = [new Float64Array(days), new Float64Array(days), new Float64Array(days)];
  for (const [index, { day, powerW }] of samples.entries()) {
    const [m, w] = [model[index] ?? 0, weights[index] ?? 0];
    cross[day] = (cross[day] ?? 0) + w * m * powerW;
    square[day] = (square[day] ?? 0) + w * m * m;
    own[day] = (own[day] ?? 0) + w * powerW * powerW;
  }
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const peakW = sum(cross) / Math.max(1e-12, sum(square));
  const dayPeaksW = Array.from(cross, (value, day) => value / Math.max(1e-12, square[day] ?? 0));
  let [shapeCost, cost] = [0, 0];
  for (const [day, dayPeakW] of dayPeaksW.entries()) {
    const shape = Math.max(0, (own[day] ?? 0) - dayPeakW * (cross[day] ?? 0));
    shapeCost += shape;
    cost += shape + LEVEL_WEIGHT * (dayPeakW - peakW) ** 2 * (square[day] ?? 0);
  }
  return { peakW, dayPeaksW, shapeCost, cost };
}

/** Weights that let samples far from the fit count little, and those behind a tree not at all. */
export function robustWeights(context: FitContext, fit: PlaneFit): Float64Array {
  const model = shifted(predictions(context, fit.planes), fit.aheadMin, new Float64Array(context.samples.length));
  const tops = new Float64Array(context.days);
  for (const { day, powerW } of context.samples) tops[day] = Math.max(tops[day] ?? 0, powerW);
  return model.map((value, index) => {
    const sample = context.samples[index];
    const day = sample?.day ?? 0;
    const deviation =
      Math.abs((sample?.powerW ?? 0) - (fit.dayPeaksW[day] ?? 0) * value) / Math.max(1e-9, tops[day] ?? 0);
    return deviation > 0.2 ? 0 : Math.min(1, 0.04 / Math.max(1e-9, deviation));
  });
}

/** The planes that explain the samples best, near a guess. */
export function refinePlanes(
  context: FitContext,
  start: PlaneGuess[],
  weights: Float64Array,
  halvings = 4,
  clock = true,
): PlaneFit {
  const toPlanes = (at: readonly number[]): PlaneGuess[] =>
    start.map((plane, index) => ({
      tiltDeg: Math.min(90, Math.max(0, at[3 * index] ?? 0)),
      azimuthDeg: (((at[3 * index + 1] ?? 0) % 360) + 360) % 360,
      share: start.length === 1 ? 1 : Math.min(0.95, Math.max(0.05, at[3 * index + 2] ?? plane.share)),
    }));
  const normal = (planes: PlaneGuess[]): PlaneGuess[] => {
    const sum = planes.reduce((total, { share }) => total + share, 0);
    return planes.map((plane) => ({ ...plane, share: plane.share / sum }));
  };
  // The share of a single plane is no question.
  const asked = start.length === 1 ? 2 : 3 * start.length;
  const from = start.flatMap(({ tiltDeg, azimuthDeg, share }) => [tiltDeg, azimuthDeg, share]).slice(0, asked);
  const steps = start.flatMap(() => [6, 8, 0.1]).slice(0, asked);
  const cost = (at: readonly number[]): number => fitLevels(context, normal(toPlanes(at)), weights, clock).cost;
  const { at } = patternSearch(cost, from, steps, halvings);
  return fitLevels(context, normal(toPlanes(at)), weights, clock);
}
