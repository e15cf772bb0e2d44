/**
 * The last time in which a source said nothing at all. A counter that stands at its old value afterwards, or a sun that was
 * down, tell what flowed meanwhile; but nothing counts as known of a time in which the source was not heard.
 */

/** So long what is booked may reach back behind it; to remember it longer would only make states differ [ms]. */
const REMEMBERED_MS = 86_400_000;

export type UnheardState = [from: number, to: number];

export class Unheard {
  constructor(private last: UnheardState | null = null) {}

  /** Nothing was heard between two readings. */
  note(from: number, to: number): void {
    this.last = [from, to];
  }

  /** A reading came [ms]. */
  age(time: number): void {
    if (this.last && time - this.last[1] > REMEMBERED_MS) this.last = null;
  }

  /** The part of a time in which the source was heard [ms]. */
  heardIn(from: number, to: number): number {
    const { last } = this;
    if (!last) return to - from;
    return to - from - Math.max(0, Math.min(to, last[1]) - Math.max(from, last[0]));
  }

  state(): UnheardState | null {
    return this.last;
  }
}
