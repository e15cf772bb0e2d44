/**
 * What was forecast for each interval by models that had not seen it, W; NaN where nothing was. From it skill is measured,
 * weights are moved and odds are made.
 */
export interface ForecastLedger {
  /** By expert. */
  experts: Float64Array[];
  /** What the experts said together by weights that were fitted alone. */
  fittedW: Float64Array;
  /** The blend before the last hours corrected it. */
  blendW: Float64Array;
  /** What was issued. */
  forecastW: Float64Array;
  /** Hours between the making of a forecast and its interval. */
  leadH: Float64Array;
  /** Expected size of its error before volatility, W. */
  sizeW: Float64Array;
  /** Share of it above the forecast; a half while unknown. */
  aboveShare: Float64Array;
  /** Regime of its error. */
  regime: Uint8Array;
  /** p10 and p90 as they were issued, W. */
  lowW: Float64Array;
  highW: Float64Array;
}

export function createLedger(count: number, experts: number): ForecastLedger {
  const unknown = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  return {
    experts: Array.from({ length: experts }, unknown),
    fittedW: unknown(),
    blendW: unknown(),
    forecastW: unknown(),
    leadH: unknown(),
    sizeW: unknown(),
    aboveShare: new Float64Array(count).fill(0.5),
    regime: new Uint8Array(count),
    lowW: unknown(),
    highW: unknown(),
  };
}

export const isKnown = (series: ArrayLike<number>, index: number): boolean =>
  !Number.isNaN(series[index] ?? Number.NaN);
