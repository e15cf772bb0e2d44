import { type IntervalGrid, slotsPerDay, slotsPerHour } from './interval-grid.ts';

/** How bright the last days and hours before a forecast were, by energy. */
export interface RecentClearness {
  /** Power over the clear sky's in the last seven days; NaN when unknown. */
  week: number;
  /** The same in the last three lit hours, within a day. */
  lastHours: number;
  /** Power over what physics expected of the weather, in those hours. */
  lastRatio: number;
  /** Power over what was expected in the last two days. */
  performance: number;
  /** Number of the last lit interval that was known, for how long ago it is. */
  lastLit: number;
}

export interface RecentInput {
  grid: IntervalGrid;
  powerW: ArrayLike<number>;
  physicsW: ArrayLike<number>;
  clearW: ArrayLike<number>;
  /** What power is to be compared with: physics, or the clear sky where there is no weather. */
  expectedW: ArrayLike<number>;
  scaleW: number;
}

const LIT_SHARE = 0.03;

/** The best that two days can have been over what was expected; above it the expectation was wrong. */
const BEST_PERFORMANCE = 1.3;

/** Reads it for a forecast made when intervals below `known` were over; remembers the last answer. */
export function createRecentClearness(input: RecentInput): (known: number) => RecentClearness {
  const { grid, powerW, clearW, expectedW, scaleW } = input;
  const isLit = (index: number): boolean =>
    (clearW[index] ?? 0) > LIT_SHARE * scaleW && (powerW[index] ?? Number.NaN) >= 0;
  const overClear = createRatio(grid, powerW, clearW, isLit);
  const isExpected = (index: number): boolean =>
    (powerW[index] ?? Number.NaN) >= 0 && (expectedW[index] ?? Number.NaN) >= 0;
  const overExpected = createRatio(grid, powerW, expectedW, isExpected);
  const enough = 0.05 * scaleW * slotsPerHour(grid);
  let last: { known: number; answer: RecentClearness } | undefined;
  return (known) => {
    if (last?.known !== known) {
      const performance = Math.min(BEST_PERFORMANCE, overExpected(known, 2, enough));
      last = { known, answer: { week: overClear(known, 7, 0), performance, ...lastHours(input, known, isLit) } };
    }
    return last.answer;
  };
}

/** Ratio of two sums over the days before an interval, by running sums; NaN where the second is not above `least`. */
function createRatio(
  grid: IntervalGrid,
  above: ArrayLike<number>,
  below: ArrayLike<number>,
  counts: (index: number) => boolean,
): (known: number, days: number, least: number) => number {
  const sums = [above, below].map((series) => {
    const sum = new Float64Array(grid.count + 1);
    for (let index = 0; index < grid.count; index++)
      sum[index + 1] = (sum[index] ?? 0) + (counts(index) ? (series[index] ?? 0) : 0);
    return sum;
  });
  return (known, days, least) => {
    const from = Math.max(0, known - days * slotsPerDay(grid));
    const [a = 0, b = 0] = sums.map((sum) => (sum[known] ?? 0) - (sum[from] ?? 0));
    return b > least ? ratio(a, b) : Number.NaN;
  };
}

function lastHours(
  input: RecentInput,
  known: number,
  isLit: (index: number) => boolean,
): Omit<RecentClearness, 'week' | 'performance'> {
  const { grid, powerW, physicsW, clearW } = input;
  const most = 3 * slotsPerHour(grid);
  let [power, clear, physics, seen, lastLit] = [0, 0, 0, 0, -1];
  for (let index = known - 1; index >= Math.max(0, known - slotsPerDay(grid)) && seen < most; index--) {
    if (!isLit(index)) continue;
    if (lastLit < 0) lastLit = index;
    power += powerW[index] ?? 0;
    clear += clearW[index] ?? 0;
    physics += physicsW[index] ?? 0;
    seen++;
  }
  return { lastHours: ratio(power, clear), lastRatio: ratio(power, physics), lastLit };
}

const ratio = (a: number, b: number): number => (b > 0 ? Math.min(3, a / b) : Number.NaN);
