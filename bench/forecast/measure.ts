import type { TreeLearner } from '../../src/core/boosted-trees.ts';
import { backtestInput } from '../../src/forecast/backtest-input.ts';
import { isDaylight } from '../../src/forecast/daylight.ts';
import type { LearningOptions } from '../../src/forecast/learned-power.ts';
import type { ProductionData } from '../../src/forecast/production-model.ts';
import type { ProductionRun } from '../../src/forecast/production-run.ts';
import { pinballLoss } from '../../src/forecast/score.ts';
import { type WalkForwardResult, walkForward } from '../../src/forecast/walk-forward.ts';
import type { PvSet } from './pv-sets.ts';
import { TAILS, UnconditionalBand, type UnconditionalScores } from './unconditional.ts';

/** How the forecaster did on one set; powers in W. */
export interface Measured {
  name: string;
  capacityW: number;
  stepMin: number;
  /** Months of power in all. */
  historyMonths: number;
  hasWeather: boolean;
  result: WalkForwardResult;
  /** One band around each forecast; undefined where nothing was judged. */
  unconditional: UnconditionalScores | undefined;
  /** Mean pinball loss of p10 and p90 by day, over that of the one band that is known afterwards. */
  ofUnconditionalLoss: number;
  tookS: number;
}

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
  let band: UnconditionalBand | null = null;
  let [loss, count] = [0, 0];
  const result = walkForward({
    data,
    learner,
    quantiles,
    testMonths,
    ...(options ? { options } : {}),
    onInterval: (index, run) => {
      watch?.(index, run, data);
      if (!isByDay(run, index)) return;
      band ??= new UnconditionalBand(data.grid, set.site.installedCapacityW, pastErrors(run, data, index));
      const actualW = data.powerW[index] ?? 0;
      const odds = run.online.odds(index) ?? (() => 0);
      for (const level of TAILS) loss += pinballLoss(actualW, odds(level), level);
      count++;
      band.add(index, odds(0.5), actualW);
    },
  });
  const unconditional = (band as UnconditionalBand | null)?.scores();
  return {
    name: set.name,
    capacityW: set.site.installedCapacityW,
    stepMin: data.grid.stepMs / 60_000,
    historyMonths: (data.grid.count * data.grid.stepMs) / (30.44 * 86_400_000),
    hasWeather: set.weatherCsv !== null,
    result,
    unconditional,
    ofUnconditionalLoss: loss / count / (unconditional?.afterwards.meanLoss ?? Number.NaN),
    tookS: (performance.now() - startedAt) / 1000,
  };
}

const isByDay = (run: ProductionRun, index: number): boolean => isDaylight(run.view().light, index);

/** Errors by day of intervals below `until`, of forecasts that had not seen them, W. */
function pastErrors(run: ProductionRun, data: ProductionData, until: number): number[] {
  const errors: number[] = [];
  for (let index = 0; index < until; index++) {
    const error = (data.powerW[index] ?? Number.NaN) - (run.ledger.forecastW[index] ?? Number.NaN);
    if (Number.isFinite(error) && isByDay(run, index)) errors.push(error);
  }
  return errors;
}
