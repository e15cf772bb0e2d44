import { formatDate } from '../../src/core/format.ts';
import type { EnergyBars } from '../../src/telemetry/energy/energy-bars.ts';
import { type AskedLine, lineKey } from '../../src/telemetry/history/history-lines.ts';
import { type ChartModel, linesWithAxis } from '../../src/telemetry/history/history-view.ts';
import { colourOf, shortLabel, unitOf } from '../../src/telemetry/metric-look.ts';
import { comingIn, goingOut } from './energy-bars.tsx';
import type { ReadoutItem } from './readout.tsx';

/** What is read out above lines: the newest of what they show. */
export function newestItems(model: ChartModel): { time: string; items: ReadoutItem[] } {
  const lines = linesWithAxis(model);
  let last = model.times.length - 1;
  while (last > 0 && lines.every(({ line }) => line.values[last] == null)) last--;
  const time = model.times[last];
  return {
    time:
      time === undefined
        ? '\u00a0'
        : formatDate(
            Math.min(model.now, model.range.to - 1, time + model.bucketMs / 2),
            model.timeZone,
            model.bucketMs >= 86_400_000 ? 'date' : 'dateTime',
          ),
    items: lines.map(({ line, axis }) => ({
      key: line.key,
      label: line.label,
      colour: line.colour,
      value: line.values[last] ?? null,
      unit: axis.unit,
      pattern: line.pattern,
      temperatureUnit: model.temperatureUnit,
    })),
  };
}

/** What is read out above bars: the sum of what they show. */
export function sumItems(bars: EnergyBars): ReadoutItem[] {
  const isShown = (label: string): boolean =>
    label === 'Bought' || label === 'Sold' ? bars.hasGrid : label.endsWith('harged') ? bars.hasBattery : true;
  const all = [...comingIn(bars.total), ...goingOut(bars.total)].filter((part) => isShown(part.label));
  return all.map((part) => ({
    key: part.label,
    label: part.label,
    colour: part.energy,
    value: part.kwh,
    unit: 'kWh' as const,
    pattern: 0 as const,
    temperatureUnit: 'celsius' as const,
  }));
}

/** Places for values that are still on their way. */
export function unknownItems(lines: readonly AskedLine[]): ReadoutItem[] {
  return lines.map((line) => ({
    key: lineKey(line),
    label: shortLabel(line.metric),
    colour: colourOf(line.metric),
    value: null,
    unit: unitOf(line.metric),
    pattern: 0,
    temperatureUnit: 'celsius',
  }));
}

/** The same for sums of energy. */
export const unknownSums = (): ReadoutItem[] => sumItems(emptyBars);

const noEnergy = {
  solarKwh: null,
  loadKwh: null,
  importKwh: null,
  exportKwh: null,
  chargeKwh: null,
  dischargeKwh: null,
};
const emptyBars = {
  period: 'day',
  items: [],
  hasGrid: true,
  hasBattery: true,
  total: { ...noEnergy, coverage: 0, isLoadDerived: false, selfSufficiency: null, selfConsumption: null },
} satisfies EnergyBars;
