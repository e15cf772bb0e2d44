import { describe, expect, test } from 'bun:test';
import { DialectMemory } from './dialect-memory.ts';
import { interpretMessage } from './dialects.ts';

const valuesOf = (topic: string, payload: object): Record<string, unknown> => {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const message = { topic, payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
  const context = { timeZone: 'UTC', memory: new DialectMemory() };
  return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
};

describe('the values of an object', () => {
  test('belong to the place that their name says last, whatever the device is called', () => {
    const named = {
      solar_inverter_grid_voltage: 231.2,
      solar_inverter_load_power: 1798,
      solar_inverter_pv_power: 3310,
    };
    expect(valuesOf('roof/all', { ...named, 'PV system battery SoC': 61 })).toEqual({
      ...{ gridVoltage: 231.2, loadPower: 1798, solarPower: 3310, stateOfCharge: 61 },
    });
  });

  test('of an inverter’s own are its output’s where the grid’s and a battery’s stand beside', () => {
    const grid = { GridVoltage: 231.2, InverterVoltage: 230.1, PvVoltage: 110.2 };
    expect(valuesOf('must/PH18', { ...grid, BatteryVoltage: 52.1 })).toMatchObject({
      ...{ gridVoltage: 231.2, outputVoltage: 230.1, batteryVoltage: 52.1, solarVoltage: 110.2 },
    });
    expect(valuesOf('must/PH18', grid)).not.toHaveProperty('outputVoltage');
  });

  test('that are added up are no powers', () => {
    const said = { LoadPower: 580, AccumulatedLoadPower: 812.3, PvPower: 3310 };
    expect(valuesOf('must/PH18', said)).toEqual({ loadPower: 580, solarPower: 3310 });
  });

  test('that an inverter counts are its panels’, where it speaks of panels', () => {
    const counted = { EnergyToday: 14.4, TotalEnergy: 9123.4, BatterySOC: 61 };
    expect(valuesOf('roof/inverter', { ...counted, PVPower: 3310 })).toMatchObject({
      ...{ dailyEnergyProduced: 14.4, totalEnergyProduced: 9123.4 },
    });
    expect(valuesOf('roof/inverter', counted)).toEqual({ stateOfCharge: 61 });
  });

  test('in lists are called by what the element says of itself', () => {
    const named = [
      { key: 'B_V1', name: 'Battery Voltage', value: '52.10', unit: 'V' },
      { key: 'E_Puse_t1', name: 'Total Consumption Power', value: '1798.00', unit: 'W' },
    ];
    expect(valuesOf('roof/inverter', { list: named })).toEqual({ batteryVoltage: 52.1, loadPower: 1798 });
    const channels = [
      { type: 'CONSUMPTION', p_W: 1798, v_V: 120.2 },
      { type: 'GENERATION', p_W: 3310, v_V: 120.1 },
    ];
    expect(valuesOf('roof/meter', { channels })).toMatchObject({ loadPower: 1798, solarPower: 3310 });
  });

  test('that are letters are a battery’s where its state of charge stands beside', () => {
    expect(valuesOf('home/battery/1', { v: 52.1, soc: 61, n: 112 })).toEqual({
      batteryVoltage: 52.1,
      stateOfCharge: 61,
    });
    expect(valuesOf('home/battery/1', { v: 52.1, n: 112 })).toEqual({});
  });
});
