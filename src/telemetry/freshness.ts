/** How old a value may be: `fresh` is shown plain, `ageing` faded, `stale` gives its place to its age. */
export type Freshness = 'fresh' | 'ageing' | 'stale';

/** Assumed until a source has shown how often it reports. ms. */
export const DEFAULT_INTERVAL_MS = 60_000;

export interface FreshnessLimits {
  /** Age from which a value fades. ms. */
  ageingMs: number;
  /** Age from which a value is no longer shown as what is now. ms. */
  staleMs: number;
}

/** Limits for a source that usually reports each `intervalMs`: three missed reports fade a value, ten retire it. */
export function freshnessLimits(intervalMs: number = DEFAULT_INTERVAL_MS): FreshnessLimits {
  return { ageingMs: Math.max(45_000, 3 * intervalMs), staleMs: Math.max(180_000, 10 * intervalMs) };
}

/** How a value of that age is to be shown. */
export function freshnessOf(ageMs: number, limits: FreshnessLimits): Freshness {
  if (ageMs >= limits.staleMs) return 'stale';
  return ageMs >= limits.ageingMs ? 'ageing' : 'fresh';
}

/** Learns the usual distance of a source's readings from the times at which they were measured. */
export class IntervalMeter {
  private lastTime = Number.NaN;
  private usual: number | null = null;

  /** Usual interval [ms], or null before two readings came. */
  get intervalMs(): number | null {
    return this.usual;
  }

  /** Takes the time of the newest reading; gaps of more than an hour say nothing about the rhythm. */
  add(time: number): void {
    const distance = time - this.lastTime;
    if (time > this.lastTime || Number.isNaN(this.lastTime)) this.lastTime = time;
    if (!(distance > 0) || distance > 3_600_000) return;
    this.usual = this.usual === null ? distance : this.usual * 0.8 + distance * 0.2;
  }
}
