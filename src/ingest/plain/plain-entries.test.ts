import { describe, expect, test } from 'bun:test';
import { hearing } from '../../testing/hearing.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const valuesOf = (payload: unknown): Record<string, unknown> => {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const message = { topic: 'energy/data', payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
  const context = { timeZone: 'UTC', memory: new DialectMemory() };
  return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
};
const plain = { pv_power: 1200, load_power: 700, battery_soc: 61 };
const units: Record<string, string> = { pv_power: 'W', load_power: 'W', battery_soc: '%' };
const all = Object.entries(plain);
const each = (of: (value: number, unit: string) => unknown) =>
  Object.fromEntries(all.map(([name, value]) => [name, of(value, units[name] ?? '')]));
const values = { solarPower: 1200, loadPower: 700, stateOfCharge: 61 };

describe('the values of an object', () => {
  test.each<[string, unknown]>([
    ['in a list of one', [plain]],
    ['wrapped once', { data: plain }],
    ['wrapped twice', { result: { values: plain } }],
    ['under a name that says nothing', { SN12345: plain }],
    ['with their units', each((value, unit) => ({ value, unit }))],
    ['beside the registers they were made of', each((value) => ({ value, raw: value * 10, 'Raw Value': value * 10 }))],
    ['with their units by letters', each((v, u) => ({ v, u }))],
    ['with their units in German', each((wert, einheit) => ({ wert, einheit }))],
    ['in pairs with their units', each((value, unit) => [value, unit])],
    ['in rows with their names', all],
    ['in rows with their names and units', { rows: all.map(([name, value]) => [name, value, units[name]]) }],
    ['in a list by name', all.map(([name, value]) => ({ name, value, unit: units[name] }))],
    ['in a list within, by key', { sensors: all.map(([key, val]) => ({ key, val: String(val), uom: units[key] })) }],
    ['in a list by metric', { metrics: all.map(([metric, value]) => ({ metric, value })) }],
    ['in a list by attribute', all.map(([attribute, value]) => ({ attribute, value }))],
    ['in a list by point', all.map(([point_name, value]) => ({ point_id: 'p13112', point_name, value }))],
    ['in a list by letters (SenML)', all.map(([n, v]) => ({ n, v, u: units[n] }))],
  ])('are found %s', (_, payload) => {
    expect(valuesOf(payload)).toEqual(values);
  });

  test('are in the unit that stands beside', () => {
    const kilo = (value: number, unit: string): [number, string] =>
      unit === 'W' ? [value / 1000, 'kW'] : [value, unit];
    expect(valuesOf(each((value, unit) => kilo(value, unit)))).toEqual(values);
    const letters = ([v, u]: [number, string]) => ({ v, u });
    expect(valuesOf(each((value, unit) => letters(kilo(value, unit))))).toEqual(values);
  });

  test('are no registers that stand beside, and no states', () => {
    const registers = { grid_frequency: { raw: 4998, value: 49.98 }, grid_voltage: { rawValue: 2312, value: 231.2 } };
    expect(valuesOf({ pv_power: 900, ...registers })).toEqual({
      ...{ solarPower: 900, gridFrequency: 49.98, gridVoltage: 231.2 },
    });
    expect(
      valuesOf({
        pv: { power: 900 },
        battery: { state: 2, power: -800, voltage: 52.1 },
        house_load: { state: 1, power: 480 },
      }),
    ).toEqual({
      ...{ solarPower: 900, loadPower: 480, batteryVoltage: 52.1 },
    });
  });

  test('are what a hub calls their state', () => {
    expect(valuesOf(each((value, unit) => ({ state: String(value), unit_of_measurement: unit })))).toEqual(values);
  });

  test('of a battery at the mains need no panels beside', () => {
    expect(valuesOf({ battery: { soc: 61, voltage: 52.1 }, grid: { voltage: 230.1 } })).toEqual({
      ...{ stateOfCharge: 61, batteryVoltage: 52.1, gridVoltage: 230.1 },
    });
  });

  test('that are letters of a voltage beside a current are no wrapped ones', () => {
    const battery = { v: 52.1, i: 12.4, u: 52.1 };
    expect(valuesOf({ ...plain, pv_power: { v: 380.2, i: 3.1, p: 1200 }, battery })).not.toMatchObject({
      solarPower: 380.2,
    });
  });

  test('of lists with words that are neither a name nor a unit are left out', () => {
    expect(valuesOf({ ...plain, load_power: [700, 'W', 'x'] })).not.toHaveProperty('loadPower');
    expect(valuesOf({ ...plain, load_power: [0.7, 'kVAr'] })).not.toHaveProperty('loadPower');
    expect(valuesOf({ ...plain, load_power: ['700', '12'] })).toHaveProperty('loadPower');
  });
});

test('of many values that come one by one by the same topic each is known by its name', () => {
  const hear = hearing();
  const say = (name: string, data: string) => hear('router/solis/modbus', { server: 'solis', name, size: 1, data });
  expect(say('PV Power', '2310')).toEqual({ solarPower: 2310 });
  expect(say('Battery SOC', '64')).toEqual({ stateOfCharge: 64 });
  expect(say('Room 3', '21')).toEqual({});
});
