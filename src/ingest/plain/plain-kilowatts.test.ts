import { describe, expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const reader = () => {
  const context = { timeZone: 'UTC', memory: new DialectMemory() };
  return (payload: object): Record<string, unknown> => {
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    const message = { topic: 'house/flows', payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
    return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
  };
};

describe('powers without a unit', () => {
  const flows = { pv_power: 5.81, load_power: 2.36, grid_export_power: 3.45, grid_import_power: 0 };

  test('are in kW where a house at the grid would use less than its standby in W', () => {
    expect(reader()(flows)).toEqual({ solarPower: 5810, loadPower: 2360, gridPower: -3450 });
  });

  test('are left out where they do not add up, or nothing is bought or sold', () => {
    expect(reader()({ ...flows, grid_export_power: 1.45 })).toEqual({});
    const offGrid = { pv_power: 5.81, load_power: 2.36, battery_charge_power: 3.45, battery_soc: 61 };
    expect(reader()(offGrid)).not.toHaveProperty('loadPower');
  });

  test('stay in W where the topic once said hundreds', () => {
    const valuesOf = reader();
    valuesOf({ pv_power: 581, load_power: 236, grid_export_power: 345 });
    expect(valuesOf(flows)).toEqual({});
  });
});
