import type { SunPlace } from '../../core/solar/place.ts';
import { sunPosition } from '../../core/solar/position.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import type { ForecastQuantity } from '../issue.ts';

/** What came on a day, on intervals that reach from some days before it to its end. */
export interface CameDay extends TimeSpan {
  date: string;
  /** Start of the first interval, and their length, ms. */
  seriesFrom: number;
  stepMs: number;
  /** W; NaN where unknown. */
  powerW: Float64Array;
  /** 1 where it does not count. */
  excluded: Uint8Array;
  /** True where bands are judged: by day, for production. */
  isJudged(time: number): boolean;
  /** What the clear sky gives at a moment, in any unit; null for what does not follow the sun. */
  clearAt: ((time: number) => number) | null;
}

/** Where odds are judged: by day for production, always for consumption. */
export const isJudgedAt =
  (quantity: ForecastQuantity, place: SunPlace) =>
  (time: number): boolean =>
    quantity === 'load' || sunPosition(time, place).zenithDeg < 89;

/** Start of the first interval at `time` or later. */
export const firstAt = (time: number, { seriesFrom, stepMs }: CameDay): number =>
  seriesFrom + Math.ceil((time - seriesFrom) / stepMs) * stepMs;

/** What came in an interval, W; NaN where it is unknown or does not count. */
export function valueAt({ seriesFrom, stepMs, powerW, excluded }: CameDay, time: number): number {
  const index = Math.round((time - seriesFrom) / stepMs);
  return excluded[index] ? Number.NaN : (powerW[index] ?? Number.NaN);
}
