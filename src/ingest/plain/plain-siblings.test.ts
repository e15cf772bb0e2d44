import { describe, expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const valuesOf = (topic: string, payload: object): Record<string, unknown> => {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const message = { topic, payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
  const context = { timeZone: 'UTC', memory: new DialectMemory() };
  return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
};

describe('a load below zero', () => {
  const drawn = { P_PV: 3200, P_Load: -1700, P_Grid: -300, P_Akku: -1200, SOC: 61 };

  test('is what is drawn, where everything that flows in adds up to nothing', () => {
    expect(valuesOf('ems/all', drawn)).toMatchObject({ solarPower: 3200, loadPower: 1700, batteryPower: 1200 });
    expect(valuesOf('ems/all', { ...drawn, P_PV: 900, P_Grid: 2000, P_Akku: -1200 })).toMatchObject({
      ...{ loadPower: 1700, gridPower: 2000, batteryPower: 1200 },
    });
  });

  test('is left out where that does not add up', () => {
    expect(valuesOf('ems/all', { ...drawn, P_Load: -400 })).toEqual({ solarPower: 3200, stateOfCharge: 61 });
    expect(valuesOf('ems/all', { P_PV: 3200, P_Load: -1700, SOC: 61 })).not.toHaveProperty('loadPower');
  });
});

describe('a charging current', () => {
  const inverter = { battery_soc: 71, battery_voltage: 52.6, pv_power: 403, grid_voltage: 231 };

  test('of the panels alone is not what flows into the battery', () => {
    const said = { ...inverter, battery_current: -12.3, pv_charge_current: 7.6 };
    expect(valuesOf('powmr/state', said)).not.toHaveProperty('batteryCurrent', 7.6);
    expect(valuesOf('powmr/state', { ...inverter, pv_charge_current: 7.6 })).toHaveProperty('batteryCurrent', 7.6);
  });

  test('of an inverter beside what it buys and sells is on the side of the mains', () => {
    const said = { ...inverter, charge_current: 1 };
    expect(valuesOf('inverter/mate', said)).toHaveProperty('batteryCurrent', 1);
    expect(valuesOf('inverter/mate', { ...said, buy_current: 2, sell_current: 0 })).not.toHaveProperty(
      'batteryCurrent',
    );
  });
});

describe('an object', () => {
  test('counts in Wh what it says by the day and in all in so large numbers', () => {
    const said = { pv_power: 2145, pv1_power: 2145, house_power: 911, battery_soc: 64, pv_today: 12840 };
    expect(valuesOf('saj/values', { ...said, pv_total: 8412300 })).toMatchObject({
      ...{ dailyEnergyProduced: 12.84, totalEnergyProduced: 8412.3 },
    });
  });

  test('says an apparent power without the word, and the present day', () => {
    const said = { pv_power: 2145, load_power: 911, load_apparent: 1040, pv_energy_curr_day: 4.2 };
    expect(valuesOf('hybrid/values', said)).toMatchObject({ apparentPower: 1040, dailyEnergyProduced: 4.2 });
  });

  test('is read where it stands as a text in another one', () => {
    const inner = JSON.stringify({
      'Pack Voltage': 49.11,
      SOC: 31,
      SOH: 100,
      'Remaining capacity': 32.51,
      'Total Capacity': 104.9,
    });
    expect(valuesOf('modbus/battery/data', { device: 'sda10', value: inner })).toEqual({
      ...{
        batteryVoltage: 49.11,
        stateOfCharge: 31,
        stateOfHealth: 100,
        remainingCapacity: 32.51,
        batteryCapacity: 104.9,
      },
    });
  });

  test('says what flows twice in other words, and it flows once', () => {
    const flows = {
      pvProduction: 3000,
      production: 3000,
      gridPower: -600,
      consumption: 1200,
      batteryChargePower: 1200,
    };
    expect(valuesOf('solarweb/current', flows)).toEqual({
      ...{ solarPower: 3000, gridPower: -600, loadPower: 1200, batteryPower: 1200 },
    });
  });

  test('says a state of charge as a share of one where it is written out', () => {
    const battery = { voltage: 52.1, cycles: 12 };
    expect(valuesOf('home/battery', { ...battery, state_of_charge: 0.7738 }).stateOfCharge).toBe(77.38);
    expect(valuesOf('home/battery', { ...battery, state_of_charge: 0.8 }).stateOfCharge).toBeUndefined();
  });

  test('calls its phases R, S and T or R, Y and B in front', () => {
    const phases = { r_voltage: 231.2, y_voltage: 232.4, b_voltage: 230.1, daily_yield_kwh: 81.2 };
    expect(valuesOf('plant/inverter', { ac: phases })).toMatchObject({ gridVoltage: 231.2 });
  });
});

describe('what a meter counts both ways', () => {
  test('counts over the same time', () => {
    const counted = { energy_import: 8123.4, energy_export: 123.4 };
    const both = { totalGridImport: 8123.4, totalGridExport: 123.4 };
    expect(valuesOf('meter/grid', { power: 1200, voltage: 231, ...counted })).toMatchObject(both);
    expect(valuesOf('meter/grid', { voltage: 231, energy_import: 12.4, energy_export: 123.4 })).toEqual({});
    expect(
      valuesOf('ems/all', { energy_import: 8123.4, feed_in_energy: 123.4, pv_power: 900, load_power: 500 }),
    ).toEqual({
      ...{ totalGridImport: 8123.4, solarPower: 900, loadPower: 500 },
    });
  });

  test('is no power where both are above zero at once', () => {
    expect(valuesOf('stromzaehler', { Leistung: 1200, Bezug: 8123.4, Einspeisung: 523.4 })).toMatchObject({
      ...{ totalGridImport: 8123.4, totalGridExport: 523.4 },
    });
    expect(valuesOf('stromzaehler', { Leistung: 1200, Bezug: 1200, Einspeisung: 0 })).not.toHaveProperty(
      'totalGridImport',
    );
    expect(valuesOf('stromzaehler', { Leistung: 1200, Bezug: 8123, Einspeisung: 523 })).not.toHaveProperty(
      'totalGridImport',
    );
  });
});

describe('a battery that nobody knows', () => {
  const said = { voltage: 26.6, soc: 76, temperature: 22.5 };

  test.each(['cycles', 'cycle_count', 'remaining_capacity', 'soh', 'cell_voltage_1'])(
    'is known by what only a battery of a house counts: %s',
    (name) => {
      expect(valuesOf('fogstar', { ...said, [name]: 12 })).toMatchObject({
        ...{ batteryVoltage: 26.6, stateOfCharge: 76, batteryTemperature: 22.5 },
      });
    },
  );

  test.each<[string, object]>([
    ['it says no charge', { voltage: 26.6, cycles: 12, temperature: 22.5 }],
    ['it has one cell, like a phone', { ...said, voltage: 3.9, cycles: 12, temperature: 61 }],
    ['it says nothing of the kind', said],
  ])('is nobody’s while %s', (_, payload) => {
    expect(valuesOf('fogstar', payload)).toEqual({});
  });
});

describe('an inverter’s bare power', () => {
  const said = { power: 1200, voltage: 231, current: 5.2, frequency: 50.01, energy_today: 3.2, energy_total: 8123.4 };

  test('is its panels’, where it is its voltage times its current beside a yield', () => {
    expect(valuesOf('solar/inverter', said)).toMatchObject({ solarPower: 1200, dailyEnergyProduced: 3.2 });
  });

  test.each<[string, object]>([
    ['it is something else', { ...said, current: 2.2 }],
    ['the current flows in direct', { ...said, voltage: 24, current: 50 }],
    ['there is a battery', { ...said, battery_soc: 61 }],
    ['there is a load', { ...said, load_power: 900 }],
    ['it counts no yield', { ...said, energy_today: undefined, energy_total: undefined }],
  ])('is open where %s', (_, payload) => {
    expect(valuesOf('solar/inverter', payload)).not.toHaveProperty('solarPower');
  });
});

describe('charging and discharging without a place', () => {
  const said = { pv_power: 3200, load_power: 1700, feed_in_power: 300, purchase_power: 0, soc: 61 };

  test('are the battery’s where the balance holds with them alone', () => {
    const charged = { ...said, charge_power: 1200, discharge_power: 0 };
    expect(valuesOf('ems/all', charged)).toMatchObject({ batteryPower: 1200, gridPower: -300, stateOfCharge: 61 });
    expect(valuesOf('ems/all', { ...charged, load_power: 2900 })).not.toHaveProperty('batteryPower');
    expect(valuesOf('ems/all', { ...charged, soc: undefined })).not.toHaveProperty('batteryPower');
  });
});

test('a total beside a day and a power of the panels is energy', () => {
  const said = { load_power: 1700, pv_today: 12.3, pv_total: 8123.4 };
  expect(valuesOf('ems/all', { ...said, pv_power: 3200 })).toMatchObject({ totalEnergyProduced: 8123.4 });
  expect(valuesOf('ems/all', { ...said, pv1: 1600, pv2: 1600 })).not.toHaveProperty('totalEnergyProduced');
  expect(valuesOf('ems/all', { ...said, pv_power: 3200, pv_total: 3200 })).not.toHaveProperty('totalEnergyProduced');
});

test('beside an output power a load is a share', () => {
  const inverter = {
    batteryVoltage: 51.2,
    acVoltage: 228.7,
    gridVoltage: 228.7,
    outputVoltage: 230.1,
    outputPower: 1200,
  };
  expect(valuesOf('inverter/data', { ...inverter, outputLoad: 35 })).toMatchObject({
    loadPower: 1200,
    loadPercentage: 35,
  });
  expect(valuesOf('inverter/data', { ...inverter, outputLoad: 350 })).not.toHaveProperty('loadPercentage');
});

test('what a micro inverter generates is solar power, and what it takes in the panels’ voltage', () => {
  const micro = { inputVoltage: 36.2, inputCurrent: 9.1, gridVoltage: 231.2, gridFreq: 50, genPower: 318.2 };
  const counted = { ...micro, genPowerToDay: 1.42, genPowerTotal: 512.7 };
  const own = { solarPower: 318.2, solarVoltage: 36.2, solarCurrent: 9.1, gridVoltage: 231.2, gridFrequency: 50 };
  expect(valuesOf('HJ01/SN1/data/post', counted)).toEqual(own);
  // An engine's, of a house with a battery.
  const hybrid = valuesOf('inverter/all', { ...counted, batteryVoltage: 51.2 });
  expect(hybrid).toMatchObject({ generatorPower: 318.2 });
  expect(hybrid).not.toHaveProperty('solarPower');
  // What goes in is the mains, too.
  expect(valuesOf('inverter/all', { ...counted, inputVoltage: 231.4 })).not.toHaveProperty('solarVoltage');
});

test('what has a charge is a battery, and stores energy', () => {
  const flow = { pvPower: 2416, powerGridPower: -1210, loadPower: 845, energyPower: 361, energySoc: 64 };
  expect(valuesOf('cloud/flow', flow)).toMatchObject({ stateOfCharge: 64, batteryPower: 361, gridPower: -1210 });
  expect(valuesOf('inverter/flow', { ...flow, energySoc: undefined })).not.toHaveProperty('batteryPower');
});

test('a flag beside a battery’s current says which way it flows, and two halves under short names, too', () => {
  const ups = { GridVoltage: 215, BatteryVoltage: 13.6, BatClass: '12V', BatteryCurrent: 1.6, BatterySoc: 100 };
  expect(valuesOf('must/state', { ...ups, ChargeFlag: 'Charge' })).toMatchObject({
    ...{ batteryCurrent: 1.6, batteryVoltage: 13.6 },
  });
  expect(valuesOf('must/state', { ...ups, ChargeFlag: 'Discharge' })).toMatchObject({ batteryCurrent: -1.6 });
  expect(valuesOf('must/state', { ...ups, ChargeState: 'Charge' })).not.toHaveProperty('batteryCurrent');
  const halves = { grid_voltage: 231, battery_voltage: 53.1, battery_chg_amps: 0, battery_dis_amps: 8.2 };
  expect(valuesOf('inverter/data', halves)).toMatchObject({ batteryCurrent: -8.2 });
});

test('what gathers readings is named in an object without being a collector of the sun’s heat', () => {
  const meter = { collector: 'host1', L1_V: 234.1, N_A: 0.12, L1_A: 0.11, import_kwh: 812.3, export_kwh: 90.1 };
  expect(valuesOf('smartmeter/a', meter)).toMatchObject({ gridVoltage: 234.1, gridCurrent: 0.11 });
  expect(valuesOf('smartmeter/a', { ...meter, collector: 61.2 })).toEqual({});
});

test('phases R, S and T in front, and tariffs, are parts that are added or of which one counts', () => {
  const cloud = { pvPower: 12, rGridVolt: '239.10', sGridVolt: '0', tGridVolt: '0', rGridCurr: '0.19', sGridCurr: '0' };
  expect(valuesOf('inverter/cloud', cloud)).toMatchObject({ gridVoltage: 239.1, gridCurrent: 0.19 });
  const counted = { energy_import_t1_kwh: 812.7, energy_import_t2_kwh: 1100.3, energy_export_t1_kwh: 12.5 };
  expect(valuesOf('haus/strom', counted)).toMatchObject({ totalGridImport: 1913 });
});

test('a power of a lifetime beside that of a day is no power', () => {
  const charging = { amps: 2.58, watts: 76, dailyPower: 0.715, totalPower: 1404.9 };
  const load = { watts: 0, dailyPower: 0, totalPower: 0.024 };
  const controller = {
    charging,
    battery: { stateOfCharge: 100, volts: 28.2 },
    panels: { volts: 86.1, amps: 0.88 },
    load,
  };
  const values = valuesOf('srne/1', controller);
  expect(values).toMatchObject({ stateOfCharge: 100, batteryVoltage: 28.2, solarVoltage: 86.1, loadPower: 0 });
  expect(values.batteryPower ?? 76).toBe(76);
});

test('the few volts of panels in the dark are volts, where a battery’s have a fraction', () => {
  const night = { Battery_voltage: 45.7, Panel_voltage: 0.66, Panel_power: 0, total_kWh: 155.07, today_kWh: 3.63 };
  expect(valuesOf('Victron', night)).toEqual({
    ...{ batteryVoltage: 45.7, solarVoltage: 0.66, solarPower: 0, totalEnergyProduced: 155.07 },
    ...{ dailyEnergyProduced: 3.63 },
  });
  expect(valuesOf('Victron', { ...night, Battery_voltage: 457 })).not.toHaveProperty('solarVoltage');
});
