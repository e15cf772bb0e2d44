import type { NumericMetric } from '../../core/metrics.ts';
import type { MetricValues, RejectedValue } from '../../core/reading.ts';
import { isUnknown } from '../../core/register-limits.ts';
import { STANDS_FOR_UNKNOWN } from '../../sources/refused-words.ts';

/** Numbers that stand for "unknown" never become part of a reading: nobody shows, averages or integrates them. */

interface Said {
  values: MetricValues;
  metadata?: Record<string, unknown>;
  index: number;
  /** ms UTC; null when the device said none. */
  time: number | null;
}

/**
 * Takes them out of readings in place, and tells of each in `rejected`; a reading of which nothing is left goes. `before`
 * gives the last believed value of a metric from before these readings.
 */
export function withoutUnknown<Reading extends Said>(
  readings: readonly Reading[],
  before: (metric: NumericMetric) => number | undefined,
  rejected: RejectedValue[],
): readonly Reading[] {
  let isAnyEmpty = false;
  for (let i = 0; i < readings.length; i++) {
    const reading = readings[i] as Reading;
    for (const name in reading.values) {
      const value = reading.values[name as NumericMetric];
      if (typeof value !== 'number') continue;
      const metric = name as NumericMetric;
      if (!isUnknown(metric, value, () => lastOf(metric, readings, i) ?? before(metric))) continue;
      reading.values = without(reading.values, metric);
      isAnyEmpty ||= Object.keys(reading.values).length === 0;
      rejected.push({ index: reading.index, field: metric, message: STANDS_FOR_UNKNOWN, time: reading.time });
    }
  }
  return isAnyEmpty ? readings.filter(saysSomething) : readings;
}

/** The newest value of a metric in the readings before one of them. */
export function lastOf(metric: NumericMetric, readings: readonly Said[], end = readings.length): number | undefined {
  for (let i = end - 1; i >= 0; i--) {
    const value = readings[i]?.values[metric];
    if (value !== undefined) return value;
  }
  return undefined;
}

const saysSomething = ({ values, metadata }: Said): boolean => metadata !== undefined || Object.keys(values).length > 0;

function without(values: MetricValues, metric: NumericMetric): MetricValues {
  const { [metric]: _unknown, ...rest } = values;
  return rest;
}
