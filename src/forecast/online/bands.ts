import { type AdaptiveLevels, levelFor, startLevels } from './adaptive-levels.ts';
import { type ErrorScale, type ErrorSigns, type ErrorSpread, errorOf, errorSpreadOf } from './error-scale.ts';
import { type ErrorTable, tableAt, usualTable } from './error-table.ts';

/** Everything that turns a forecast into odds. */
export interface BandState {
  scale: ErrorScale;
  table: ErrorTable;
  levels: AdaptiveLevels;
  /** How large the last weeks' errors were over what the scale expected. */
  volatility: number;
  /** The most that the hardware gives, a share of strong power. */
  limit: number;
}

export const startBands = (limit: number): BandState => ({
  scale: { trees: null, mean: 0, meanAbove: 0 },
  table: usualTable(),
  levels: startLevels(),
  volatility: 1,
  limit,
});

/** A quantile of an interval's power, a share of strong power: never below zero, never above the hardware. */
export type Odds = (quantile: number) => number;

/**
 * The odds of one forecast: quantiles of past errors in the same regime, stretched to the size that its signs lead to
 * expect on each side (locally weighted conformal prediction: Lei et al., JASA 113, 2018). The median is the forecast itself.
 */
export function oddsOf(state: BandState, signs: ErrorSigns, spread = spreadOf(state, signs)): Odds {
  const within = (value: number): number => Math.min(state.limit, Math.max(0, value));
  return (quantile) => {
    if (quantile === 0.5) return within(signs.forecast);
    const ratio = tableAt(state.table, signs.regime, levelFor(state.levels, quantile));
    return within(signs.forecast + errorOf(quantile < 0.5 ? Math.min(0, ratio) : Math.max(0, ratio), spread));
  };
}

/** What to expect of the error of a forecast these weeks. */
export function spreadOf({ scale, volatility }: BandState, signs: ErrorSigns): ErrorSpread {
  const { size, above } = errorSpreadOf(scale, signs);
  return { size: volatility * size, above };
}
