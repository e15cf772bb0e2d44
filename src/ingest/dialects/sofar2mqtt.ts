import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Sofar inverters over Sofar2mqtt (cmcgerty and its forks): one object under `<device>/state`, or one value a topic. After its
 * README: W, V, A and kWh; battery power and current are positive while charging. The sign of `grid_power` differs between
 * inverters, and is left alone.
 */
export const dialect = namedValues({
  name: 'sofar2mqtt',
  reason: 'names of Sofar2mqtt',
  commandTopics: ['+/set/#'],
  telling: ['batterySOC', 'solarPV', 'solarPVAmps', 'today_purchase', 'inverterHS_temp'],
  fields: {
    batterySOC: whole('stateOfCharge'),
    battery_power: whole('batteryPower'),
    battery_current: whole('batteryCurrent'),
    battery_voltage: whole('batteryVoltage'),
    battery_volts: whole('batteryVoltage'),
    battery_temp: whole('batteryTemperature'),
    grid_voltage: whole('gridVoltage'),
    grid_freq: whole('gridFrequency'),
    solarPV: whole('solarPower'),
    'solarPV#': add('solarPower'),
    'solarPV#Volts': first('solarVoltage'),
    solarPVAmps: whole('solarCurrent'),
    'solarPV#Current': add('solarCurrent'),
    consumption: whole('loadPower'),
    inverter_temp: whole('inverterTemperature'),
    today_generation: whole('dailyEnergyProduced'),
    total_generation: whole('totalEnergyProduced'),
    today_consumption: whole('dailyEnergyConsumed'),
    today_purchase: whole('dailyGridImport'),
    today_exported: whole('dailyGridExport'),
  },
});
