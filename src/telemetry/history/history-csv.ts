import { toZonedIso } from '../../core/wall-clock.ts';
import { toCsv } from '../csv.ts';
import { energyQuantities } from '../energy/energy.ts';
import type { EnergyBars } from '../energy/energy-bars.ts';
import { energyVerbs } from '../energy/energy-words.ts';
import { fieldOf } from '../house/house-energy.ts';
import { gapCells, gapHeader } from './gap-columns.ts';
import { filledBuckets, shownColumns } from './history-columns.ts';
import type { ChartModel } from './history-view.ts';

/** The lines as shown: one row a bucket, its start on the source's clock with the offset, so that no time can be misread. */
export function linesCsv(model: ChartModel): string {
  const columns = shownColumns(model);
  const rows = filledBuckets(model).map((i) => [
    toZonedIso(model.times[i] ?? 0, model.timeZone),
    ...columns.map(({ values }) => values[i] ?? null),
  ]);
  return toCsv([[`time (${model.timeZone})`, ...columns.map(({ label }) => label)], ...rows]);
}

/** The bars as shown, in kWh. */
export function barsCsv(bars: EnergyBars, timeZone: string): string {
  const round = (kwh: number | null): number | null => (kwh === null ? null : Math.round(kwh * 1000) / 1000);
  const header = energyQuantities.map((quantity) => `${energyVerbs[quantity]} (kWh)`);
  return toCsv([
    [`${bars.period} (${timeZone})`, ...header, 'coverage', ...gapHeader],
    ...bars.items.map((item) => [
      item.period,
      ...energyQuantities.map((quantity) => round(item[fieldOf(quantity)])),
      Math.round(item.coverage * 1000) / 1000,
      ...gapCells(item),
    ]),
  ]);
}
