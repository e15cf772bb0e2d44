import { endedBy, firstFrom, type IntervalGrid, startOf } from './interval-grid.ts';
import type { Online } from './online/online.ts';
import { createScore, type Score } from './score.ts';

/** Walks a forecaster over the last months of its data. */
export interface MonthWalk {
  grid: IntervalGrid;
  powerW: Float64Array;
  /** How many of the last UTC calendar months with data are forecast. */
  testMonths: number;
  quantiles: readonly number[];
  run: {
    retrain(known: number, until: number): void;
    /** Whether the last training knew little beside what is known by now. */
    isOutgrown?(known: number): boolean;
    online: Pick<Online, 'advance' | 'odds'>;
  };
  /** Whether bands of an interval are judged. */
  isJudged(index: number): boolean;
  /** Called for every interval with a power before it is scored, with how many were over when it was forecast; false leaves it out. */
  onInterval(index: number, known: number): boolean;
  onProgress?: (done: number, of: number) => void;
}

export interface MonthScores {
  overall: Score;
  months: ({ month: string } & Score)[];
}

const DAY_MS = 86_400_000;
/** Nothing is expected where nothing can come. */
const none = (): number => 0;

/**
 * Trains at the start of each month on the past alone, and within it where little was known by then; forecasts every UTC day from what was known at its start.
 */
export function walkMonths(walk: MonthWalk): MonthScores {
  const { grid, powerW, quantiles, run } = walk;
  const overall = createScore(quantiles);
  const scores: MonthScores['months'] = [];
  const months = lastMonths(grid, powerW, walk.testMonths);
  months.forEach((month, at) => {
    const from = startOfMonth(month);
    const to = nextMonth(from);
    run.retrain(endedBy(grid, from), firstFrom(grid, to));
    const own = createScore(quantiles);
    let scored = 0;
    for (let day = from; day < to; day += DAY_MS) {
      const [start, end] = [firstFrom(grid, day), firstFrom(grid, day + DAY_MS)];
      if (start >= end) continue;
      const known = endedBy(grid, day);
      if (run.isOutgrown?.(known)) run.retrain(known, firstFrom(grid, to));
      run.online.advance(known, end);
      for (let index = start; index < end; index++) {
        const actualW = powerW[index] ?? Number.NaN;
        if (Number.isNaN(actualW) || !walk.onInterval(index, known)) continue;
        const odds = run.online.odds(index) ?? none;
        const isJudged = walk.isJudged(index);
        own.add(actualW, odds(0.5), odds, isJudged);
        overall.add(actualW, odds(0.5), odds, isJudged);
        scored++;
      }
    }
    if (scored > 0) scores.push({ month, ...own.score() });
    walk.onProgress?.(at + 1, months.length);
  });
  return { overall: overall.score(), months: scores };
}

/** Start of a UTC month such as `2026-03`, ms. */
export const startOfMonth = (month: string): number => Date.parse(`${month}-01T00:00:00Z`);

/** UTC calendar months in which something is known, the last `count` of them, as `2026-03`. */
export function lastMonths(grid: IntervalGrid, powerW: Float64Array, count: number): string[] {
  const months = new Set<string>();
  for (let index = 0; index < grid.count; index++) {
    if (!Number.isNaN(powerW[index] ?? Number.NaN))
      months.add(new Date(startOf(grid, index)).toISOString().slice(0, 7));
  }
  return [...months].sort().slice(-count);
}

/** The start of the UTC month after that of a time, ms. */
export function nextMonth(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
