import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Batteries of cars over Battery-Emulator (dalathegreat): `<topic>/info` in one object. After its source: the scaled state of
 * charge is what the inverter is told; power and current are positive while charging; capacities are in Wh.
 */
export const dialect = namedValues({
  name: 'battery-emulator',
  reason: 'names of a Battery-Emulator',
  telling: ['stat_batt_power', 'SOC_real'],
  fields: {
    SOC: whole('stateOfCharge'),
    state_of_health: whole('stateOfHealth'),
    stat_batt_power: whole('batteryPower'),
    battery_current: whole('batteryCurrent'),
    battery_voltage: whole('batteryVoltage'),
    temperature_max: whole('batteryTemperature'),
  },
});
