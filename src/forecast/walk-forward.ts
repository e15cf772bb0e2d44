import type { TreeLearner } from '../core/boosted-trees.ts';
import { createBaselines } from './baselines.ts';
import { endedBy, firstFrom, startOf } from './interval-grid.ts';
import { knownAtMidnightUtc } from './known.ts';
import type { LearningOptions } from './learned-power.ts';
import type { ProductionData } from './production-model.ts';
import { createProductionRun, type ProductionRun } from './production-run.ts';
import { createScore, type Score } from './score.ts';

/** A backtest: forecasts as they would have been made, day ahead, with what was known. */
export interface WalkForwardInput {
  data: ProductionData;
  learner: TreeLearner;
  quantiles: readonly number[];
  /** How many of the last UTC calendar months with data are forecast. */
  testMonths: number;
  options?: Partial<LearningOptions>;
  onProgress?: (done: number, of: number) => void;
  /** Called for every interval that is scored. */
  onInterval?: (index: number, run: ProductionRun) => void;
}

export interface WalkForwardResult {
  overall: Score;
  months: ({ month: string } & Score)[];
  /** Mean absolute errors of day-ahead forecasts without learning, W. */
  baselines: Record<'persistence' | 'clearSkyPersistence' | 'physics', number>;
  /** Share of a baseline's error that the forecast saves: 1 - mae / baseline. */
  skill: Record<'persistence' | 'clearSkyPersistence' | 'physics', number>;
}

const DAY_MS = 86_400_000;
const none = (): number => 0;

/** Walks over the last months: trains at the start of each, and forecasts every UTC day from what was known at its start. */
export function walkForward(input: WalkForwardInput): WalkForwardResult {
  const { data, quantiles } = input;
  const { grid, powerW } = data;
  const months = lastMonths(data, input.testMonths);
  const run = createProductionRun({
    data,
    learner: input.learner,
    knownFor: knownAtMidnightUtc(grid),
    ...(input.options ? { options: input.options } : {}),
  });
  const overall = createScore(quantiles);
  const byMonth: WalkForwardResult['months'] = [];
  const baselines = createBaselines(data);
  months.forEach((month, at) => {
    const from = Date.parse(`${month}-01T00:00:00Z`);
    const to = nextMonth(from);
    run.retrain(endedBy(grid, from), firstFrom(grid, to));
    const own = createScore(quantiles);
    let scored = 0;
    for (let day = from; day < to; day += DAY_MS) {
      const [start, end] = [firstFrom(grid, day), firstFrom(grid, day + DAY_MS)];
      if (start >= end) continue;
      const known = endedBy(grid, day);
      run.online.advance(known, end);
      for (let index = start; index < end; index++) {
        const actualW = powerW[index] ?? Number.NaN;
        if (Number.isNaN(actualW) || !baselines.add(index, known, run)) continue;
        const odds = run.online.odds(index) ?? none;
        const isDaylight = (run.view().light.daylight[index] ?? 0) >= 0.5;
        own.add(actualW, odds(0.5), odds, isDaylight);
        overall.add(actualW, odds(0.5), odds, isDaylight);
        input.onInterval?.(index, run);
        scored++;
      }
    }
    if (scored > 0) byMonth.push({ month, ...own.score() });
    input.onProgress?.(at + 1, months.length);
  });
  const score = overall.score();
  const errors = baselines.errors();
  const skill = (error: number): number => 1 - score.mae / error;
  return {
    overall: score,
    months: byMonth,
    baselines: errors,
    skill: {
      persistence: skill(errors.persistence),
      clearSkyPersistence: skill(errors.clearSkyPersistence),
      physics: skill(errors.physics),
    },
  };
}

/** UTC calendar months in which something is known, the last `count` of them, as `2026-03`. */
function lastMonths({ grid, powerW }: ProductionData, count: number): string[] {
  const months = new Set<string>();
  for (let index = 0; index < grid.count; index++) {
    if (!Number.isNaN(powerW[index] ?? Number.NaN))
      months.add(new Date(startOf(grid, index)).toISOString().slice(0, 7));
  }
  return [...months].sort().slice(-count);
}

function nextMonth(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
