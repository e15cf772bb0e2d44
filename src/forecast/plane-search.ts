import { linkeTurbidity } from '../core/solar/clear-sky.ts';
import type { SolarSite } from '../core/solar/place.ts';
import { type ClockFinding, withoutOffset } from './clock.ts';
import type { PvWeather } from './expected-power.ts';
import {
  type FitContext,
  fitLevels,
  type PlaneFit,
  type PlaneGuess,
  refinePlanes,
  robustWeights,
} from './plane-fit.ts';
import { type PlaneSample, planeSamples } from './plane-samples.ts';
import type { PowerDays } from './power-series.ts';

/** Clear days to be explained. */
export interface PlaneProblem {
  days: PowerDays;
  chosen: readonly number[];
  site: SolarSite;
  weather: ((from: number) => PvWeather | undefined) | undefined;
  /** Power at and above it is left out. */
  limitW: number;
}

/** Planes that explain them, under the clock and the haze with which they do. */
export interface FoundPlanes {
  fit: PlaneFit;
  weights: Float64Array;
  context: FitContext;
  clock: ClockFinding;
}

const MIN_DAYS = 5;
const MAX_SAMPLES = 600;

/** Undefined when too few days have samples. */
export function searchPlanes(problem: PlaneProblem, clock: ClockFinding): FoundPlanes | undefined {
  const found = searchClock(problem, clock);
  const stated = problem.weather !== undefined || problem.site.linkeTurbidity !== undefined;
  return found === undefined || stated ? found : withHaze(problem, found);
}

/**
 * Stamps count as shifted where first and last light leave no doubt and the days' own shape does not contradict, or where
 * the shape says so itself: a steep roof can hide a morning or an evening.
 */
function searchClock(problem: PlaneProblem, clock: ClockFinding): FoundPlanes | undefined {
  const right = searchUnder(problem, withoutOffset(clock));
  if (clock.aheadMin === 0) return right;
  const shifted = searchUnder(problem, clock);
  const isPlain = Math.abs(clock.aheadMin) > 4 * clock.sdMin;
  return shifted && right && shifted.fit.misfit < (isPlain ? 1.2 : 0.75) * right.fit.misfit ? shifted : right;
}

function searchUnder(problem: PlaneProblem, clock: ClockFinding): FoundPlanes | undefined {
  const context = contextOf(problem, problem.site, clock);
  return context && { ...bestPlanes(context), context, clock };
}

function contextOf(problem: PlaneProblem, site: SolarSite, clock: ClockFinding): FitContext | undefined {
  const { days, chosen, weather, limitW } = problem;
  const samples = thinned(planeSamples(days, chosen, { site, weather, aheadMin: clock.aheadMinAt, limitW }));
  const seen = new Set(samples.map((sample) => sample.day)).size;
  return seen < MIN_DAYS ? undefined : { site, samples, days: chosen.length };
}

/** Haze in multiples of the season's usual, and what a multiple costs: one of 1.5 or 1 / 1.5 as much as a misfit of 0.3 %. */
const hazes = [0.75, 1, 1.35, 1.8];
const hazeCost = (haze: number): number => (0.003 * Math.log(haze)) ** 2 / Math.log(1.5) ** 2;

/** The same planes refined under the haze that explains the days best: haze dulls mornings and evenings as tilt does. */
function withHaze(problem: PlaneProblem, found: FoundPlanes): FoundPlanes {
  const under = (haze: number): FoundPlanes | undefined => {
    const context = contextOf(problem, hazySite(problem.site, haze), found.clock);
    if (!context || context.samples.length !== found.context.samples.length) return undefined;
    return { ...found, context, fit: refinePlanes(context, found.fit.planes, found.weights, 2) };
  };
  const scored = hazes.flatMap((haze) => {
    const tried = under(haze);
    return tried ? [{ x: Math.log(haze), y: tried.fit.cost / tried.fit.total + hazeCost(haze) }] : [];
  });
  const best = under(Math.exp(lowestBetween(scored)));
  return best ? { ...best, ...settle(best.context, best.fit.planes) } : found;
}

function hazySite(site: SolarSite, haze: number): SolarSite {
  return { ...site, linkeTurbidity: Array.from({ length: 12 }, (_, month) => haze * linkeTurbidity(site, month)) };
}

/** Where the parabola through the lowest point and its neighbours is lowest; the end when that is an end. */
function lowestBetween(points: readonly { x: number; y: number }[]): number {
  const lowest = points.reduce((best, point, index) => (point.y < (points[best]?.y ?? 0) ? index : best), 0);
  const [a, b, c] = [points[lowest - 1], points[lowest], points[lowest + 1]];
  if (!a || !b || !c) return b?.x ?? 0;
  const left = (b.x - a.x) * (b.y - c.y);
  const right = (b.x - c.x) * (b.y - a.y);
  return left === right ? b.x : b.x - ((b.x - a.x) * left - (b.x - c.x) * right) / (2 * (left - right));
}

function thinned(samples: readonly PlaneSample[]): PlaneSample[] {
  const every = Math.max(1, Math.ceil(samples.length / MAX_SAMPLES));
  return samples.filter((_, index) => index % every === 0);
}

const ones = (context: FitContext): Float64Array => new Float64Array(context.samples.length).fill(1);

/** Below the first one plane is enough; beyond the second no planes will do. */
const ONE_PLANE_MISFIT = 0.04;
const NO_ROOF_MISFIT = 0.35;

/** The best single plane; the best two where they leave much less over. */
function bestPlanes(context: FitContext): { fit: PlaneFit; weights: Float64Array } {
  const single = settle(context, [coarse(context)]);
  const start = single.fit.planes[0];
  if (!start || single.fit.misfit < ONE_PLANE_MISFIT || single.fit.misfit > NO_ROOF_MISFIT) return single;
  const pairs = [60, 90].flatMap((apart) => [
    [
      { tiltDeg: 25, azimuthDeg: start.azimuthDeg - apart, share: 0.5 },
      { tiltDeg: 25, azimuthDeg: start.azimuthDeg + apart, share: 0.5 },
    ],
  ]);
  const tried = pairs.map((planes) => refinePlanes(context, planes, single.weights, 1, false));
  const double = settle(context, tried.reduce((a, b) => (b.cost < a.cost ? b : a)).planes);
  return double.fit.misfit < 0.6 * single.fit.misfit ? double : single;
}

/** Best of a grid of planes. */
function coarse(context: FitContext): PlaneGuess {
  const weights = ones(context);
  const planes = [5, 20, 35, 55, 80].flatMap((tiltDeg) =>
    Array.from({ length: tiltDeg < 10 ? 6 : 18 }, (_, index, count = tiltDeg < 10 ? 6 : 18) => ({
      tiltDeg,
      azimuthDeg: (index * 360) / count,
      share: 1,
    })),
  );
  const fits = planes.map((plane) => fitLevels(context, [plane], weights, false));
  return fits.reduce((a, b) => (b.cost < a.cost ? b : a)).planes[0] ?? { tiltDeg: 30, azimuthDeg: 180, share: 1 };
}

/** Refines, weighs the samples by how they fit, and refines again. */
function settle(context: FitContext, start: PlaneGuess[]): { fit: PlaneFit; weights: Float64Array } {
  let weights = ones(context);
  let fit = refinePlanes(context, start, weights, 2);
  for (let round = 0; round < 2; round++) {
    weights = robustWeights(context, fit);
    fit = refinePlanes(context, fit.planes, weights);
  }
  return { fit, weights };
}
