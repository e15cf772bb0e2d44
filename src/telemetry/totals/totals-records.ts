/** The best and the most within a time, with their dates. */

import type { EnergyQuantity } from '../energy/energy.ts';
import type { EnergySummary } from '../house/house.ts';
import { WHOLE } from '../quality/coverage-words.ts';

/** A period with its sums. */
export type NamedSummary = EnergySummary & { period: string; from: number; to: number };

export type TotalsRecord =
  | { kind: 'most'; quantity: 'solar' | 'load' | 'export' | 'import'; period: string; kwh: number }
  | { kind: 'unbought'; days: number; from: string; to: string };

/** Energy that a counter knew of a gap lies anywhere in it: a day with more of it than this is no record. */
const MOST_BRIDGED_SHARE = 0.1;

/** The part with the most of a quantity; null when none has any. */
export function mostOf(
  parts: readonly NamedSummary[],
  quantity: 'solar' | 'load' | 'export' | 'import',
): TotalsRecord | null {
  let best: TotalsRecord | null = null;
  for (const part of parts) {
    const kwh = part[`${quantity}Kwh`];
    if (kwh === null || kwh < 0.05 || isBridged(part, quantity)) continue;
    if (best === null || kwh > best.kwh) best = { kind: 'most', quantity, period: part.period, kwh };
  }
  return best;
}

function isBridged(part: NamedSummary, quantity: EnergyQuantity): boolean {
  const bridged = part.origins?.[quantity]?.bridgedKwh ?? 0;
  return bridged > MOST_BRIDGED_SHARE * (part[`${quantity}Kwh`] ?? 0);
}

/** Less than this a day is the meter's own unrest. kWh. */
const BOUGHT_NOTHING_KWH = 0.1;

/** Share of the day for which what is compared is known: a roof that sleeps at night takes nothing from that. */
function knownShare({ origins, coverage }: NamedSummary): number {
  const shares = [origins?.import?.coverage, origins?.load?.coverage].filter((share) => share !== undefined);
  return shares.length > 0 ? Math.min(...shares) : coverage;
}

/** The longest run of days, at least two, on which the house bought nothing; days must follow each other and be over. */
export function longestUnbought(days: readonly NamedSummary[], now: number): TotalsRecord | null {
  let best: NamedSummary[] = [];
  let run: NamedSummary[] = [];
  for (const day of days) {
    const isOne =
      day.importKwh !== null &&
      day.importKwh < BOUGHT_NOTHING_KWH &&
      knownShare(day) >= WHOLE &&
      (day.loadKwh ?? 0) > BOUGHT_NOTHING_KWH &&
      day.to <= now;
    run = isOne ? [...run, day] : [];
    if (run.length > best.length) best = run;
  }
  const [first, last] = [best[0], best[best.length - 1]];
  return first && last && best.length > 1
    ? { kind: 'unbought', days: best.length, from: first.period, to: last.period }
    : null;
}
