import { ranBelowZero } from '../../core/register-limits.ts';

/** Numbers as devices write them: as numbers or texts, with a unit behind, and what they write for "unknown". */

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
/** `12,5`; with three digits behind the comma it might be two thousand-and-some. */
const DECIMAL_COMMA = /^[+-]?\d+,\d{1,2}$/;
/** The `*` is a meter's (`0004532.678*kWh`). */
const UNIT_BEHIND = /^(.*\d[.,]?)[\s*]*\(?(%|°[CF]|[kMm]?(?:Wh?|VA|V|A|Hz|Ah))\)?$/;
/** Highest values of registers, as they are or divided by 10 or 100: devices write them for "unknown". */
const SENTINELS = new Set([
  ...[2147483647, 214748364.7, 21474836.47, -2147483648, -214748364.8, -21474836.48],
  ...[4294967295, 429496729.5, 42949672.95, 65535, 6553.5, 655.35],
]);
/** Those of 16 bits: a value may truly be there, if it follows from the one before. */
const NARROW = [65535, 6553.5, 655.35, 32767, -32768, 3276.7, -3276.8, 327.67, -327.68];
const MOST_NARROW = 65_536;
/** In a part of a sum nobody would know them any more. */
const RAW_LIMITS = new Set([...SENTINELS, ...NARROW]);

/** The number that a device wrote, as a number or as text; null for anything else, and for what stands for "unknown". */
export function numberOf(raw: unknown): number | null {
  const value = writtenNumber(raw);
  return value === null || SENTINELS.has(value) ? null : value;
}

/** The number that a device wrote, whatever it stands for. */
export function writtenNumber(raw: unknown): number | null {
  let value: number;
  if (typeof raw === 'number') value = raw;
  else if (typeof raw === 'string') {
    const text = raw.trim();
    if (text.length > 40) return null;
    if (DECIMAL.test(text)) value = Number(text);
    else if (DECIMAL_COMMA.test(text)) value = Number(text.replace(',', '.'));
    else return null;
  } else return null;
  return Number.isFinite(value) ? value : null;
}

/** True for a number that is no value, whatever came before it. */
export function isUnknownNumber(raw: unknown): boolean {
  return writtenNumber(raw) !== null && numberOf(raw) === null;
}

/** True for a number that stands for "unknown" unless it follows from the one before, which `isFollowing` tells. */
export function maybeUnknown(written: number, isFollowing: () => boolean): boolean {
  if (!RAW_LIMITS.has(written)) return ranBelowZero(written) && !isFollowing();
  return Math.abs(written) >= MOST_NARROW || !isFollowing();
}

/** A number and the unit that a device wrote behind it (`1,2 kW`); null for anything else. */
export function quantityOf(raw: unknown): { value: number; unit: string } | null {
  if (typeof raw !== 'string') return null;
  const { digits, unit } = unitBehind(raw.trim());
  const value = unit === '' ? null : numberOf(digits);
  return value === null ? null : { value, unit };
}

/** A text without the unit at its end, and that; '' where it has none. */
export function unitBehind(text: string): { digits: string; unit: string } {
  const [, digits = text, unit = ''] = UNIT_BEHIND.exec(text) ?? [];
  return { digits, unit };
}

/** Multiplied without the dust of binary fractions (2301 tenths are 230.1). */
export function scaled(value: number, by: number): number {
  if (by === 1) return value;
  if (by === -1) return -value;
  return Number((value * by).toPrecision(12));
}
