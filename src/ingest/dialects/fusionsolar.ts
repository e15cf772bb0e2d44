import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

const SHOWN = ['data.realKpi.', 'realKpi.'];

/**
 * Huawei by the names of FusionSolar's northbound API (`getStationRealKpi`, `getDevRealKpi`) and of the page that it shows of a
 * plant: one object or one value a topic. V, A, kW, kWh; what an answer says of several inverters is added. The signs of a
 * battery's power (`ch_discharge_power`) and a meter's are not the same in all plants.
 */
export const dialect = namedValues({
  name: 'fusionsolar',
  reason: 'names of Huawei’s FusionSolar',
  telling: [
    ...['mppt_total_cap', 'mppt_1_cap', 'mppt_power', 'day_cap', 'real_health_state'],
    ...['ch_discharge_power', 'ch_discharge_model', 'reverse_active_cap'],
    ...SHOWN.map((front) => `${front}realTimePower`),
  ],
  tellingUnder: { topic: /fusion|huawei/i, names: ['day_power', 'total_cap', 'realTimePower', 'cumulativeEnergy'] },
  anyDepth: true,
  atLeast: 1,
  // Of a plant it is an energy.
  isAbsent: (path, { names }) => path.endsWith('total_power') && !names.has('real_health_state'),
  fields: {
    mppt_power: add('solarPower', { by: 1000 }),
    'pv#_u': first('solarVoltage'),
    'pv#_i': add('solarCurrent'),
    a_u: first('gridVoltage'),
    elec_freq: first('gridFrequency'),
    grid_frequency: first('gridFrequency'),
    temperature: first('inverterTemperature'),
    day_cap: add('dailyEnergyProduced'),
    total_cap: add('totalEnergyProduced'),
    battery_soc: first('stateOfCharge'),
    battery_soh: first('stateOfHealth'),
    day_power: whole('dailyEnergyProduced'),
    total_power: whole('totalEnergyProduced'),
    day_on_grid_energy: whole('dailyGridExport'),
    day_use_energy: whole('dailyEnergyConsumed'),
    realTimePower: whole('solarPower', { by: 1000 }),
    dailyEnergy: whole('dailyEnergyProduced'),
    cumulativeEnergy: whole('totalEnergyProduced'),
  },
});
