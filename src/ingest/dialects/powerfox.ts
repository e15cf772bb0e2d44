import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** Smart meters over powerfox, one object as its API sends it: W, positive while importing, and Wh. After its API description. */
const WH = 0.001;

export const dialect = namedValues({
  name: 'powerfox',
  reason: 'names of powerfox',
  telling: ['a_Plus', 'a_Minus', 'A_Plus', 'A_Minus'],
  atLeast: 1,
  fields: {
    watt: whole('gridPower'),
    Watt: whole('gridPower'),
    a_Plus: whole('totalGridImport', { by: WH }),
    a_Minus: whole('totalGridExport', { by: WH }),
    A_Plus: whole('totalGridImport', { by: WH }),
    A_Minus: whole('totalGridExport', { by: WH }),
  },
});
