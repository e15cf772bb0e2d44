import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Huawei SUN2000 by the register names of wlcrs/huawei-solar-lib, one object or one value a topic. The meter's power is
 * positive while exporting, the battery's while charging; energies in kWh. What the strings give outranks what the inverter
 * puts out, which holds the battery's share, too.
 */
const [STRINGS, OUTPUT] = [3, 0];

/** Names that other inverters have, too. */
const BELOW_ITS_NAME = [
  ...['input_power', 'pv_#_voltage', 'pv_#_current', 'internal_temperature', 'grid_A_voltage', 'phase_A_voltage'],
  ...['grid_exported_energy', 'grid_accumulated_energy', 'storage_total_charge', 'storage_total_discharge'],
  ...['storage_unit_#_battery_temperature', 'day_active_power_peak', 'insulation_resistance', 'efficiency'],
];

export const dialect = namedValues({
  name: 'huawei',
  reason: 'register names of a Huawei inverter',
  telling: [
    'power_meter_active_power',
    'storage_charge_discharge_power',
    'storage_state_of_capacity',
    'daily_yield_energy',
    'accumulated_yield_energy',
    'energy_yield_accumulated',
    'meter_power_active',
  ],
  tellingUnder: { topic: /huawei|sun2000/i, names: BELOW_ITS_NAME },
  fields: {
    input_power: whole('solarPower', { rank: STRINGS }),
    active_power: whole('solarPower', { rank: OUTPUT }),
    'pv_#_voltage': first('solarVoltage'),
    'pv_#_current': add('solarCurrent'),
    power_meter_active_power: whole('gridPower', { by: -1 }),
    grid_voltage: whole('gridVoltage'),
    grid_A_voltage: whole('gridVoltage', { rank: 1 }),
    phase_A_voltage: whole('gridVoltage', { rank: 1 }),
    phase_a_voltage: whole('gridVoltage', { rank: 1 }),
    grid_frequency: whole('gridFrequency'),
    daily_yield_energy: whole('dailyEnergyProduced'),
    accumulated_yield_energy: whole('totalEnergyProduced'),
    grid_exported_energy: whole('totalGridExport'),
    grid_accumulated_energy: whole('totalGridImport'),
    storage_charge_discharge_power: whole('batteryPower'),
    storage_state_of_capacity: whole('stateOfCharge'),
    'storage_unit_#_battery_temperature': first('batteryTemperature'),
    storage_total_charge: whole('totalBatteryCharge'),
    storage_total_discharge: whole('totalBatteryDischarge'),
    internal_temperature: whole('inverterTemperature'),
    // The same registers as huABus calls them.
    power_input: whole('solarPower', { rank: STRINGS }),
    'voltage_PV#': first('solarVoltage'),
    'current_PV#': add('solarCurrent'),
    meter_power_active: whole('gridPower', { by: -1 }),
    voltage_grid_A: first('gridVoltage'),
    frequency_grid: whole('gridFrequency'),
    energy_yield_day: whole('dailyEnergyProduced'),
    energy_yield_accumulated: whole('totalEnergyProduced'),
    energy_grid_exported: whole('totalGridExport'),
    energy_grid_accumulated: whole('totalGridImport'),
    battery_power: whole('batteryPower'),
    battery_soc: whole('stateOfCharge'),
    inverter_temperature: whole('inverterTemperature'),
  },
});
