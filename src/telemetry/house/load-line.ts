/** The line of a load that nothing measures: what the balance of the other powers leaves, as for its energy. */
import { minutes } from '../../core/durations.ts';
import type { MetricName, NumericMetric } from '../../core/metrics.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import type { HistorySeries } from '../figures.ts';

/** What it follows from. Grid power is positive when importing, battery power when charging. */
export const balancedPowers = ['solarPower', 'gridPower', 'batteryPower', 'generatorPower'] as const;

/** True where nothing reports a load, and what it follows from is reported. */
export const isLoadOpen = (metrics: readonly MetricName[]): boolean =>
  !metrics.includes('loadPower') && metrics.includes('solarPower') && metrics.includes('gridPower');

/** What can be drawn of those who report these metrics. */
export const withLoad = (metrics: readonly MetricName[]): readonly MetricName[] =>
  isLoadOpen(metrics) ? [...metrics, 'loadPower'] : metrics;

export interface LoadFacts {
  /** Metrics that are reported. */
  metrics: readonly NumericMetric[];
  /** While the sun is down, panels of which nothing is heard give nothing. */
  nights: readonly TimeSpan[];
  /** Since when a battery reports [ms]; before that there was none. */
  batterySince: number;
}

/** Inverters fall asleep some time before sunset, and wake up after sunrise: for a line what they give then is nothing. ms. */
const DUSK_MS = minutes(45);

/** The load of each bucket, W; null where one of the powers that it follows from is not known. */
export function loadLine({ times, bucketMs, series }: HistorySeries, facts: LoadFacts): (number | null)[] {
  const { metrics, nights, batterySince } = facts;
  const at = (metric: (typeof balancedPowers)[number], i: number, unsaid: number | null): number | null =>
    metrics.includes(metric) ? (series[metric]?.[i] ?? unsaid) : 0;
  return times.map((time, i) => {
    const middle = time + bucketMs / 2;
    const isDark = nights.some(({ from, to }) => middle > from - DUSK_MS && middle < to + DUSK_MS);
    const solar = at('solarPower', i, isDark ? 0 : null);
    const grid = at('gridPower', i, null);
    const battery = at('batteryPower', i, middle < batterySince ? 0 : null);
    // A generator that is not heard does not run.
    const generator = at('generatorPower', i, 0) ?? 0;
    if (solar === null || grid === null || battery === null) return null;
    return Math.max(0, solar + grid + generator - battery);
  });
}
