/**
 * What only follows from several energies of the same time: a load that nothing measures, the shares of what was used and
 * produced. Worked out day by day and added up, since over longer times one may be known for much longer than the other: a
 * meter that came in July says nothing of the sun of May.
 */

import type { EnergyTogether, EnergyTotals } from '../figures.ts';
import { LEAST_GAP } from '../quality/coverage-words.ts';
import type { EnergyQuantity } from './energy.ts';

/** What is known of the day in which a time lies. */
export interface TogetherRules {
  /** True where the load of the day follows: nothing measures it on that day, and what was produced is known. */
  isLoadOpen: boolean;
  /** True where a battery is known on that day: without it, nothing follows of a time. */
  hasBattery: boolean;
}

type Energies = Omit<EnergyTotals, 'coverage' | 'together'>;

/** Of a day, of which the balance is no less than nothing. */
export function togetherOf(totals: Energies): EnergyTogether {
  const balance = totals.loadKwh === null && totals.solarKwh !== null ? balanceOf(totals) : null;
  return pairsOf(totals, balance === null ? null : Math.max(0, balance));
}

/**
 * Of a part of a day. What an inverter that is silent did not say is nothing produced, as it is in the sum of its day; the
 * balance may be less than nothing, for the parts add up.
 */
export function togetherIn(totals: Energies, { isLoadOpen, hasBattery }: TogetherRules): EnergyTogether {
  const isBatterySilent = hasBattery && totals.chargeKwh === null && totals.dischargeKwh === null;
  return pairsOf(totals, isLoadOpen && !isBatterySilent ? balanceOf(totals) : null);
}

function balanceOf({ solarKwh, importKwh, exportKwh, chargeKwh, dischargeKwh }: Energies): number | null {
  if (importKwh === null || exportKwh === null) return null;
  return (solarKwh ?? 0) + importKwh - exportKwh - (chargeKwh ?? 0) + (dischargeKwh ?? 0);
}

/** What is known for so much less of a day than the other says nothing of it, as a share of the day. */
const UNLIKE_SHARE = 0.1;

/**
 * Leaves out what says something wrong: a sale that is known for less of the time than the production (an inverter that
 * sleeps at night, beside a meter that does not, leaves nothing out), a load and a purchase of different times.
 */
function pairsOf(totals: Energies, balanceKwh: number | null): EnergyTogether {
  const { solarKwh, loadKwh, importKwh, exportKwh, origins = {} } = totals;
  const used = loadKwh ?? balanceKwh;
  const lead = (one: EnergyQuantity, other: EnergyQuantity): number =>
    (origins[one]?.coverage ?? 1) - (origins[other]?.coverage ?? 1);
  const isMade = lead('solar', 'export') <= UNLIKE_SHARE;
  const isUsed = loadKwh === null || Math.abs(lead('load', 'import')) <= UNLIKE_SHARE;
  return {
    balanceKwh,
    made: isMade && solarKwh !== null && exportKwh !== null ? { solarKwh, exportKwh } : null,
    used: isUsed && used !== null && importKwh !== null ? { loadKwh: used, importKwh } : null,
  };
}

/** Of times that follow each other; null where none of them knows. */
export function sumTogether(parts: Iterable<EnergyTogether>): EnergyTogether {
  const sum: EnergyTogether = { balanceKwh: null, made: null, used: null };
  for (const { balanceKwh, made, used } of parts) {
    if (balanceKwh !== null) sum.balanceKwh = (sum.balanceKwh ?? 0) + balanceKwh;
    if (made) {
      sum.made ??= { solarKwh: 0, exportKwh: 0 };
      sum.made.solarKwh += made.solarKwh;
      sum.made.exportKwh += made.exportKwh;
    }
    if (used) {
      sum.used ??= { loadKwh: 0, importKwh: 0 };
      sum.used.loadKwh += used.loadKwh;
      sum.used.importKwh += used.importKwh;
    }
  }
  return sum;
}

/**
 * True for a day whose balance would be more than flowed: what was sold or charged is known for less of it than what came in.
 * Then the quarter hours in which all is known tell.
 */
export function isUneven({ together, origins = {} }: Pick<EnergyTotals, 'together' | 'origins'>): boolean {
  if (!together || together.balanceKwh === null) return false;
  const sharesOf = (...names: EnergyQuantity[]) => names.flatMap((name) => origins[name]?.coverage ?? []);
  const went = Math.min(1, ...sharesOf('export', 'charge'));
  return went < Math.max(0, ...sharesOf('solar', 'import', 'discharge')) - LEAST_GAP;
}
