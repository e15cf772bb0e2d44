import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Linky and older French meters by the labels of their customer output (Enedis-NOI-CPT_54E), of the historic and the standard
 * mode, in one object (plain or as `{"raw", "value"}`) or one value a topic. Wh, A, V and VA; each tariff has its counter.
 */
const WH = 0.001;
const LABELS = {
  BASE: whole('totalGridImport', { by: WH }),
  ...Object.fromEntries(
    ['HCHC', 'HCHP', 'EJPHN', 'EJPHPM', 'BBRHCJB', 'BBRHPJB', 'BBRHCJW', 'BBRHPJW', 'BBRHCJR', 'BBRHPJR'].map(
      (label) => [label, add('totalGridImport', { by: WH })],
    ),
  ),
  IINST: whole('gridCurrent'),
  'IINST#': add('gridCurrent'),
  PAPP: whole('apparentPower'),
  EAST: whole('totalGridImport', { by: WH }),
  EAIT: whole('totalGridExport', { by: WH }),
  SINSTS: whole('apparentPower'),
  'URMS#': first('gridVoltage'),
  'IRMS#': add('gridCurrent'),
};

/** Readers that write the labels small, some of them short. */
const SMALL = {
  ...Object.fromEntries(Object.entries(LABELS).map(([label, field]) => [label.toLowerCase(), field])),
  hp: add('totalGridImport', { by: WH }),
  hc: add('totalGridImport', { by: WH }),
};

export const dialect = namedValues({
  name: 'teleinfo',
  reason: 'labels of a French meter',
  telling: ['HCHC', 'HCHP', 'PAPP', 'EAST', 'SINSTS', 'ADCO', 'ADSC'],
  tellingUnder: {
    topic: /teleinfo|linky|\btic\b/i,
    names: ['hp', 'hc', 'papp', 'iinst', 'hchc', 'hchp', 'base', 'east'],
  },
  fields: {
    ...LABELS,
    ...SMALL,
    ...Object.fromEntries(Object.entries(LABELS).map(([label, field]) => [`${label}.value`, field])),
  },
});
