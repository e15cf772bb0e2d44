import type { TreeLearner } from '../../core/boosted-trees.ts';
import type { ForecastQuantity } from '../issue.ts';
import type { CardFeature, LeftOut } from '../model-card.ts';
import type { Odds } from '../online/bands.ts';
import type { ForecastReason } from '../reasons.ts';
import type { SubjectData } from '../serve/subject-data.ts';

/** One interval of a forecast that was just made. */
export interface ServedInterval {
  /** ms UTC, half-open. */
  from: number;
  to: number;
  /** The middle of the odds, W. */
  powerW: number;
  /** Quantiles of the power, W. */
  odds: Odds;
  /** Expected absolute error, W. */
  sizeW: number;
  /** Share of it above the forecast; a half when left out. */
  aboveShare?: number;
  /** Physics alone, or what is usual, W. */
  referenceW: number;
  /** False where weather is wanted and none is known. */
  hasWeather: boolean;
  /** True where its odds are judged: by day, for production. */
  isJudged: boolean;
  /** What moved it away from the usual, the largest first. */
  reasons(): ForecastReason[];
}

export interface Served {
  intervals: ServedInterval[];
  /** The most there can be, W. */
  limitW: number;
  /** Odds of the energy of intervals taken together, kWh. */
  energy(intervals: readonly ServedInterval[]): Odds;
}

/** A subject's data as a learner takes them. */
export interface Prepared {
  subject: SubjectData;
  /** 1 where an interval neither teaches nor counts. */
  excluded: Uint8Array;
  hasWeather: boolean;
  leftOut: LeftOut;
  /** Power that is never passed, W; null when nothing is cut off. */
  clipW: number | null;
  /** Days with something to learn from. */
  days: number;
}

/** One of the forecasters whose blend is issued. */
export interface Expert {
  name: string;
  /** For people. */
  label: string;
  /** Weight before skill was measured, 0..1. */
  start: number;
  /** True for what serves alone before anything was learned. */
  isReference: boolean;
}

/** How one quantity is learned and forecast. `A` is all that serving needs, plain data. */
export interface Recipe<A, P extends Prepared = Prepared> {
  quantity: ForecastQuantity;
  /** With fewer days there is nothing to learn and nothing to try it on. */
  fewestDays: number;
  /** What is blended, in the order of `Learned.weights`. */
  experts: readonly Expert[];
  /** Parts of the day with weights of their own, for people. */
  parts: readonly string[];
  prepare(data: SubjectData): P;
  /** Learns from what was measured before each of some moments, ascending, when it is asked for: less work than one by one. */
  train(prepared: P, moments: readonly number[], learner: TreeLearner): Iterable<A>;
  /** What serves before anything was learned: physics, or what is usual. */
  first(prepared: P): A;
  /** Forecasts from `now` to `until`; of what was measured it looks at nothing after `now`. */
  serve(artefact: A, prepared: P, now: number, until: number): Served;
  /** False when it was made for other steps, panels or weather than the data have. */
  suits(artefact: A, prepared: P): boolean;
  about(artefact: A): Learned;
  store(artefact: A): string;
  /** Throws when the text is no artefact of this form. */
  restore(text: string): A;
}

/** What a model says about itself. */
export interface Learned {
  learnedUntil: number;
  stepMs: number;
  scaleW: number;
  features: CardFeature[];
  /** Weights of the experts by part of the day. */
  weights: readonly (readonly number[])[];
}
