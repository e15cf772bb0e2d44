import type { TimeSpan } from '../../core/time-range.ts';
import { clipped, endOfBucket, gapsBetween, lengthOf, type Piece, startOfBucket } from './pieces.ts';
import { placeEvenly, type StageOutput } from './stage-output.ts';

/** When the energy flowed that a counter counted between two of its values. */

export interface Counted {
  from: number;
  to: number;
  kwh: number;
  /** True if so much time lies in between that nobody heard what went on. */
  isBridge: boolean;
  /** In which times it flowed likelier than in others of which nothing is known; empty where that is not known. */
  likely: readonly TimeSpan[];
}

/**
 * Books what was counted at the times that `shape` (what is known without the counter, ascending; it may begin earlier)
 * makes likely: where the shape knows all the time it is scaled to what was counted; where it knows a part, that part
 * counts as it is and the rest flowed evenly in the time of which nothing is known. What the shape itself bridges stays
 * bridged. Gives the part of the rest.
 */
export function placeCounted(counted: Counted, shape: readonly Piece[], output: StageOutput): number {
  const { from, to, kwh, isBridge, likely } = counted;
  const origin = isBridge ? 'bridge' : 'counter';
  const isWithin = shape.length === 0 || (shape[0] as Piece).from >= startOfBucket(from);
  if (!isBridge && isWithin && to <= endOfBucket(from)) {
    output.book(from, to, kwh, origin);
    return 0;
  }
  const before = shape.flatMap((piece) => clipped(piece, Number.NEGATIVE_INFINITY, to) ?? []);
  const known = before.reduce((sum, piece) => sum + piece.kwh, 0);
  const unknown = gapsBetween(before, from, to);
  const within = likely.flatMap((span) => gapsBetween(before, Math.max(from, span.from), Math.min(to, span.to)));
  const gaps = within.length > 0 ? within : unknown;
  const open = lengthOf(gaps);
  if (known <= 0 && open === 0) {
    // That next to nothing flowed is known of all the time, if it was heard: a counter shows the last of what flowed before.
    const isHeard = before.every((piece) => piece.origin !== 'bridge');
    placeEvenly(output, from, to, kwh, isHeard ? 'counter' : origin);
    return isHeard ? 0 : kwh;
  }
  const rest = open === 0 ? 0 : Math.max(0, kwh - known);
  const scale = known <= 0 ? 0 : (kwh - rest) / known;
  const parts: Piece[] = [];
  for (const piece of before) {
    // That nothing flowed before was told already.
    const part = piece.kwh > 0 ? piece : clipped(piece, from, to);
    if (part) parts.push({ ...part, kwh: part.kwh * scale, origin: part.origin === 'bridge' ? 'bridge' : 'counter' });
  }
  // Between two values of a counter that was heard all is known, if only that nothing more flowed.
  if (rest > 0 || !isBridge)
    for (const gap of gaps) parts.push({ ...gap, kwh: (rest * (gap.to - gap.from)) / open, origin });
  parts.sort((a, b) => a.from - b.from);
  for (const part of parts) placeEvenly(output, part.from, part.to, part.kwh, part.origin);
  return rest;
}
