import { first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Alpha ESS over Alpha2MQTT (dxoverdy): objects under `Alpha2MQTT/state/...` with the names of the Modbus registers. After its
 * wiki and Alpha's register description: the battery's power and current are positive while discharging, the grid meter's
 * power while importing; the second meter measures the panels that are not the inverter's own.
 */
export const dialect = namedValues({
  name: 'alpha2mqtt',
  reason: 'registers of Alpha2MQTT',
  atLeast: 1,
  commandTopics: ['Alpha2MQTT/request/#'],
  telling: [
    'REG_BATTERY_HOME_R_SOC',
    'REG_BATTERY_HOME_R_BATTERY_POWER',
    'REG_GRID_METER_R_TOTAL_ACTIVE_POWER_1',
    'REG_GRID_METER_R_VOLTAGE_OF_A_PHASE',
    'REG_GRID_METER_R_GRID_FREQUENCY',
    'REG_GRID_METER_R_TOTAL_ENERGY_FEED_TO_GRID_1',
    'REG_GRID_METER_R_TOTAL_ENERGY_CONSUMED_FROM_GRID_1',
  ],
  fields: {
    REG_BATTERY_HOME_R_SOC: whole('stateOfCharge'),
    REG_BATTERY_HOME_R_BATTERY_SOH: whole('stateOfHealth'),
    REG_BATTERY_HOME_R_BATTERY_POWER: whole('batteryPower', { by: -1 }),
    REG_BATTERY_HOME_R_VOLTAGE: whole('batteryVoltage'),
    REG_BATTERY_HOME_R_CURRENT: whole('batteryCurrent', { by: -1 }),
    REG_BATTERY_HOME_R_BATTERY_CHARGE_ENERGY: whole('totalBatteryCharge'),
    REG_BATTERY_HOME_R_BATTERY_DISCHARGE_ENERGY: whole('totalBatteryDischarge'),
    REG_GRID_METER_R_TOTAL_ACTIVE_POWER_1: whole('gridPower'),
    REG_GRID_METER_R_VOLTAGE_OF_A_PHASE: first('gridVoltage'),
    REG_GRID_METER_R_GRID_FREQUENCY: whole('gridFrequency'),
    REG_GRID_METER_R_TOTAL_ENERGY_FEED_TO_GRID_1: whole('totalGridExport'),
    REG_GRID_METER_R_TOTAL_ENERGY_CONSUMED_FROM_GRID_1: whole('totalGridImport'),
    REG_INVERTER_HOME_R_INVERTER_TEMP: whole('inverterTemperature'),
  },
});
