import type { IntervalGrid } from '../interval-grid.ts';
import { type Blend, blended } from './blend.ts';
import type { ErrorSigns } from './error-scale.ts';
import type { ForecastLedger } from './forecast-ledger.ts';
import type { Guides } from './nowcast.ts';

/** What is forecast, as day-to-day learning sees it. */
export interface OnlineSubject {
  grid: IntervalGrid;
  /** What came, W; NaN where unknown. */
  actualW: Float64Array;
  /** 1 where an interval must not count. */
  excluded?: Uint8Array;
  startWeights: readonly number[];
  /** The measure of all shares, W. */
  scaleW: number;
  /** The most there can be, W. */
  limitW: number;
  /** What the last hours say of the next ones. */
  guides: Guides;
  partOf(index: number): number;
  /** What is forecast of an interval where the weighed forecasts say so much, W: the last days may speak against them all. */
  settled?(index: number, blendW: number): number;
  /** Whether the odds of an interval are judged: by day, for production. */
  isJudged(index: number): boolean;
  signs(index: number): ErrorSigns;
}

/** The blended forecast of an interval of which the experts' are known, W. */
export function blendedW(subject: OnlineSubject, blend: Blend, { experts }: ForecastLedger, index: number): number {
  const weighed = blended(blend, experts, index, subject.partOf(index));
  return subject.settled?.(index, weighed) ?? weighed;
}

/** Whether the last days settled what was forecast of an interval: its error says nothing of how large those of others are. */
export const isSettled = ({ settled }: OnlineSubject, index: number): boolean =>
  settled !== undefined && settled(index, Number.POSITIVE_INFINITY) < Number.POSITIVE_INFINITY;
