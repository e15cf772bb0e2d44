import type { TreeLearner } from '../core/boosted-trees.ts';
import { pause } from '../core/pause.ts';
import { crossFit } from './cross-fit.ts';
import type { FeatureRows } from './feature-rows.ts';
import { type IntervalGrid, utcDayOf } from './interval-grid.ts';
import { type LearnedPower, type LearningOptions, learnPower, predictLearned } from './learned-power.ts';
import { createLedger, type ForecastLedger } from './online/forecast-ledger.ts';
import { createOnline, type Online } from './online/online.ts';
import type { OnlineSubject } from './online/subject.ts';

/** Forecasts of rows, shares of strong power. */
export interface RowForecasts {
  anchor: Float64Array;
  learned: Float64Array;
}

/** What is forecast, laid out with what is known below some interval. `T` is what a training leaves. */
export interface LaidOut<T> {
  /** Rows to learn from. */
  training(): { rows: FeatureRows; target: Float64Array };
  /** Rows from there up to `until`. */
  ahead(until: number): FeatureRows;
  trained(learned: LearnedPower): T;
  /** Enters the forecasts of rows into the ledger, in W. */
  enter(rows: FeatureRows, forecasts: RowForecasts, trained: T): void;
  subject(trained: T): OnlineSubject;
}

export interface LearningRunInput<T> {
  grid: IntervalGrid;
  learner: TreeLearner;
  options: LearningOptions;
  /** How many forecasts are blended. */
  experts: number;
  layOut(known: number, ledger: ForecastLedger): LaidOut<T>;
}

/** A forecaster as it goes through time: retrained now and then, corrected every day. */
export interface LearningRun<T> {
  /** Learns everything anew from intervals below `known`, and forecasts those up to `until`. */
  retrain(known: number, until: number): void;
  /** Takes in what is known by now; after it `online` says what it would issue. */
  online: Online;
  ledger: ForecastLedger;
  /** As of the last training; throws before the first. */
  trained(): T;
}

export function createLearningRun<T>(input: LearningRunInput<T>): LearningRun<T> {
  const { grid, learner, options } = input;
  const ledger = createLedger(grid.count, input.experts);
  const online = createOnline(ledger);
  let current: { trained: T } | null = null;
  let hasPast = false;

  const retrain = (known: number, until: number): void => {
    pause();
    const laidOut = input.layOut(known, ledger);
    pause();
    const training = laidOut.training();
    pause();
    // What would have been forecast in the past, by models that had not seen it.
    const past = hasPast ? null : crossFit({ ...training, dayOf: daysOf(grid, training.rows), learner, options });
    const learned = learnPower(training.rows, training.target, learner, options);
    const trained = laidOut.trained(learned);
    current = { trained };
    if (past) laidOut.enter(training.rows, past, trained);
    hasPast ||= past !== null;
    const ahead = laidOut.ahead(until);
    laidOut.enter(ahead, predictLearned(learned, ahead), trained);
    online.retrain(laidOut.subject(trained), learner, known);
  };

  return {
    retrain,
    online,
    ledger,
    trained: () => {
      if (!current) throw new Error('the run has not been trained yet');
      return current.trained;
    },
  };
}

const daysOf = (grid: IntervalGrid, { indices }: FeatureRows): Float64Array =>
  Float64Array.from(indices, (index) => utcDayOf(grid, index));
