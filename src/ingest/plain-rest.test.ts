import { expect, test } from 'bun:test';
import { DialectMemory } from './dialect-memory.ts';
import { interpretMessage } from './dialects.ts';

function valuesOf(topic: string, payload: object) {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const message = { topic, payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
  const found = interpretMessage(message, { timeZone: 'UTC', memory: new DialectMemory() });
  return { dialect: found?.dialect, values: { ...found?.interpretation.readings[0]?.values } };
}

test('what a family’s table does not have is read by its words', () => {
  const { dialect, values } = valuesOf('solax/inverter', {
    ...{ powerdc1: 700, powerdc2: 500, feedinpower: -210, soc: 44 },
    ...{ pv1_voltage: 312.4, grid_voltage: 231.2, grid_frequency: 50.01, inverter_temperature: 41 },
  });
  expect(dialect).toBe('solax');
  expect(values).toMatchObject({ solarPower: 1200, gridPower: 210, stateOfCharge: 44 });
  expect(values).toMatchObject({ solarVoltage: 312.4, gridVoltage: 231.2, gridFrequency: 50.01 });
});

test('of what the table has, other words say nothing more, and nothing of what has a sign', () => {
  const { values } = valuesOf('solax/inverter', {
    ...{ powerdc1: 700, powerdc2: 500, feedinpower: -210, soc: 44 },
    ...{ pv_power: 1900, battery_soc: 90, grid_current: -3.1, battery_current: 4.2, load_power: 990 },
  });
  expect(values).toMatchObject({ solarPower: 1200, stateOfCharge: 44, loadPower: 990 });
  expect(values).not.toHaveProperty('gridCurrent');
  expect(values).not.toHaveProperty('batteryCurrent');
});
