import type { TreeLearner } from '../../core/boosted-trees.ts';
import { utcDayOf } from '../interval-grid.ts';
import type { BandState, Odds } from './bands.ts';
import type { Blend } from './blend.ts';
import { advance, judge } from './days.ts';
import type { ForecastLedger } from './forecast-ledger.ts';
import { type Learning, oddsAt, sizeW, startLearning } from './learning.ts';
import type { Nowcast } from './nowcast.ts';
import { learnAnew } from './past.ts';
import type { OnlineSubject } from './subject.ts';

/** What is learned from day to day: the blend's weights and the odds. */
export interface Online {
  /** After a training on intervals below `known`: measures past errors anew and goes through the last weeks again. */
  retrain(subject: OnlineSubject, learner: TreeLearner, known: number): void;
  /** Takes in intervals below `known`, and issues forecasts for those from there up to `until`. */
  advance(known: number, until: number): void;
  /** Odds of an interval that was issued last, in W; null where nothing is forecast. */
  odds(index: number): Odds | null;
  /** Expected size of an interval's error as it was when its day began, W; NaN where nothing is forecast. */
  sizeW(index: number): number;
  /** Weights and odds as they are for a day that begins when intervals below `known` are over. */
  snapshot(known: number): { blend: Blend; bands: BandState; nowcast: Nowcast };
}

export function createOnline(ledger: ForecastLedger): Online {
  let state: Learning | null = null;
  const learning = (): Learning => {
    if (!state) throw new Error('nothing has been learned yet');
    return state;
  };
  return {
    retrain: (subject, learner, known) => {
      const isFirst = state === null;
      if (state) judge(state, known);
      state = state ? { ...state, subject } : startLearning(subject, ledger);
      learnAnew(state, learner, known, isFirst);
    },
    advance: (known, until) => advance(learning(), known, until),
    odds: (index) => oddsAt(learning(), index),
    sizeW: (index) => sizeW(learning(), index),
    snapshot: (known) => {
      const { blend, bands, nowcast, volatility, subject } = learning();
      return { blend, nowcast, bands: { ...bands, volatility: volatility.on(utcDayOf(subject.grid, known)) } };
    },
  };
}
