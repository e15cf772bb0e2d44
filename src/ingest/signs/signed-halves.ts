import { STALE_MS } from '../memory/quantity-parts.ts';

interface Halves {
  positive: number;
  negative: number;
  /** When a half was last said, for its freshness. */
  at: number;
}

const MOST_HALVES = 64;

/** Signed quantities that devices split into two fields that are never negative (charging and discharging). */
export class SignedHalves {
  private readonly halves = new Map<string, Halves>();

  /**
   * What a half makes of its quantity. A half above zero says everything, for the other one is zero then; a half of zero leaves
   * it to the other one. Null while that is unknown.
   */
  signed(key: string, side: 1 | -1, value: number, at: number): number | null {
    let halves = this.halves.get(key);
    if (value > 0) {
      halves = side === 1 ? { positive: value, negative: 0, at } : { positive: 0, negative: value, at };
      if (!this.halves.has(key) && this.halves.size >= MOST_HALVES) this.halves.clear();
      this.halves.set(key, halves);
      return side * value;
    }
    if (halves === undefined || halves.at < at - STALE_MS) {
      const unsaid = Number.NaN;
      this.halves.set(key, side === 1 ? { positive: 0, negative: unsaid, at } : { positive: unsaid, negative: 0, at });
      return null;
    }
    if (side === 1) halves.positive = 0;
    else halves.negative = 0;
    halves.at = at;
    const signed = halves.positive - halves.negative;
    return Number.isNaN(signed) ? null : signed;
  }
}
