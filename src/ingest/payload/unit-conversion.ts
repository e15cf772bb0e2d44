import { findMetric, type MetricUnit } from '../../core/metrics.ts';

/** From a unit that people or devices write to the catalogue's: `value * by + plus`. */
interface Conversion {
  by: number;
  plus?: number;
}

const byUnit: Record<MetricUnit, Record<string, Conversion>> = {
  W: { W: { by: 1 }, kW: { by: 1000 }, MW: { by: 1e6 }, mW: { by: 0.001 } },
  VA: { VA: { by: 1 }, kVA: { by: 1000 } },
  kWh: { kWh: { by: 1 }, Wh: { by: 0.001 }, MWh: { by: 1000 }, Ws: { by: 1 / 3.6e6 }, MJ: { by: 1 / 3.6 } },
  V: { V: { by: 1 }, dV: { by: 0.1 }, mV: { by: 0.001 }, kV: { by: 1000 } },
  A: { A: { by: 1 }, dA: { by: 0.1 }, mA: { by: 0.001 } },
  Hz: { Hz: { by: 1 }, mHz: { by: 0.001 } },
  Ah: { Ah: { by: 1 }, mAh: { by: 0.001 } },
  '%': { '%': { by: 1 }, '0..1': { by: 100 } },
  degC: { '°C': { by: 1 }, '°F': { by: 5 / 9, plus: -160 / 9 }, K: { by: 1, plus: -273.15 } },
};

/** Units in which a metric may be written, its own first; none for words and codes. */
export function unitsFor(metric: string): readonly string[] {
  const unit = findMetric(metric)?.unit;
  return unit ? Object.keys(byUnit[unit]) : [];
}

/** Every unit there is, each once. */
export const allUnits: readonly string[] = [...new Set(Object.values(byUnit).flatMap((units) => Object.keys(units)))];

/** The value in the catalogue's unit of that metric; null when the unit does not fit it. `''` is the catalogue's own. */
export function toCatalogue(metric: string, unit: string, value: number): number | null {
  const own = findMetric(metric)?.unit;
  const units = own ? byUnit[own] : undefined;
  if (unit === '') return value;
  const conversion = units && Object.hasOwn(units, unit) ? units[unit] : undefined;
  return conversion ? tidy(value * conversion.by + (conversion.plus ?? 0)) : null;
}

/** Without the dust of binary fractions (230.1 tenths and 5/9). */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
