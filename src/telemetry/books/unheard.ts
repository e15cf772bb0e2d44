/**
 * The last times in which a source said nothing at all. A counter that stands at its old value afterwards, or a sun that was
 * down, tell what flowed meanwhile; but nothing counts as known of a time in which the source was not heard.
 */

/** So long what is booked may reach back behind it: a counter may be on trial for three days [ms]. */
const REMEMBERED_MS = 3 * 86_400_000;
/** A source that is silent more often meanwhile hardly knows more of one such time than of another. */
const MOST = 8;

/** Start and end of each, one after the other. */
export type UnheardState = number[];

export class Unheard {
  private times: UnheardState;

  constructor(times: UnheardState = []) {
    this.times = [...times];
  }

  /** Nothing was heard between two readings. */
  note(from: number, to: number): void {
    this.times.push(from, to);
    if (this.times.length > 2 * MOST) this.times.splice(0, 2);
  }

  /** A reading came; of all that was before `told` is told already what is known. */
  age(time: number, told: () => number): void {
    if (this.times.length === 0) return;
    const since = Math.max(time - REMEMBERED_MS, told());
    while (this.times.length > 0 && (this.times[1] as number) <= since) this.times.splice(0, 2);
  }

  /** The part of a time in which the source was heard [ms]. */
  heardIn(from: number, to: number): number {
    const { times } = this;
    let heard = to - from;
    for (let i = 0; i < times.length; i += 2)
      heard -= Math.max(0, Math.min(to, times[i + 1] as number) - Math.max(from, times[i] as number));
    return heard;
  }

  state(): UnheardState | null {
    return this.times.length > 0 ? [...this.times] : null;
  }
}
