import { expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

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

test('beside what a maker writes in tenths, no other voltage or current is in volts or amperes', () => {
  const raw = { pv1InputWatts: 1830, pv1InputVolt: 381, batSoc: 55, battery_voltage: 532, pv_current: 48 };
  expect(valuesOf('ecoflow/quota', raw).values).toEqual({ solarPower: 183, solarVoltage: 38.1, stateOfCharge: 55 });
  expect(
    valuesOf('ecoflow/quota', { param: { batInputWatts: -1220, batInputVolt: 532, invFreq: 500 } }).values,
  ).toEqual({
    ...{ batteryPower: 122, batteryVoltage: 53.2, gridFrequency: 50 },
  });
});

test('clamps that are not there say nothing beside what inverters say', () => {
  const absent = { activeCount: 0, wNow: -0.03, whLifetime: 3, whToday: 0, rmsVoltage: 121 };
  const production = [{ type: 'inverters', activeCount: 20, wNow: 3762, whLifetime: 997_588 }, absent];
  expect(valuesOf('envoy', { production, consumption: [absent] }).values).toEqual({
    ...{ solarPower: 3762, totalEnergyProduced: 997.588 },
  });
  const today = { wattHoursToday: 0, wattHoursLifetime: 0, wattsNow: 0 };
  const pcu = { wattHoursToday: 12_000, wattHoursLifetime: 4_000_000, wattsNow: 800 };
  expect(valuesOf('envoy', { production: { pcu, eim: today }, consumption: { eim: today } }).values).toEqual({
    ...{ solarPower: 800, totalEnergyProduced: 4000, dailyEnergyProduced: 12 },
  });
});
