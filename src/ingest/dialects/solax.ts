import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * SolaX by the names of its cloud's real-time answer, one object or one value a topic. `feedinpower` is positive while
 * exporting, `batPower` while charging; energies in kWh.
 */
export const dialect = namedValues({
  name: 'solax',
  reason: 'names of a SolaX inverter',
  telling: ['feedinpower', 'feedinenergy', 'consumeenergy', 'powerdc1'],
  anyDepth: true,
  fields: {
    'powerdc#': add('solarPower'),
    yieldtoday: whole('dailyEnergyProduced'),
    yieldtotal: whole('totalEnergyProduced'),
    todayYield: whole('dailyEnergyProduced'),
    totalYield: whole('totalEnergyProduced'),
    feedinPower: whole('gridPower', { by: -1 }),
    feedinpower: whole('gridPower', { by: -1 }),
    feedinenergy: whole('totalGridExport'),
    consumeenergy: whole('totalGridImport'),
    soc: whole('stateOfCharge'),
    batPower: whole('batteryPower'),
  },
});
