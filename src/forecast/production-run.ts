import type { TreeLearner } from '../core/boosted-trees.ts';
import { detectClipping, withinLimit } from './clipping.ts';
import { buildRows } from './feature-rows.ts';
import type { KnownFor } from './known.ts';
import type { LearningOptions } from './learned-power.ts';
import { createLearningRun, type LaidOut, type LearningRun } from './learning-run.ts';
import { lightFor, type PlacedLight } from './placed-light.ts';
import { createRowSigns, enterForecasts, expertNames, productionSubject } from './production-experts.ts';
import {
  activeIntervals,
  fitPanels,
  learningOptions,
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
  /** Whether a limit of the hardware is looked for in the past at each training; else the installed power stands for it. */
  findsLimit?: boolean;
}

/** A source's production forecaster as it goes through time. */
export interface ProductionRun extends Pick<LearningRun<TrainedProduction>, 'retrain' | 'online' | 'ledger'> {
  /** As of the last training. */
  model(): ProductionModel;
  view(): ProductionView;
}

export function createProductionRun(input: ProductionRunInput): ProductionRun {
  const { data, learner, knownFor, options, findsLimit = false } = input;
  const { grid } = data;
  const rowSigns = createRowSigns(grid.count);
  let placed: PlacedLight | null = null;
  const { retrain, online, ledger, trained } = createLearningRun<TrainedProduction>({
    grid,
    learner,
    options: learningOptions(grid, options),
    experts: expertNames.length,
    layOut: (known, ledger): LaidOut<TrainedProduction> => {
      placed = lightFor(data, known, placed);
      const { light, basis, reading } = placed;
      const { latitude, longitude } = light.site;
      const { mix, scaleW } = fitPanels(findsLimit ? withLimit(data, known) : data, placed, known);
      const view = viewOf(data, light, mix, scaleW);
      return {
        training: () => trainingRows(data, view, scaleW, known, knownFor),
        ahead: (until) => buildRows(view.builder, activeIntervals(data, view, scaleW, known, until), knownFor),
        trained: (learned) => ({
          model: { place: { latitude, longitude, basis }, reading, mix, scaleW, learned },
          view,
        }),
        enter: (rows, forecasts, own) => enterForecasts(ledger, rowSigns, rows, forecasts, own),
        subject: (own) => productionSubject(data, ledger, rowSigns, own),
      };
    },
  });
  return { retrain, online, ledger, model: () => trained().model, view: () => trained().view };
}

/** With the limit that the past shows for the installed power, where it is lower. */
function withLimit(data: ProductionData, known: number): ProductionData {
  const { grid, powerW, site } = data;
  const clip = detectClipping({ from: grid.from, stepMs: grid.stepMs, powerW: powerW.subarray(0, known) });
  return { ...data, site: withinLimit(site, clip) };
}
