import { fitNonnegative } from '../core/nonnegative-fit.ts';
import { type IntervalGrid, slotsPerHour } from './interval-grid.ts';

/** How much of the last hours' error the next hours still have, by lead. */
export interface Intraday {
  /** Share that is carried on, 0..1, for each of `leadsH`. */
  shares: number[];
}

export interface IntradayInput {
  grid: IntervalGrid;
  /** Forecast that was made without the last hours, and what came; NaN where unknown. */
  forecastW: ArrayLike<number>;
  actualW: ArrayLike<number>;
  /** What an error grows and shrinks with over the day: the clear sky for production. */
  carrierW: ArrayLike<number>;
  /** Hours between an interval's forecast and the interval; NaN where unknown. */
  leadH: ArrayLike<number>;
  scaleW: number;
}

/** Ends of the leads that share a weight, hours. */
export const leadsH: readonly number[] = [1, 2, 3, 4, 6, 9, 12];
/** So many of the last hours are looked at. */
export const LOOK_BACK_H = 3;
const MIN_CARRIER = 0.05;
const MOST_ANCHORS = 3000;
const PRIOR_ROWS = 30;

export const noIntraday: Intraday = { shares: leadsH.map(() => 0) };

/** Error of the lit intervals of the last three hours before `known`, over the carrier; NaN when there are none. */
export function recentError(input: Omit<IntradayInput, 'leadH'>, known: number): number {
  const { grid, forecastW, actualW, carrierW, scaleW } = input;
  let [error, carrier] = [0, 0];
  for (let index = Math.max(0, known - LOOK_BACK_H * slotsPerHour(grid)); index < known; index++) {
    const off = (actualW[index] ?? Number.NaN) - (forecastW[index] ?? Number.NaN);
    const weight = carrierW[index] ?? 0;
    if (Number.isNaN(off) || weight < MIN_CARRIER * scaleW) continue;
    error += off;
    carrier += weight;
  }
  return carrier > 0 ? error / carrier : Number.NaN;
}

/** What to add to the forecast of an interval that begins `leadInHours` after the last hours, W. */
export function intradayCorrection(intraday: Intraday, recent: number, leadInHours: number, carrierW: number): number {
  const bucket = leadsH.findIndex((end) => leadInHours < end);
  const share = intraday.shares[bucket] ?? 0;
  return Number.isNaN(recent) ? 0 : share * recent * carrierW;
}

/**
 * Learns how errors carry on, from forecasts of intervals after each anchor (a moment, as the number of intervals that were
 * over) that were made at it or before: the smallest absolute error of share times recent error times carrier.
 */
export function learnIntraday(input: IntradayInput, anchors: readonly number[]): Intraday {
  const { grid, forecastW, actualW, carrierW, leadH, scaleW } = input;
  const hour = slotsPerHour(grid);
  const pairs = leadsH.map(() => ({ carried: [] as number[], error: [] as number[] }));
  const every = Math.max(1, anchors.length / MOST_ANCHORS);
  for (let at = 0; at < anchors.length; at += every) {
    const known = anchors[Math.floor(at)] ?? 0;
    const recent = recentError(input, known);
    if (Number.isNaN(recent)) continue;
    const end = Math.min(grid.count, known + (leadsH.at(-1) ?? 0) * hour);
    for (let index = known; index < end; index++) {
      const lead = (index - known) / hour;
      const error = (actualW[index] ?? Number.NaN) - (forecastW[index] ?? Number.NaN);
      const carrier = carrierW[index] ?? 0;
      if (Number.isNaN(error) || carrier < MIN_CARRIER * scaleW || !((leadH[index] ?? 0) >= lead - 1e-6)) continue;
      const bucket = pairs[leadsH.findIndex((edge) => lead < edge)];
      bucket?.carried.push(recent * carrier);
      bucket?.error.push(error);
    }
  }
  return { shares: pairs.map(({ carried, error }) => shareOf(carried, error)) };
}

/**
 * The same from forecasts that were each made when the last hours before it were known already, as those are that are issued
 * at any time of the day.
 */
export function learnIntradayAsIssued(input: IntradayInput, indices: ArrayLike<number>): Intraday {
  const { grid, forecastW, actualW, carrierW, leadH, scaleW } = input;
  const hour = slotsPerHour(grid);
  const pairs = leadsH.map(() => ({ carried: [] as number[], error: [] as number[] }));
  const seen = new Map<number, number>();
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at] ?? 0;
    const lead = leadH[index] ?? Number.NaN;
    const error = (actualW[index] ?? Number.NaN) - (forecastW[index] ?? Number.NaN);
    const carrier = carrierW[index] ?? 0;
    if (Number.isNaN(lead + error) || carrier < MIN_CARRIER * scaleW) continue;
    const known = index - Math.round(lead * hour);
    const recent = seen.get(known) ?? recentError(input, known);
    seen.set(known, recent);
    const bucket = pairs[leadsH.findIndex((edge) => lead < edge)];
    if (Number.isNaN(recent)) continue;
    bucket?.carried.push(recent * carrier);
    bucket?.error.push(error);
  }
  return { shares: pairs.map(({ carried, error }) => shareOf(carried, error)) };
}

/** A slope through zero, never negative: the weight of what is carried, both turned to the side where it is positive. */
function shareOf(carried: readonly number[], error: readonly number[]): number {
  const sides = carried.map((value) => (value < 0 ? -1 : 1));
  const column = carried.map((value, row) => value * (sides[row] ?? 1));
  const target = error.map((value, row) => value * (sides[row] ?? 1));
  const [share = 0] = fitNonnegative({ columns: [column], target, prior: [0], priorRows: PRIOR_ROWS });
  return Math.min(1, share);
}
