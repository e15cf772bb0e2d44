/**
 * The metric catalogue: the one list that ingest, storage, API and pages read.
 * Signs: battery current and power are positive when charging; grid power is positive when importing;
 * load and solar power are never negative.
 */
export type MetricUnit = '%' | 'V' | 'A' | 'W' | 'VA' | 'Hz' | 'degC' | 'Ah' | 'kWh';
export type MetricGroup = 'battery' | 'solar' | 'load' | 'grid' | 'energy' | 'inverter' | 'generator' | 'status';

/**
 * How values of a metric behave: a `gauge` is averaged; a `counter` counts energy for ever; a `dailyCounter` starts
 * again each day; `text` is a word; `list` is a list of codes.
 */
export type MetricKind = 'gauge' | 'counter' | 'dailyCounter' | 'text' | 'list';

interface MetricShape {
  label: string;
  group: MetricGroup;
  kind: MetricKind;
  unit: MetricUnit | null;
  /** Physically possible range in the metric's unit; outside of it a value is refused with the field named. */
  min?: number;
  max?: number;
}

const MAX_W = 10_000_000;
const MAX_KWH = 1e10;

const shapes = {
  stateOfCharge: { label: 'State of charge', group: 'battery', kind: 'gauge', unit: '%', min: 0, max: 100 },
  stateOfHealth: { label: 'State of health', group: 'battery', kind: 'gauge', unit: '%', min: 0, max: 100 },
  batteryVoltage: { label: 'Battery voltage', group: 'battery', kind: 'gauge', unit: 'V', min: 0, max: 2000 },
  batteryCurrent: { label: 'Battery current', group: 'battery', kind: 'gauge', unit: 'A', min: -20_000, max: 20_000 },
  batteryPower: { label: 'Battery power', group: 'battery', kind: 'gauge', unit: 'W', min: -MAX_W, max: MAX_W },
  batteryTemperature: {
    label: 'Battery temperature',
    group: 'battery',
    kind: 'gauge',
    unit: 'degC',
    min: -60,
    max: 150,
  },
  batteryCapacity: { label: 'Battery capacity', group: 'battery', kind: 'gauge', unit: 'Ah', min: 0, max: 1_000_000 },
  remainingCapacity: {
    label: 'Remaining capacity',
    group: 'battery',
    kind: 'gauge',
    unit: 'Ah',
    min: 0,
    max: 1_000_000,
  },
  solarVoltage: { label: 'Solar voltage', group: 'solar', kind: 'gauge', unit: 'V', min: 0, max: 2000 },
  solarCurrent: { label: 'Solar current', group: 'solar', kind: 'gauge', unit: 'A', min: 0, max: 20_000 },
  solarPower: { label: 'Solar power', group: 'solar', kind: 'gauge', unit: 'W', min: 0, max: MAX_W },
  outputVoltage: { label: 'Output voltage', group: 'load', kind: 'gauge', unit: 'V', min: 0, max: 100_000 },
  outputCurrent: { label: 'Output current', group: 'load', kind: 'gauge', unit: 'A', min: 0, max: 20_000 },
  outputFrequency: { label: 'Output frequency', group: 'load', kind: 'gauge', unit: 'Hz', min: 0, max: 500 },
  loadPower: { label: 'Load power', group: 'load', kind: 'gauge', unit: 'W', min: 0, max: MAX_W },
  loadPercentage: { label: 'Load percentage', group: 'load', kind: 'gauge', unit: '%', min: 0, max: 1000 },
  apparentPower: { label: 'Apparent power', group: 'load', kind: 'gauge', unit: 'VA', min: 0, max: MAX_W },
  gridVoltage: { label: 'Grid voltage', group: 'grid', kind: 'gauge', unit: 'V', min: 0, max: 100_000 },
  gridCurrent: { label: 'Grid current', group: 'grid', kind: 'gauge', unit: 'A', min: -20_000, max: 20_000 },
  gridFrequency: { label: 'Grid frequency', group: 'grid', kind: 'gauge', unit: 'Hz', min: 0, max: 500 },
  gridPower: { label: 'Grid power', group: 'grid', kind: 'gauge', unit: 'W', min: -MAX_W, max: MAX_W },
  totalEnergyProduced: {
    label: 'Energy produced, total',
    group: 'energy',
    kind: 'counter',
    unit: 'kWh',
    min: 0,
    max: MAX_KWH,
  },
  totalEnergyConsumed: {
    label: 'Energy consumed, total',
    group: 'energy',
    kind: 'counter',
    unit: 'kWh',
    min: 0,
    max: MAX_KWH,
  },
  dailyEnergyProduced: {
    label: 'Energy produced today',
    group: 'energy',
    kind: 'dailyCounter',
    unit: 'kWh',
    min: 0,
    max: 1e6,
  },
  dailyEnergyConsumed: {
    label: 'Energy consumed today',
    group: 'energy',
    kind: 'dailyCounter',
    unit: 'kWh',
    min: 0,
    max: 1e6,
  },
  totalGridImport: {
    label: 'Energy bought, total',
    group: 'energy',
    kind: 'counter',
    unit: 'kWh',
    min: 0,
    max: MAX_KWH,
  },
  totalGridExport: { label: 'Energy sold, total', group: 'energy', kind: 'counter', unit: 'kWh', min: 0, max: MAX_KWH },
  dailyGridImport: {
    label: 'Energy bought today',
    group: 'energy',
    kind: 'dailyCounter',
    unit: 'kWh',
    min: 0,
    max: 1e6,
  },
  dailyGridExport: { label: 'Energy sold today', group: 'energy', kind: 'dailyCounter', unit: 'kWh', min: 0, max: 1e6 },
  totalBatteryCharge: {
    label: 'Battery charge, total',
    group: 'energy',
    kind: 'counter',
    unit: 'kWh',
    min: 0,
    max: MAX_KWH,
  },
  totalBatteryDischarge: {
    label: 'Battery discharge, total',
    group: 'energy',
    kind: 'counter',
    unit: 'kWh',
    min: 0,
    max: MAX_KWH,
  },
  inverterTemperature: {
    label: 'Inverter temperature',
    group: 'inverter',
    kind: 'gauge',
    unit: 'degC',
    min: -60,
    max: 200,
  },
  busVoltage: { label: 'Bus voltage', group: 'inverter', kind: 'gauge', unit: 'V', min: 0, max: 2000 },
  generatorPower: { label: 'Generator power', group: 'generator', kind: 'gauge', unit: 'W', min: 0, max: MAX_W },
  operatingMode: { label: 'Operating mode', group: 'status', kind: 'text', unit: null },
  deviceStatus: { label: 'Device status', group: 'status', kind: 'text', unit: null },
  faultCodes: { label: 'Fault codes', group: 'status', kind: 'list', unit: null },
  warningCodes: { label: 'Warning codes', group: 'status', kind: 'list', unit: null },
} as const satisfies Record<string, MetricShape>;

export type MetricName = keyof typeof shapes;
export interface Metric extends MetricShape {
  name: MetricName;
}

export type TextMetric = 'operatingMode' | 'deviceStatus';
export type ListMetric = 'faultCodes' | 'warningCodes';
export type NumericMetric = Exclude<MetricName, TextMetric | ListMetric>;

/** All metrics in the catalogue's order. */
export const metrics: readonly Metric[] = Object.entries(shapes).map(([name, shape]) => ({
  name: name as MetricName,
  ...(shape as MetricShape),
}));

const byName: ReadonlyMap<string, Metric> = new Map(metrics.map((m) => [m.name, m]));

/** The metric of that name, or undefined when the catalogue has none. */
export function findMetric(name: string): Metric | undefined {
  return byName.get(name);
}

/** True for a metric whose values are numbers: gauges and counters. */
export function isNumeric(metric: Metric): metric is Metric & { name: NumericMetric } {
  return metric.kind !== 'text' && metric.kind !== 'list';
}

export const numericMetrics: readonly NumericMetric[] = metrics.filter(isNumeric).map((metric) => metric.name);
