import { describe, expect, test } from 'bun:test';
import { minutes } from '../../core/durations.ts';
import { listener } from '../../testing/listener.ts';

const AT = Date.UTC(2026, 5, 21, 10);
const device = { identifiers: ['r1'], name: 'Hybrid inverter', manufacturer: 'Maker' };

/** What a value of an inverter gives that stands on a topic of its own. */
const onTopic = (name: string, value: number) => listener().say(`inverter/${name}`, String(value), AT);

/** What an announced value of a hybrid inverter gives. */
function announced(name: string, unit: string, value: number): Record<string, unknown> {
  const { say } = listener();
  const kinds: Record<string, string> = { V: 'voltage', W: 'power', A: 'current', kWh: 'energy', '°C': 'temperature' };
  const ofUnit = { unit_of_measurement: unit, device_class: kinds[unit] };
  const entity = { name, unique_id: 'x', state_topic: 'r1/x', device, ...ofUnit, state_class: 'measurement' };
  say('homeassistant/sensor/r1/x/config', entity, AT);
  return say('r1/x', String(value), AT);
}

describe('names of registers that say of another place or kind than their words seem to', () => {
  test.each([
    ['off_grid_voltage_l1', 230.5, { outputVoltage: 230.5 }],
    ['offgrid_frequency', 50.03, { outputFrequency: 50.03 }],
    ['off-grid/off-grid_current', 4.1, { outputCurrent: 4.1 }],
    // The halves of a bus, and what stands between two modules of a battery.
    ['bus_half_voltage', 201.2, {}],
    ['nbus_voltage', 201.2, {}],
    ['battery_module_2_voltage', 48.1, {}],
    ['flexible_export_backflow_power', 2500, {}],
    ['generator_charging_power', 900, {}],
    ['lead_acid_temp', 23.4, { batteryTemperature: 23.4 }],
    ['power_off_voltage', 44, {}],
    ['total_battery_output_energy_kwh', 912.4, { totalBatteryDischarge: 912.4 }],
    // By whom it is measured.
    ['frequency_powermeter', 49.98, { gridFrequency: 49.98 }],
    ['voltage_phase_1_powermeter', 231.3, { gridVoltage: 231.3 }],
    // How long ago.
    ['days_since_soc_100', 3, {}],
    // Ampere hours that went through, and two flows in one.
    ['total_charging_cycle_capacity', 13_312.4, {}],
    ['total_discharge_capacity', 13_312.4, {}],
    ['total_pv_generation_and_battery_discharge', 18_423.5, {}],
  ])('%s', (name, value, expected) => {
    expect<Record<string, unknown>>(onTopic(name, value)).toEqual(expected);
  });

  test.each([
    ['A-B-Netzspannung', 'V', 400.1, {}],
    ['B-C line voltage', 'V', 400.1, {}],
    ['Off-grid current L1', 'A', 4.1, { outputCurrent: 4.1 }],
    ['Meter 2 active power', 'W', 812, {}],
    // Where the inverter meets the mains.
    ['AC grid port power', 'W', 812, {}],
    ['Grid load power', 'W', 812, {}],
    ['On-grid L1 power', 'W', 812, {}],
    ['Total home consumption grid', 'kWh', 812, {}],
  ])('%s, announced', (name, unit, value, expected) => {
    expect<Record<string, unknown>>(announced(name, unit, value)).toEqual(expected);
  });

  test.each(['potencia_de_carga_descarga', 'laad_ontlaad_vermogen', 'lade_entladeleistung', 'carica_scarica_potenza'])(
    '%s is both ways in one number, of which only others say the sign',
    (name) => {
      expect(onTopic(name, 880)).toEqual({});
      const { say } = listener();
      const all = { pv_power: 4210, load_power: 1830, grid_export_power: 1500, [name]: 880 };
      expect(say('inverter/state', all, AT)).toMatchObject({ batteryPower: 880 });
    },
  );

  test.each([
    // What may be at most, how long, and in words that nobody knows any energy of the day.
    ['active_power_regulation', 80],
    ['production_time_today', 415],
    ['energia_blubbada_hoy', 7.7],
  ])('%s is nothing that an inverter of panels made', (name, value) => {
    const { say } = listener();
    const known = { energy_today_kwh: 14.2, energy_total_kwh: 18_423.5 };
    expect(say('solis/state', { [name]: value, pv1_voltage: 341.2 }, AT)).toEqual({ solarVoltage: 341.2 });
    const both = say('solis/state', { ...known, [name]: value }, AT);
    expect(both).toEqual({ dailyEnergyProduced: 14.2, totalEnergyProduced: 18_423.5 });
  });

  test('a battery is not charged and discharged at once: then both are what may be at most', () => {
    const { say } = listener();
    const all = { pv_power: 4210, load_power: 1830, battery_voltage: 52.1, battery_charging_power: 100 };
    expect(say('inverter/state', { ...all, battery_discharging_power: 90 }, AT)).not.toHaveProperty('batteryPower');
    expect(say('inverter/state', { ...all, battery_discharging_power: 0 }, AT)).toMatchObject({ batteryPower: 100 });
  });
});

