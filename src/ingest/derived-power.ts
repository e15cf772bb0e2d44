import { findMetric, type MetricName, type NumericMetric } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';

interface Derivation {
  power: NumericMetric;
  voltage: NumericMetric;
  current: NumericMetric;
}

/**
 * P = U x I. Exact for the battery and the solar side (direct current); for load and grid it takes the power factor as 1,
 * which is why a derived value is marked as such. The sign is that of the current: charging and importing are positive.
 */
const derivations: readonly Derivation[] = [
  { power: 'batteryPower', voltage: 'batteryVoltage', current: 'batteryCurrent' },
  { power: 'solarPower', voltage: 'solarVoltage', current: 'solarCurrent' },
  { power: 'loadPower', voltage: 'outputVoltage', current: 'outputCurrent' },
  { power: 'gridPower', voltage: 'gridVoltage', current: 'gridCurrent' },
];

/** Adds the powers [W] that are missing and can be worked out; returns their names, undefined when there are none. */
export function derivePowers(values: MetricValues): MetricName[] | undefined {
  let derived: MetricName[] | undefined;
  for (const { power, voltage, current } of derivations) {
    if (values[power] !== undefined) continue;
    const volts = values[voltage];
    const amperes = values[current];
    if (volts === undefined || amperes === undefined) continue;
    const watts = Math.round(volts * amperes * 1000) / 1000;
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = findMetric(power) ?? {};
    if (!(watts >= min && watts <= max)) continue;
    values[power] = watts;
    derived ??= [];
    derived.push(power);
  }
  return derived;
}
