import { findMetric } from '../core/metrics.ts';
import { toZonedIso } from '../core/wall-clock.ts';
import { toCsv } from './csv.ts';
import type { EnergyBars } from './energy-bars.ts';
import { type ChartModel, unitText } from './history-view.ts';

/** The lines as shown: one row a bucket, its start on the source's clock with the offset, so that no time can be misread. */
export function linesCsv(model: ChartModel): string {
  const lines = model.panels.flatMap((panel) => panel.lines.map((line) => ({ line, panel })));
  const header = lines.map(({ line, panel }) => {
    const label = findMetric(line.metric)?.label ?? line.label;
    return `${label} (${unitText(panel.unit, model.temperatureUnit)})`;
  });
  const rows = model.times.flatMap((time, i) => {
    const values = lines.map(({ line }) => line.values[i] ?? null);
    return values.every((value) => value === null) ? [] : [[toZonedIso(time, model.timeZone), ...values]];
  });
  return toCsv([[`time (${model.timeZone})`, ...header], ...rows]);
}

/** The bars as shown, in kWh. */
export function barsCsv(bars: EnergyBars, timeZone: string): string {
  const round = (kwh: number | null): number | null => (kwh === null ? null : Math.round(kwh * 1000) / 1000);
  const header = ['produced', 'used', 'bought', 'sold', 'charged', 'discharged'].map((name) => `${name} (kWh)`);
  return toCsv([
    [`${bars.period} (${timeZone})`, ...header, 'coverage'],
    ...bars.items.map((item) => [
      item.period,
      ...[item.solarKwh, item.loadKwh, item.importKwh, item.exportKwh, item.chargeKwh, item.dischargeKwh].map(round),
      Math.round(item.coverage * 1000) / 1000,
    ]),
  ]);
}