describe('a battery that says no kind', () => {
  const beside = { battery_voltage: 52.1, battery_power: 880, pv_power: 4210, load_power: 1830, grid_power: -1500 };

  test('is its state of charge where its voltage and power stand beside', () => {
    const { say } = listener();
    expect(say('inverter/state', { ...beside, battery: 61 }, AT)).toMatchObject({
      stateOfCharge: 61,
      batteryPower: 880,
    });
    expect(say('inverter/state', { ...beside, battery: 261 }, AT)).not.toHaveProperty('stateOfCharge');
    expect(say('inverter/state', { ...beside, battery: 3, battery_soc: 61 }, AT)).toMatchObject({ stateOfCharge: 61 });
    const { battery_voltage: _, ...others } = beside;
    expect(listener().say('inverter/state', { ...others, battery: 52 }, AT)).not.toHaveProperty('stateOfCharge');
  });

  test('is so on a topic of its own, once half an hour long nothing else was', () => {
    const { say } = listener();
    expect(say('inverter/battery', '61', AT)).toEqual({});
    for (const [name, value] of Object.entries(beside)) say(`inverter/${name}`, String(value), AT);
    for (const at of [AT, AT + minutes(10)]) expect(say('inverter/battery', '61', at)).toEqual({});
    expect(say('inverter/battery', '63', AT + minutes(31))).toEqual({ stateOfCharge: 63 });
    say('inverter/soc', '63', AT + minutes(31));
    expect(say('inverter/battery', '3', AT + minutes(32))).toEqual({});
  });

  test('and a load that says none is no power where one is called so', () => {
    const { say } = listener();
    expect(say('inverter/state', { ...beside, load: 27 }, AT)).toMatchObject({ loadPower: 1830 });
  });
});

describe('powers that may be in kW', () => {
  test('stay so where only apparent power, or what a string made in all, is large', () => {
    const { say } = listener();
    for (const [name, value] of Object.entries({ output_apparent_power: 1894, pv1_power_total: 8146.6 }))
      say(`inverter/${name}`, String(value), AT);
    expect(say('inverter/pv_power', '4.21', AT)).toEqual({});
    const all = { load_power: 1.83, pv_power: 4.21, output_apparent_power: 1894, pv1_power_total: 8146.6 };
    const found = say('inverter/state', { ...all, grid_voltage: 231.2 }, AT);
    expect(found).toMatchObject({ gridVoltage: 231.2 });
    expect(found).not.toHaveProperty('solarPower');
    expect(found).not.toHaveProperty('loadPower');
  });
});

describe('names of registers in other words', () => {
  test.each([
    ['gesamte_importierte_energie', 5120.4, { totalGridImport: 5120.4 }],
    ['täglich_exportierte_energie', 6.4, { dailyGridExport: 6.4 }],
    ['taglich_exportierte_energie', 6.4, { dailyGridExport: 6.4 }],
    ['lastleistung', 1830, { loadPower: 1830 }],
    ['batterie_gesundheitszustand', 97, { stateOfHealth: 97 }],
    ['moc_wejściowa_pv', 4210, { solarPower: 4210 }],
    ['moc_obciążenia', 1830, { loadPower: 1830 }],
    ['napięcie_fazowe_a', 231.3, { gridVoltage: 231.3 }],
    ['fase_b_spanning', 231.3, { gridVoltage: 231.3 }],
    ["puissance_d'entrée_pv", 4210, { solarPower: 4210 }],
    ['production_cumulée_kwh', 18_423.5, { totalEnergyProduced: 18_423.5 }],
    ['suministro_total_de_la_red_kwh', 5120.4, { totalGridImport: 5120.4 }],
    ['feed-in_to_grid_today', 6.4, { dailyGridExport: 6.4 }],
    ['total_supply_from_grid_kwh', 5120.4, { totalGridImport: 5120.4 }],
    ['energia_consumata_oggi', 9.7, { dailyEnergyConsumed: 9.7 }],
    ['power_input_pv', 4210, { solarPower: 4210 }],
    ['rendimiento_diario_kwh', 14.2, { dailyEnergyProduced: 14.2 }],
    ['dcpower1', 2250, { solarPower: 2250 }],
    ['total_pv_generation_since_installation_kwh', 18_423.5, { totalEnergyProduced: 18_423.5 }],
    // Power that was generated on a day is energy; in all it may be either.
    ['power_generation_today', 14.2, { dailyEnergyProduced: 14.2 }],
    ['power_generation_total', 18_423.5, {}],
  ])('%s', (name, value, expected) => {
    expect<Record<string, unknown>>(onTopic(name, value)).toEqual(expected);
  });

  test('what was generated in all is energy where that of the day stands beside', () => {
    const all = { power_generation_today: 14.2, power_generation_total: 18_423.5, load_power: 1830, pv_power: 4210 };
    const counted = { dailyEnergyProduced: 14.2, totalEnergyProduced: 18_423.5, loadPower: 1830, solarPower: 4210 };
    expect(listener().say('inverter/state', all, AT)).toEqual(counted);
  });

  test("an inverter's bare temperature is its own", () => {
    expect(announced('Temperature', '°C', 41.7)).toEqual({ inverterTemperature: 41.7 });
  });
});

