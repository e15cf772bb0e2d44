import { quantile, quantileOfSorted } from '../../src/core/stats.ts';
import { type IntervalGrid, utcDayOf } from '../../src/forecast/interval-grid.ts';
import { pinballLoss } from '../../src/forecast/score.ts';

export const TAILS = [0.1, 0.9] as const;

/** One band for all forecasts, whatever the sun and the clouds: p10 and p90 of errors, W. */
interface Band {
  low: number;
  high: number;
}

/** How one band around each forecast would have done, by day; widths in W. */
export interface UnconditionalScores {
  /** Of the errors that were judged, known afterwards. */
  afterwards: { widthW: number; meanLoss: number };
  /** Of all errors known when the day began, cut at zero and at the hardware's limit as all odds are. */
  before: { widthW: number; holds: number };
}

/** Puts one band around each forecast, beside the odds that were issued. */
export class UnconditionalBand {
  private readonly judged: number[] = [];
  private day = Number.NaN;
  private band: Band = { low: Number.NaN, high: Number.NaN };
  private widthW = 0;
  private held = 0;

  /** @param past errors of forecasts of days before, made by models that had not seen them, W */
  constructor(
    private readonly grid: IntervalGrid,
    private readonly limitW: number,
    private readonly past: readonly number[],
  ) {}

  /** An interval by day, in the order of time. */
  add(index: number, forecastW: number, actualW: number): void {
    const day = utcDayOf(this.grid, index);
    if (day !== this.day) this.begin(day);
    const within = (power: number): number => Math.min(this.limitW, Math.max(0, power));
    const low = within(forecastW + this.band.low);
    const high = within(forecastW + this.band.high);
    this.widthW += high - low;
    if (actualW >= low && actualW <= high) this.held++;
    this.judged.push(actualW - forecastW);
  }

  private begin(day: number): void {
    this.day = day;
    const sorted = Float64Array.from([...this.past, ...this.judged]).sort();
    this.band = { low: quantileOfSorted(sorted, TAILS[0]), high: quantileOfSorted(sorted, TAILS[1]) };
  }

  scores(): UnconditionalScores {
    const [low, high] = TAILS.map((level) => quantile(this.judged, level)) as [number, number];
    const loss = this.judged.reduce(
      (sum, e) => sum + pinballLoss(e, low, TAILS[0]) + pinballLoss(e, high, TAILS[1]),
      0,
    );
    const count = this.judged.length;
    return {
      afterwards: { widthW: high - low, meanLoss: loss / count },
      before: { widthW: this.widthW / count, holds: this.held / count },
    };
  }
}
