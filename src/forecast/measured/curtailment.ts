import type { QuarterHours } from '../../telemetry/energy/quarter-hours.ts';

const FULL_PERCENT = 98;
/** Power that counts as none: meters and batteries rest at some watts. */
const REST_W = 40;
const REST_SHARE = 0.03;

/**
 * Quarter hours in which the panels could have given more than they were asked for: the battery is full and takes nothing,
 * nothing is sold and nothing bought; or the device named a fault. What was produced then says nothing about the sun.
 */
export function curtailed(quarters: QuarterHours): Uint8Array {
  const { means, hasFault } = quarters;
  const rest = Math.max(REST_W, REST_SHARE * largest(means.solarPower));
  const hasGrid = means.gridPower.some((value) => !Number.isNaN(value));
  return Uint8Array.from({ length: quarters.count }, (_, at) => {
    if (hasFault[at]) return 1;
    const charge = means.stateOfCharge[at] ?? Number.NaN;
    const battery = means.batteryPower[at] ?? 0;
    const grid = means.gridPower[at] ?? Number.NaN;
    const sun = means.solarPower[at] ?? 0;
    const isFull = charge >= FULL_PERCENT && Math.abs(Number.isNaN(battery) ? 0 : battery) <= rest;
    const isAlone = !hasGrid || Math.abs(grid) <= rest;
    return isFull && isAlone && sun > rest ? 1 : 0;
  });
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
