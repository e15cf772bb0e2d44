import type { ListMetric, MetricName, NumericMetric, TextMetric } from './metrics.ts';

/** What one device said at one moment, in catalogue names, units and signs. A metric that is unknown is absent. */
export type MetricValues = { [name in NumericMetric]?: number } & { [name in TextMetric]?: string } & {
  [name in ListMetric]?: string[];
};

/** One reading of one source. The same source and time is one reading: metrics merge, the last value wins. */
export interface Reading {
  sourceId: string;
  /** When it was measured, ms since 1970 UTC. */
  time: number;
  values: MetricValues;
  /** When it arrived, ms since 1970 UTC; only where the device said itself when it was measured. */
  receivedAt?: number;
  /** Whatever else the device sent, as received (unknown fields, strings, phases). */
  metadata?: Record<string, unknown>;
}

/** A metric and why its value was not taken. */
export interface RejectedValue {
  /** Place in the batch; 0 for a single object. */
  index: number;
  field: MetricName | 'timestamp' | '' | (string & {});
  message: string;
  /** When it was measured, ms UTC, where the device said so. */
  time?: number | null;
}
