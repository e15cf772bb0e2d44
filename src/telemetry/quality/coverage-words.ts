/** How much of a time was measured, in the same words everywhere. */
import { formatNumber, listWords } from '../../core/format.ts';
import { energyQuantities } from '../energy/energy.ts';
import { energyVerbs } from '../energy/energy-words.ts';
import type { EnergyTotals } from '../figures.ts';

/** A smaller share of a time is no gap: a reading that is some seconds late at midnight. */
export const LEAST_GAP = 0.015;
/** From here on a time was measured all through. */
export const WHOLE = 1 - LEAST_GAP;

/**
 * True of a time that has something to show and was not measured all through, such as one of which a counter alone knew;
 * not of one before there was anything to measure, nor of nights in which inverters sleep.
 */
export function hasGaps(totals: EnergyTotals): boolean {
  if (totals.coverage >= WHOLE || totals.rests === 'all') return false;
  return totals.coverage > 0 || energyQuantities.some((quantity) => (totals[`${quantity}Kwh`] ?? 0) > 0);
}

/** "97 %", rounded down: 100 is said only of the whole, and 0 only of nothing. */
export function percentMeasured(coverage: number): string {
  if (coverage > 0 && coverage < 0.01) return 'less than 1\u00a0%';
  return `${formatNumber(Math.floor(coverage * 100))}\u00a0%`;
}

/** Why less than the whole is measured where nothing is missing. */
export const SLEEP = 'by night the inverters sleep';

/**
 * "measured without gaps", or "measured for 97 % of the time". A sum has gaps when one of its parts has, however little
 * that is of the whole; nights in which inverters sleep are none.
 */
export function sayMeasured(coverage: number, parts: readonly number[] = [], rests?: EnergyTotals['rests']): string {
  if (rests === 'some') return `${sayMeasured(coverage, parts)}; ${SLEEP}`;
  if (rests === 'all') return `measured all day; ${SLEEP}`;
  const isWhole = coverage >= WHOLE && parts.every((part) => part >= WHOLE);
  return isWhole ? 'measured without gaps' : `measured for ${percentMeasured(Math.min(coverage, 0.999))} of the time`;
}

/**
 * What was measured for less of the time than the rest: "what was produced only for 83 %"; null where nothing was.
 * `coverage` is that of the rest.
 */
export function sayLess({ origins = {} }: Pick<EnergyTotals, 'origins'>): { coverage: number; words: string } | null {
  const known = energyQuantities.flatMap((quantity) => {
    const share = origins[quantity]?.coverage;
    return share === undefined ? [] : [{ quantity, share }];
  });
  const best = Math.max(0, ...known.map(({ share }) => share));
  const bySaid = new Map<string, string[]>();
  for (const { quantity, share } of known) {
    if (share > best - LEAST_GAP) continue;
    const said = percentMeasured(share);
    bySaid.set(said, [...(bySaid.get(said) ?? []), `what was ${energyVerbs[quantity]}`]);
  }
  if (bySaid.size === 0) return null;
  const words = [...bySaid].map(([said, names]) => `${listWords(names)} only for ${said}`);
  return { coverage: best, words: listWords(words) };
}
