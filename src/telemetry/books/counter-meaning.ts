import { type Point, STEP_KWH } from './counter-limits.ts';
import { type CounterPast, LEAST_FOR_UNITS } from './counter-past.ts';
import type { Base, Chain } from './counter-state.ts';
import { finestDigit, inKwh, LEAST_PROOF_KWH } from './counter-values.ts';

/** In which unit a value of a counter is meant that does not follow as it is read: devices mix Wh, kWh and MWh. */

const HOUR = 3_600_000;
/** From here on a thousandth of a count cannot be a count that began anew. */
const LEAST_FOR_MWH = 1000;

/** A value that follows when it is read in kWh, or in Wh, was meant so. Null where neither does. */
export function meantInOtherUnit(
  past: CounterPast,
  base: Base,
  time: number,
  raw: number,
): { unit: number; point: Point } | null {
  for (const unit of [1, 0.001]) {
    if (unit === past.unit || !mayTurnTo(past, unit, base)) continue;
    const point = { time, value: roundedUp(base, inKwh(raw, unit)) };
    if (!isMeant(past, base, point, unit)) continue;
    if (unit === 1 && Number.isInteger(raw) && past.isDue(base, point)) continue;
    return { unit, point };
  }
  return null;
}

/** Of many kWh a display shows fewer digits than of Wh: what is less by one of these was cut off. */
function roundedUp(base: Base, value: number): number {
  const isCut = base.value >= LEAST_PROOF_KWH && value < base.value && base.value - value <= finestDigit(value);
  return isCut ? base.value : value;
}

/** On trial, what follows in another unit by chance changes nothing. */
function mayTurnTo({ triedUnit }: CounterPast, unit: number, base: Base): boolean {
  return triedUnit === null || (triedUnit === 1 && (unit === 1 || base.value >= STEP_KWH));
}

/** True if a value in another unit goes on from the base, of little and back in kWh not by much. */
function isMeant(past: CounterPast, base: Base, point: Point, unit: number): boolean {
  if (base.value >= STEP_KWH && unit !== 1) return past.limits.follows(base, point);
  return base.value >= LEAST_FOR_UNITS && past.isClose(base, point);
}

/**
 * A display that goes on in MWh shows a thousandth; a count that began anew is as low, but not just there. Gives its first and
 * last value a thousand times as large, and never less than the one before; null where it does not look like that.
 */
export function meantInMwh({ limits }: CounterPast, base: Base, { first, last }: Chain): [Point, Point] | null {
  const value = first.value * 1000;
  const isNear = Math.abs(value - base.value) <= STEP_KWH + limits.mostWithin(Math.min(HOUR, first.time - base.time));
  if (base.value < LEAST_FOR_MWH || !isNear || first.time - base.time > HOUR) return null;
  const start = { time: first.time, value: Math.max(base.value, value) };
  return [start, { time: last.time, value: Math.max(start.value, last.value * 1000) }];
}
