import type { MetricName } from '../../core/metrics.ts';
import type { FreshnessLimits } from '../../telemetry/live/freshness.ts';

/** Which sources are announced, on disk. */
export interface AnnouncedSources {
  /** With the time since when, ms UTC. */
  all(): { sourceId: string; since: number }[];
  add(sourceId: string, since: number): void;
  remove(sourceId: string): void;
}

/** Where announcements and figures go: Ampra's own broker, or one elsewhere in the house. */
export interface Outlet {
  /** Publishes into the owner's topics, retained there; an empty payload takes back what was. */
  publish(ownerId: string, topic: string, payload: string): Promise<void>;
}

/** How old a source's values may be; given by telemetry. */
export interface Freshness {
  /** Of one metric, or of the source as a whole. */
  limitsOf(sourceId: string, metric?: MetricName): FreshnessLimits;
}
