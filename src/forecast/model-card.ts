import type { ForecastQuantity } from './issue.ts';
import type { Score } from './score.ts';
import type { SeenPanels } from './train/seen-panels.ts';

/** What a model is, for people: kept beside it and shown on its page. */
export interface ModelCard {
  version: string;
  quantity: ForecastQuantity;
  madeAt: number;
  /** What it learned from, ms UTC, half-open, and on how many days there was any. */
  window: { from: number; to: number; days: number };
  stepMs: number;
  /** `told`: forecasts as they were told at the time; `known`: how it turned out, where no forecast was kept. */
  weather: { hours: number; toldShare: number } | null;
  leftOut: LeftOut;
  /** Power that is never passed, W. */
  clipW: number | null;
  /** Strong power, the measure of all shares, W. */
  scaleW: number;
  features: CardFeature[];
  trial: Trial;
  /** How the panels seem to lie; null or absent where that is stated, or is not asked. */
  panels?: SeenPanels | null;
  /** How long learning took, ms. */
  tookMs: number;
}

/** Why intervals were left out of learning. */
export interface LeftOut {
  /** Not measured, or too little of it. */
  gaps: number;
  /** The device named a fault, or the battery was full and nothing could be sold. */
  curtailed: number;
  /** Cut off at a limit. */
  clipped: number;
}

export interface CardFeature {
  name: string;
  unit: string;
  meaning: string;
  /** Share of what all features gained, 0..1. */
  importance: number;
}

/** How a forecaster did over the days of a trial, day ahead. */
export interface TrialScore extends Pick<Score, 'mae' | 'bias' | 'meanPinball' | 'coverage' | 'width'> {
  days: number;
  intervals: number;
}

/** A new model's trial over the last days, day ahead, against the one that serves. */
export interface Trial {
  from: number;
  to: number;
  challenger: TrialScore;
  /** Null when nothing served, or nothing that fits the data as they are now. */
  champion: TrialScore | null;
  /**
   * Mean absolute errors of forecasts without learning on the same intervals, W: physics (for consumption what is usual), and
   * the same time on the last known day.
   */
  baselines: { reference: number; persistence: number | null };
  verdict: Verdict;
}

/**
 * `better`: it serves from now on. `worse`: what served goes on. `onlyOne`: it serves, there is nothing to compare with but
 * physics. `physics`: it does not beat physics (for consumption what is usual), which serves.
 */
export type Verdict = 'better' | 'worse' | 'onlyOne' | 'physics';
