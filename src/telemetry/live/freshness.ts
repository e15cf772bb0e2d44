import type { MetricName } from '../../core/metrics.ts';
import type { LatestReading } from '../figures.ts';

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

/** How quickly a meter believes that values come more seldom, and more often, than it thought. */
const SLOWER = 0.5;
const FASTER = 0.2;

/**
 * Learns the usual distance between values from the times at which they were measured. The longer distances of an uneven
 * rhythm count more: three phases in three seconds and then a minute of silence are no reason to call a value old.
 */
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
    const before = this.usual ?? distance;
    this.usual = before + (distance - before) * (distance > before ? SLOWER : FASTER);
  }
}

/**
 * How often each metric of a source comes. A device that sends one value a message sends some each second and others each
 * few minutes; each is as old as its own rhythm says.
 */
export class Rhythms {
  private readonly meters = new Map<MetricName, IntervalMeter>();

  learn({ times }: Pick<LatestReading, 'times'>): void {
    for (const [name, time] of Object.entries(times)) {
      const metric = name as MetricName;
      const meter = this.meters.get(metric) ?? new IntervalMeter();
      this.meters.set(metric, meter);
      meter.add(time);
    }
  }

  /**
   * Usual time [ms] between values of the metric; without one, of the most frequent metric. A metric that came once may be
   * a slow one: it is given a minute, or as long as the most frequent one takes.
   */
  intervalMs(metric?: MetricName): number | null {
    const own = metric === undefined ? null : (this.meters.get(metric)?.intervalMs ?? null);
    if (own !== null) return own;
    let least: number | null = null;
    for (const { intervalMs } of this.meters.values())
      if (intervalMs !== null && (least === null || intervalMs < least)) least = intervalMs;
    return metric === undefined || least === null ? least : Math.max(least, DEFAULT_INTERVAL_MS);
  }
}
