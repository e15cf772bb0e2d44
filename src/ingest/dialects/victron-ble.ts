import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Victron devices by what they advertise over Bluetooth, as keshavdv/victron-ble names it, in an object under `payload` or bare.
 * A charger's yield is in Wh; a shunt's current is positive while charging, a charger's always charges.
 */
export const dialect = namedValues({
  name: 'victron-ble',
  reason: 'what a Victron advertises over Bluetooth',
  telling: ['external_device_load', 'consumed_ah'],
  anyDepth: true,
  fields: {
    solar_power: whole('solarPower'),
    battery_voltage: whole('batteryVoltage'),
    battery_charging_current: whole('batteryCurrent', { rank: 1 }),
    yield_today: whole('dailyEnergyProduced', { by: 0.001 }),
  },
  atLeast: 0,
  readMore: (draft, { byPath, names }) => {
    if (!names.has('consumed_ah')) return;
    for (const [path, raw] of byPath) {
      const name = path.slice(path.lastIndexOf('.') + 1);
      if (name === 'soc') draft.take(whole('stateOfCharge'), raw);
      if (name === 'current') draft.take(whole('batteryCurrent'), raw);
      if (name === 'voltage') draft.take(whole('batteryVoltage'), raw);
    }
  },
});
