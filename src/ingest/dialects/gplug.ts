import type { Field } from '../field-draft.ts';
import { add, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** Swiss smart meters over gPlug (Tasmota with a script): the object `z` in kW and kWh, in and out. After gPlug's documentation. */
const KW = 1000;
const fields: Record<string, Field> = {
  'z.Pi': half('gridPower', 1, { by: KW }),
  'z.Po': half('gridPower', -1, { by: KW }),
  'z.Ei': whole('totalGridImport'),
  'z.Eo': whole('totalGridExport'),
  'z.I#': add('gridCurrent'),
};
/** Where an answer to STATUS 8 has them. */
const asked = Object.fromEntries(Object.entries(fields).map(([name, field]) => [`StatusSNS.${name}`, field]));

export const dialect = namedValues({
  name: 'gplug',
  reason: 'a smart meter as a gPlug writes it',
  sureness: 0.98,
  telling: ['z.SMid', 'z.Pi', 'StatusSNS.z.SMid'],
  fields: { ...fields, ...asked },
});
