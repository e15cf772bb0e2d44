import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Kostal Plenticore by its process data, one object for each module (`devices:local`, `devices:local:battery`,
 * `scb:statistic:EnergyFlow`). After Kostal's API and pykoplenti: W, V, A and Wh; the grid's power is positive while importing,
 * the battery's while discharging. `Dc_P` may hold the
 * battery's share and is left alone.
 */
const WH = 0.001;

export const dialect = namedValues({
  name: 'plenticore-process',
  reason: 'process data of a Plenticore',
  atLeast: 0,
  telling: ['HomeOwn_P', 'HomePv_P', 'PV2Bat_P', 'WorkCapacity', 'Statistic:Yield:Day', 'Statistic:Yield:Total'],
  fields: {
    Home_P: whole('loadPower'),
    Grid_P: whole('gridPower'),
    'Statistic:Yield:Day': whole('dailyEnergyProduced', { by: WH }),
    'Statistic:Yield:Total': whole('totalEnergyProduced', { by: WH }),
    'Statistic:EnergyHome:Day': whole('dailyEnergyConsumed', { by: WH }),
    'Statistic:EnergyHome:Total': whole('totalEnergyConsumed', { by: WH }),
  },
  readMore: (draft, { byPath }) => {
    if (!byPath.has('WorkCapacity')) return;
    draft.take(whole('stateOfCharge'), byPath.get('SoC'));
    draft.take(whole('batteryVoltage'), byPath.get('U'));
    draft.take(whole('batteryPower', { by: -1 }), byPath.get('P'));
    draft.take(whole('batteryCurrent', { by: -1 }), byPath.get('I'));
  },
});