describe('an inverter that nobody knows by its name', () => {
  const nobody = { identifiers: ['x1'], name: 'XD6KTL', manufacturer: 'Nobody' };
  const kinds: Record<string, string> = { V: 'voltage', W: 'power', '%': 'battery', '°C': 'temperature' };
  const says = (say: ReturnType<typeof listener>['say'], name: string, unit: string) => {
    const id = name.toLowerCase().replaceAll(' ', '_');
    const entity = {
      name,
      unique_id: id,
      state_topic: `x1/${id}`,
      unit_of_measurement: unit,
      device_class: kinds[unit],
    };
    say(`homeassistant/sensor/x1/${id}/config`, { ...entity, state_class: 'measurement', device: nobody }, AT);
  };

  test('is known by the sun and the mains that it announces: its battery and temperature are its own', () => {
    const { say } = listener();
    for (const [name, unit] of [
      ['Battery', '%'],
      ['Temperature', '°C'],
      ['PV1 voltage', 'V'],
    ] as const)
      says(say, name, unit);
    expect([say('x1/battery', '61', AT), say('x1/temperature', '41.7', AT)]).toEqual([{}, {}]);
    says(say, 'Grid voltage', 'V');
    expect(say('x1/battery', '61', AT)).toEqual({ stateOfCharge: 61 });
    expect(say('x1/temperature', '41.7', AT)).toEqual({ inverterTemperature: 41.7 });
  });
});

describe('several names for what flows', () => {
  const moments = [
    [4210, 1830, -1500],
    [3120, 2410, -210],
    [5240, 3350, -2500],
    [1210, 3780, 1100],
    [640, 2120, 310],
    [2890, 1210, -930],
    [4820, 2210, -1900],
    [930, 3110, 1500],
  ] as const;
  /** Says them topic by topic, what a battery gives as positive; what the last round gave of grid and battery. */
  function rounds(others: (grid: number) => Record<string, number>): Record<string, unknown> {
    const { say } = listener();
    let last: Record<string, unknown> = {};
    moments.forEach(([solar, load, grid], i) => {
      const all = { pv_power: solar, load_power: load, ...others(grid), grid_power: grid };
      const battery = load - solar - grid;
      last = {};
      for (const [name, value] of Object.entries({ ...all, battery_power: battery, battery_voltage: 52.1 }))
        last = { ...last, ...say(`inverter/${name}`, String(value), AT + minutes(i)) };
    });
    return last;
  }

  test('do not keep the sign of the plain one open', () => {
    const proven = { gridPower: 1500, batteryPower: -680 };
    expect(rounds(() => ({}))).toMatchObject(proven);
    // A clamp of its own, what two kinds of loads take, and the battery's own electronics.
    expect(rounds((grid) => ({ grid_ct_power: grid - 120, grid_ld_power: 11 }))).toMatchObject(proven);
    expect(rounds(() => ({ essential_power: 400, non_essential_power: 90 }))).toMatchObject(proven);
    expect(rounds(() => ({ bms_battery_voltage: 52.3 }))).toMatchObject(proven);
  });
});

describe('numbered DC of an announced hybrid inverter', () => {
  test('are its panels, where its battery has a name of its own', () => {
    const { say } = listener();
    const announce = (name: string) => {
      const entity = { name, unique_id: name, state_topic: `r1/${name}`, device, unit_of_measurement: 'V' };
      say(`homeassistant/sensor/r1/${name}/config`, { ...entity, device_class: 'voltage' }, AT);
    };
    announce('dcvoltage1');
    expect(say('r1/dcvoltage1', '341.2', AT)).toEqual({});
    announce('battery_voltage');
    expect(say('r1/dcvoltage1', '341.2', AT)).toEqual({ solarVoltage: 341.2 });
  });
});
