/** One metric against another: each time that knows both is a dot. */
import type { TemperatureUnit } from '../../core/format.ts';
import { correlation } from '../../core/stats.ts';
import { buildAxis, type ChartAxis } from './chart-axis.ts';
import { type ChartLine, type ChartModel, linesWithAxis } from './history-view.ts';

export interface ScatterSide {
  line: Pick<ChartLine, 'key' | 'label' | 'metric' | 'colour' | 'whose'>;
  axis: ChartAxis;
}

export interface Dot {
  /** Start of the bucket of which both are means. ms UTC. */
  time: number;
  x: number;
  y: number;
}

export interface Scatter {
  x: ScatterSide;
  y: ScatterSide;
  /** Ascending in time, so that the newest lies above the others. */
  dots: Dot[];
  /** Pearson's r of the dots, -1 to 1; null where there are too few of them, or one of the two never changes. */
  correlation: number | null;
}

/** Fewer dots tell nothing of how two things go together. */
const FEWEST_DOTS = 10;

/** The first line of a chart to the right, the second one upwards; null for any other number of lines. */
export function buildScatter(model: ChartModel): Scatter | null {
  const [first, second, ...more] = linesWithAxis(model);
  if (!first || !second || more.length > 0) return null;
  const dots = model.times.flatMap((time, i): Dot[] => {
    const [x, y] = [first.line.values[i] ?? null, second.line.values[i] ?? null];
    return x === null || y === null ? [] : [{ time, x, y }];
  });
  const side = ({ line, axis }: typeof first, values: number[]): ScatterSide => ({
    line,
    axis: ownAxis(values, axis, model.temperatureUnit),
  });
  return {
    x: side(
      first,
      dots.map((dot) => dot.x),
    ),
    y: side(
      second,
      dots.map((dot) => dot.y),
    ),
    dots,
    correlation: correlationOf(dots),
  };
}

/** Two axes that need not share their rules each have round steps of their own. */
const ownAxis = (values: number[], { unit }: ChartAxis, temperatureUnit: TemperatureUnit): ChartAxis =>
  buildAxis(values, { unit, temperatureUnit, isLow: false });

/** Pearson's r of dots; null where there are too few of them, or one of the two never changes. */
export function correlationOf(dots: readonly Pick<Dot, 'x' | 'y'>[]): number | null {
  const r = dots.length < FEWEST_DOTS ? Number.NaN : correlation(dots);
  return Number.isNaN(r) ? null : r;
}
