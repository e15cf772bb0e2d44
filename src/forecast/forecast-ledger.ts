/**
 * What was forecast for each interval by models that had not seen it, W; NaN where nothing was. From it skill is measured,
 * weights are moved and odds are made.
 */
export interface ForecastLedger {
  /** By expert. */
  experts: Float64Array[];
  /** The blend that was issued. */
  forecastW: Float64Array;
  /** Expected size of its error before volatility, W. */
  sizeW: Float64Array;
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
    forecastW: unknown(),
    sizeW: unknown(),
    regime: new Uint8Array(count),
    lowW: unknown(),
    highW: unknown(),
  };
}

export const isKnown = (series: ArrayLike<number>, index: number): boolean =>
  !Number.isNaN(series[index] ?? Number.NaN);
