import type { NumericMetric } from '../core/metrics.ts';
import type { SourceRole } from '../sources/source.ts';

/** What the readings of a bare meter or plug are in the catalogue; null where it has no place for one. */
export interface MeterMetrics {
  power: NumericMetric;
  voltage: NumericMetric | null;
  current: NumericMetric | null;
  frequency: NumericMetric | null;
  apparent: NumericMetric | null;
  /** Energy that went the way the power counts as positive. */
  total: NumericMetric | null;
  day: NumericMetric | null;
  /** Energy that went the other way. */
  returned: NumericMetric | null;
}

const load: MeterMetrics = {
  power: 'loadPower',
  voltage: 'outputVoltage',
  current: 'outputCurrent',
  frequency: 'outputFrequency',
  apparent: 'apparentPower',
  total: 'totalEnergyConsumed',
  day: 'dailyEnergyConsumed',
  returned: null,
};
const grid: MeterMetrics = {
  power: 'gridPower',
  voltage: 'gridVoltage',
  current: 'gridCurrent',
  frequency: 'gridFrequency',
  apparent: null,
  total: 'totalGridImport',
  day: 'dailyGridImport',
  returned: 'totalGridExport',
};
const solar: MeterMetrics = {
  power: 'solarPower',
  voltage: 'gridVoltage',
  current: null,
  frequency: 'gridFrequency',
  apparent: null,
  total: 'totalEnergyProduced',
  day: 'dailyEnergyProduced',
  returned: null,
};
const battery: MeterMetrics = {
  ...{ power: 'batteryPower', voltage: null, current: null, frequency: null, apparent: null },
  ...{ total: 'totalBatteryCharge', day: null, returned: 'totalBatteryDischarge' },
};
const generator: MeterMetrics = {
  ...{ power: 'generatorPower', voltage: null, current: null, frequency: null, apparent: null },
  ...{ total: null, day: null, returned: null },
};

const byRole: Partial<Record<SourceRole, MeterMetrics>> = { load, grid, solar, battery, generator };

/** A phase with less is one that nothing is connected to. */
const LEAST_LIVE_V = 20;
/** Which of a meter's phases is the first that something is connected to; the first of all where none is. */
export const livePhase = (volts: readonly (number | null)[]): number =>
  Math.max(
    0,
    volts.findIndex((value) => isLive(value)),
  );
export const isLive = (volts: number | null): boolean => volts !== null && volts > LEAST_LIVE_V;

/** What a meter measures: by the role that its owner gave the source, else what such a device usually measures. */
export function meterMetrics(role: SourceRole | undefined, usual: 'load' | 'grid'): MeterMetrics {
  return (role && byRole[role]) ?? (usual === 'grid' ? grid : load);
}
