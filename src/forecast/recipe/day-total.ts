import { type AdaptiveLevels, adapt, levelFor, startLevels } from '../online/adaptive-levels.ts';
import type { Odds } from '../online/bands.ts';
import { errorOf, ratioOf } from '../online/error-scale.ts';

/** An interval of a day as it was forecast. */
export interface DayPart {
  /** Time of the day that it lies in, from 0 up; the same for the same time of every day. */
  slot: number;
  forecastW: number;
  /** Expected size of the error, W. */
  sizeW: number;
  /** Share of it above the forecast; a half when left out. */
  aboveShare?: number;
  hours: number;
}

/** The same with what was told of its power. */
export interface ToldPart extends DayPart {
  odds: Odds;
}

export interface PastPart extends DayPart {
  actualW: number;
}

/**
 * How the errors of a day go together: whole days of errors over their expected size, as they came. A day's total is as sure
 * as these days say; its p10 is not the sum of its hours' p10s, because hours do not all go wrong the same way.
 */
export interface DayErrors {
  /** By day, the newest last: error over the size that was expected on its side, by slot, 0 where unknown. */
  days: number[][];
  levels: AdaptiveLevels;
}

const MOST_DAYS = 120;
const HALF_LIFE_DAYS = 40;
const FEWEST_DAYS = 5;
/** Before days are known, hours are taken to go wrong together this much. */
const USUAL_SHARE = 0.6;

/**
 * Odds of a day's energy, Wh: past days of errors put on the day's forecast one after the other (a block bootstrap of whole
 * days; Clark et al., J. Hydrometeorology 5, 2004, for why whole days keep what belongs together).
 */
export function dayTotalOdds(errors: DayErrors, parts: readonly DayPart[], limitW: number, knownWh = 0): Odds {
  const usualWh = parts.reduce((sum, part) => sum + part.forecastW * part.hours, knownWh);
  if (errors.days.length < FEWEST_DAYS) {
    const size = parts.reduce((sum, part) => sum + part.sizeW * part.hours, 0) * USUAL_SHARE;
    return (quantile) => Math.max(knownWh, usualWh + 3.2 * size * (quantile - 0.5));
  }
  const newest = errors.days.length - 1;
  const totals = errors.days.map((day, at) => ({
    wh: knownWh + totalWh(parts, day, limitW),
    weight: 0.5 ** ((newest - at) / HALF_LIFE_DAYS),
  }));
  totals.sort((a, b) => a.wh - b.wh);
  return (quantile) => weightedQuantile(totals, levelFor(errors.levels, quantile));
}

/** The same, no further from its middle than when all its hours go wrong together: more than that few days cannot have taught. */
export function energyOdds(errors: DayErrors, parts: readonly ToldPart[], limitW: number, knownWh = 0): Odds {
  const odds = dayTotalOdds(errors, parts, limitW, knownWh);
  const apart = (quantile: number): number =>
    parts.reduce((sum, part) => sum + part.hours * (part.odds(quantile) - part.odds(0.5)), 0);
  return (quantile) => {
    const [own, middle] = [odds(quantile), odds(0.5)];
    return quantile < 0.5 ? Math.max(own, middle + apart(quantile)) : Math.min(own, middle + apart(quantile));
  };
}

const spreadOf = ({ sizeW, aboveShare = 0.5 }: DayPart) => ({ size: sizeW, above: aboveShare });

function totalWh(parts: readonly DayPart[], day: readonly number[], limitW: number): number {
  let sum = 0;
  for (const part of parts) {
    const errorW = errorOf(day[part.slot] ?? 0, spreadOf(part));
    sum += part.hours * Math.min(limitW, Math.max(0, part.forecastW + errorW));
  }
  return sum;
}

/**
 * Quantile on straight lines between the days. One more day is as likely to fall into any gap between those that are known, and
 * beyond the outermost, so day i of n stands at i / (n + 1) (type 6 of Hyndman and Fan, The American Statistician 50, 1996; what
 * conformal prediction takes): at (i - 1/2) / n few days would promise more than they can know. n: as many even weights as say as much.
 */
function weightedQuantile(sorted: readonly { wh: number; weight: number }[], level: number): number {
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const count = total ** 2 / sorted.reduce((sum, { weight }) => sum + weight ** 2, 0);
  let passed = 0;
  let before = { at: 0, wh: sorted[0]?.wh ?? 0 };
  for (const { wh, weight } of sorted) {
    const at = (((passed + weight / 2) / total) * count + 0.5) / (count + 1);
    if (at >= level) {
      const width = at - before.at;
      return width > 0 ? before.wh + ((wh - before.wh) * (level - before.at)) / width : wh;
    }
    passed += weight;
    before = { at, wh };
  }
  return before.wh;
}

/** Learns from past days, oldest first; the levels follow how the odds of each day, made from the days before it, did. */
export function learnDayErrors(past: readonly (readonly PastPart[])[], limitW: number): DayErrors {
  let errors: DayErrors = { days: [], levels: startLevels() };
  for (const parts of past) {
    if (errors.days.length >= 2 * FEWEST_DAYS) {
      const odds = dayTotalOdds(errors, parts, limitW);
      const actualWh = parts.reduce((sum, part) => sum + part.actualW * part.hours, 0);
      const levels = adapt(errors.levels, {
        below: actualWh < odds(0.1) ? 1 : 0,
        above: actualWh > odds(0.9) ? 1 : 0,
      });
      errors = { ...errors, levels };
    }
    errors = { ...errors, days: [...errors.days, ratios(parts)].slice(-MOST_DAYS) };
  }
  return errors;
}

function ratios(parts: readonly PastPart[]): number[] {
  const day = new Array<number>(Math.max(0, ...parts.map(({ slot }) => slot + 1))).fill(0);
  for (const part of parts) {
    if (part.sizeW > 0) day[part.slot] = Number(ratioOf(part.actualW - part.forecastW, spreadOf(part)).toFixed(3));
  }
  return day;
}
