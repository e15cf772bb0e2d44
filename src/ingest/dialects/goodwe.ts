import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * GoodWe by the names of marcelblijleven/goodwe, one object or one value a topic. A battery's power and current are positive
 * while discharging, `active_power` (of the meter) while exporting; energies in kWh.
 */
const TOTAL = 3;

export const dialect = namedValues({
  name: 'goodwe',
  reason: 'names of a GoodWe inverter',
  telling: [
    'pbattery1',
    'vbattery1',
    'ibattery1',
    'backup_ptotal',
    'e_bat_charge_total',
    'meter_e_total_exp',
    'meter_e_total_imp',
  ],
  fields: {
    ppv: whole('solarPower', { rank: TOTAL }),
    'ppv#': add('solarPower'),
    'vpv#': first('solarVoltage'),
    'ipv#': add('solarCurrent'),
    total_inverter_power: whole('solarPower', { rank: 0 }),
    house_consumption: whole('loadPower'),
    active_power: whole('gridPower', { by: -1 }),
    vgrid: whole('gridVoltage'),
    fgrid: whole('gridFrequency'),
    'vgrid#': first('gridVoltage'),
    'fgrid#': first('gridFrequency'),
    pbattery1: whole('batteryPower', { by: -1 }),
    vbattery1: whole('batteryVoltage'),
    ibattery1: whole('batteryCurrent', { by: -1 }),
    battery_soc: whole('stateOfCharge'),
    battery_soh: whole('stateOfHealth'),
    battery_temperature: whole('batteryTemperature'),
    temperature: whole('inverterTemperature'),
    e_day: whole('dailyEnergyProduced'),
    e_total: whole('totalEnergyProduced'),
    e_load_day: whole('dailyEnergyConsumed'),
    e_load_total: whole('totalEnergyConsumed'),
    meter_e_total_exp: whole('totalGridExport'),
    meter_e_total_imp: whole('totalGridImport'),
    e_bat_charge_total: whole('totalBatteryCharge'),
    e_bat_discharge_total: whole('totalBatteryDischarge'),
  },
});
