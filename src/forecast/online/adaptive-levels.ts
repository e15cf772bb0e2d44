/**
 * Adaptive conformal inference (Gibbs and Candes, NeurIPS 2021), each side by itself: the level at which the table is read
 * moves after every day, so that in the long run a tenth lies below p10 and a tenth above p90, whatever drifts.
 */
export interface AdaptiveLevels {
  /** Level that stands for 10 % and, from above, for 90 %. */
  low: number;
  high: number;
  /** How many days they have followed. */
  days?: number;
}

const TAIL = 0.1;
const RATE = 0.06;
/** At first the levels are anybody's, and move so many times faster more (steps that grow smaller: Angelopoulos, Barber and Bates, ICML 2024). */
const EARLY = 3;
const EARLY_DAYS = 25;
/** Forecasts of the past, made by models that were shown the days around, prove the levels no further than so many days of real ones. */
const REPLAYED_DAYS = 15;
/** How much of what a side moves by is what both missed together: a day's misses are few, and larger errors miss on both. */
const POOLED = 0.7;
const BOUNDS = { least: 0.0025, most: 0.45 };

export const startLevels = (): AdaptiveLevels => ({ low: TAIL, high: TAIL });

/** After a day of which the shares `below` p10 and `above` p90 are known. */
export function adapt(levels: AdaptiveLevels, day: { below: number; above: number }): AdaptiveLevels {
  const days = levels.days ?? 0;
  const rate = RATE * (1 + EARLY * 0.5 ** (days / EARLY_DAYS));
  const moved = (level: number, missed: number): number =>
    Math.min(BOUNDS.most, Math.max(BOUNDS.least, level + rate * (TAIL - missed)));
  return { low: moved(levels.low, day.below), high: moved(levels.high, day.above), days: days + 1 };
}

/** A day's misses for `adapt` as each side is to take them: largely the mean of both. */
export function pooled({ below, above }: { below: number; above: number }): { below: number; above: number } {
  const mean = (below + above) / 2;
  const own = (missed: number): number => (1 - POOLED) * missed + POOLED * mean;
  return { below: own(below), above: own(above) };
}

/** After levels followed a replay of the past: what is issued from now on moves them faster again for a while. */
export function afterReplay(levels: AdaptiveLevels): AdaptiveLevels {
  return { ...levels, days: Math.min(levels.days ?? 0, REPLAYED_DAYS) };
}

/** The level to read a table at for a quantile: straight lines through 0, the levels of 10, 50 and 90 %, and 1. */
export function levelFor(levels: AdaptiveLevels, quantile: number): number {
  const line = (from: number, to: number, at: number, end: number): number =>
    at + ((end - at) * (quantile - from)) / (to - from);
  if (quantile <= TAIL) return line(0, TAIL, 0, levels.low);
  if (quantile <= 0.5) return line(TAIL, 0.5, levels.low, 0.5);
  if (quantile <= 1 - TAIL) return line(0.5, 1 - TAIL, 0.5, 1 - levels.high);
  return line(1 - TAIL, 1, 1 - levels.high, 1);
}
