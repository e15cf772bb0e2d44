import { type IntervalGrid, slotsPerDay, slotsPerHour } from './interval-grid.ts';

/** How bright the last days and hours before a forecast were, by energy. */
export interface RecentClearness {
  /** Power over the clear sky's in the last seven days; NaN when unknown. */
  week: number;
  /** The same in the last three lit hours, within a day. */
  lastHours: number;
  /** Power over what physics expected of the weather, in those hours. */
  lastRatio: number;
  /** Number of the last lit interval that was known, for how long ago it is. */
  lastLit: number;
}

export interface RecentInput {
  grid: IntervalGrid;
  powerW: ArrayLike<number>;
  physicsW: ArrayLike<number>;
  clearW: ArrayLike<number>;
  scaleW: number;
}

const LIT_SHARE = 0.03;

/** Reads it for a forecast made when intervals below `known` were over; remembers the last answer. */
export function createRecentClearness(input: RecentInput): (known: number) => RecentClearness {
  const { grid, powerW, clearW, scaleW } = input;
  const count = grid.count;
  const isLit = (index: number): boolean =>
    (clearW[index] ?? 0) > LIT_SHARE * scaleW && (powerW[index] ?? Number.NaN) >= 0;
  const powerSum = new Float64Array(count + 1);
  const clearSum = new Float64Array(count + 1);
  for (let index = 0; index < count; index++) {
    const lit = isLit(index);
    powerSum[index + 1] = (powerSum[index] ?? 0) + (lit ? (powerW[index] ?? 0) : 0);
    clearSum[index + 1] = (clearSum[index] ?? 0) + (lit ? (clearW[index] ?? 0) : 0);
  }
  const week = (known: number): number => {
    const from = Math.max(0, known - 7 * slotsPerDay(grid));
    return ratio((powerSum[known] ?? 0) - (powerSum[from] ?? 0), (clearSum[known] ?? 0) - (clearSum[from] ?? 0));
  };
  let last: { known: number; answer: RecentClearness } | undefined;
  return (known) => {
    if (last?.known !== known) last = { known, answer: { week: week(known), ...lastHours(input, known, isLit) } };
    return last.answer;
  };
}

function lastHours(
  input: RecentInput,
  known: number,
  isLit: (index: number) => boolean,
): Omit<RecentClearness, 'week'> {
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
