import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Huawei inverters over ioBroker's sun2000 adapter: its sums under `collected` and its meter, one value a topic. After the
 * adapter's code: powers in kW, energies in kWh; the battery's power is positive while charging, `feed-inPower` while
 * exporting (house = active power - feed-in); `dailyEnergyYield` is the AC side's, with what the battery gave.
 */
const KW = 1000;

export const dialect = namedValues({
  name: 'iobroker-sun2000',
  reason: 'states of the sun2000 adapter',
  telling: [
    'collected.inputPower',
    'collected.chargeDischargePower',
    'collected.houseConsumption',
    'collected.dailySolarYield',
    'derived.feed-inPower',
  ],
  fields: {
    'collected.inputPower': whole('solarPower', { by: KW }),
    'collected.chargeDischargePower': whole('batteryPower', { by: KW }),
    'collected.houseConsumption': whole('loadPower', { by: KW }),
    'collected.SOC': whole('stateOfCharge'),
    'collected.dailySolarYield': whole('dailyEnergyProduced', { rank: 3 }),
    'collected.dailyInputYield': whole('dailyEnergyProduced'),
    'collected.cumulativeEnergyYield': whole('totalEnergyProduced'),
    'collected.gridImportToday': whole('dailyGridImport'),
    'collected.gridExportToday': whole('dailyGridExport'),
    'collected.consumptionToday': whole('dailyEnergyConsumed'),
    'derived.feed-inPower': whole('gridPower', { by: -KW }),
  },
});
