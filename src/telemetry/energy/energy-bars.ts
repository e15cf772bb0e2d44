import type { EnergyTotals } from '../figures.ts';
import { type EnergySummary, summariseEnergy } from '../house/house.ts';
import { sumTogether, togetherOf } from './energy-together.ts';

/** Bars of energy with what follows from them. */
export interface EnergyBars {
  period: 'day' | 'month' | 'year';
  items: (EnergySummary & { period: string })[];
  total: EnergySummary;
  hasGrid: boolean;
  hasBattery: boolean;
}

/** Sums over all bars. `known` tells how much of their time was measured, how, and what follows. */
export function sumUp(
  items: readonly EnergySummary[],
  hasGrid: boolean,
  known: Pick<EnergyTotals, 'coverage' | 'origins' | 'together'>,
): EnergySummary {
  const sum = (field: 'solarKwh' | 'loadKwh' | 'importKwh' | 'exportKwh' | 'chargeKwh' | 'dischargeKwh') => {
    const known = items.flatMap((item) => item[field] ?? []);
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
  };
  const totals = {
    solarKwh: sum('solarKwh'),
    loadKwh: sum('loadKwh'),
    importKwh: sum('importKwh'),
    exportKwh: sum('exportKwh'),
    chargeKwh: sum('chargeKwh'),
    dischargeKwh: sum('dischargeKwh'),
    ...known,
  };
  const isLoadDerived = items.some((item) => item.isLoadDerived);
  // Their loads are summed above, also those that follow from the balance.
  const together = { ...(known.together ?? sumTogether(items.map(togetherOf))), balanceKwh: null };
  return { ...summariseEnergy({ ...totals, together }, hasGrid), isLoadDerived };
}
