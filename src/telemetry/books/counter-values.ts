import { DIGIT_KWH } from './counter-limits.ts';

/** Numbers that devices send in place of a count, and those after which a register begins anew. */

/** From here on it is no chance that a value is a thousand times the one before, or a thousandth [kWh]. */
export const LEAST_PROOF_KWH = 50;

/** A count in kWh, of which the device shows units of so many kWh: without the rounding of a product with a thousandth. */
export const inKwh = (raw: number, unit: number): number => (unit < 1 ? raw / Math.round(1 / unit) : raw * unit);

/** Below any such register in thousandths; nearly all true values are. */
const LEAST_WIDE = 2_147_483;

/** Highest values of 32-bit registers, for "unknown", in any decimal scale. No counter of a site gets there. */
export function isWideSentinel(value: number): boolean {
  return value > LEAST_WIDE && isOneOf([2_147_483_647, 4_294_967_295], value);
}

/** The same of 16-bit registers: a true count may pass these, so they count as nothing only where they do not follow. */
export function isNarrowSentinel(value: number): boolean {
  return isOneOf([32_767, 65_535], value);
}

function isOneOf(registers: readonly number[], value: number): boolean {
  if (value <= 0) return false;
  for (let scale = 1; scale <= 1000; scale *= 10) {
    const register = Math.round(value * scale * 1000) / 1000;
    if (registers.includes(register)) return true;
  }
  return false;
}

/** Where registers and displays of counters begin anew [kWh]. */
const ROLLOVERS = [
  ...[1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9],
  ...[1, 10, 100].map((scale) => 65_536 / scale),
  ...[1, 10, 100, 1000].map((scale) => 4_294_967_296 / scale),
];

/** A counter that begins anew stood within this share of its highest value; after months of silence all else is likelier. */
const NEAR_SHARE = 0.1;

/** What was counted if a counter went over its highest value between two readings, or null if it did not look like it. */
export function overRollover(before: number, after: number, mostKwh: number): number | null {
  for (const limit of ROLLOVERS) {
    const kwh = limit - before + after;
    if (before < limit && after < before && kwh <= Math.min(mostKwh, limit * NEAR_SHARE)) return kwh;
  }
  return null;
}

/** The last digit that a display of these values shows [kWh], with room for rounding. */
export function finestDigit(...values: number[]): number {
  let digit = 1;
  while (digit > 0.001 && values.some((value) => !isNearInteger(value / digit))) digit /= 10;
  return 1.5 * Math.min(digit, DIGIT_KWH);
}

const isNearInteger = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-3;
