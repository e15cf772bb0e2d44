import { add, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Nordic and other smart meters over amsleser (UtilitechAS/amsreader-firmware): one object with the meter's values under
 * `data`, or one value a topic. After its wiki: `P` is bought and `PO` sold, in W; `tPI` and `tPO` in kWh.
 */
export const dialect = namedValues({
  name: 'ams',
  reason: 'a smart meter as an AMS reader writes it',
  telling: ['tPI', 'tPO'],
  anyDepth: true,
  fields: {
    P: half('gridPower', 1),
    PO: half('gridPower', -1),
    U1: whole('gridVoltage'),
    'I#': add('gridCurrent'),
    tPI: whole('totalGridImport'),
    tPO: whole('totalGridExport'),
  },
});
