import { findMetric, type MetricName, type NumericMetric } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';

/**
 * Powers that Ampra works out where the device gives voltage and current only: P = U * I. For alternating current this is
 * the apparent power, the upper bound of the real one; that is why a derived value is always marked.
 */
interface DerivedPower {
  power: NumericMetric;
  voltage: NumericMetric;
  current: NumericMetric;
  /** Place in the `derived` column. */
  bit: number;
  /** Grid and battery power keep the sign of the current. */
  isSigned: boolean;
}

export const derivedPowers: readonly DerivedPower[] = [
  { power: 'solarPower', voltage: 'solarVoltage', current: 'solarCurrent', bit: 1, isSigned: false },
  { power: 'batteryPower', voltage: 'batteryVoltage', current: 'batteryCurrent', bit: 2, isSigned: true },
  { power: 'loadPower', voltage: 'outputVoltage', current: 'outputCurrent', bit: 4, isSigned: false },
  { power: 'gridPower', voltage: 'gridVoltage', current: 'gridCurrent', bit: 8, isSigned: true },
];

/** The power that voltage and current give, or undefined when one is missing or the product is impossible. */
function powerOf(rule: DerivedPower, values: MetricValues): number | undefined {
  const voltage = values[rule.voltage];
  const current = values[rule.current];
  if (voltage === undefined || current === undefined) return undefined;
  const product = voltage * current;
  const power = Math.round((rule.isSigned ? product : Math.abs(product)) * 10) / 10;
  const metric = findMetric(rule.power);
  return power >= (metric?.min ?? power) && power <= (metric?.max ?? power) ? power : undefined;
}

/** The values with missing powers worked out, and the bits that say which; the same object and 0 when none was. */
export function withDerivedPowers(values: MetricValues): { values: MetricValues; bits: number } {
  let bits = 0;
  let result = values;
  for (const rule of derivedPowers) {
    if (values[rule.power] !== undefined) continue;
    const power = powerOf(rule, values);
    if (power === undefined) continue;
    if (result === values) result = { ...values };
    result[rule.power] = power;
    bits |= rule.bit;
  }
  return { values: result, bits };
}

/** The names behind the bits. */
export function derivedNames(bits: number): MetricName[] {
  return derivedPowers.filter((rule) => (bits & rule.bit) !== 0).map((rule) => rule.power);
}
