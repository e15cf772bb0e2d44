import type { ReadingSink } from '../../telemetry/ports.ts';

/** So many messages may wait for room; senders that wait for answers never come near it. */
const MOST_WAITING = 20_000;

/**
 * What is durable but finds no room in telemetry waits here, in order, unanswered: so its senders wait too, and the
 * broker stops reading from whoever sends on. That bounds memory in a flood without refusing anything.
 */
export class Backlog {
  private waiting: (() => void)[] = [];
  private isDraining = false;
  /** The database refused to take anything: no use in waiting for it. */
  private isStuck = false;

  constructor(private readonly sink: Pick<ReadingSink, 'isSaturated' | 'flush'>) {}

  /** True when the next delivery has to wait its turn. */
  mustWait(): boolean {
    return this.waiting.length > 0 || (this.isSaturated() && !this.isStuck);
  }

  /** True when no more may be taken in: the database does not write, or too much waits. */
  isFull(): boolean {
    if (this.isStuck) this.isStuck = this.isSaturated();
    return this.isStuck || this.waiting.length >= MOST_WAITING;
  }

  /** Runs `deliver` when there is room. */
  add(deliver: () => void): void {
    this.waiting.push(deliver);
    if (!this.isDraining) void this.drain();
  }

  private async drain(): Promise<void> {
    this.isDraining = true;
    while (this.waiting.length > 0) {
      try {
        if (this.isSaturated()) await this.sink.flush();
        this.isStuck = this.isSaturated();
      } catch {
        // Telemetry says why and tries again. What waits here is few, durable, and may be answered.
        this.isStuck = true;
      }
      this.deliverWhileRoom();
    }
    this.isDraining = false;
  }

  private deliverWhileRoom(): void {
    let at = 0;
    while (at < this.waiting.length && (this.isStuck || !this.isSaturated())) this.waiting[at++]?.();
    this.waiting = this.waiting.slice(at);
  }

  /** So much waits for the database that more would not fit into memory. */
  private isSaturated(): boolean {
    try {
      return this.sink.isSaturated();
    } catch {
      return false; // Telemetry is broken: the journal takes everything until it is mended.
    }
  }
}
