import type { TreeLearner } from '../../core/boosted-trees.ts';
import { knownAtMidnightUtc } from '../known.ts';
import type { LearningOptions } from '../learned-power.ts';
import { type MonthScores, walkMonths } from '../walk-months.ts';
import type { ConsumptionData } from './consumption-model.ts';
import { type ConsumptionRun, createConsumptionRun } from './consumption-run.ts';
import { loadExpertNames } from './experts.ts';

/** A backtest of consumption: forecasts as they would have been made, day ahead, with what was known. */
export interface ConsumptionWalkInput {
  data: ConsumptionData;
  learner: TreeLearner;
  quantiles: readonly number[];
  /** How many of the last UTC calendar months with data are forecast. */
  testMonths: number;
  options?: Partial<LearningOptions>;
  onProgress?: (done: number, of: number) => void;
  /** Called for every interval that is scored. */
  onInterval?: (index: number, run: ConsumptionRun) => void;
}

/** Mean absolute errors of forecasts without learning, W. */
export type LoadBaselines = Record<'yesterday' | 'weekAgo' | 'usual', number>;

export interface ConsumptionWalkResult extends MonthScores {
  /** The last day at that time, the same day of the week before, and the median of the last days of the same kind. */
  baselines: LoadBaselines;
  /** Share of a baseline's error that the forecast saves. */
  skill: LoadBaselines;
}

/** Trains at the start of each of the last months, and forecasts every UTC day from what was known at its start. */
export function walkConsumption(input: ConsumptionWalkInput): ConsumptionWalkResult {
  const { data, quantiles, testMonths, onProgress } = input;
  const { grid, powerW } = data;
  const run = createConsumptionRun({
    data,
    learner: input.learner,
    knownFor: knownAtMidnightUtc(grid),
    ...(input.options ? { options: input.options } : {}),
  });
  const [yesterday, weekAgo, usual] = (['yesterday', 'weekAgo', 'sameKind'] as const).map(
    (name) => run.ledger.experts[loadExpertNames.indexOf(name)] ?? new Float64Array(),
  );
  const sums = { count: 0, yesterday: 0, weekAgo: 0, usual: 0 };
  const missed = (series: Float64Array | undefined, index: number): number =>
    Math.abs((series?.[index] || 0) - (powerW[index] ?? 0));
  const { overall, months } = walkMonths({
    ...{ grid, powerW, quantiles, testMonths, run },
    isJudged: () => true,
    onInterval: (index, known) => {
      if (known === 0 || data.excluded?.[index]) return false;
      sums.count++;
      sums.yesterday += missed(yesterday, index);
      sums.weekAgo += missed(weekAgo, index);
      sums.usual += missed(usual, index);
      input.onInterval?.(index, run);
      return true;
    },
    ...(onProgress ? { onProgress } : {}),
  });
  const baselines = {
    yesterday: sums.yesterday / sums.count,
    weekAgo: sums.weekAgo / sums.count,
    usual: sums.usual / sums.count,
  };
  const skill = (error: number): number => 1 - overall.mae / error;
  return {
    overall,
    months,
    baselines,
    skill: { yesterday: skill(baselines.yesterday), weekAgo: skill(baselines.weekAgo), usual: skill(baselines.usual) },
  };
}
