import { describe, expect, test } from 'bun:test';
import { minutes } from '../core/durations.ts';
import { DialectMemory } from './dialect-memory.ts';
import { interpretMessage } from './dialects.ts';

/** What a bridge says, in the words of public ones: a value a topic, said in three rounds, the last after more than half an hour. */
function heard(base: string, values: Record<string, number>, behind = ''): Record<string, unknown> {
  const memory = new DialectMemory();
  const all: Record<string, unknown> = {};
  for (const min of [0, 1, 36])
    for (const [i, [name, value]] of Object.entries(values).entries()) {
      const receivedAt = Date.UTC(2026, 5, 21, 10) + minutes(min) + i * 20;
      const message = { topic: `${base}/${name}${behind}`, payload: new TextEncoder().encode(`${value}`), receivedAt };
      const found = interpretMessage({ ...message, isRetained: false }, { timeZone: 'Europe/Berlin', memory });
      Object.assign(all, found?.interpretation.readings[0]?.values);
    }
  return all;
}

const said = (base: string, json: Record<string, unknown>): Record<string, unknown> => {
  const payload = new TextEncoder().encode(JSON.stringify(json));
  const message = { topic: base, payload, receivedAt: Date.UTC(2026, 5, 21, 10), isRetained: false };
  const context = { timeZone: 'Europe/Berlin', memory: new DialectMemory() };
  return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
};

describe('names of public bridges', () => {
  test('that say themselves which way is positive', () => {
    const kostal = { 'Actual battery charge -minus or discharge -plus current': -2.12 };
    expect(heard('kostal/plenticore', kostal)).toEqual({ batteryCurrent: 2.12 });
    expect(heard('fhem/WR', { 'Actual_Battery_charge_-minus_or_discharge_-plus_P': -812 })).toEqual({
      batteryPower: 812,
    });
  });

  test('of an energy manager, which is no charge', () =>
    expect(heard('kostal/plenticore', { 'State of energy manager': 0 })).toEqual({}));

  test('that count what flowed as a power', () => {
    const counted = { solar_power_today: 7.2, load_power_today: 9.1, accumulated_solar_power: 2412.6 };
    expect(heard('srne/sensor', counted, '/state')).toEqual({
      ...{ dailyEnergyProduced: 7.2, dailyEnergyConsumed: 9.1, totalEnergyProduced: 2412.6 },
    });
    expect(heard('srne/sensor', { max_solar_power_today: 7.2 }, '/state')).toEqual({});
  });

  test('of what Victron’s monitors count', () => {
    const counted = { amount_of_charged_energy: 412.31, amount_of_discharged_energy: 390.21 };
    expect(heard('smart-shunt/sensor', counted, '/state')).toEqual({
      ...{ totalBatteryCharge: 412.31, totalBatteryDischarge: 390.21 },
    });
  });

  test('of sides and their measurements', () =>
    expect(heard('sma/sunnyboy', { 'dc-side/dc-measurements/power': 1512 })).toEqual({ solarPower: 1512 }));

  test('of a house’s use in German and Dutch', () => {
    expect(heard('haus/victron', { Hausverbrauch: 1840 })).toEqual({ loadPower: 1840 });
    expect(heard('growatt', { huisverbruik: 840 })).toEqual({ loadPower: 840 });
  });

  test('of a phase, written together', () =>
    expect(heard('foxess', { rvolt: 231.2, svolt: 230.1, rfreq: 50.01 })).toMatchObject({
      gridVoltage: 231.2,
      gridFrequency: 50.01,
    }));

  test('of a battery whose node is called after nothing', () => {
    const pack = { total_voltage: 53.1, state_of_charge: 74, charging_cycles: 41, capacity_remaining: 207.2 };
    expect(heard('node1/sensor', pack, '/state')).toEqual({
      batteryVoltage: 53.1,
      stateOfCharge: 74,
      remainingCapacity: 207.2,
    });
  });
});

describe('what stands beside', () => {
  test('keeps a day in Wh from being one in kWh', () => {
    const counted = heard('fhem/WR_1', { Home_consumption_today: 1.2, Daily_yield: 12123 });
    expect(counted).not.toHaveProperty('dailyEnergyProduced');
  });

  test('keeps an output from being the panels’ power', () => {
    const said = heard('sungrow', { total_dc_power: 2527, output_power: 3.1 });
    expect(said).toEqual({ solarPower: 2527 });
  });

  test('keeps a battery’s bus from being the inverter’s', () => {
    const buses = { bus_voltage: 391, battery_bus_voltage: 52.9, inverter_temperature: 38, buck1_temperature: 34 };
    expect(heard('growatt/sensor', buses, '/state')).toEqual({ busVoltage: 391, inverterTemperature: 38 });
  });

  test('makes a battery of what has cells, though its maker makes inverters', () => {
    const pack = { cell_count: 4, cell_voltage_0: 3.3, temperature_0: 20, voltage: 13.2, current: 0, capacity: 100 };
    const values = said('solar/renogy-battery/state', pack);
    expect(values).toMatchObject({ batteryVoltage: 13.2 });
    expect(values).not.toHaveProperty('inverterTemperature');
  });
});

test('meters of Wiren Board count what is active, each way', () => {
  const memory = new DialectMemory();
  const hear = (name: string, value: string) => {
    const message = { topic: `/devices/wb-map3e_12/controls/${name}`, payload: new TextEncoder().encode(value) };
    const context = { timeZone: 'Europe/Berlin', memory, role: 'grid' as const };
    const found = interpretMessage({ ...message, receivedAt: Date.UTC(2026, 5, 21, 10), isRetained: false }, context);
    return found?.interpretation.readings[0]?.values ?? {};
  };
  expect(hear('Total P', '412.4')).toEqual({ gridPower: 412.4 });
  expect(hear('Total AP energy', '8123.412')).toEqual({ totalGridImport: 8123.412 });
  expect(hear('Total AN energy', '1023.123')).toEqual({ totalGridExport: 1023.123 });
  expect(hear('Total RP energy', '812.123')).toEqual({});
});
