import type { NumericMetric } from '../../core/metrics.ts';

/** Gauges of which forecasts are made. */
export const quarterHourGauges = [
  'solarPower',
  'loadPower',
  'gridPower',
  'batteryPower',
  'stateOfCharge',
] as const satisfies readonly NumericMetric[];

export type QuarterHourGauge = (typeof quarterHourGauges)[number];

/** A source's quarter hours of UTC one after the other, in plain arrays that can be handed to a worker; NaN where nothing is known. */
export interface QuarterHours {
  /** Start of the first, ms UTC. */
  from: number;
  count: number;
  /** Mean over the readings of each, in the metric's unit. */
  means: Record<QuarterHourGauge, Float64Array>;
  /** What the books say was produced and consumed in each, kWh; only time that is booked. */
  solarKwh: Float64Array;
  loadKwh: Float64Array;
  /** Share of each that lies between readings close enough together, 0..1. */
  coverage: Float64Array;
  /** 1 where the device named a fault. */
  hasFault: Uint8Array;
}

/** Quarter hours of which nothing is known. */
export function emptyQuarterHours(from: number, count: number): QuarterHours {
  const unknown = () => new Float64Array(count).fill(Number.NaN);
  return {
    from,
    count,
    means: {
      solarPower: unknown(),
      loadPower: unknown(),
      gridPower: unknown(),
      batteryPower: unknown(),
      stateOfCharge: unknown(),
    },
    solarKwh: unknown(),
    loadKwh: unknown(),
    coverage: new Float64Array(count),
    hasFault: new Uint8Array(count),
  };
}
