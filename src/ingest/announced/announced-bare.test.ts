import { describe, expect, test } from 'bun:test';
import type { SourceRole } from '../../sources/source.ts';
import { hearing } from '../../testing/hearing.ts';

/** Announces one entity of a device that says nothing of its place, and gives what its state 10 becomes. */
function read(role: SourceRole | undefined, name: string, unit: string, device = 'emporiavue2', template?: string) {
  const hear = hearing(role);
  const id = name.toLowerCase().replaceAll(' ', '_');
  const more = template === undefined ? {} : { value_template: template };
  const config = {
    name,
    unit_of_measurement: unit,
    state_topic: `x/sensor/${id}/state`,
    unique_id: `ESP${id}`,
    ...more,
  };
  const of = { name: device, manufacturer: 'espressif', model: 'esp32dev', identifiers: ['x'] };
  hear(`homeassistant/sensor/x/${id}/config`, { ...config, device: of });
  return hear(`x/sensor/${id}/state`, '10');
}

/** The same of one device with several entities. */
function readAll(role: SourceRole | undefined, entities: string[][]) {
  const hear = hearing(role);
  const device = { name: 'node7', manufacturer: 'espressif', model: 'esp32dev', identifiers: ['node7'] };
  const topicOf = (name = '') => `node7/sensor/${name.toLowerCase().replaceAll(' ', '_')}/state`;
  for (const [name, unit] of entities) {
    const more = unit === 'kWh' ? { state_class: 'total_increasing', device_class: 'energy' } : {};
    const config = { name, unit_of_measurement: unit, state_topic: topicOf(name), unique_id: name, device, ...more };
    hear(`homeassistant/sensor/node7/${name?.replaceAll(' ', '_')}/config`, config);
  }
  return entities.map(([name]) => hear(topicOf(name), '10'));
}

