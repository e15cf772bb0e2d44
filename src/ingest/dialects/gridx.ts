import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * gridX's live data of a house (Viessmann Gridbox, E.ON Home), sent on as one object: W, the grid positive while importing,
 * the battery while discharging, its state of charge as a share of one. Written from a recorded answer, which adds up only
 * so: 4924 of the sun are 3996 for the house, 921 for the battery and 7 for the grid.
 */
export const dialect = namedValues({
  name: 'gridx',
  reason: 'live data of gridX',
  telling: ['directConsumptionHousehold', 'selfSufficiencyRate', 'gridMeterReadingPositive'],
  atLeast: 3,
  fields: {
    production: whole('solarPower'),
    consumption: whole('loadPower'),
    grid: whole('gridPower'),
    'battery.power': whole('batteryPower', { by: -1 }),
    'battery.stateOfCharge': whole('stateOfCharge', { by: 100 }),
  },
});
