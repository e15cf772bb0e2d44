import type { TalkShare } from './talk-share.ts';

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
  /** Talk of this connection, and when it was last said; ms of the steady clock. */
  private talkedMs = 0;
  private talkedAt = 0;
  private pause: Timer | null = null;
  /** True until others had their turn. */
  isOver = false;

  /** `onOver` is called when the share is used up, `onNext` when others had their turn after that. */
  constructor(
    private readonly talk: TalkShare,
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

  /** Counts time that a packet took which brings nothing: while all together talk too much, who talks more than a little waits. */
  countTalk(ms: number): void {
    const { talk } = this;
    this.talkedMs = talk.leftOfOne(this.talkedMs, talk.now() - this.talkedAt) + ms;
    this.talkedAt = talk.now();
    talk.spend(ms);
    if (this.pause || !talk.isTooMuch(this.talkedMs)) return;
    this.pause = setTimeout(() => {
      this.pause = null;
      this.next();
    }, talk.waitMs());
    this.end();
  }

  /** The connection is gone. */
  stop(): void {
    if (this.pause) clearTimeout(this.pause);
    this.pause = null;
  }

  private check(): void {
    if (!this.isNextPlanned) {
      this.isNextPlanned = true;
      setImmediate(() => {
        this.isNextPlanned = false;
        this.next();
      });
    }
    if (this.served >= MOST_SERVED || this.lookedMs >= MOST_LOOKED_MS) this.end();
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onOver();
  }

  private next(): void {
    this.served = 0;
    this.lookedMs = 0;
    if (!this.isOver || this.pause) return;
    this.isOver = false;
    this.onNext();
  }
}
