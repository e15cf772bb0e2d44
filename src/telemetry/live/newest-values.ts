import { formatDate, formatQuantity, joinShown, type TemperatureUnit } from '../../core/format.ts';
import { type MetricName, metrics } from '../../core/metrics.ts';
import { periodAt } from '../../core/zone.ts';
import type { LatestReading } from '../figures.ts';
import type { FreshnessLimits } from './freshness.ts';

/** A value of a source as it was last said. */
export interface NewestValue {
  name: MetricName;
  /** "Solar power". */
  label: string;
  /** "1.84 kW"; "none" of codes that say that there is none. */
  text: string;
  /** When it was said, on the source's clock, where that is no longer now: "06:14", of another day "Thu 26 Nov, 06:14". */
  at: string | null;
  /** True if Ampra worked it out. */
  isDerived: boolean;
}

interface NewestInput {
  now: number;
  timeZone: string;
  temperatureUnit: TemperatureUnit;
  limitsOf(metric: MetricName): FreshnessLimits;
}

/** All that a source has said, in the catalogue's order. */
export function newestValues(latest: LatestReading, input: NewestInput): NewestValue[] {
  const { now, timeZone, temperatureUnit } = input;
  const today = periodAt('day', now, timeZone);
  return metrics.flatMap(({ name, label, unit }): NewestValue[] => {
    const value = latest.values[name];
    if (value === undefined) return [];
    const shown =
      typeof value === 'number' ? joinShown(formatQuantity(value, unit, temperatureUnit)) : [value].flat().join(', ');
    const time = latest.times[name] ?? latest.time;
    const isNow = now - time < input.limitsOf(name).ageingMs;
    const at = isNow ? null : formatDate(time, timeZone, time >= today.from ? 'time' : 'dateTime');
    return [{ name, label, text: shown || 'none', at, isDerived: latest.derived.includes(name) }];
  });
}
