import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** A Tibber Pulse read by ElWiz: the lists of a Norwegian meter in kW, kWh, V and A, as one object. After iotux/ElWiz. */
const KW = 1000;

export const dialect = namedValues({
  name: 'elwiz',
  reason: 'names of ElWiz',
  atLeast: 1,
  telling: ['powImpActive'],
  fields: {
    powImpActive: half('gridPower', 1, { by: KW }),
    powExpActive: half('gridPower', -1, { by: KW }),
    'voltageL#': first('gridVoltage'),
    'currentL#': add('gridCurrent'),
    cumuHourPowImpActive: whole('totalGridImport'),
    cumuHourPowExpActive: whole('totalGridExport'),
  },
  time: 'date',
});
