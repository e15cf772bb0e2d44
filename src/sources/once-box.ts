import type { Clock } from '../core/clock.ts';
import { minutes } from '../core/durations.ts';
import { newSecretHex } from '../core/ids.ts';

const KEPT_MS = minutes(5);
const MOST = 200;

/**
 * Hands something from a form to the page after it, once. In memory only and for five minutes; bound to who put it in,
 * so that a ticket from a log or a history opens nothing.
 */
export class OnceBox<T> {
  private readonly kept = new Map<string, { owner: string; until: number; value: T }>();
  constructor(private readonly clock: Clock) {}

  /** Gives the ticket. */
  put(owner: string, value: T): string {
    this.tidy();
    const ticket = newSecretHex(16);
    this.kept.set(ticket, { owner, until: this.clock.now() + KEPT_MS, value });
    return ticket;
  }

  /** What was put in, the first time its owner asks. */
  take(owner: string, ticket: string): T | undefined {
    this.tidy();
    const found = this.kept.get(ticket);
    if (!found || found.owner !== owner) return undefined;
    this.kept.delete(ticket);
    return found.value;
  }

  private tidy(): void {
    const now = this.clock.now();
    for (const [ticket, { until }] of this.kept) if (until <= now || this.kept.size >= MOST) this.kept.delete(ticket);
  }
}
