import { type Metric, type MetricName, type MetricUnit, metrics } from '../../core/metrics.ts';

/**
 * One entity of a device in Home Assistant's MQTT discovery, as a `sensor` (home-assistant.io, MQTT sensor; classes and
 * their units: Sensor entity, available device classes).
 */
export interface Entity {
  platform: 'sensor';
  unique_id: string;
  name: string;
  value_template: string;
  /** s without any message after which the value is unavailable. */
  expire_after: number;
  device_class?: string;
  state_class?: 'measurement' | 'total_increasing';
  unit_of_measurement?: string;
  suggested_display_precision?: number;
  entity_category?: 'diagnostic';
}

interface UnitClass {
  unit: string;
  /** Absent where Home Assistant has no class with this unit. */
  deviceClass?: string;
  digits: number;
}

const units: Record<MetricUnit, UnitClass> = {
  '%': { unit: '%', digits: 0 },
  V: { unit: 'V', deviceClass: 'voltage', digits: 1 },
  A: { unit: 'A', deviceClass: 'current', digits: 1 },
  W: { unit: 'W', deviceClass: 'power', digits: 0 },
  VA: { unit: 'VA', deviceClass: 'apparent_power', digits: 0 },
  Hz: { unit: 'Hz', deviceClass: 'frequency', digits: 2 },
  degC: { unit: '°C', deviceClass: 'temperature', digits: 1 },
  Ah: { unit: 'Ah', digits: 1 },
  kWh: { unit: 'kWh', deviceClass: 'energy', digits: 2 },
};

/** Of interest when something is wrong, not each day. */
const diagnostic: ReadonlySet<MetricName> = new Set<MetricName>([
  ...(['stateOfHealth', 'busVoltage', 'inverterTemperature', 'outputFrequency', 'gridFrequency'] as const),
  ...(['deviceStatus', 'faultCodes', 'warningCodes'] as const),
]);

/** Longest state that Home Assistant takes. */
const LONGEST_STATE = 255;

/** The entity of a metric. A value that was not heard for `staleMs` is unknown there, as it is on Ampra's own pages. */
export function entityOf(sourceId: string, name: MetricName, staleMs: number): Entity {
  const metric = byName.get(name) as Metric;
  const staleS = Math.ceil(staleMs / 1000);
  return {
    platform: 'sensor',
    unique_id: `ampra_${sourceId}_${name}`,
    name: metric.label,
    value_template: template(name, metric.kind === 'list', staleS),
    expire_after: staleS,
    ...measured(metric),
    ...(diagnostic.has(name) && { entity_category: 'diagnostic' as const }),
  };
}

const byName = new Map<MetricName, Metric>(metrics.map((metric) => [metric.name, metric]));

function measured(metric: Metric): Partial<Entity> {
  if (metric.unit === null) return {};
  const { unit, deviceClass, digits } = units[metric.unit];
  const device_class = metric.name === 'stateOfCharge' ? 'battery' : deviceClass;
  return {
    ...(device_class !== undefined && { device_class }),
    state_class: metric.kind === 'gauge' ? 'measurement' : 'total_increasing',
    unit_of_measurement: unit,
    suggested_display_precision: digits,
  };
}

/**
 * Reads `ampra/<id>/latest`. Ages are counted against the time of the message, so that the two clocks need not agree.
 * In brackets, because `value_json.values` is a method of every dictionary in Jinja.
 */
function template(name: MetricName, isList: boolean, staleS: number): string {
  const value = `value_json['values']['${name}']`;
  const shown = isList ? `((${value} | join(', ')) or 'none')[:${LONGEST_STATE}]` : value;
  const age = `as_timestamp(value_json['time']) - as_timestamp(value_json['times']['${name}'])`;
  return `{{ ${shown} if '${name}' in value_json['times'] and ${age} < ${staleS} else None }}`;
}
