import { describe, expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const memory = () => new DialectMemory();
function hear(memory: DialectMemory, topic: string, payload: unknown) {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const message = { topic, payload: new TextEncoder().encode(text), receivedAt: 1.8e12, isRetained: false };
  return interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values ?? {};
}

/** Announces one entity and gives what its state 10 becomes. */
function read(name: string, unit: string, more: Record<string, unknown> = {}, device = 'Thing') {
  const known = memory();
  const id = name.toLowerCase().replaceAll(' ', '_');
  const config = { name, unit_of_measurement: unit, state_topic: `x/${id}`, unique_id: id, ...more };
  hear(known, `homeassistant/sensor/x/${id}/config`, { ...config, device: { name: device, identifiers: ['x'] } });
  return hear(known, `x/${id}`, '10');
}
const counting = { device_class: 'energy', state_class: 'total_increasing' };

describe('an announced entity', () => {
  test.each([
    ['PV Power', 'kW', {}, { solarPower: 10_000 }],
    ['PV1 voltage', 'V', {}, { solarVoltage: 10 }],
    ['Load power', 'W', {}, { loadPower: 10 }],
    ['Home power generation', 'W', {}, { solarPower: 10 }],
    ['Home power charging', 'W', {}, {}],
    ['Power CT internal load', 'W', {}, {}],
    // A plant that is called after its panels tells of more than them.
    ['FVE total consumption', 'W', {}, {}],
    ['Batterie Differenzspannung', 'V', {}, {}],
    // In both ways at once; of a charge controller's load; of what goes in and out of a battery, and its capacity.
    ['Grid import export power', 'W', {}, {}],
    ['MPPT load power', 'W', {}, { loadPower: 10 }],
    ['Charging current from grid', 'A', {}, {}],
    ['Total discharge capacity', 'Ah', {}, {}],
    ['Total charge capacity', 'Ah', {}, {}],
    ['Battery capacity', 'kWh', { device_class: 'energy' }, {}],
    ['Generator line frequency', 'Hz', {}, {}],
    // Its unit is a thousandth, and no million.
    ['PV energy total', 'mWh', counting, {}],
    ['PV AC voltage', 'V', {}, { gridVoltage: 10 }],
    ['Generator production total', 'kWh', counting, {}],
    // A room's, or that of a thing with a name.
    ['Kitchen load power', 'W', {}, {}],
    ['Küche Verbrauch', 'W', {}, {}],
    ['Nilan consumption', 'kWh', counting, {}],
    ['House consumption', 'kWh', counting, { totalEnergyConsumed: 10 }],
    ['Grid power', 'W', {}, { gridPower: 10 }],
    ['Feed-in power', 'W', {}, { gridPower: -10 }],
    ['Grid export power', 'W', {}, { gridPower: -10 }],
    ['Battery discharge power', 'W', {}, { batteryPower: -10 }],
    ['Grid frequency', 'Hz', {}, { gridFrequency: 10 }],
    ['Total PV generation', 'kWh', counting, { totalEnergyProduced: 10 }],
    ['Grid voltage', 'Vac', {}, { gridVoltage: 10 }],
    ['PV voltage', 'Vdc-pv', {}, { solarVoltage: 10 }],
    ['Solar inverter grid voltage', 'V', {}, { gridVoltage: 10 }],
    // What an inverter of solar power measures is not said by that.
    ['Solar inverter voltage', 'V', {}, {}],
    ['Solar inverter current', 'A', {}, {}],
    ['DC output voltage', 'V', {}, {}],
    ['Feed-in today', 'kWh', counting, { dailyGridExport: 10 }],
    ['Yield today', 'Wh', counting, { dailyEnergyProduced: 0.01 }],
    ['Energy imported', 'kWh', counting, { totalGridImport: 10 }],
    ['Battery charged energy', 'kWh', counting, { totalBatteryCharge: 10 }],
    ['Heat sink temperature', '°C', {}, { inverterTemperature: 10 }],
    // A maker's name has a battery in it.
    ['FoxESS PV1 Voltage', 'V', {}, { solarVoltage: 10 }],
    ['AlphaESS Load power', 'W', {}, { loadPower: 10 }],
    ['Battery heat sink temperature', '°C', {}, {}],
    // Measured between two phases; put out by an inverter; of its electronics.
    ['Three phase grid voltage', 'V', { value_template: "{{ value_json['Vac_RS'] }}" }, {}],
    ['Three or single phase grid output power', 'W', {}, {}],
    ['Battery power temperature', '°C', {}, {}],
  ])('%s in %s is taken for what it is', (name, unit, more, values) => {
    expect(read(name, unit, more)).toEqual(values);
  });

  test.each([
    ['Battery power', 'W'],
    ['Max charge current', 'A'],
    ['Battery cell voltage highest', 'V'],
    ['Solar forecast power', 'W'],
    ['Power', 'W'],
    ['Reactive power', 'var'],
    ['PV energy this month', 'kWh'],
    ['Outside temperature', '°C'],
    ['Battery float voltage', 'V'],
    ['PV power', 'mW'],
    ['Grid active power', 'W'],
    ['PV expected power', 'W'],
    ['EV load power', 'W'],
    ['Output home power', 'W'],
    ['Accumulated load power', 'W'],
    ['PV generator power', 'W'],
    ['Grid frequency alarm', 'Hz'],
    ['Pack input power', 'W'],
  ])('%s in %s is left alone', (name, unit) => {
    expect(read(name, unit)).toEqual({});
  });

  test('of a battery is taken of what stores a house’s energy, not of everything that has a battery', () => {
    expect(read('Battery state of charge', '%', {}, 'Home battery')).toEqual({ stateOfCharge: 10 });
    expect(read('Batteriespannung', 'V', {}, 'Hybrid-Wechselrichter')).toEqual({ batteryVoltage: 10 });
    expect(read('Main battery level', '%', { device_class: 'battery' }, 'EcoFlow Delta 2')).toEqual({
      stateOfCharge: 10,
    });
    expect(read('Battery level', '%', { device_class: 'battery' }, 'Phone')).toEqual({});
    expect(read('UPS Battery voltage', 'V', {}, 'Back-UPS APC')).toEqual({});
    expect(read('UPS Input voltage', 'V', {}, 'UPS')).toEqual({});
    expect(read('UPS load power', 'W', {}, 'Deye hybrid inverter')).toEqual({ loadPower: 10 });
    const known = memory();
    const device = { name: 'Thing', identifiers: ['x'] };
    const entity = (name: string, unit: string) => ({
      name,
      unit_of_measurement: unit,
      state_topic: `x/${name}`,
      device,
    });
    hear(known, 'homeassistant/sensor/x/soc/config', entity('Battery level', '%'));
    expect(hear(known, 'x/Battery level', '10')).toEqual({});
    hear(known, 'homeassistant/sensor/x/pv/config', entity('PV power', 'W'));
    expect(hear(known, 'x/Battery level', '10')).toEqual({ stateOfCharge: 10 });
  });

  test('of a solar inverter that says no place is solar, unless it has a battery', () => {
    expect(read('Active power', 'W', {}, 'Solis inverter')).toEqual({ solarPower: 10 });
    expect(read('Energy today', 'kWh', counting, 'Solis inverter')).toEqual({ dailyEnergyProduced: 10 });
    expect(read('AC voltage', 'V', {}, 'Solis inverter')).toEqual({ gridVoltage: 10 });
    expect(read('DC voltage 1', 'V', {}, 'Solis inverter')).toEqual({ solarVoltage: 10 });
    expect(read('Active power', 'W', {}, 'Solis hybrid inverter')).toEqual({});
    expect(read('Active power', 'W', {}, 'Heat pump')).toEqual({});
  });

  test('of a reader of the utility’s meter is the grid’s: what was consumed there was bought', () => {
    const reader = 'SlimmeLezer';
    expect(read('Power Consumed', 'kW', {}, reader)).toEqual({ gridPower: 10_000 });
    expect(read('Power Produced', 'kW', {}, reader)).toEqual({ gridPower: -10_000 });
    expect(read('Energy Consumed Tariff 1', 'kWh', counting, reader)).toEqual({ totalGridImport: 10 });
    expect(read('Energy Produced Tariff 2', 'kWh', counting, reader)).toEqual({ totalGridExport: 10 });
    expect(read('Voltage Phase 1', 'V', {}, reader)).toEqual({ gridVoltage: 10 });
    expect(read('Power Consumed', 'kW')).toEqual({});
    const itron = 'Itron 5';
    expect(read('Instantaneous Demand value', 'W', {}, itron)).toEqual({ gridPower: 10 });
    expect(read('Current Summation Delivered value', 'Wh', counting, itron)).toEqual({ totalGridImport: 0.01 });
    expect(read('Current Summation Received value', 'Wh', counting, itron)).toEqual({ totalGridExport: 0.01 });
  });

  test('of a machine is not the house’s', () => {
    expect(read('Compressor power output', 'kW', {}, 'Boiler')).toEqual({});
    expect(read('Output power', 'W', {}, 'Thing')).toEqual({});
    expect(read('House consumption', 'W', {}, 'Heat pump')).toEqual({});
  });

  test.each([
    ['Netzspannung L1', 'V', {}, { gridVoltage: 10 }],
    ['Einspeisung', 'W', {}, { gridPower: -10 }],
    ['Batterie Ladeleistung', 'W', {}, { batteryPower: 10 }],
    ['Hausverbrauch', 'W', {}, { loadPower: 10 }],
    ['PV Ertrag heute', 'kWh', counting, { dailyEnergyProduced: 10 }],
    ['Puissance solaire', 'W', {}, { solarPower: 10 }],
    ['Production du jour', 'kWh', counting, { dailyEnergyProduced: 10 }],
    ['Fréquence réseau', 'Hz', {}, { gridFrequency: 10 }],
    ['Opwek totaal', 'kWh', counting, { totalEnergyProduced: 10 }],
    ['Zonnepanelen vermogen', 'W', {}, { solarPower: 10 }],
    ['Wechselrichter Temperatur', '°C', {}, { inverterTemperature: 10 }],
    ['Außentemperatur', '°C', {}, {}],
  ])('%s in another language is taken for what it is', (name, unit, more, values) => {
    expect(read(name, unit, more)).toEqual(values);
  });

  test('that is only a share of a flow is not taken for the whole', () => {
    expect(read('Home consumption from battery', 'kWh', counting)).toEqual({});
    expect(read('Battery charge from PV', 'kWh', counting)).toEqual({});
    expect(read('Solar export', 'kWh', counting)).toEqual({});
    expect(read('Energy from grid', 'kWh', counting)).toEqual({ totalGridImport: 10 });
  });

  test('of a maker whose sign is known gets that sign', () => {
    expect(read('Battery power', 'W', {}, 'Deye hybrid inverter')).toEqual({ batteryPower: -10 });
    expect(read('Battery power', 'W', {}, 'Victron GX')).toEqual({ batteryPower: 10 });
    expect(read('Grid power', 'W', {}, 'Huawei SUN2000')).toEqual({ gridPower: -10 });
  });

  test('that says nothing of its place is where its device is', () => {
    expect(read('Voltage', 'V', {}, 'House battery')).toEqual({ batteryVoltage: 10 });
    expect(read('Voltage', 'V', {}, 'Hybrid inverter with battery')).toEqual({});
  });

  test('is not added to another one that is nearly the same', () => {
    const known = memory();
    for (const name of ['Backup load power', 'Load power']) {
      const config = { name, unit_of_measurement: 'W', device_class: 'power', unique_id: name, device: { ids: ['i'] } };
      hear(known, `homeassistant/sensor/${name.length}/config`, { ...config, state_topic: `i/${name.length}` });
    }
    expect(hear(known, `i/${'Load power'.length}`, '500')).toEqual({ loadPower: 500 });
    expect(hear(known, `i/${'Backup load power'.length}`, '200')).toEqual({});
    expect(hear(known, `i/${'Load power'.length}`, '510')).toEqual({ loadPower: 510 });
  });
});

test('an inverter’s own voltage and frequency are its output’s where the mains’ and a battery’s are announced beside', () => {
  const known = memory();
  const device = { name: 'srne', manufacturer: 'SRNE', model: 'ASP', identifiers: ['SR-1'] };
  const announce = (name: string, unit: string) => {
    const id = name.toLowerCase().replaceAll(' ', '_');
    const config = { name, unit_of_measurement: unit, state_topic: `srne/${id}`, unique_id: id, device };
    hear(known, `homeassistant/sensor/srne/${id}/config`, config);
  };
  announce('Inverter Voltage A', 'V');
  announce('Inverter Frequency', 'Hz');
  announce('Grid Voltage A', 'V');
  expect(hear(known, 'srne/inverter_voltage_a', '120.9')).toEqual({});
  announce('Battery Voltage', 'V');
  expect(hear(known, 'srne/inverter_voltage_a', '120.9')).toEqual({ outputVoltage: 120.9 });
  expect(hear(known, 'srne/inverter_frequency', '59.9')).toEqual({ outputFrequency: 59.9 });
});

test('FoxESS has the grid both ways, and its battery is not in its name', () => {
  const foxess = 'foxess-t';
  expect(read('FoxESS Phase A Voltage', 'V', {}, foxess)).toEqual({ gridVoltage: 10 });
  expect(read('FoxESS Inverter Temp', '°C', {}, foxess)).toEqual({ inverterTemperature: 10 });
  expect(read('FoxESS Grid Power', 'W', {}, foxess)).toEqual({});
});

test('what an off-grid inverter puts out is the load, where it says its share too and nothing else is called so', () => {
  const known = memory();
  const device = { name: 'smg-inverter', manufacturer: 'espressif', model: 'esp32dev', identifiers: ['smg0'] };
  const announce = (name: string, unit: string) => {
    const id = `smg0_${name.toLowerCase().replaceAll(' ', '_')}`;
    const config = { name: `smg0 ${name}`, unit_of_measurement: unit, state_topic: `smg/${id}`, unique_id: id, device };
    hear(known, `homeassistant/sensor/smg/${id}/config`, config);
    return `smg/${id}`;
  };
  const power = announce('output active power', 'W');
  for (const [name, unit] of [
    ['mains voltage', 'V'],
    ['battery average voltage', 'V'],
  ] as const)
    announce(name, unit);
  expect(hear(known, power, '780')).toEqual({});
  announce('load percentage', '%');
  expect(hear(known, power, '780')).toEqual({ loadPower: 780 });
  expect(hear(known, announce('inverter temperature', '°C'), '47')).toEqual({ inverterTemperature: 47 });
  expect(hear(known, announce('dcdc temperature', '°C'), '44')).toEqual({});
  announce('load power', 'W');
  expect(hear(known, power, '780')).toEqual({});
});

test('what an entity is depends on whose it is', () => {
  const percent = { device_class: 'battery' };
  expect(read('Battery', '%', percent, 'Hybrid inverter')).toEqual({ stateOfCharge: 10 });
  expect(read('Battery', '%', percent, 'Thermometer')).toEqual({});
  // Its counters begin again every week.
  expect(read('PV energy', 'kWh', counting, 'SolarAssistant')).toEqual({});
  expect(read('PV energy', 'kWh', counting, 'Roof')).toEqual({ totalEnergyProduced: 10 });
  const inverter = 'Solar inverter';
  expect(read('Charge output power', 'W', {}, inverter)).toEqual({});
  expect(read('Pack temperature', '°C', {}, inverter)).toEqual({});
  expect(read('Generator temperature', '°C', {}, inverter)).toEqual({});
  expect(read('Generator voltage L1', 'V', {}, inverter)).toEqual({});
  expect(read('Voltage L1', 'V', {}, inverter)).toEqual({ gridVoltage: 10 });
  expect(read('Energy total', 'kWh', counting, inverter)).toEqual({ totalEnergyProduced: 10 });
  expect(read('Energy total', 'kWh', counting, `${inverter} smart meter`)).toEqual({});
});

test('a counter that calls itself a total comes before one that may be a day’s', () => {
  const known = memory();
  const announce = (name: string) => {
    const id = name.toLowerCase().replaceAll(' ', '_');
    const config = { name, unit_of_measurement: 'kWh', state_topic: `r/${id}`, unique_id: id, ...counting };
    hear(known, `homeassistant/sensor/r/${id}/config`, { ...config, device: { name: 'Roof', identifiers: ['r'] } });
  };
  announce('PV energy');
  announce('PV total energy');
  expect(hear(known, 'r/pv_energy', '3.1')).toEqual({});
  expect(hear(known, 'r/pv_total_energy', '8123')).toEqual({ totalEnergyProduced: 8123 });
});
