/** How much of a time was measured, in the same words everywhere. */
import { formatNumber } from '../core/format.ts';

/** From here on a time was measured all through: a reading that is some seconds late at midnight is no gap. */
export const WHOLE = 0.985;

/** "97 %", rounded down: 100 is said only of the whole, and 0 only of nothing. */
export function percentMeasured(coverage: number): string {
  if (coverage > 0 && coverage < 0.01) return 'less than 1\u00a0%';
  return `${formatNumber(Math.floor(coverage * 100))}\u00a0%`;
}

/**
 * "measured without gaps", or "measured for 97 % of the time". A sum has gaps when one of its parts has, however little
 * that is of the whole.
 */
export function sayMeasured(coverage: number, parts: readonly number[] = []): string {
  const isWhole = coverage >= WHOLE && parts.every((part) => part >= WHOLE);
  return isWhole ? 'measured without gaps' : `measured for ${percentMeasured(Math.min(coverage, 0.999))} of the time`;
}
