import { DIGIT_KWH } from './counter-limits.ts';

/** Numbers that devices send in place of a count, and those after which a register begins anew. */

/** From here on it is no chance that a value is a thousand times the one before, or a thousandth [kWh]. */
export const LEAST_PROOF_KWH = 50;

/** A count in kWh, of which the device shows units of so many kWh: without the rounding of a product with a thousandth. */
export const inKwh = (raw: number, unit: number): number => (unit < 1 ? raw / Math.round(1 / unit) : raw * unit);

/** Below any such register in thousandths; nearly all true values are. */
const LEAST_WIDE = 2_147_483;
const LEAST_NARROW = 32;

/** Highest values of 32-bit registers, for "unknown", in any decimal scale. No counter of a site gets there. */
export function isWideSentinel(value: number): boolean {
  return value > LEAST_WIDE && isOneOf([2_147_483_647, 4_294_967_295], value);
}

/** The same of 16-bit registers: a true count may pass these, so they count as nothing only where they do not follow. */
export function isNarrowSentinel(value: number): boolean {
  // Looked at often: in which scale it would have to be is told by its size.
  if (value < LEAST_NARROW) return false;
  const scale = value < 100 ? 1000 : value < 1000 ? 100 : value < 10_000 ? 10 : 1;
  return isNear(value * scale, 32_767) || isNear(value * scale, 65_535);
}

function isOneOf(registers: readonly number[], value: number): boolean {
  for (let scale = 1; scale <= 1000; scale *= 10)
    if (registers.some((register) => isNear(value * scale, register))) return true;
  return false;
}

const isNear = (scaled: number, register: number): boolean => Math.abs(scaled - register) < 5e-4;

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
