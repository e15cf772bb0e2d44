import { describe, expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const UNITS: Record<string, [unit: string, deviceClass: string]> = {
  'Total Voltage': ['V', 'voltage'],
  'State of Charge': ['%', 'battery'],
};

/** A battery that announces its values, the capacities without a unit. */
function announced(names: readonly string[], name = 'Daly BMS') {
  const memory = new DialectMemory();
  let receivedAt = Date.UTC(2026, 5, 21, 10);
  const hear = (topic: string, payload: string): Record<string, unknown> => {
    receivedAt += 1000;
    const message = { topic, payload: new TextEncoder().encode(payload), receivedAt, isRetained: false };
    return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
  };
  const topicOf = (value: string) => `box/${value.toLowerCase().replaceAll(' ', '_')}`;
  for (const value of names) {
    const [unit, deviceClass] = UNITS[value] ?? [];
    const config = {
      ...{ name: value, state_topic: topicOf(value), unique_id: value, state_class: 'measurement' },
      ...{ device: { ids: ['b1'], name } },
      ...(unit !== undefined && { unit_of_measurement: unit, device_class: deviceClass }),
    };
    hear(`homeassistant/sensor/b1/${value.replaceAll(' ', '_')}/config`, JSON.stringify(config));
  }
  return (value: string, payload: string) => hear(topicOf(value), payload);
}
const ALL = ['Total Voltage', 'State of Charge', 'Remaining Capacity', 'Nominal Capacity'];

describe('an announced capacity without a unit', () => {
  test('is in Ah where the voltage and the charge leave no other reading', () => {
    const say = announced(ALL);
    expect(say('Nominal Capacity', '230')).toEqual({});
    expect(say('Remaining Capacity', '178.0')).toEqual({});
    expect(say('Total Voltage', '52.9')).toEqual({ batteryVoltage: 52.9 });
    expect(say('State of Charge', '77.4')).toEqual({ stateOfCharge: 77.4 });
    expect(say('Remaining Capacity', '178.0')).toEqual({ remainingCapacity: 178 });
    expect(say('Nominal Capacity', '230')).toEqual({ batteryCapacity: 230 });
    expect(say('Nominal Capacity', '280')).toEqual({});
  });

  test('is read of one object that says all of it', () => {
    const memory = new DialectMemory();
    const hear = (topic: string, payload: object): Record<string, unknown> => {
      const bytes = new TextEncoder().encode(JSON.stringify(payload));
      const message = { topic, payload: bytes, receivedAt: Date.UTC(2026, 5, 21, 10), isRetained: false };
      return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
    };
    const value = (key: string, more: object = {}) => ({
      ...{ p: 'sensor', name: key, unique_id: key, value_template: `{{ value_json.${key} }}`, ...more },
    });
    hear('homeassistant/device/b1/config', {
      device: { ids: ['b1'], name: 'JK BMS' },
      state_topic: 'jk/state',
      cmps: {
        a: value('capacity'),
        b: value('capacity_remaining'),
        c: value('battery_soc', { unit_of_measurement: '%', device_class: 'battery' }),
        d: value('battery_voltage', { unit_of_measurement: 'V', device_class: 'voltage' }),
      },
    });
    const said = { battery_soc: 50, battery_voltage: 53.1, capacity: 314, capacity_remaining: 157 };
    expect(hear('jk/state', said)).toEqual({
      ...{ stateOfCharge: 50, batteryVoltage: 53.1, batteryCapacity: 314, remainingCapacity: 157 },
    });
  });

  test.each([
    ['a percentage', '52.9', '77.4', '77'],
    ['in Wh', '52.9', '77.4', '9120'],
    ['in kWh', '52.9', '77.4', '9.1'],
    ['of a small battery in Wh', '13.2', '77.4', '178'],
    ['of a charge that says little', '52.9', '3', '8'],
  ])('stays open where it may be another: %s', (_, volts, charge, remaining) => {
    const say = announced(ALL);
    say('Total Voltage', volts);
    say('State of Charge', charge);
    expect(say('Remaining Capacity', remaining)).toEqual({});
  });

  test('is in the unit that it says', () => {
    UNITS['Nominal Capacity'] = ['kWh', 'energy_storage'];
    const say = announced(ALL);
    delete UNITS['Nominal Capacity'];
    say('Total Voltage', '52.9');
    say('State of Charge', '77.4');
    say('Remaining Capacity', '178');
    expect(say('Nominal Capacity', '230')).toEqual({});
  });

  test('is no battery’s of a device that is none', () => {
    const say = announced(ALL, 'Garage shelf');
    say('Total Voltage', '52.9');
    say('State of Charge', '77.4');
    expect(say('Remaining Capacity', '178')).toEqual({});
  });
});
