import { endedBy, type IntervalGrid, utcDayOf } from '../interval-grid.ts';
import type { Online } from '../online/online.ts';

const DAY_MS = 86_400_000;

/**
 * Takes one run through time and gives what it has learned at each of some moments, ascending, each when it is asked for. What
 * it forecast of the past by models that had not seen it stays; of the days between two moments the earlier one's forecasts do.
 */
export function* learnedAt<A>(
  grid: IntervalGrid,
  run: { retrain(known: number, until: number): void; online: Online },
  moments: readonly number[],
  learned: (known: number) => A,
): Generator<A, void> {
  const numbers = moments.map((time) => endedBy(grid, time));
  for (const [at, known] of numbers.entries()) {
    const next = numbers[at + 1] ?? known;
    run.retrain(known, next);
    run.online.advance(known, known);
    yield learned(known);
    passDays(grid, run.online, known, next);
  }
}

/** Issues each UTC day at its start and takes it in. */
function passDays(grid: IntervalGrid, online: Online, from: number, to: number): void {
  for (let known = from; known < to; ) {
    const day = endedBy(grid, (utcDayOf(grid, known) + 1) * DAY_MS);
    const end = Math.min(to, Math.max(known + 1, day));
    online.advance(known, end);
    known = end;
  }
}
