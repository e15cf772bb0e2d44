import { half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * SENEC storages by the names of their local interface (`lala.cgi`), decoded by a bridge, and of the cloud's dashboard: one object or
 * one value a topic. W, Wh and %; the grid's power is positive while importing, the battery's while charging.
 */
export const dialect = namedValues({
  name: 'senec',
  reason: 'names of a SENEC storage',
  telling: [
    'GUI_HOUSE_POW',
    'GUI_INVERTER_POWER',
    'GUI_GRID_POW',
    'GUI_BAT_DATA_POWER',
    'GUI_BAT_DATA_FUEL_CHARGE',
    'gridFeedInInW',
    'powerGenerationInW',
  ],
  anyDepth: true,
  fields: {
    GUI_HOUSE_POW: whole('loadPower'),
    GUI_INVERTER_POWER: whole('solarPower'),
    GUI_GRID_POW: whole('gridPower'),
    GUI_BAT_DATA_POWER: whole('batteryPower'),
    GUI_BAT_DATA_FUEL_CHARGE: whole('stateOfCharge'),
    GUI_BAT_DATA_VOLTAGE: whole('batteryVoltage'),
    powerGenerationInW: whole('solarPower'),
    powerConsumptionInW: whole('loadPower'),
    gridDrawInW: half('gridPower', 1),
    gridFeedInInW: half('gridPower', -1),
    batteryChargeInW: half('batteryPower', 1),
    batteryDischargeInW: half('batteryPower', -1),
    'currently.batteryLevelInPercent': whole('stateOfCharge'),
    'today.powerGenerationInWh': whole('dailyEnergyProduced', { by: 0.001 }),
    'today.powerConsumptionInWh': whole('dailyEnergyConsumed', { by: 0.001 }),
    'today.gridDrawInWh': whole('dailyGridImport', { by: 0.001 }),
    'today.gridFeedInInWh': whole('dailyGridExport', { by: 0.001 }),
  },
});
