import { expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

function valuesOf(payload: object): Record<string, unknown> {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const message = { topic: 'house/inverter', payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
  return {
    ...interpretMessage(message, { timeZone: 'UTC', memory: new DialectMemory() })?.interpretation.readings[0]?.values,
  };
}

test('units that are written out are read: millivolts, milliamperes', () => {
  const values = valuesOf({ BatteryVoltageMilliVolt: 52_310, BusVoltageMillivolts: 401_200, PvCurrentMilliAmps: 3120 });
  expect(values).toEqual({ batteryVoltage: 52.31, busVoltage: 401.2, solarCurrent: 3.12 });
});

test('a state of charge may stand before its unit in one word', () => {
  expect(valuesOf({ BatterySoCPercent: 61, BatteryVoltage: 52.1 })).toMatchObject({ stateOfCharge: 61 });
});

test('how many sensors, cells or packs there are is no measurement', () => {
  const values = valuesOf({ BatteryTemperatureSensorAmount: 2, battery_voltage_cell_count: 16, grid_voltage: 231 });
  expect(values).toEqual({ gridVoltage: 231 });
});

test('an output’s apparent power is known by its unit', () => {
  const values = valuesOf({ ac_out_va: 350, ac_out_watt: 300, grid_voltage: 231, batt_voltage: 52.1 });
  expect(values).toMatchObject({ apparentPower: 350, loadPower: 300 });
});

test('panels in the evening have a few volts, where the mains is heard beside them', () => {
  expect(valuesOf({ pv_input_voltage: 4.1, grid_voltage: 231, pv_power: 0 })).toMatchObject({ solarVoltage: 4.1 });
  expect(valuesOf({ pv_input_voltage: 4.1, pv_power: 120 })).not.toHaveProperty('solarVoltage');
});

test('what panels put into the mains is not what flows at the grid', () => {
  expect(valuesOf({ pvgridpower: 812, pv_power: 830, grid_voltage: 231 })).not.toHaveProperty('gridPower');
});

test('an inverter is known by its two sides and its yield, whatever its topic', () => {
  const bytes = new TextEncoder().encode(
    JSON.stringify({ DcPower: 812, AcPower: 780, AcVoltage: 231.2, AcFreq: 50.01, EnergyToday: 3.4, Temperature: 38 }),
  );
  const message = { topic: 'energy/solar', payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
  const found = interpretMessage(message, { timeZone: 'UTC', memory: new DialectMemory() });
  expect(found?.interpretation.readings[0]?.values).toMatchObject({
    ...{ solarPower: 812, gridVoltage: 231.2, gridFrequency: 50.01, dailyEnergyProduced: 3.4, inverterTemperature: 38 },
  });
});

test('a starter’s battery is no house’s', () => {
  expect(valuesOf({ starter_battery_voltage: 12.6, grid_voltage: 231 })).not.toHaveProperty('batteryVoltage');
});

test('an object of a whole house is for no single driver', () => {
  const values = valuesOf({
    ...{ pv: { power: 3200 }, battery: { soc: 80, voltage: 52.1 }, grid: { power: -1200, voltage: 231 } },
    load: { power: 1500 },
  });
  expect(values).toMatchObject({ solarPower: 3200, stateOfCharge: 80, batteryVoltage: 52.1, loadPower: 1500 });
});

test('a relative state of charge is one, and tells what capacities beside it are in', () => {
  const bytes = new TextEncoder().encode(
    JSON.stringify({ total_voltage: 53.1, remaining_capacity: 120.1, nominal_capacity: 200, rsoc: 60, cycles: 21 }),
  );
  const message = { topic: 'battery/jbd', payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
  const found = interpretMessage(message, { timeZone: 'UTC', memory: new DialectMemory() });
  expect(found?.interpretation.readings[0]?.values).toMatchObject({
    ...{ batteryVoltage: 53.1, stateOfCharge: 60, remainingCapacity: 120.1, batteryCapacity: 200 },
  });
});

test('beside mpp-solar’s own keys others are read by their words, and what it knows to be settings are not', () => {
  const values = valuesOf({
    ...{ ac_input_voltage: 231.1, ac_output_voltage: 230, ac_output_active_power: 410, battery_voltage: 52.1 },
    ...{ battery_soc: 71, inverter_temp: 41, pv_power: 500, max_charging_current: 60, battery_float_voltage: 54 },
  });
  expect(values).toMatchObject({ loadPower: 410, batteryVoltage: 52.1, stateOfCharge: 71, inverterTemperature: 41 });
  expect(values).toMatchObject({ solarPower: 500 });
  expect(values).not.toHaveProperty('batteryCurrent');
});

test('what is so at present, today or this month is no electric current', () => {
  const values = valuesOf({
    ...{ battery_voltage: 52.1, battery_current_capacity: 120, current_battery_energy: 6.1, grid_voltage: 231 },
    ...{ storage_current_day_charge_capacity: 3.4, pv_current_month: 120, load_current_hour: 3 },
  });
  expect(values).toEqual({ batteryVoltage: 52.1, gridVoltage: 231 });
  for (const name of ['grid_current_state', 'grid_current_delivery', 'meter_current_demand', 'meter_current_energy'])
    expect(valuesOf({ battery_soc: 61, grid_voltage: 231, [name]: 3 })).toEqual({
      stateOfCharge: 61,
      gridVoltage: 231,
    });
});

test('a load’s ratio is its share, and a letter a temperature', () => {
  const values = valuesOf({ load_ratio: 8, grid_voltage: 231, battery_voltage: 52.1, T_inv: 40.1, T_bat: 21 });
  expect(values).toMatchObject({ loadPercentage: 8, inverterTemperature: 40.1, batteryTemperature: 21 });
});

test('a day’s energy with a fraction is in Wh where the most that the inverter gives leaves no other reading', () => {
  const solar = { ac_power: 3160, ac_voltage: 231.2, dc_power: 3220 };
  const produced = (more: object) => valuesOf({ ...solar, ...more }).dailyEnergyProduced;
  expect(produced({ energy_today: 5627.02, Pmax: 6000 })).toBe(5.62702);
  expect(produced({ energy_today: 5627.02, rated_power: 6000 })).toBe(5.62702);
  expect(produced({ energy_today: 5627.02 })).toBeUndefined();
  // A plant of this size gives as many kWh, and none as little as it gives now gives more.
  expect(produced({ energy_today: 5627.02, Pmax: 500_000 })).toBeUndefined();
  expect(produced({ energy_today: 5627.02, Pmax: 600 })).toBeUndefined();
  expect(produced({ energy_today: 212.4, Pmax: 6000 })).toBe(0.2124);
  expect(produced({ energy_today: 5.6, Pmax: 6000 })).toBe(5.6);
});

test('what a backup used, and what passes an inverter by, is not all that the house uses', () => {
  const values = valuesOf({ pv_power: 800, grid_voltage: 231, bypass_load_power: 120, backup_energy_today_kwh: 0.4 });
  expect(values).toEqual({ solarPower: 800, gridVoltage: 231 });
});

test('a small power is in W where its voltage times its current is about as much', () => {
  const panels = { pv_voltage: 44, pv_current: 0.03, battery_voltage: 25.4 };
  expect(valuesOf({ ...panels, pv_power: 1.68 })).toMatchObject({ solarPower: 1.68 });
  expect(valuesOf({ ...panels, pv_current: 38, pv_power: 1.68 })).not.toHaveProperty('solarPower');
});
