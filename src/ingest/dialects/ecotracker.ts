import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * everHome's EcoTracker before a grid's meter, and what speaks as it does for storages (Tasmota, uni-meter): W, positive while importing, and
 * Wh. After everhome.cloud (EcoTracker, developers).
 */
const WH = { by: 0.001 };

export const dialect = namedValues({
  name: 'ecotracker',
  reason: 'names of an EcoTracker',
  telling: ['energyCounterIn', 'energyCounterOut'],
  fields: {
    power: whole('gridPower'),
    'powerPhase#': add('gridPower'),
    energyCounterIn: whole('totalGridImport', WH),
    energyCounterOut: whole('totalGridExport', WH),
  },
});
