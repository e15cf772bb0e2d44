import { type AxisScale, axisBeside, axisScale, tickDigits } from '../../core/axis.ts';
import { formatNumber, type TemperatureUnit } from '../../core/format.ts';
import type { MetricUnit } from '../../core/metrics.ts';
import { isPower, unitText } from '../metric-look.ts';

/** The scale beside lines of one unit. */
export interface ChartAxis {
  unit: MetricUnit;
  /** "kW", "°C": what the axis counts in. */
  axisUnit: string;
  /** The axis shows value / divisor. */
  divisor: number;
  scale: AxisScale;
  tickTexts: string[];
}

interface AxisWish {
  unit: MetricUnit;
  temperatureUnit: TemperatureUnit;
  isLow: boolean;
  /** Steps of the axis on the other side, which this one must have too. */
  steps?: number;
}

/** An axis that holds the values. */
export function buildAxis(
  values: Iterable<number | null>,
  { unit, temperatureUnit, isLow, steps }: AxisWish,
): ChartAxis {
  const bounds = unit === '%' ? { bounds: [0, 100] as const } : {};
  const options = { hasZero: isPower(unit) || unit === 'A' || unit === 'kWh', ...bounds };
  const usual = unit === '%' ? (isLow ? 2 : 4) : isLow ? 3 : 5;
  const scale =
    steps === undefined ? axisScale(values, { ...options, steps: usual }) : axisBeside(values, options, steps);
  const isKilo = isPower(unit) && Math.max(Math.abs(scale.min), Math.abs(scale.max)) >= 1000;
  const divisor = isKilo ? 1000 : 1;
  return {
    unit,
    axisUnit: isKilo ? `k${unit}` : unitText(unit, temperatureUnit),
    divisor,
    scale,
    tickTexts: scale.ticks.map((tick) =>
      unit === '%' && tick > 100 ? '' : formatNumber(tick / divisor, tickDigits(scale, divisor)),
    ),
  };
}
