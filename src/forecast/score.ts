/** How good forecasts were: errors in W over all intervals, coverage and width of p10 to p90 in daylight. */
export interface Score {
  mae: number;
  rmse: number;
  /** Mean of forecast minus what came. */
  bias: number;
  /** Mean over quantiles and intervals. */
  meanPinball: number;
  /** By quantile. */
  pinball: Record<string, number>;
  /** Share of daylit intervals between p10 and p90, 0..1. */
  coverage: number;
  /** Mean of p90 minus p10 in daylight. */
  width: number;
}

export interface ScoreKeeper {
  /** `odds` gives the forecast's quantiles, W. */
  add(actualW: number, forecastW: number, odds: (quantile: number) => number, isDaylight: boolean): void;
  score(): Score;
}

/** Loss of a quantile forecast (Koenker and Bassett, Econometrica 46, 1978). */
export function pinballLoss(actual: number, forecast: number, quantile: number): number {
  const error = actual - forecast;
  return error >= 0 ? quantile * error : (quantile - 1) * error;
}

export function createScore(quantiles: readonly number[]): ScoreKeeper {
  let [count, absolute, squared, signed] = [0, 0, 0, 0];
  let [lit, inside, width] = [0, 0, 0];
  const losses = quantiles.map(() => 0);
  return {
    add: (actualW, forecastW, odds, isDaylight) => {
      const error = forecastW - actualW;
      count++;
      absolute += Math.abs(error);
      squared += error * error;
      signed += error;
      quantiles.forEach((quantile, k) => {
        losses[k] = (losses[k] ?? 0) + pinballLoss(actualW, odds(quantile), quantile);
      });
      if (!isDaylight) return;
      const [low, high] = [odds(0.1), odds(0.9)];
      lit++;
      width += high - low;
      if (actualW >= low && actualW <= high) inside++;
    },
    score: () => {
      const pinball = Object.fromEntries(quantiles.map((quantile, k) => [String(quantile), (losses[k] ?? 0) / count]));
      return {
        mae: absolute / count,
        rmse: Math.sqrt(squared / count),
        bias: signed / count,
        meanPinball: losses.reduce((sum, loss) => sum + loss, 0) / count / quantiles.length,
        pinball,
        coverage: inside / lit,
        width: width / lit,
      };
    },
  };
}
