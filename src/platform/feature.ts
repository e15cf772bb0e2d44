import type { MetricSample } from './metrics.ts';

/** How well a part of the appliance is doing; shown by /readyz, the System page and the degraded start. */
export interface PartHealth {
  part: string;
  state: 'ok' | 'starting' | 'broken';
  /** What is wrong and what to do about it, for the owner. */
  message?: string;
}

/**
 * One feature of the appliance. Constructors do nothing; `start` may touch the world and is called in the order of
 * `app.ts`, `stop` in the reverse order. A feature whose `start` throws is named as broken; the others go on.
 */
export interface Feature<Web = unknown> {
  readonly name: string;
  /** Registers pages and API routes. Called once, before `start`. */
  routes?(web: Web): void;
  start?(): Promise<void>;
  /** Must finish within 2 s; what is pending reaches the disk. */
  stop?(): Promise<void>;
  health?(): PartHealth[];
  /** Samples for /metrics (Prometheus text). */
  metrics?(): MetricSample[];
}
