import type { Clock } from './clock.ts';

export interface RateLimitOptions {
  /** Tries that may come at once. */
  capacity: number;
  /** Time until one more try is granted, ms. */
  refillMs: number;
  clock: Clock;
  /** Most keys remembered; the one that was quiet longest is forgotten first. Default 5,000. */
  maxKeys?: number;
}

export type RateLimitAnswer = { isAllowed: true } | { isAllowed: false; retryAfterS: number };

interface Bucket {
  /** Tries left, with fractions, as of `at`. */
  left: number;
  at: number;
}

/**
 * Token buckets by key (an account, an address) in bounded memory. A bucket holds `capacity` tries and gains one each
 * `refillMs`. Keys are kept in the order of their last use, so that forgetting one costs an attacker `maxKeys` tries.
 */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();
  constructor(private readonly options: RateLimitOptions) {}

  /** Takes one try from each key, or from none when one of them has none left. */
  take(...keys: string[]): RateLimitAnswer {
    const found = keys.map((key) => ({ key, bucket: this.current(key) }));
    const lacking = Math.max(0, ...found.map(({ bucket }) => 1 - bucket.left));
    if (lacking > 0) return { isAllowed: false, retryAfterS: Math.ceil((lacking * this.options.refillMs) / 1000) };
    for (const { key, bucket } of found) this.store(key, { ...bucket, left: bucket.left - 1 });
    return { isAllowed: true };
  }

  /** Gives a try back: it turned out to be no guess. */
  refund(...keys: string[]): void {
    for (const key of keys) {
      const bucket = this.current(key);
      this.store(key, { ...bucket, left: bucket.left + 1 });
    }
  }

  /** Takes `tries` (not necessarily whole) without asking, down to none left: what something turned out to cost. */
  charge(key: string, tries: number): void {
    const bucket = this.current(key);
    this.store(key, { ...bucket, left: Math.max(0, bucket.left - tries) });
  }

  /** What `take` would answer, without taking. */
  peek(key: string): RateLimitAnswer {
    const lacking = 1 - this.current(key).left;
    if (lacking <= 0) return { isAllowed: true };
    return { isAllowed: false, retryAfterS: Math.ceil((lacking * this.options.refillMs) / 1000) };
  }

  /** Forgets what was tried under this key. */
  reset(key: string): void {
    this.buckets.delete(key);
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.buckets.size;
  }

  private current(key: string): Bucket {
    const now = this.options.clock.now();
    const bucket = this.buckets.get(key);
    if (!bucket) return { left: this.options.capacity, at: now };
    // A clock that was set back must not make anyone wait until it has caught up.
    bucket.at = Math.min(bucket.at, now);
    const gained = (now - bucket.at) / this.options.refillMs;
    return { left: Math.min(this.options.capacity, bucket.left + gained), at: now };
  }

  private store(key: string, bucket: Bucket): void {
    this.buckets.delete(key);
    if (bucket.left >= this.options.capacity) return;
    this.buckets.set(key, bucket);
    if (this.buckets.size <= (this.options.maxKeys ?? 5000)) return;
    for (const oldest of this.buckets.keys()) {
      this.buckets.delete(oldest);
      return;
    }
  }
}

/**
 * The key of an address: the /64 network for IPv6, since one household or attacker has all of it; IPv4 (also when mapped
 * into IPv6) as it is.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((g) => Number.parseInt(g, 16).toString(16))
    .join(':')}::/64`;
}
