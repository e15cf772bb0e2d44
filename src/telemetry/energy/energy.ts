import type { NumericMetric } from '../../core/metrics.ts';

/** What the energy books count, out of which metrics, and in which steps of time. */

export type EnergyQuantity = 'solar' | 'load' | 'import' | 'export' | 'charge' | 'discharge';

interface QuantityRule {
  quantity: EnergyQuantity;
  total: NumericMetric;
  daily: NumericMetric | null;
  power: NumericMetric;
  /** Which side of a signed power belongs to it. */
  side: 1 | -1;
}

export const quantityRules: readonly QuantityRule[] = [
  { quantity: 'solar', total: 'totalEnergyProduced', daily: 'dailyEnergyProduced', power: 'solarPower', side: 1 },
  { quantity: 'load', total: 'totalEnergyConsumed', daily: 'dailyEnergyConsumed', power: 'loadPower', side: 1 },
  { quantity: 'import', total: 'totalGridImport', daily: 'dailyGridImport', power: 'gridPower', side: 1 },
  { quantity: 'export', total: 'totalGridExport', daily: 'dailyGridExport', power: 'gridPower', side: -1 },
  { quantity: 'charge', total: 'totalBatteryCharge', daily: null, power: 'batteryPower', side: 1 },
  { quantity: 'discharge', total: 'totalBatteryDischarge', daily: null, power: 'batteryPower', side: -1 },
];

export const energyQuantities: readonly EnergyQuantity[] = quantityRules.map((r) => r.quantity);

/** Metrics that energy is made of. */
export const energyMetrics: readonly NumericMetric[] = [
  ...new Set(quantityRules.flatMap((r) => [r.total, ...(r.daily ? [r.daily] : []), r.power])),
];

const HOUR = 3_600_000;
/** Energy is booked in quarter hours of UTC: the midnights of all time zones in use lie on their edges. */
export const BUCKET_MS = HOUR / 4;
/** Time after which the state of the books is kept, so that late readings are booked anew from there. */
export const CHUNK_MS = 6 * HOUR;

/** Readings by column, ascending by time [ms]; NaN where a reading says nothing of a metric. */
export interface EnergyReadings {
  times: Float64Array;
  columns: Partial<Record<NumericMetric, Float64Array>>;
}
