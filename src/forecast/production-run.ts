import type { TreeLearner } from '../core/boosted-trees.ts';
import { crossFit } from './cross-fit.ts';
import { buildRows } from './feature-rows.ts';
import { createLedger, type ForecastLedger } from './forecast-ledger.ts';
import { utcDayOf } from './interval-grid.ts';
import type { KnownFor } from './known.ts';
import { type LearningOptions, learnPower, predictLearned } from './learned-power.ts';
import type { LightGrid } from './light-grid.ts';
import { createOnline, type Online } from './online.ts';
import { createRowSigns, enterForecasts, expertNames, productionSubject } from './production-experts.ts';
import {
  activeIntervals,
  fitPanels,
  learningOptions,
  lightFor,
  type ProductionData,
  type ProductionModel,
  type ProductionView,
  type TrainedProduction,
  trainingRows,
  viewOf,
} from './production-model.ts';

export interface ProductionRunInput {
  data: ProductionData;
  learner: TreeLearner;
  knownFor: KnownFor;
  options?: Partial<LearningOptions>;
  onProgress?: (text: string) => void;
}

/** A source's forecaster as it goes through time: retrained now and then, corrected every day. */
export interface ProductionRun {
  /** Learns everything anew from intervals below `known`, and forecasts those up to `until`. */
  retrain(known: number, until: number): void;
  /** Takes in what is known by now; after it `online` says what it would issue. */
  online: Online;
  ledger: ForecastLedger;
  /** As of the last training. */
  model(): ProductionModel;
  view(): ProductionView;
}

export function createProductionRun(input: ProductionRunInput): ProductionRun {
  const { data, learner, knownFor } = input;
  const options = learningOptions(data.grid, input.options);
  const ledger = createLedger(data.grid.count, expertNames.length);
  const rowSigns = createRowSigns(data.grid.count);
  const online = createOnline(ledger);
  let light: LightGrid | null = null;
  let current: TrainedProduction | null = null;
  let hasPast = false;

  const retrain = (known: number, until: number): void => {
    const placed = lightFor(data, known, light);
    light = placed.light;
    const { mix, scaleW } = fitPanels(data, light, known);
    const view = viewOf(data, light, mix, scaleW);
    const training = trainingRows(data, view, scaleW, known, knownFor);
    const past = hasPast ? null : forecastPast(training);
    const learned = learnPower(training.rows, training.target, learner, options);
    const { latitude, longitude } = light.site;
    current = { model: { place: { latitude, longitude, basis: placed.basis }, mix, scaleW, learned }, view };
    if (past) enterForecasts(ledger, rowSigns, training.rows, past, current);
    hasPast ||= past !== null;
    const ahead = buildRows(view.builder, activeIntervals(data, view, scaleW, known, until), knownFor);
    enterForecasts(ledger, rowSigns, ahead, predictLearned(learned, ahead), current);
    online.retrain(productionSubject(data, ledger, rowSigns, current), learner, known);
  };

  /** What would have been forecast in the past, by models that had not seen it. */
  const forecastPast = (training: ReturnType<typeof trainingRows>) => {
    const dayOf = Float64Array.from(training.rows.indices, (index) => utcDayOf(data.grid, index));
    return crossFit({ ...training, dayOf, learner, options });
  };

  const present = (): TrainedProduction => {
    if (!current) throw new Error('the run has not been trained yet');
    return current;
  };
  return { retrain, online, ledger, model: () => present().model, view: () => present().view };
}
