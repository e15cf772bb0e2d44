import { add, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** Swiss smart meters over gPlug (Tasmota with a script): the object `z` in kW and kWh, in and out. After gPlug's documentation. */
const KW = 1000;

export const dialect = namedValues({
  name: 'gplug',
  reason: 'a smart meter as a gPlug writes it',
  sureness: 0.98,
  telling: ['z.SMid', 'z.Pi', 'StatusSNS.z.SMid'],
  fields: {
    'z.Pi': half('gridPower', 1, { by: KW }),
    'z.Po': half('gridPower', -1, { by: KW }),
    'z.Ei': whole('totalGridImport'),
    'z.Eo': whole('totalGridExport'),
    'z.I#': add('gridCurrent'),
    'StatusSNS.z.Pi': half('gridPower', 1, { by: KW }),
    'StatusSNS.z.Po': half('gridPower', -1, { by: KW }),
    'StatusSNS.z.Ei': whole('totalGridImport'),
    'StatusSNS.z.Eo': whole('totalGridExport'),
    'StatusSNS.z.I#': add('gridCurrent'),
  },
});
