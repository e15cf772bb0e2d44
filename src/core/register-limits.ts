import { findMetric, type MetricUnit, type NumericMetric } from './metrics.ts';

/**
 * The last number of a register, which devices write where they do not know a value: 32,767 and -32,768 of a signed one of
 * 16 bits, 65,535 of an unsigned one, 2,147,483,647 and 4,294,967,295 of those of 32 bits, in any decimal scale. The sign
 * says nothing: it may have been turned on the way.
 */
const NARROW = [32_767, 32_768, 65_535];
const WIDE = [2_147_483_647, 2_147_483_648, 4_294_967_295];
/** Of 8 bits, where it is more than there can be (%, °C). */
const BYTE = 255;

/** Registers hold whole units down to thousandths; of powers tens and hundreds of W, too (kW). */
const FACTORS = [1, 1 / 10, 1 / 100, 1 / 1000];
const POWER_FACTORS = [...FACTORS, 10, 100];

interface Limits {
  narrow: ReadonlySet<number>;
  wide: ReadonlySet<number>;
}

/** As single floats: a device may have kept its values as such, and they are the same number then. */
const limitsBy = (factors: readonly number[]): Limits => {
  const scaled = (registers: readonly number[]) =>
    new Set(registers.flatMap((register) => factors.map((factor) => Math.fround(register * factor))));
  return { narrow: scaled(NARROW), wide: scaled(WIDE) };
};
const usual = limitsBy(FACTORS);
const ofPower = limitsBy(POWER_FACTORS);

/** What ran below zero in an unsigned register of 32 bits is so close to its end: a counter that was set back, a power's other way. */
const [BELOW_ZERO, LEAST_BELOW] = [2 ** 32, 2 ** 32 - 2 ** 18];

/** True for such a number, in any decimal scale. */
export const ranBelowZero = (value: number): boolean =>
  FACTORS.some((factor) => value >= LEAST_BELOW * factor && value < BELOW_ZERO * factor);

/** What no battery has is not known: a health of nothing. */
export const isNothing = (metric: NumericMetric, value: number): boolean => value === 0 && metric === 'stateOfHealth';

/** Nearly all values are told apart by their whole part: this is on the way of every value. */
const MOST_QUICK = 65_536;
const mayBeLimit = new Uint8Array(MOST_QUICK);
for (const limit of [...ofPower.narrow, ...ofPower.wide]) if (limit < MOST_QUICK) mayBeLimit[Math.trunc(limit)] = 1;

/** So close to a limit of 16 bits a value follows from the one before: a large plant truly passes there. */
const NEAR_SHARE = 0.025;

/**
 * True for a number that stands for "unknown": the limit of a register of 32 bits always, that of one of 16 bits and what
 * ran below zero where it does not follow from `before`, the last value of the same metric that was believed. All in the metric's unit.
 */
export function isUnknown(metric: NumericMetric, value: number, before: () => number | undefined): boolean {
  if (!mayBeUnknown(value)) return isNothing(metric, value);
  const single = Math.fround(Math.abs(value));
  const { narrow, wide } = limitsOf(findMetric(metric)?.unit ?? null);
  return wide.has(single) || ((narrow.has(single) || ranBelowZero(value)) && !follows(value, before()));
}

/** False for nearly every number that stands for itself, at once. */
export function mayBeUnknown(value: number): boolean {
  const size = Math.abs(value);
  return !(size < MOST_QUICK) || mayBeLimit[Math.trunc(size)] === 1;
}

/** True for a value beyond what its metric can be, where that is because it stands for "unknown". */
export function isUnknownBeyond(value: number, unit: MetricUnit | null): boolean {
  const single = Math.fround(Math.abs(value));
  const { narrow, wide } = limitsOf(unit);
  return wide.has(single) || narrow.has(single) || (value === BYTE && (unit === '%' || unit === 'degC'));
}

const limitsOf = (unit: MetricUnit | null): Limits => (unit === 'W' || unit === 'VA' ? ofPower : usual);

/** True where a value is so close to the one before that it follows from it, whatever else it might stand for. */
export function follows(value: number, before: number | undefined): boolean {
  return before !== undefined && Math.abs(value - before) <= NEAR_SHARE * Math.abs(value);
}
