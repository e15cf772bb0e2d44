import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Tibber's live measurement, one object as its API sends it: W, and kWh since midnight (`accumulated...`) and of the meter
 * itself (`lastMeter...`). After Tibber's API reference.
 */
export const dialect = namedValues({
  name: 'tibber',
  reason: 'a live measurement of Tibber',
  telling: ['lastMeterConsumption', 'accumulatedConsumption', 'powerProduction'],
  anyDepth: true,
  fields: {
    power: half('gridPower', 1),
    powerProduction: half('gridPower', -1),
    lastMeterConsumption: whole('totalGridImport'),
    lastMeterProduction: whole('totalGridExport'),
    accumulatedConsumption: whole('dailyGridImport'),
    accumulatedProduction: whole('dailyGridExport'),
    'voltagePhase#': first('gridVoltage'),
    'currentL#': add('gridCurrent'),
  },
});
