import type { TreeLearner } from '../core/boosted-trees.ts';
import { createBaselines } from './baselines.ts';
import { isDaylight } from './daylight.ts';
import { knownAtMidnightUtc } from './known.ts';
import type { LearningOptions } from './learned-power.ts';
import { createPatchyRun } from './patchy-run.ts';
import type { ProductionData } from './production-model.ts';
import type { ProductionRun } from './production-run.ts';
import { type MonthScores, walkMonths } from './walk-months.ts';

/** A backtest: forecasts as they would have been made, day ahead, with what was known. */
export interface WalkForwardInput {
  data: ProductionData;
  learner: TreeLearner;
  quantiles: readonly number[];
  /** How many of the last UTC calendar months with data are forecast. */
  testMonths: number;
  options?: Partial<LearningOptions>;
  onProgress?: (done: number, of: number) => void;
  /** Called for every interval that is scored, with the run that forecast it. */
  onInterval?: (index: number, run: ProductionRun) => void;
}

export interface WalkForwardResult extends MonthScores {
  /** Mean absolute errors of day-ahead forecasts without learning, W. */
  baselines: Record<'persistence' | 'clearSkyPersistence' | 'physics', number>;
  /** Share of a baseline's error that the forecast saves: 1 - mae / baseline. */
  skill: Record<'persistence' | 'clearSkyPersistence' | 'physics', number>;
}

/** Walks over the last months: trains at the start of each, and forecasts every UTC day from what was known at its start. */
export function walkForward(input: WalkForwardInput): WalkForwardResult {
  const { data, quantiles, testMonths, onProgress } = input;
  const { grid, powerW } = data;
  const run = createPatchyRun({
    data,
    learner: input.learner,
    findsLimit: true,
    knownFor: knownAtMidnightUtc(grid),
    ...(input.options ? { options: input.options } : {}),
  });
  const baselines = createBaselines(data);
  const { overall, months } = walkMonths({
    ...{ grid, powerW, quantiles, testMonths, run },
    isJudged: (index) => isDaylight(run.of(index).view().light, index),
    onInterval: (index, known) => {
      const isScored = baselines.add(index, known, run.of(index));
      if (isScored) input.onInterval?.(index, run.of(index));
      return isScored;
    },
    ...(onProgress ? { onProgress } : {}),
  });
  const errors = baselines.errors();
  const skill = (error: number): number => 1 - overall.mae / error;
  return {
    overall,
    months,
    baselines: errors,
    skill: {
      persistence: skill(errors.persistence),
      clearSkyPersistence: skill(errors.clearSkyPersistence),
      physics: skill(errors.physics),
    },
  };
}
