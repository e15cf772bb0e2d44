import { energyQuantities } from '../energy/energy.ts';
import { energyVerbs } from '../energy/energy-words.ts';
import type { EnergyTotals } from '../figures.ts';

/** The columns of a file that tell how much of each energy a counter knew of gaps: true in all, its place in time a guess. */
export const gapHeader: readonly string[] = energyQuantities.map(
  (quantity) => `${energyVerbs[quantity]} in gaps (kWh)`,
);

/** The cells of these columns [kWh]; empty where the energy itself is not known. */
export function gapCells(totals: Pick<EnergyTotals, 'origins'> | null): (number | null)[] {
  return energyQuantities.map((quantity) => {
    const bridged = totals?.origins?.[quantity]?.bridgedKwh;
    return bridged === undefined ? null : Math.round(bridged * 1000) / 1000;
  });
}
