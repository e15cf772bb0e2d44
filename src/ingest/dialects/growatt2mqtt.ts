import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Growatt over nygma2004/growatt2mqtt and its kin: one object (`growatt/data` unless configured). Names and units after its
 * README: W, V, A, kWh; what the strings give outranks what the inverter puts out.
 */
export const dialect = namedValues({
  name: 'growatt2mqtt',
  reason: 'names of growatt2mqtt',
  telling: ['opfullpower', 'realoppercent', 'tempinverter', 'pv1energytoday'],
  fields: {
    solarpower: whole('solarPower', { rank: 3 }),
    'pv#power': add('solarPower'),
    outputpower: whole('solarPower', { rank: 0 }),
    'pv#voltage': first('solarVoltage'),
    'pv#current': add('solarCurrent'),
    gridfrequency: whole('gridFrequency'),
    gridvoltage: whole('gridVoltage'),
    energytoday: whole('dailyEnergyProduced'),
    energytotal: whole('totalEnergyProduced'),
    tempinverter: whole('inverterTemperature'),
  },
});
