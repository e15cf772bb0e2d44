import type { TreeLearner } from '../../core/boosted-trees.ts';
import { buildRows } from '../feature-rows.ts';
import { numbersOf } from '../interval-grid.ts';
import type { KnownFor } from '../known.ts';
import type { LearningOptions } from '../learned-power.ts';
import { createLearningRun, type LearningRun } from '../learning-run.ts';
import {
  type ConsumptionData,
  consumptionView,
  loadLearningOptions,
  loadScale,
  loadTrainingRows,
  type TrainedConsumption,
} from './consumption-model.ts';
import { consumptionSubject, createLoadSigns, enterLoadForecasts, loadExpertNames } from './experts.ts';
import { wallGrid } from './wall-grid.ts';

export interface ConsumptionRunInput {
  data: ConsumptionData;
  learner: TreeLearner;
  knownFor: KnownFor;
  options?: Partial<LearningOptions>;
}

export type ConsumptionRun = LearningRun<TrainedConsumption>;

/** A house's consumption forecaster as it goes through time. */
export function createConsumptionRun({ data, learner, knownFor, options }: ConsumptionRunInput): ConsumptionRun {
  const { grid } = data;
  const signs = createLoadSigns(grid.count);
  const wall = wallGrid(grid, data.timeZone);
  return createLearningRun<TrainedConsumption>({
    grid,
    learner,
    options: loadLearningOptions(grid, options),
    experts: loadExpertNames.length,
    layOut: (known, ledger) => {
      const sizes = loadScale(data, known);
      const view = consumptionView(data, sizes.scaleW, undefined, wall);
      return {
        training: () => loadTrainingRows(data, view, sizes.scaleW, known, knownFor),
        ahead: (until) => buildRows(view.builder, numbersOf(known, until), knownFor),
        trained: (learned) => ({ model: { ...sizes, learned }, view }),
        enter: (rows, forecasts, trained) => enterLoadForecasts(ledger, signs, rows, forecasts, trained),
        subject: (trained) => consumptionSubject(data, ledger, signs, trained),
      };
    },
  });
}
