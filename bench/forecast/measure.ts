import type { TreeLearner } from '../../src/core/boosted-trees.ts';
import { quantile } from '../../src/core/stats.ts';
import { backtestInput } from '../../src/forecast/backtest-input.ts';
import type { LearningOptions } from '../../src/forecast/learned-power.ts';
import type { ProductionData } from '../../src/forecast/production-model.ts';
import type { ProductionRun } from '../../src/forecast/production-run.ts';
import { pinballLoss } from '../../src/forecast/score.ts';
import { type WalkForwardResult, walkForward } from '../../src/forecast/walk-forward.ts';
import type { PvSet } from './pv-sets.ts';

/** How the forecaster did on one set; powers in W. */
export interface Measured {
  name: string;
  capacityW: number;
  stepMin: number;
  /** Months of power in all. */
  historyMonths: number;
  hasWeather: boolean;
  result: WalkForwardResult;
  /** Width of the one band that would hold eight tenths of the errors by day, whatever the sun and the clouds. */
  unconditionalWidthW: number;
  /** Mean pinball loss of p10 and p90 by day, over that of that one band put around each forecast. */
  ofUnconditionalLoss: number;
  tookS: number;
}

const TAILS = [0.1, 0.9] as const;

export interface MeasureOptions {
  learner: TreeLearner;
  testMonths: number;
  quantiles?: readonly number[];
  options?: Partial<LearningOptions>;
  /** Called for every interval that is scored. */
  watch?: (index: number, run: ProductionRun, data: ProductionData) => void;
}

/** What `ampra backtest` does with the set's three files, and beside it the band of unconditional errors. */
export function measureSet(
  set: PvSet,
  { learner, testMonths, quantiles = [0.1, 0.5, 0.9], options, watch }: MeasureOptions,
): Measured {
  const startedAt = performance.now();
  const input = backtestInput({
    powerCsv: set.powerCsv,
    ...(set.weatherCsv === null ? {} : { weatherCsv: set.weatherCsv }),
    site: set.site,
    names: { power: 'power.csv', weather: 'weather.csv' },
  });
  if (!input.ok) throw new Error(`${set.name}: ${input.error.message}`);
  const { data } = input.value;
  const errors: number[] = [];
  let loss = 0;
  const result = walkForward({
    data,
    learner,
    quantiles,
    testMonths,
    ...(options ? { options } : {}),
    onInterval: (index, run) => {
      watch?.(index, run, data);
      if ((run.view().light.daylight[index] ?? 0) < 0.5) return;
      const actualW = data.powerW[index] ?? 0;
      const odds = run.online.odds(index) ?? (() => 0);
      for (const level of TAILS) loss += pinballLoss(actualW, odds(level), level);
      errors.push(actualW - odds(0.5));
    },
  });
  const [low, high] = TAILS.map((level) => quantile(errors, level)) as [number, number];
  const unconditional = errors.reduce(
    (sum, e) => sum + pinballLoss(e, low, TAILS[0]) + pinballLoss(e, high, TAILS[1]),
    0,
  );
  return {
    name: set.name,
    capacityW: set.site.installedCapacityW,
    stepMin: data.grid.stepMs / 60_000,
    historyMonths: (data.grid.count * data.grid.stepMs) / (30.44 * 86_400_000),
    hasWeather: set.weatherCsv !== null,
    result,
    unconditionalWidthW: high - low,
    ofUnconditionalLoss: loss / unconditional,
    tookS: (performance.now() - startedAt) / 1000,
  };
}
