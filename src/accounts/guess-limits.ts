import type { Clock } from '../core/clock.ts';
import { minutes, seconds } from '../core/durations.ts';
import { addressKey, RateLimiter } from '../core/rate-limit.ts';
import { ok, type Result, refuse } from '../core/result.ts';

const MOST_PROVEN = 1000;

/**
 * One place for the limits on everything that can be guessed. By account, so that many addresses gain nothing; by
 * address, so that many accounts gain nothing; by both together, so that a stranger's tries hardly hinder the owner.
 */
export class GuessLimits {
  private readonly limiters;
  /** Accounts and addresses from which their owners signed in since the start; those that did so longest ago are forgotten. */
  private readonly proven = new Set<string>();

  constructor(clock: Clock) {
    const limiter = (capacity: number, refillMs: number) => new RateLimiter({ capacity, refillMs, clock });
    this.limiters = {
      signInPair: limiter(6, minutes(1)),
      signInAccount: limiter(40, seconds(30)),
      signInAddress: limiter(30, seconds(10)),
      /** Verification codes and tickets, by address; each ticket also locks itself after five wrong tries. */
      code: limiter(20, seconds(30)),
      /** Asking for a mail: by the address it would go to, and by the asking address. */
      mailAccount: limiter(5, minutes(5)),
      mailAddress: limiter(10, minutes(3)),
      /** Reset codes and invitation links, by address. */
      link: limiter(10, minutes(1)),
      setUpAddress: limiter(5, minutes(3)),
      setUpAll: limiter(60, minutes(1)),
      /** Wrong access tokens, by address; right ones cost nothing. */
      token: limiter(30, seconds(10)),
      /** The own password asked again, by user. */
      password: limiter(8, minutes(1)),
    } satisfies Record<string, RateLimiter>;
  }

  signIn(account: string, address: string): Result<void> {
    const from = addressKey(address);
    const pair = `${account}|${from}`;
    // Who guesses from many addresses must not keep the owner out, where the owner was before.
    if (this.proven.has(pair)) return this.first(['signInPair', pair], ['signInAddress', from]);
    return this.first(['signInPair', pair], ['signInAccount', account], ['signInAddress', from]);
  }

  /** A right password proves that it was no guess. */
  signedIn(account: string, address: string): void {
    const from = addressKey(address);
    const pair = `${account}|${from}`;
    this.limiters.signInPair.reset(pair);
    if (!this.proven.has(pair)) this.limiters.signInAccount.refund(account);
    this.limiters.signInAddress.refund(from);
    this.proven.delete(pair);
    this.proven.add(pair);
    const [oldest] = this.proven;
    if (this.proven.size > MOST_PROVEN && oldest !== undefined) this.proven.delete(oldest);
  }

  code(address: string): Result<void> {
    return this.first(['code', addressKey(address)]);
  }

  mail(account: string, address: string): Result<void> {
    return this.first(['mailAddress', addressKey(address)], ['mailAccount', account]);
  }

  link(address: string): Result<void> {
    return this.first(['link', addressKey(address)]);
  }

  setUpCode(address: string): Result<void> {
    return this.first(['setUpAddress', addressKey(address)], ['setUpAll', 'all']);
  }

  /** Whoever knows the code may mistype the rest as often as they like. */
  rightSetUpCode(address: string): void {
    this.limiters.setUpAddress.refund(addressKey(address));
    this.limiters.setUpAll.refund('all');
  }

  password(userId: string): Result<void> {
    return this.first(['password', userId]);
  }

  rightPassword(userId: string): void {
    this.limiters.password.reset(userId);
  }

  /** Takes a try before a token is looked at; `rightToken` gives it back. */
  token(address: string): boolean {
    return this.limiters.token.take(addressKey(address)).isAllowed;
  }

  rightToken(address: string): void {
    this.limiters.token.refund(addressKey(address));
  }

  private first(...wanted: [keyof GuessLimits['limiters'], string][]): Result<void> {
    for (const [name, key] of wanted) {
      const answer = this.limiters[name].take(key);
      if (!answer.isAllowed) return tooMany(answer.retryAfterS);
    }
    return ok(undefined);
  }
}

/** The one refusal for too many tries. */
export function tooMany(retryAfterS: number): Result<never> {
  const wait = retryAfterS < 90 ? `${retryAfterS} s` : `${Math.ceil(retryAfterS / 60)} min`;
  return refuse('rate_limited', `Too many tries. Try again in ${wait}.`, { retryAfterS });
}
