/** Packets that wait for no disk, and filters in them, that one connection is served in one turn. */
const MOST_SERVED = 256;
/** Time that one connection's publications are looked at in one turn: a socket may hold half a megabyte of hard ones. ms. */
const MOST_LOOKED_MS = 10;

/**
 * One connection's turn of the loop. A hundred kilobytes may hold fifty thousand packets, or a second of work: when it has had
 * its share, others come first.
 */
export class Turn {
  private served = 0;
  private lookedMs = 0;
  private isNextPlanned = false;
  /** True until others had their turn. */
  isOver = false;

  /** `onOver` is called when the share is used up, `onNext` when others had their turn after that. */
  constructor(
    private readonly onOver: () => void,
    private readonly onNext: () => void,
  ) {}

  /** Counts packets, or filters in one, that were served at once. */
  countServed(count: number): void {
    this.served += count;
    this.check();
  }

  /** Counts time that a publication took. */
  countLooked(ms: number): void {
    this.lookedMs += ms;
    this.check();
  }

  private check(): void {
    if (!this.isNextPlanned) {
      this.isNextPlanned = true;
      setImmediate(() => this.next());
    }
    if (this.isOver || (this.served < MOST_SERVED && this.lookedMs < MOST_LOOKED_MS)) return;
    this.isOver = true;
    this.onOver();
  }

  private next(): void {
    this.isNextPlanned = false;
    this.served = 0;
    this.lookedMs = 0;
    if (!this.isOver) return;
    this.isOver = false;
    this.onNext();
  }
}
