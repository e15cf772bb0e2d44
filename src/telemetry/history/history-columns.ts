import type { TemperatureUnit } from '../../core/format.ts';
import { findMetric, type MetricUnit } from '../../core/metrics.ts';
import { unitText } from '../metric-look.ts';
import { type ChartLine, type ChartModel, linesWithAxis } from './history-view.ts';

/** A column of what lines show; table and CSV have the same ones. */
export interface ShownColumn {
  /** "Solar power, Garage roof (W)", with "lowest", "highest" or "mean of the week" where that is shown. */
  label: string;
  unit: MetricUnit;
  values: readonly (number | null)[];
}

/** Every line as it is shown: its means, the mean of the week where that is drawn, and the edges of its band. */
export function shownColumns(model: ChartModel): ShownColumn[] {
  return linesWithAxis(model).flatMap(({ line, axis }) => {
    const column = (values: readonly (number | null)[] | null, part: string): ShownColumn[] =>
      values ? [{ label: columnLabel(line, axis.unit, part, model.temperatureUnit), unit: axis.unit, values }] : [];
    return [
      ...column(line.values, ''),
      ...column(line.smooth, 'mean of the week'),
      ...column(line.lows, 'lowest'),
      ...column(line.highs, 'highest'),
    ];
  });
}

function columnLabel(line: ChartLine, unit: MetricUnit, part: string, temperatureUnit: TemperatureUnit): string {
  const metric = findMetric(line.metric)?.label ?? line.metric;
  const name = [
    metric,
    ...(line.whose === null ? [] : [line.whose]),
    ...(line.isDerived ? ['worked out'] : []),
    ...(part ? [part] : []),
  ].join(', ');
  return `${name} (${unitText(unit, temperatureUnit)})`;
}

/** The buckets in which anything was measured, by index. */
export const filledBuckets = (model: ChartModel): number[] => {
  const lines = linesWithAxis(model);
  return [...model.times.keys()].filter((i) => lines.some(({ line }) => line.values[i] != null));
};
