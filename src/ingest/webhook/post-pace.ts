import type { Clock } from '../../core/clock.ts';
import { Lanes } from '../../core/lanes.ts';
import { RateLimiter } from '../../core/rate-limit.ts';

/** Shorter posts never wait. */
const SHORT_BYTES = 64 * 1024;
/** So much of one source goes through at once, and then so much in each two seconds: some 70,000 readings a second. */
const SHARE_BYTES = 8 * 1024 * 1024;
const SHARES = { capacity: 2, refillMs: 2000 };

/**
 * Long posts of one source wait before they are read, when they come faster than the database can write: so their sender
 * waits too, and a flood of whole batches fills no memory. Nothing is refused.
 */
export class PostPace {
  private readonly shares: RateLimiter;
  /** Posts of one source that come at once would else all find the same share free. */
  private readonly lanes = new Lanes<string>();
  private readonly wait: (ms: number) => Promise<unknown>;

  constructor(options: { clock: Clock; wait?: (ms: number) => Promise<unknown> }) {
    this.shares = new RateLimiter({ ...SHARES, clock: options.clock });
    this.wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  /** Returns when it is the turn of a post of so many bytes. */
  async turn(sourceId: string, bytes: number): Promise<void> {
    if (bytes > SHORT_BYTES) await this.lanes.run(sourceId, () => this.takeShare(sourceId, bytes));
  }

  private async takeShare(sourceId: string, bytes: number): Promise<void> {
    const share = this.shares.peek(sourceId);
    if (!share.isAllowed) await this.wait(share.retryAfterS * 1000);
    this.shares.charge(sourceId, bytes / SHARE_BYTES);
  }
}
