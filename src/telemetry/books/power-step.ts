import type { EnergySink } from './pieces.ts';
import { endOfBucket } from './pieces.ts';

/** Energy from power: the area under a straight line between two values, by quarter hours, each sign for itself. */

const HOUR = 3_600_000;

/** A step of a power [W] between two moments [ms]. */
export interface PowerStep {
  from: number;
  to: number;
  start: number;
  end: number;
}

/** Books the part of the step on one side (1 or -1) of a signed power; zero counts as known. */
export function bookPower(into: EnergySink, step: PowerStep, side: 1 | -1): void {
  const start = side * step.start;
  const end = side * step.end;
  const { from, to } = step;
  if (to <= endOfBucket(from)) {
    into.book(from, to, areaOf(start, end, to - from), 'power');
    return;
  }
  const slope = (end - start) / (to - from);
  for (let low = from; low < to; ) {
    const high = Math.min(to, endOfBucket(low));
    into.book(low, high, areaOf(start + slope * (low - from), start + slope * (high - from), high - low), 'power');
    low = high;
  }
}

/** kWh of the positive part of a straight line between two powers. */
function areaOf(start: number, end: number, ms: number): number {
  return (meanAboveZero(start, end) * ms) / HOUR / 1000;
}

function meanAboveZero(start: number, end: number): number {
  if (start >= 0 && end >= 0) return (start + end) / 2;
  if (start <= 0 && end <= 0) return 0;
  const top = Math.max(start, end);
  return (top * top) / (2 * Math.abs(end - start));
}
