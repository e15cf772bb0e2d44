import { first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** Smart meters over Discovergy or inexogy, the last reading as its API writes it: mW, mV and 0.1 uWh. After its API description. */
const [MILLI, TENTH_MICRO_WH] = [0.001, 1e-10];

export const dialect = namedValues({
  name: 'discovergy',
  reason: 'a reading of Discovergy',
  telling: ['energyOut'],
  anyDepth: true,
  fields: {
    power: whole('gridPower', { by: MILLI }),
    energy: whole('totalGridImport', { by: TENTH_MICRO_WH }),
    energyOut: whole('totalGridExport', { by: TENTH_MICRO_WH }),
    'voltage#': first('gridVoltage', { by: MILLI }),
  },
});
