import type { NumericMetric } from '../../core/metrics.ts';
import type { Draft } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';
import { namedValues } from '../named-values.ts';
import type { Leaves } from '../payload/message-view.ts';

/**
 * HomeWizard meters and sockets: the object of their local API (`/api/v1/data` and that of version 2), sent on over MQTT.
 * Units are in the names; power is positive while importing. A P1 meter stands at the grid, a plug-in battery
 * says its charge, others measure what their owner says.
 */
const NAMES = {
  power: ['active_power_w', 'power_w'],
  total: ['total_power_import_kwh', 'energy_import_kwh'],
  returned: ['total_power_export_kwh', 'energy_export_kwh'],
  voltage: ['active_voltage_v', 'active_voltage_l1_v', 'voltage_v', 'voltage_l1_v'],
  current: ['active_current_a', 'current_a'],
  frequency: ['active_frequency_hz', 'frequency_hz'],
  apparent: ['active_apparent_power_va', 'apparent_power_va'],
} as const;

export const dialect = namedValues({
  name: 'homewizard',
  reason: 'names of a HomeWizard meter',
  telling: ['total_power_import_kwh', 'total_power_import_t1_kwh', 'energy_import_kwh'],
  atLeast: 0,
  fields: {},
  readMore: readMeter,
});

/** Earlier firmware of a meter has no total, but its tariffs. */
function takeTariffs(draft: Draft, to: NumericMetric, byPath: Leaves['byPath'], name: string): void {
  for (const order of [1, 2, 3, 4]) {
    const value = byPath.get(`${name}_t${order}_kwh`);
    if (value !== undefined) draft.take({ to, how: 'sum' }, value, { id: `T${order}`, order });
  }
}

function readMeter(draft: Draft, { byPath, names }: Leaves): void {
  const isAtGrid = names.has('smr_version') || names.has('protocol_version') || names.has('meter_model');
  const charge = byPath.get('state_of_charge_pct');
  if (charge !== undefined) draft.take({ to: 'stateOfCharge' }, charge);
  // A battery's power is positive while it takes from the house.
  const role = charge === undefined ? draft.context.role : 'battery';
  const meter = meterMetrics(role, isAtGrid ? 'grid' : 'load');
  for (const [what, candidates] of Object.entries(NAMES)) {
    const to = meter[what as keyof typeof NAMES];
    const name = candidates.find((candidate) => byPath.has(candidate));
    if (to && name !== undefined) draft.take({ to }, byPath.get(name));
    else if (to) takeTariffs(draft, to, byPath, candidates[0].replace('_kwh', ''));
  }
}
