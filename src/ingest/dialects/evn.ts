import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** Austrian smart meters by the names of the readers for EVN's customer interface, one value a topic or one object: W, V, A, kWh. */
export const dialect = namedValues({
  name: 'evn',
  reason: 'names of a reader of EVN meters',
  telling: ['WirkenergieP', 'WirkenergieN', 'MomentanleistungP', 'MomentanleistungN'],
  fields: {
    WirkenergieP: whole('totalGridImport'),
    WirkenergieN: whole('totalGridExport'),
    MomentanleistungP: half('gridPower', 1),
    MomentanleistungN: half('gridPower', -1),
    'SpannungL#': first('gridVoltage'),
    'StromL#': add('gridCurrent'),
  },
});
