import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

const BRIDGE = {
  'power.ch#_w': add('solarPower'),
  'power.total_w': whole('solarPower'),
  'energy_today.ch#_kwh': add('dailyEnergyProduced'),
  'energy_today.total_kwh': whole('dailyEnergyProduced'),
  'energy_lifetime.ch#_kwh': add('totalEnergyProduced'),
  'energy_lifetime.total_kwh': whole('totalEnergyProduced'),
};

/**
 * APsystems EZ1 micro-inverters by what their local API says (`/getOutputData`), as bridges pass it on: per channel the
 * power in W, the energy since it started in the morning and its lifetime's in kWh. After APsystems' EZ1 local API manual;
 * ez1-mqtt-bridge calls the same `energy_lifetime/ch1_kwh`, and the channels together `total_kwh`, after its README.
 */
export const dialect = namedValues({
  name: 'apsystems-ez1',
  reason: 'output of an APsystems EZ1',
  telling: ['te1', 'te2', 'energy_lifetime.ch1_kwh'],
  tellingUnder: { topic: /(^|\/)ez1/i, names: Object.keys(BRIDGE).map((name) => name.replace('#', '1')) },
  anyDepth: true,
  fields: {
    'p#': add('solarPower'),
    'e#': add('dailyEnergyProduced'),
    'te#': add('totalEnergyProduced'),
    ...BRIDGE,
  },
});
