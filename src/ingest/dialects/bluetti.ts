import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Bluetti power stations over warhammerkid/bluetti_mqtt and mariolukas/Bluetti_ESP32_Bridge: `bluetti/<station>/state/<name>`,
 * one plain value a message. Names and units after their READMEs. What comes in as DC may be panels or a car, and is left
 * alone.
 */
export const dialect = namedValues({
  name: 'bluetti',
  reason: 'names of a Bluetti power station',
  commandTopics: ['bluetti/+/command/#', 'bluetti/command/#'],
  telling: ['total_battery_percent', 'dc_input_power'],
  fields: {
    total_battery_percent: whole('stateOfCharge'),
    // kWh, of all its life.
    power_generation: whole('totalEnergyProduced'),
    ac_input_power: whole('gridPower'),
    ac_output_power: add('loadPower'),
    dc_output_power: add('loadPower'),
  },
});