describe('an announced value without a place', () => {
  test.each<[SourceRole, string, string, Record<string, unknown>]>([
    ['grid', 'Power', 'W', { gridPower: 10 }],
    ['grid', 'Phase A Power', 'kW', { gridPower: 10_000 }],
    ['grid', 'Phase B Voltage', 'V', { gridVoltage: 10 }],
    ['grid', 'Frequency', 'Hz', { gridFrequency: 10 }],
    ['load', 'Power', 'W', { loadPower: 10 }],
    ['load', 'Energy', 'kWh', { totalEnergyConsumed: 10 }],
    ['solar', 'Power', 'W', { solarPower: 10 }],
    ['battery', 'Power', 'W', { batteryPower: 10 }],
    ['solar', 'AC voltage', 'V', { gridVoltage: 10 }],
    ['solar', 'AC power', 'W', { solarPower: 10 }],
  ])('of a source with the role %s: %s in %s', (role, name, unit, values) => {
    expect(read(role, name, unit)).toEqual(values);
  });

  test.each<[SourceRole | undefined, string, string]>([
    [undefined, 'Power', 'W'],
    ['system', 'Power', 'W'],
    ['grid', 'Circuit 1 Power', 'W'],
    ['grid', 'Energy', 'kWh'],
    ['grid', 'Power limit', 'W'],
    ['grid', 'Reactive Power', 'var'],
    ['grid', 'Power Factor', '%'],
    ['solar', 'Voltage', 'V'],
    ['battery', 'Voltage', 'V'],
    ['battery', 'AC power', 'W'],
  ])('is left alone with the role %s: %s in %s', (role, name, unit) => {
    expect(read(role, name, unit)).toEqual({});
  });

  test('of what counts a meter’s pulses was bought, where the source is at the grid', () => {
    expect(read('grid', 'Powerpal Total Energy', 'kWh', 'powerpal')).toEqual({ totalGridImport: 10 });
    expect(read('grid', 'Measured Power', 'W')).toEqual({ gridPower: 10 });
  });

  test('is that of the source where all of its device are called after the same thing', () => {
    const plug = [
      ['Balkonkraftwerk Leistung', 'W'],
      ['Balkonkraftwerk Spannung', 'V'],
      ['Balkonkraftwerk Energie gesamt', 'kWh'],
    ];
    expect(readAll('solar', plug)).toEqual([{ solarPower: 10 }, {}, { totalEnergyProduced: 10 }]);
    expect(readAll(undefined, plug)).toEqual([{}, {}, {}]);
    const rack = [
      ['Rack Power', 'W'],
      ['Rack Voltage', 'V'],
      ['Rack Current', 'A'],
    ];
    expect(readAll('load', rack)).toEqual([{ loadPower: 10 }, { outputVoltage: 10 }, { outputCurrent: 10 }]);
    expect(readAll('load', [...rack, ['Desk Power', 'W']])).toEqual([{}, {}, {}, {}]);
  });

  test('may begin with the name of its device', () => {
    expect(read('solar', 'wr7 AC voltage', 'V', 'wr7')).toEqual({ gridVoltage: 10 });
    expect(read('solar', 'wr7 AC voltage', 'V', 'other')).toEqual({});
  });

  test('may be called after the model of its device, as the device itself is', () => {
    expect(read('grid', 'SDM230 Voltage', 'V', 'Energy_11 SDM230')).toEqual({ gridVoltage: 10 });
    expect(read('solar', 'PZEM-017 Power', 'W', 'pzem017')).toEqual({ solarPower: 10 });
    expect(read('grid', 'Circuit12 Voltage', 'V', 'Circuit12')).toEqual({});
    expect(read('grid', 'SDM230 Voltage', 'V', 'Kitchen')).toEqual({});
  });

  test('called a load or consumption flows at the grid, where the source has that role', () => {
    expect(read('grid', 'Current load', 'W')).toEqual({ gridPower: 10 });
    expect(read('load', 'Current load', 'W')).toEqual({ loadPower: 10 });
    expect(read('grid', 'Kitchen load', 'W')).not.toHaveProperty('gridPower');
  });

  test('that counts what is consumed counts what was bought, where the source is at the grid', () => {
    expect(read('grid', 'total consumption', 'kWh')).toEqual({ totalGridImport: 10 });
    expect(read('load', 'total consumption', 'kWh')).toEqual({ totalEnergyConsumed: 10 });
  });

  test('called a meter’s is the grid’s, where the source has that role, whatever its device is called', () => {
    expect(read('grid', 'meter01_voltage_l1', 'V', 'vkw-waerme')).toEqual({ gridVoltage: 10 });
    expect(read('grid', 'meter01_voltage_l1', 'V', 'Heat pump')).toEqual({ gridVoltage: 10 });
    expect(read('load', 'meter01 power', 'W', 'Heat pump')).toEqual({});
    expect(read(undefined, 'meter01_voltage_l1', 'V')).toEqual({});
  });

  test('of a panel is the sun’s, unless the source is a meter of the grid', () => {
    const panel = [
      ['Panel CT1 Watts', 'W'],
      ['Panel Total Watts', 'W'],
      ['Panel Volts', 'V'],
    ];
    expect(readAll('grid', panel)[1]).toEqual({ gridPower: 10 });
    expect(readAll(undefined, panel)[1]).toEqual({ solarPower: 10 });
    expect(read('grid', 'Solar panel power', 'W')).not.toHaveProperty('gridPower');
  });

  test('counts by the hours of tariffs', () => {
    const parts = ['Active Import (Peak hours)', 'Active Import (Off-peak hours)'].map((name) => [name, 'kWh']);
    expect(readAll('grid', parts)).toEqual([{ totalGridImport: 10 }, { totalGridImport: 20 }]);
  });

  test('of a battery may begin with what the battery is called', () => {
    expect(read(undefined, 'inv-batt-1 total voltage', 'V', 'inv-batt-1')).toEqual({ batteryVoltage: 10 });
    expect(read(undefined, 'inv-batt-1 total battery capacity setting', 'Ah', 'inv-batt-1')).toEqual({
      batteryCapacity: 10,
    });
    expect(read(undefined, 'pvnode_jkbms_total_voltage', 'V', 'pvnode')).toEqual({ batteryVoltage: 10 });
  });

  test('of a maker of batteries is the battery’s', () => {
    expect(read(undefined, 'Total voltage', 'V', 'esp8266-seplos')).toEqual({ batteryVoltage: 10 });
    expect(read(undefined, 'Discharging power', 'W', 'esp8266-seplos')).toEqual({ batteryPower: -10 });
    expect(read(undefined, 'Mosfet temperature', '°C', 'esp8266-seplos')).toEqual({});
  });

  test('of what is called a meter is the grid’s, unless its owner says where it is', () => {
    expect(read(undefined, 'Total watts', 'W', 'energy_meter')).toEqual({ gridPower: 10 });
    expect(read('grid', 'Total watts', 'W', 'energy_meter')).toEqual({ gridPower: 10 });
    expect(read('load', 'Total watts', 'W', 'energy_meter')).toEqual({ loadPower: 10 });
    expect(read('load', 'CT1 amps', 'A', 'energy_meter')).toEqual({});
    // An inverter's maker's stands where the maker says.
    expect(read('solar', 'Total power', 'W', 'Huawei smart meter')).toEqual({ gridPower: -10 });
  });

  test('of a machine is not the house’s', () => {
    expect(read('load', 'Power', 'W', 'Heat pump')).toEqual({});
  });

  test('is read by its template, which may turn the sign', () => {
    expect(read('grid', 'Power', 'W', 'box', '{{ value | float * -1 }}')).toEqual({ gridPower: -10 });
    expect(read('grid', 'Power', 'W', 'box', '{{ value | float * (-2.5) }}')).toEqual({ gridPower: -25 });
    expect(read('grid', 'Power', 'W', 'box', '{{ value | abs * -1 }}')).toEqual({});
  });
});
