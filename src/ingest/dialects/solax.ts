import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * SolaX by the names of its cloud's real-time answer and of the solax library, one object or one value a topic. `feedinpower` is positive while
 * exporting, `batPower` while charging; energies in kWh.
 */
export const dialect = namedValues({
  name: 'solax',
  reason: 'names of a SolaX inverter',
  telling: [
    'feedinpower',
    'feedinenergy',
    'consumeenergy',
    'powerdc1',
    'Battery Remaining Capacity',
    'Total Feed-in Energy',
  ],
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
    // squishykid/solax, which asks the dongle itself.
    'PV# Power': add('solarPower'),
    'Exported Power': whole('gridPower', { by: -1 }),
    'Battery Power': whole('batteryPower'),
    'Battery Current': whole('batteryCurrent'),
    'Battery Remaining Capacity': whole('stateOfCharge'),
    'Network Voltage': whole('gridVoltage'),
    "Today's Energy": whole('dailyEnergyProduced'),
    'Total Energy': whole('totalEnergyProduced'),
    'Total Feed-in Energy': whole('totalGridExport'),
    soc: whole('stateOfCharge'),
    batPower: whole('batteryPower'),
  },
});
