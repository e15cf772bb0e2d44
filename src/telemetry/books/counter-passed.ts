import type { Piece } from './pieces.ts';

/** What counted from below since a counter last moved, though the counter may know of it: so that nothing counts twice. */

/** After so much that counted without it, what a counter makes up for is not asked any more [kWh]. */
const MOST_PASSED_KWH = 200;

export class Passed {
  private kwh: number;
  /** End of what counted from below [ms]. */
  to: number;

  constructor(kwh = 0, to = Number.NEGATIVE_INFINITY) {
    this.kwh = kwh;
    this.to = to;
  }

  isNothing(): boolean {
    return this.kwh === 0;
  }

  /** A piece counts; `knownSince`: the counter knows of nothing before it. */
  add(piece: Piece, knownSince: number): void {
    this.kwh = Math.min(MOST_PASSED_KWH, (this.to <= knownSince ? 0 : this.kwh) + piece.kwh);
    this.to = piece.to;
  }

  forget(): void {
    this.kwh = 0;
  }

  /** What the counter counted beyond that which counted from below already; nothing after very much of that. */
  moreThan(kwh: number): number {
    return this.kwh >= MOST_PASSED_KWH ? 0 : Math.max(0, kwh - this.kwh);
  }

  /** So much of what counted from below the counter knows too. */
  settle(kwh: number): void {
    this.kwh = Math.max(0, this.kwh - kwh);
  }

  state(): { passed?: number; passedTo?: number } {
    return { ...(this.kwh > 0 && { passed: this.kwh }), ...(this.to > 0 && { passedTo: this.to }) };
  }
}
