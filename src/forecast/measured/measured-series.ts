import type { QuarterHours } from '../../telemetry/energy/quarter-hours.ts';
import type { ForecastQuantity } from '../issue.ts';

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
/** A quarter hour of which less was heard says nothing. */
const LEAST_COVERAGE = 0.4;

/**
 * What a source measured of a quantity by quarter hours: the mean of its power where it reports one, else what the books
 * know of its counters. Slightly negative power is a device's own use and counts as zero.
 */
export function quarterPower(quarters: QuarterHours, quantity: ForecastQuantity): Float64Array {
  const means = quarters.means[quantity === 'solar' ? 'solarPower' : 'loadPower'];
  const kwh = quantity === 'solar' ? quarters.solarKwh : quarters.loadKwh;
  const hasPower = means.some((value) => !Number.isNaN(value));
  return Float64Array.from({ length: quarters.count }, (_, at) => {
    if ((quarters.coverage[at] ?? 0) < LEAST_COVERAGE) return Number.NaN;
    const watts = hasPower ? (means[at] ?? Number.NaN) : (kwh[at] ?? Number.NaN) * 4000;
    return Math.max(0, watts);
  });
}

/**
 * What a house takes where nothing measures it: sun and grid less what the battery takes. Each series is the sum over the
 * sources that give it; unknown as soon as one of them is.
 */
export function balancedLoad(parts: { solarW: Float64Array; gridW: Float64Array; batteryW: Float64Array | null }) {
  return parts.solarW.map((solar, at) =>
    Math.max(0, solar + (parts.gridW[at] ?? Number.NaN) - (parts.batteryW ? (parts.batteryW[at] ?? Number.NaN) : 0)),
  );
}

/** A device that speaks at least so often in the hours in which it speaks is forecast by quarter hours. */
const SPOKEN_SHARE = 0.7;
const LOOK_BACK = 14 * 96;

/** The interval that suits what a source sends: a quarter of an hour, or an hour for one that speaks seldom. */
export function fittingStep(quarters: QuarterHours, quantity: ForecastQuantity): number {
  const hasPower = quarters.means[quantity === 'solar' ? 'solarPower' : 'loadPower'].some(
    (value) => !Number.isNaN(value),
  );
  if (!hasPower) return HOUR_MS;
  const powerW = quarterPower(quarters, quantity);
  let [spoken, all] = [0, 0];
  const first = Math.max(0, Math.ceil((quarters.count - LOOK_BACK) / 4) * 4);
  for (let hour = first; hour + 4 <= quarters.count; hour += 4) {
    const known = [0, 1, 2, 3].filter((k) => !Number.isNaN(powerW[hour + k] ?? Number.NaN)).length;
    if (known === 0) continue;
    spoken += known;
    all += 4;
  }
  return all > 0 && spoken < SPOKEN_SHARE * all ? HOUR_MS : QUARTER_MS;
}

/**
 * Quarter hours put together to longer intervals of UTC that begin at `from`. One known quarter is enough: devices that speak
 * once an hour have no more.
 */
export function inSteps(
  quarters: { from: number; values: Float64Array },
  from: number,
  stepMs: number,
  count: number,
): Float64Array {
  const per = Math.round(stepMs / QUARTER_MS);
  const offset = Math.round((from - quarters.from) / QUARTER_MS);
  return Float64Array.from({ length: count }, (_, step) => {
    let [sum, known] = [0, 0];
    for (let k = 0; k < per; k++) {
      const value = quarters.values[offset + step * per + k] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      known++;
    }
    return known > 0 ? sum / known : Number.NaN;
  });
}
