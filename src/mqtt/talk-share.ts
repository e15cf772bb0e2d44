/** Share of the time that clients together may talk: subscribe, unsubscribe, ping. */
const SHARE = 0.2;
/** What they may say at once, ms. */
const MOST_MS = 100;
/** What each may say whatever the others do: at once, ms, and as a share of the time. A device's own is a tenth of a millisecond. */
const MOST_OF_ONE_MS = 10;
const SHARE_OF_ONE = 0.001;
/** At least so long is waited, ms. */
const LEAST_WAIT_MS = 5;

/**
 * How much of the loop's time goes into packets that bring no reading. A client may send thousands of filters, or pings by the
 * million, as fast as they are served; that would take most of the time from everybody else, and fill the memory with what each
 * leaves behind faster than it is collected.
 */
export class TalkShare {
  private spentMs = 0;
  private at = 0;

  /** `now` is a steady clock, ms. */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** What still counts of so much talk of one client after a time. */
  leftOfOne(talkedMs: number, passedMs: number): number {
    return Math.max(0, talkedMs - passedMs * SHARE_OF_ONE);
  }

  spend(ms: number): void {
    this.spentMs = this.left() + ms;
    this.at = this.now();
  }

  /** True when all together talk too much now, and one who has talked for so long more than a little. */
  isTooMuch(ofOneMs: number): boolean {
    return ofOneMs > MOST_OF_ONE_MS && this.left() > MOST_MS;
  }

  /** How long until there is time again. */
  waitMs(): number {
    return Math.max(LEAST_WAIT_MS, (this.left() - MOST_MS) / SHARE);
  }

  private left(): number {
    return Math.max(0, this.spentMs - (this.now() - this.at) * SHARE);
  }
}
