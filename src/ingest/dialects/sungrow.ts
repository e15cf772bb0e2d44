import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Sungrow over SunGather and ModbusTCP2MQTT: one object with every register, any topic. Names and units after their
 * registers-sungrow.yaml: W, kWh, V, A. `meter_power` is positive while importing, `export_power_hybrid` while exporting; a
 * hybrid writes its battery's power and current without a sign, and those are left alone.
 */
const [STRINGS, OUTPUT] = [3, 0];

export const dialect = namedValues({
  name: 'sungrow',
  reason: 'register names of a Sungrow inverter',
  telling: ['daily_power_yields', 'total_power_yields', 'load_power_hybrid', 'battery_state_of_healthy'],
  fields: {
    total_dc_power: whole('solarPower', { rank: STRINGS }),
    total_active_power: whole('solarPower', { rank: OUTPUT }),
    'mppt_#_voltage': first('solarVoltage'),
    'mppt_#_current': add('solarCurrent'),
    phase_a_voltage: whole('gridVoltage'),
    grid_frequency: whole('gridFrequency'),
    meter_power: whole('gridPower'),
    meter_total_power: whole('gridPower'),
    export_power_hybrid: whole('gridPower', { by: -1 }),
    load_power: whole('loadPower'),
    load_power_hybrid: whole('loadPower'),
    daily_power_yields: whole('dailyEnergyProduced'),
    daily_pv_generation: whole('dailyEnergyProduced', { rank: STRINGS }),
    total_power_yields: whole('totalEnergyProduced'),
    total_pv_generation: whole('totalEnergyProduced', { rank: STRINGS }),
    daily_export_energy: whole('dailyGridExport'),
    total_export_energy: whole('totalGridExport'),
    daily_import_energy: whole('dailyGridImport'),
    total_import_energy: whole('totalGridImport'),
    daily_export_to_grid: whole('dailyGridExport', { rank: 1 }),
    daily_import_from_grid: whole('dailyGridImport', { rank: 1 }),
    battery_level: whole('stateOfCharge'),
    battery_state_of_healthy: whole('stateOfHealth'),
    battery_voltage: whole('batteryVoltage'),
    battery_temperature: whole('batteryTemperature'),
    total_battery_charge_energy: whole('totalBatteryCharge'),
    total_battery_discharge_energy: whole('totalBatteryDischarge'),
    internal_temperature: whole('inverterTemperature'),
    bus_voltage: whole('busVoltage'),
  },
});
