import type { TimeSpan } from '../../core/time-range.ts';
import { BUCKET_MS } from '../energy/energy.ts';

/** Energy between two moments of one quarter hour, and how it became known. */

/**
 * `counter`: the device counted it. `bridge`: a counter knows it of a time in which nothing was heard. `power`: integrated
 * from power.
 */
export type Origin = 'counter' | 'bridge' | 'power';

export interface Piece {
  from: number;
  to: number;
  kwh: number;
  origin: Origin;
}

/** Takes energy that is known; `from` and `to` lie in one quarter hour. */
export interface EnergySink {
  book(from: number, to: number, kwh: number, origin: Origin): void;
}

/** Books energy that flowed evenly, quarter hour by quarter hour. */
export function bookEvenly(into: EnergySink, from: number, to: number, kwh: number, origin: Origin): void {
  const rate = kwh / (to - from);
  for (let low = from; low < to; ) {
    const high = Math.min(to, endOfBucket(low));
    into.book(low, high, low === from && high === to ? kwh : rate * (high - low), origin);
    low = high;
  }
}

export const startOfBucket = (time: number): number => Math.floor(time / BUCKET_MS) * BUCKET_MS;
export const endOfBucket = (time: number): number => (Math.floor(time / BUCKET_MS) + 1) * BUCKET_MS;

/** Adds to a list in order; what goes on in the same quarter hour becomes one piece. */
export function pushPiece(list: Piece[], from: number, to: number, kwh: number, origin: Origin): void {
  const last = list[list.length - 1];
  if (last && last.to === from && last.origin === origin && last.from >= startOfBucket(from)) {
    last.to = to;
    last.kwh += kwh;
  } else list.push({ from, to, kwh, origin });
}

/** The part of a piece between two moments, or null; energy by its share of the time. */
export function clipped(piece: Piece, from: number, to: number): Piece | null {
  const low = Math.max(piece.from, from);
  const high = Math.min(piece.to, to);
  if (high <= low) return null;
  if (low === piece.from && high === piece.to) return piece;
  return { ...piece, from: low, to: high, kwh: (piece.kwh * (high - low)) / (piece.to - piece.from) };
}

export const lengthOf = (spans: readonly TimeSpan[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** Times between `from` and `to` that no piece of the ascending list covers. */
export function gapsBetween(pieces: readonly Piece[], from: number, to: number): TimeSpan[] {
  const gaps: TimeSpan[] = [];
  let at = from;
  for (const piece of pieces) {
    if (piece.to <= at) continue;
    if (piece.from >= to) break;
    if (piece.from > at) gaps.push({ from: at, to: piece.from });
    at = piece.to;
  }
  if (at < to) gaps.push({ from: at, to });
  return gaps;
}

export type PieceState = [from: number, to: number, kwh: number, origin: 0 | 1 | 2];
const origins: readonly Origin[] = ['counter', 'bridge', 'power'];

export function pieceState({ from, to, kwh, origin }: Piece): PieceState {
  return [from, to, kwh, origins.indexOf(origin) as 0 | 1 | 2];
}

export function pieceFrom([from, to, kwh, origin]: PieceState): Piece {
  return { from, to, kwh, origin: origins[origin] ?? 'counter' };
}
