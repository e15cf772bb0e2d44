import { describe, expect, test } from 'bun:test';
import { hearing } from '../../testing/hearing.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const valuesOf = (topic: string, payload: object): Record<string, unknown> => {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const message = { topic, payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
  const context = { timeZone: 'UTC', memory: new DialectMemory() };
  return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
};
const battery = { soc: 61, voltage: 52.1, power: 1100, current: 21.1 };
const house = { pv_power: 3310, load_power: 1798, soc: 61 };

describe('which way power flows', () => {
  test.each([
    ['charging', 1],
    ['Discharging', -1],
    ['entladen', -1],
  ])('is said by a battery’s state: %s', (status, sign) => {
    expect(valuesOf('battery/main', { ...battery, status })).toMatchObject({
      ...{ batteryPower: sign * 1100, batteryCurrent: sign * 21.1 },
    });
  });

  test('is as its maker counts where nothing else tells, and not for electronics of another’s', () => {
    const { batteryPower } = valuesOf('ha/deye_hybrid', { ...house, battery_power: -1100 });
    expect(batteryPower).toBe(1100);
    const alone = (topic: string, said = '-12.4') => hearing()(topic, said);
    expect(alone('ha/sensor/smartshunt_battery_current/state')).toEqual({ batteryCurrent: -12.4 });
    expect(alone('ha/sensor/sunsynk_2301_battery_current/state')).toEqual({ batteryCurrent: 12.4 });
    expect(alone('ha/sensor/deye_total_grid_power/state', '-412')).toEqual({ gridPower: -412 });
    expect(alone('ha/sensor/solaredge_m1_ac_power/state', '-412')).toEqual({ gridPower: 412 });
    expect(alone('ha/sensor/solaredge_grid_power/state', '-412')).toEqual({});
    expect(alone('deye_bms/rs485/stack/current')).toEqual({});
    expect(alone('ha/sensor/growatt_battery_current/state')).toEqual({});
    // What it says itself counts more.
    expect(
      valuesOf('ha/deye_hybrid', { battery_soc: 61, pv_power: 900, battery_power: 1100, battery_status: 'charging' }),
    ).toMatchObject({ batteryPower: 1100 });
  });

  test.each(['idle', 'charging enabled', 'not charging', 'full', ''])('is not said by a state of %p', (status) => {
    expect(valuesOf('battery/main', { ...battery, status })).toEqual({ stateOfCharge: 61, batteryVoltage: 52.1 });
  });

  test('is said by a pair of flags, and by no flag alone, which may be a switch', () => {
    const grid = { ...house, grid_power: 412 };
    expect(valuesOf('ems/all', { ...grid, is_grid_selling: true, is_grid_buying: false })).toMatchObject({
      gridPower: -412,
    });
    expect(valuesOf('ems/all', { ...grid, toGrid: false, gridTo: true })).toMatchObject({ gridPower: 412 });
    expect(valuesOf('ems/all', { ...grid, is_grid_selling: true })).not.toHaveProperty('gridPower');
    expect(valuesOf('ems/all', { ...grid, is_grid_selling: true, is_grid_buying: true })).not.toHaveProperty(
      'gridPower',
    );
  });

  test('is said by what is connected with what', () => {
    const flow = {
      unit: 'kW',
      connections: [
        { from: 'PV', to: 'Load' },
        { from: 'PV', to: 'Storage' },
        { from: 'LOAD', to: 'Grid' },
      ],
      ...{ GRID: { currentPower: 0.41 }, LOAD: { currentPower: 1.8 }, PV: { currentPower: 3.31 } },
      STORAGE: { currentPower: 1.1, chargeLevel: 61 },
    };
    expect(valuesOf('site/flow', { siteCurrentPowerFlow: flow })).toEqual({
      ...{ gridPower: -410, loadPower: 1800, solarPower: 3310, batteryPower: 1100, stateOfCharge: 61 },
    });
  });

  test('is not taken from words that the balance contradicts', () => {
    const said = { ...house, battery_power: 0, grid_power: -1512, grid_status: 'importing' };
    expect(valuesOf('ems/all', said)).not.toHaveProperty('gridPower');
    expect(valuesOf('ems/all', { ...said, grid_status: 'exporting' })).toMatchObject({ gridPower: -1512 });
  });

  test('a battery’s current flows as its power does, when the two belong together', () => {
    const charged = { ...house, battery_voltage: 52.1, battery_charge_power: 1100 };
    expect(valuesOf('ems/all', { ...charged, battery_current: -21.1 })).toMatchObject({ batteryCurrent: 21.1 });
    expect(valuesOf('ems/all', { ...charged, battery_current: 21.1 })).toMatchObject({ batteryCurrent: 21.1 });
    expect(valuesOf('ems/all', { ...charged, battery_current: 4.2 })).not.toHaveProperty('batteryCurrent');
  });
});

describe('energy that says of no time', () => {
  const meter = (kwh: number) => ({
    grid_import_energy_kwh: kwh,
    grid_export_energy_kwh: kwh,
    pv_power: 3310,
    load_power: 1798,
  });

  test('counts for ever when no day or week has as much', () => {
    expect(valuesOf('ems/all', meter(4532.6))).toMatchObject({ totalGridImport: 4532.6, totalGridExport: 4532.6 });
    expect(valuesOf('ems/all', meter(14.4))).toEqual({ solarPower: 3310, loadPower: 1798 });
  });

  test('does not where its topic or its group says a time', () => {
    expect(valuesOf('ems/inverter/month', meter(4532.6))).not.toHaveProperty('totalGridImport');
    expect(valuesOf('ems/inverter', { year: meter(4532.6), ...house })).not.toHaveProperty('totalGridImport');
  });
});
