import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * SMA by the keys of the pysma library, as bridges publish them: one object or one value a topic. Powers in W, totals in kWh;
 * the day's yield is in Wh or kWh, and left to what tells. `grid_power` is what the inverter puts out; what flows at the grid
 * is split into two fields, and so is the battery's power.
 */
const OUTPUT = 0;

export const dialect = namedValues({
  name: 'pysma',
  reason: 'keys of the pysma library',
  telling: [
    ...['metering_power_supplied', 'metering_power_absorbed', 'metering_total_yield', 'metering_total_absorbed'],
    ...['battery_power_charge_total', 'battery_power_discharge_total', 'battery_soc_total'],
  ],
  fields: {
    pv_power: whole('solarPower'),
    pv_power_a: add('solarPower'),
    pv_power_b: add('solarPower'),
    pv_power_c: add('solarPower'),
    grid_power: whole('solarPower', { rank: OUTPUT }),
    pv_voltage_a: first('solarVoltage', { rank: 2 }),
    pv_voltage_b: first('solarVoltage'),
    pv_current_a: add('solarCurrent'),
    pv_current_b: add('solarCurrent'),
    pv_current_c: add('solarCurrent'),
    voltage_l1: whole('gridVoltage'),
    frequency: whole('gridFrequency'),
    total_yield: whole('totalEnergyProduced'),
    metering_power_absorbed: half('gridPower', 1),
    metering_power_supplied: half('gridPower', -1),
    metering_total_absorbed: whole('totalGridImport'),
    metering_total_yield: whole('totalGridExport'),
    battery_soc_total: whole('stateOfCharge'),
    battery_power_charge_total: half('batteryPower', 1),
    battery_power_discharge_total: half('batteryPower', -1),
    battery_voltage_a: first('batteryVoltage'),
    battery_temp_a: first('batteryTemperature'),
    battery_charge_total: whole('totalBatteryCharge'),
    battery_discharge_total: whole('totalBatteryDischarge'),
    metering_current_consumption: whole('loadPower'),
    metering_total_consumption: whole('totalEnergyConsumed'),
  },
});
