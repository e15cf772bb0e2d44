import { ok, type Result, refuse } from '../core/result.ts';
import { halfTurn } from '../core/solar/angles.ts';
import type { SolarSite } from '../core/solar/place.ts';
import { median } from '../core/stats.ts';
import { brightDays, clearDays } from './clear-days.ts';
import { type Clipping, detectClipping } from './clipping.ts';
import { type ClockFinding, findClock } from './clock.ts';
import type { PvWeather } from './expected-power.ts';
import { type PlaneFit, refinePlanes } from './plane-fit.ts';
import { type FoundPlanes, type PlaneProblem, searchPlanes } from './plane-search.ts';
import { type PowerSeries, powerDays } from './power-series.ts';
import type { PvArray } from './pv-system.ts';

/** A value with the range in which it lies with about 80 % odds. */
export interface Ranged {
  value: number;
  low: number;
  high: number;
}

export interface ArrayEstimate {
  /** One array, or two where one plane explains the days badly. `peakW` counts with the model's usual losses. */
  arrays: PvArray[];
  /** Of the first array, which has most of the power. */
  tiltDeg: Ranged;
  azimuthDeg: Ranged;
  /** Rated power of all arrays together that explains the production, W. */
  peakW: Ranged;
  /** 0..1: near 1 the figures can be taken, below a half they are a hint. */
  confidence: number;
  /** Root mean square of what the fit leaves over, relative to the power of the days used. */
  misfit: number;
  basis: 'clear days' | 'weather';
  /** Days that were used. */
  days: number;
  clipping?: Clipping;
  clock: ClockFinding;
  /** The site with the haze that fits the clear days, where it stated none. */
  site: SolarSite;
}

export interface EstimateOptions {
  /** Weather of the interval that begins at a moment; undefined when nothing is known of it. */
  weather?: (from: number) => PvWeather | undefined;
}

const MIN_DAYS = 5;
const MAX_DAYS = 30;
/** Beyond it the days are not those of one or two planes. */
const MAX_MISFIT = 0.2;

/**
 * Estimates a source's tilt, azimuth and peak power from its power history: the clear days (found by their smoothness and
 * energy; with weather given bright ones will do) are explained by a plane under the clear sky, or that weather, by least squares over a grid and then
 * around its best point. Haze is fitted with it unless the site states its own; morning and evening shade is left out as
 * it shows. Refuses when the history does not suffice. Takes about a second: not for the main loop.
 */
export function estimateArrays(
  series: PowerSeries,
  site: SolarSite,
  options: EstimateOptions = {},
): Result<ArrayEstimate> {
  const clipping = detectClipping(series);
  const days = powerDays(series);
  const clear = clearDays(days, MAX_DAYS);
  const chosen = options.weather && clear.length < MAX_DAYS / 2 ? brightDays(days, MAX_DAYS) : clear;
  if (chosen.length < MIN_DAYS) {
    return refuse('unavailable', `Only ${chosen.length} clear days are in the history; ${MIN_DAYS} are needed.`, {
      hint: 'Wait for clear days, or enter tilt and azimuth by hand.',
    });
  }
  const limitW = clipping ? 0.97 * clipping.limitW : Number.POSITIVE_INFINITY;
  const problem: PlaneProblem = { days, chosen, site, weather: options.weather, limitW };
  const found = searchPlanes(problem, findClock(series, site));
  if (!found) {
    return refuse('unavailable', `Weather is known for too few of the clear days; ${MIN_DAYS} are needed.`);
  }
  if (!(found.fit.misfit < MAX_MISFIT)) {
    return refuse('unavailable', 'The clear days do not look like those of one or two roofs.', {
      hint: 'The place or the times of the readings may be wrong, or something shades the panels for much of the day.',
    });
  }
  const spread = jackknife(found);
  return ok(described(found, spread, { basis: options.weather ? 'weather' : 'clear days', clipping }));
}

interface Spread {
  tiltDeg: number;
  azimuthDeg: number;
  peakShare: number;
}

const GROUPS = 6;
/** What clear days cannot tell however many there are: haze, albedo, the glass; standard deviations. */
const FLOOR = { tiltDeg: 3.5, azimuthDeg: 2.5, peakShare: 0.05 };

/** Standard deviations from leaving out a sixth of the days in turn (Quenouille, 1956), never below what models leave open. */
function jackknife({ context, fit, weights }: FoundPlanes): Spread {
  const parts = Array.from({ length: GROUPS }, (_, group) => {
    const kept = weights.map((weight, index) => {
      const day = context.samples[index]?.day ?? 0;
      return Math.floor((day * GROUPS) / context.days) === group ? 0 : weight;
    });
    return refinePlanes(context, fit.planes, kept, 3);
  });
  const first = fit.planes[0] ?? { tiltDeg: 0, azimuthDeg: 0 };
  const spread = (deviation: (part: PlaneFit) => number): number =>
    Math.sqrt(((GROUPS - 1) / GROUPS) * parts.reduce((sum, part) => sum + deviation(part) ** 2, 0));
  const flat = Math.max(0.08, Math.sin((first.tiltDeg * Math.PI) / 180));
  return {
    tiltDeg: Math.hypot(
      FLOOR.tiltDeg,
      spread((part) => (part.planes[0]?.tiltDeg ?? 0) - first.tiltDeg),
    ),
    azimuthDeg: Math.hypot(
      FLOOR.azimuthDeg / flat,
      spread((part) => halfTurn((part.planes[0]?.azimuthDeg ?? 0) - first.azimuthDeg)),
    ),
    peakShare: Math.hypot(
      FLOOR.peakShare,
      spread((part) => part.peakW / fit.peakW - 1),
    ),
  };
}

/** Standard deviations on either side that hold about 80 %. */
const WIDTH = 1.28;

function described(
  { fit, context, clock }: FoundPlanes,
  spread: Spread,
  about: { basis: ArrayEstimate['basis']; clipping: Clipping | undefined },
): ArrayEstimate {
  const planes = [...fit.planes].sort((a, b) => b.share - a.share);
  const first = planes[0] ?? { tiltDeg: 0, azimuthDeg: 0, share: 1 };
  const peakW = about.basis === 'weather' ? fit.peakW : median(fit.dayPeaksW.filter((peak) => peak > 0));
  const around = (value: number, sd: number): Ranged => ({ value, low: value - WIDTH * sd, high: value + WIDTH * sd });
  const sure = (sd: number, half: number): number => 1 / (1 + (sd / half) ** 2);
  return {
    arrays: planes.map(({ tiltDeg, azimuthDeg, share }) => ({ tiltDeg, azimuthDeg, peakW: share * peakW })),
    tiltDeg: { ...around(first.tiltDeg, spread.tiltDeg), low: Math.max(0, first.tiltDeg - WIDTH * spread.tiltDeg) },
    azimuthDeg: around(first.azimuthDeg, Math.min(140, spread.azimuthDeg)),
    peakW: around(peakW, peakW * spread.peakShare),
    confidence:
      sure(spread.tiltDeg, 10) *
      sure(spread.azimuthDeg * Math.sin((first.tiltDeg * Math.PI) / 180), 15) *
      sure(fit.misfit, 0.15),
    misfit: fit.misfit,
    basis: about.basis,
    days: context.days,
    ...(about.clipping ? { clipping: about.clipping } : {}),
    clock,
    site: context.site,
  };
}
