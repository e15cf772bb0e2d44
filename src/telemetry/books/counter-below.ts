import { clipped, type Origin, type Piece, type PieceState, pieceFrom, pieceState, pushPiece } from './pieces.ts';

/** What lies below a counter (another counter, power) since it last moved: what it counts flowed as that says. */

/** A day of quarter hours. */
const MOST_PIECES = 96;

export class Below {
  private pieces: Piece[];

  constructor(state: readonly PieceState[] = []) {
    this.pieces = state.map(pieceFrom);
  }

  /** Adds what lies after a moment. */
  add(from: number, to: number, kwh: number, origin: Origin, since: number): void {
    if (from >= since) {
      pushPiece(this.pieces, from, to, kwh, origin);
      return;
    }
    const rest = clipped({ from, to, kwh, origin }, since, to);
    if (rest) pushPiece(this.pieces, rest.from, rest.to, rest.kwh, origin);
  }

  all(): readonly Piece[] {
    return this.pieces;
  }

  /** Up to when it is known; null where nothing is [ms]. */
  end(): number | null {
    return this.pieces.at(-1)?.to ?? null;
  }

  kwh(): number {
    let kwh = 0;
    for (const piece of this.pieces) kwh += piece.kwh;
    return kwh;
  }

  /** The part that flowed faster than that [kW]. */
  kwhAbove(kilowatts: number): number {
    let sum = 0;
    for (const { from, to, kwh } of this.pieces) if ((kwh * 3_600_000) / (to - from) >= kilowatts) sum += kwh;
    return sum;
  }

  /** The fastest of it [kW]. */
  peakKw(): number {
    return this.pieces.reduce((most, { from, to, kwh }) => Math.max(most, (kwh * 3_600_000) / (to - from)), 0);
  }

  /** Nothing of what lies before a moment is asked any more. */
  forgetBefore(time: number): void {
    const { pieces } = this;
    if ((pieces[pieces.length - 1]?.to ?? 0) <= time) pieces.length = 0;
    else this.pieces = pieces.flatMap((piece) => clipped(piece, time, Number.POSITIVE_INFINITY) ?? []);
  }

  /** What at the end, up to a moment, flowed not at all. */
  idle(to: number): Piece[] {
    return this.pieces.slice(this.idleFrom(to));
  }

  /** That is asked no more; nor is what lies more than a day of quarter hours back a shape. */
  forgetIdle(to: number): void {
    const { pieces } = this;
    const count = this.idleFrom(to);
    pieces.length = count;
    if (count > MOST_PIECES) this.pieces = pieces.slice(-MOST_PIECES);
  }

  private idleFrom(to: number): number {
    const { pieces } = this;
    let count = pieces.length;
    while (count > 0 && (pieces[count - 1] as Piece).kwh === 0 && (pieces[count - 1] as Piece).to <= to) count--;
    return count;
  }

  /** Gives all, and keeps nothing. */
  takeAll(): readonly Piece[] {
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  /** What lies between two moments; what lies before the second is kept no longer, if there is anything. */
  takeBetween(from: number, to: number): Piece[] {
    const parts = this.pieces.flatMap((piece) => clipped(piece, from, to) ?? []);
    if (parts.length > 0)
      this.pieces = this.pieces.flatMap((piece) => clipped(piece, to, Number.POSITIVE_INFINITY) ?? []);
    return parts;
  }

  /** Undefined where nothing is known. */
  state(): PieceState[] | undefined {
    return this.pieces.length > 0 ? this.pieces.map(pieceState) : undefined;
  }
}
