import type { Clock } from '../core/clock.ts';
import { addressKey, RateLimiter } from '../core/rate-limit.ts';

/** Longer than the name of any source; what differs only after it shares its tries, so that names cost no memory. */
const MOST_NAME = 64;

/**
 * Slows down who guesses passwords. Each user name at each address has tries of its own, so that one device with a wrong
 * key does not lock out the others behind the same router; an address as a whole has more. Whoever got in lately
 * from there stays exempt from what others at the address do.
 */
export class LoginGuard {
  private readonly perName: RateLimiter;
  private readonly perAddress: RateLimiter;
  private readonly proven = new Map<string, true>();

  constructor(clock: Clock) {
    this.perName = new RateLimiter({ capacity: 10, refillMs: 10_000, clock });
    this.perAddress = new RateLimiter({ capacity: 60, refillMs: 2000, clock });
  }

  /** True if a try may be made; it counts as failed until `succeeded` is called. */
  mayTry(address: string, username: string): boolean {
    const [net, name] = this.keys(address, username);
    return this.proven.has(name)
      ? this.perName.take(name).isAllowed
      : this.perName.take(name).isAllowed && this.perAddress.take(net).isAllowed;
  }

  succeeded(address: string, username: string): void {
    const [net, name] = this.keys(address, username);
    this.perName.reset(name);
    if (!this.proven.has(name)) this.perAddress.refund(net);
    this.proven.delete(name);
    this.proven.set(name, true);
    const oldest = this.proven.size > 2000 ? this.proven.keys().next().value : undefined;
    if (oldest !== undefined) this.proven.delete(oldest);
  }

  private keys(address: string, username: string): [string, string] {
    const net = addressKey(address);
    return [net, `${net} ${username.slice(0, MOST_NAME)}`];
  }
}
