import { add } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * APsystems EZ1 micro-inverters by what their local API says (`/getOutputData`), as bridges pass it on: per channel the
 * power in W, the energy since it started in the morning and its lifetime's in kWh. After APsystems' EZ1 local API manual.
 */
export const dialect = namedValues({
  name: 'apsystems-ez1',
  reason: 'output of an APsystems EZ1',
  telling: ['te1', 'te2'],
  anyDepth: true,
  fields: {
    'p#': add('solarPower'),
    'e#': add('dailyEnergyProduced'),
    'te#': add('totalEnergyProduced'),
  },
});
