/** Intervals of equal length one after the other; number i is `[from + i * stepMs, from + (i + 1) * stepMs)`, ms UTC. */
export interface IntervalGrid {
  from: number;
  stepMs: number;
  count: number;
}

const DAY_MS = 86_400_000;

export const startOf = (grid: IntervalGrid, index: number): number => grid.from + index * grid.stepMs;

/** Numbers of the intervals from one up to another, without that. */
export const numbersOf = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

/** How many intervals have wholly passed at a moment: those with a smaller number. */
export function endedBy(grid: IntervalGrid, time: number): number {
  return Math.min(grid.count, Math.max(0, Math.floor((time - grid.from) / grid.stepMs + 1e-9)));
}

/** Number of the first interval that starts at `time` or later. */
export function firstFrom(grid: IntervalGrid, time: number): number {
  return Math.min(grid.count, Math.max(0, Math.ceil((time - grid.from) / grid.stepMs - 1e-9)));
}

/** UTC day that an interval starts in, days since 1970. */
export function utcDayOf(grid: IntervalGrid, index: number): number {
  return Math.floor(startOf(grid, index) / DAY_MS);
}

/** Intervals a day, at least one. */
export function slotsPerDay(grid: IntervalGrid): number {
  return Math.max(1, Math.round(DAY_MS / grid.stepMs));
}

/** Intervals an hour, at least one. */
export function slotsPerHour(grid: IntervalGrid): number {
  return Math.max(1, Math.round(DAY_MS / 24 / grid.stepMs));
}

/** The most common distance of neighbouring times, up to a day and a little; null when there is none of half a minute or more. */
export function commonStep(ascending: ArrayLike<number>): number | null {
  const steps: number[] = [];
  for (let row = 1; row < ascending.length; row++) {
    const step = (ascending[row] ?? 0) - (ascending[row - 1] ?? 0);
    if (step > 0 && step <= 1.1 * DAY_MS) steps.push(step);
  }
  const step = mostCommon(steps);
  return step === null || step < 30_000 ? null : step;
}

/** The value that comes most often; the first of several. */
export function mostCommon(values: Iterable<number>): number | null {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: { value: number; count: number } | null = null;
  for (const [value, count] of counts) if (!best || count > best.count) best = { value, count };
  return best?.value ?? null;
}
