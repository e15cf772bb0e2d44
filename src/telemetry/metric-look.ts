import type { TemperatureUnit } from '../core/format.ts';
import { findMetric, type MetricUnit, type NumericMetric } from '../core/metrics.ts';

/** How a metric looks in pictures: its colour, its short name, its unit. */

/** Which palette entry a line wears; several of one kind are told apart by their pattern. */
export type LineColour = 'solar' | 'battery' | 'load' | 'grid' | 'generator' | 'plain';

export function unitText(unit: MetricUnit | null, temperature: TemperatureUnit): string {
  if (unit === 'degC') return temperature === 'fahrenheit' ? '°F' : '°C';
  return unit ?? '';
}

export const unitOf = (name: NumericMetric): MetricUnit => findMetric(name)?.unit ?? 'W';
export const isPower = (unit: MetricUnit): boolean => unit === 'W' || unit === 'VA';

/** The palette entry of a metric. */
export function colourOf(name: NumericMetric): LineColour {
  const group = findMetric(name)?.group;
  if (group === 'solar' || group === 'battery' || group === 'load' || group === 'grid' || group === 'generator')
    return group;
  if (/Produced$/.test(name)) return 'solar';
  if (/Consumed$/.test(name)) return 'load';
  if (/Grid/.test(name)) return 'grid';
  return /Battery/.test(name) ? 'battery' : 'plain';
}

/** "Solar" for solar power and so on: beside the others the unit says the rest. */
export function shortLabel(name: NumericMetric): string {
  const short: Partial<Record<NumericMetric, string>> = {
    solarPower: 'Solar',
    loadPower: 'House',
    gridPower: 'Grid',
    batteryPower: 'Battery',
    generatorPower: 'Generator',
    stateOfCharge: 'Charge',
    batteryVoltage: 'Voltage',
    batteryTemperature: 'Temperature',
  };
  return short[name] ?? findMetric(name)?.label ?? name;
}
