import { describe, expect, test } from 'bun:test';
import { hearing } from '../../testing/hearing.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const valuesOf = (topic: string, payload: object) => hearing()(topic, payload);

describe('an object under the name of its place', () => {
  test('is of panels that the sun shines on, and of no electric panel', () => {
    const panel = { V: 36.42, P: 112.9 };
    expect(valuesOf('solar/panel', panel)).toEqual({ solarVoltage: 36.42, solarPower: 112.9 });
    expect(valuesOf('cellar/panel', panel)).toEqual({});
  });

  test('counts in all what it counts beside for a day', () => {
    const energy = { consumed_day: 0.31, consumed_all: 402.17, generated_day: 0.86, generated_all: 612.4 };
    expect(valuesOf('solar/energy', energy)).toEqual({
      ...{ dailyEnergyConsumed: 0.31, totalEnergyConsumed: 402.17 },
      ...{ dailyEnergyProduced: 0.86, totalEnergyProduced: 612.4 },
    });
  });

  test('of a battery says what is left of it, and what is not its own: its electronics’ temperature', () => {
    expect(valuesOf('house/seplos_3647', { soc: '96.8', total_voltage: '54.90', residual_capacity: '271.24' })).toEqual(
      {
        ...{ stateOfCharge: 96.8, batteryVoltage: 54.9, remainingCapacity: 271.24 },
      },
    );
    const pack = { soc: '96.8', total_voltage: '54.90', soh: '100.0', power_temp: '34.9', env_temp: '37.2' };
    expect(valuesOf('house/seplos_3647', pack)).toEqual({
      stateOfCharge: 96.8,
      batteryVoltage: 54.9,
      stateOfHealth: 100,
    });
  });
});

test('a storage’s charge controller has a temperature of its own, which is not the battery’s', () => {
  const bms = { soc: 33, soh: 100, voltage: 52.52, temperature: 21.3 };
  expect(valuesOf('storage/a1/bms', { bms, mppt: { temperature: 30 } })).toEqual({
    ...{ stateOfCharge: 33, stateOfHealth: 100, batteryVoltage: 52.52, batteryTemperature: 21.3 },
  });
});

test('halves of a power that are both above zero in one message are what is left of them', () => {
  const counters = { total_import_kwh: 4485.62, total_export_kwh: 28.77 };
  const expected = (gridPower: number) => ({ gridPower, totalGridImport: 4485.62, totalGridExport: 28.77 });
  const hear = hearing();
  const say = (flows: object) => hear('meters/sdm72', { ...counters, ...flows });
  expect(say({ import_power: 6432, export_power: 20 })).toEqual(expected(6412));
  expect(say({ export_power: 520, import_power: 132 })).toEqual(expected(-388));
  expect(say({ import_power: 0, export_power: 20 })).toEqual(expected(-20));
  expect(say({ import_power: 40, export_power: 0 })).toEqual(expected(40));
});

describe('one value a topic', () => {
  const alone = (topic: string, payload: string) => hearing()(topic, payload);

  test.each([
    ['openhab/House_Power/state', '1210 W', { loadPower: 1210 }],
    ['pylon/stack/voltage', '49.9', { batteryVoltage: 49.9 }],
    ['openhab/Battery_SoC/state', '61 %', { stateOfCharge: 61 }],
    ['e3dc/power/house', '1810', { loadPower: 1810 }],
    ['openhab/House_Plug_Power/state', '80 W', {}],
    ['nexa2mqtt/0ABC/PV1/temp', '26', {}],
    ['voltronic_PV_in_watts', '256', { solarPower: 256 }],
    ['solarmax/Energy_Total (kWh)_(KT0)', '18739', { totalEnergyProduced: 18739 }],
    ['sml/0a0149/0100010800ff', '12345.6789', { totalGridImport: 12345.6789 }],
    ['kamstrup/power/activePowerMinus', '812', { gridPower: -812 }],
    ['solax/inverter/OutputEnergyChargeWh', '812400', {}],
    ['phone/battery_soc', '61', {}],
    ['pixel/battery_level', '61', {}],
    ['garage/leaf/battery_soc', '61', {}],
    ['energy/house', '1810', {}],
    ['roof/inverter/Vac1', '231.2', { gridVoltage: 231.2 }],
    ['solar/Vac1', '231.2', {}],
    // A hybrid under a topic of its panels: what it puts out holds the battery's share, and what it takes in is bought.
    ['solar/output_power', '812', {}],
    // A group is called a status, and a battery’s temperature is no inverter’s.
    ['gr-i/sensor/gr-i_status_inverter_temperature/state', '36.2', { inverterTemperature: 36.2 }],
    ['roof/inverter/battery_charging_status', '2', {}],
    ['ha/sensor/givenergy_inverter_ce12_battery_temperature/state', '17', { batteryTemperature: 17 }],
    ['basen-bms-ble/sensor/basen-bms-ble_total_voltage/state', '25.6', { batteryVoltage: 25.6 }],
    ['ha/sensor/encharge_1223_temperature/state', '16', { batteryTemperature: 16 }],
    ['solar/inverter/ac_input_power', '812', {}],
    ['solar/Iac1', '2.3', {}],
    ['roof/inverter/battery_voltage_dV', '521', { batteryVoltage: 52.1 }],
    ['roof/inverter/A-phase voltage (V)', '231.2', { gridVoltage: 231.2 }],
    ['roof/inverter/Tinverter', '42.5', { inverterTemperature: 42.5 }],
    // The device's name again, before that of the value.
    ['solax-x1-mini/sensor/solax-x1-mini_dc1_voltage/state', '371.2', { solarVoltage: 371.2 }],
    ['garage/mini/battery_soc', '61', {}],
    // What it is now, and no current.
    ['roof/inverter/battery_soc_current', '61', { stateOfCharge: 61 }],
    ['roof/inverter/battery_charge_power_current', '61', {}],
    // One way of the mains in Italian.
    ['zcs/potenza_esportata', '1200', { gridPower: -1200 }],
    // In Celsius; what charges and what logs have temperatures of their own.
    ['roof/inverter/inv_temp_c', '41.3', { inverterTemperature: 41.3 }],
    ['roof/inverter/inv_temp_f', '106', {}],
    ['roof/inverter/chg_temp_c', '38', {}],
    ['roof/inverter/logger_temperature', '21', {}],
    ['roof/inverter/gen_power_total', '512.7', {}],
    ['roof/inverter/grid_voltage_type', '220', {}],
    ['roof/inverter/total_energy_to_user', '812.7', { totalGridImport: 812.7 }],
    ['roof/inverter/total_energy_imported_from_grid', '812.7', { totalGridImport: 812.7 }],
    ['roof/inverter/energy_from_battery_to_grid', '812.7', {}],
    ['roof/inverter/batEnergyPercent', '61.5', { stateOfCharge: 61.5 }],
    ['roof/inverter/battery_average_voltage', '52.1', { batteryVoltage: 52.1 }],
    ['roof/inverter/average_battery_voltage', '52.1', {}],
    ['energy/meter1/import_offpeak', '812.7', {}],
    ['p1/sensor/power_delivered/state', '0.412', { gridPower: 412 }],
    ['p1/sensor/power_delivered/state', '412', { gridPower: 412 }],
    ['dongle/power_delivered', '5', {}],
    ['DS18/PV/StecaGrid_3600/CURRENT_ELECTRICITY_DELIVERY', '1284', {}],
    ['rct/powerDCA', '1410', { solarPower: 1410 }],
    ['rct/tempHeatSinkBattery', '38.2', {}],
    ['victron/mp/cfg/max/power/charge', '1200', {}],
    ['ems/pylontech/avg_soc', '67.5', { stateOfCharge: 67.5 }],
    ['ha/sensor/solaredge_b1_dc_voltage/state', '801.2', { batteryVoltage: 801.2 }],
    ['ha/sensor/solaredge_i1_dc_voltage/state', '752.3', { solarVoltage: 752.3 }],
    ['ha/sensor/solaredge_b1_dc_power/state', '310', {}],
    ['bms/Pack_Remaining_mAh', '198000', { remainingCapacity: 198 }],
    ['house/power_meter_exported', '5201.21', { totalGridExport: 5201.21 }],
    ['esp-p1reader/sensor/momentary_active_import/state', '1.234', { gridPower: 1234 }],
    ['esp-p1reader/sensor/momentary_active_import/state', '412.5', { gridPower: 412.5 }],
    ['esp-p1reader/sensor/momentary_reactive_import/state', '0.234', {}],
    ['deye/roof/pv/1/i', '4.4', { solarCurrent: 4.4 }],
    ['cellar/smartshunt/amount_of_charged_energy', '1512.3', { totalBatteryCharge: 1512.3 }],
    ['ha/sn_3001234567_metering_power_supplied_w', '1398', { gridPower: -1398 }],
    ['ha/sn_3001234567_total_yield_kwh', '21345.6', { totalEnergyProduced: 21345.6 }],
    ['bank/total_yield', '21345.6', {}],
    // What an engine gives, what a meter computes, how something is and what was set.
    ['generator/Status/Engine/Output Voltage', '241 V', {}],
    ['generator/Status/Engine/Battery Voltage', '13.4 V', {}],
    ['generator/Status/Engine/Output Power', '2.31 kW', { generatorPower: 2310 }],
    ['roof/inverter/power_flow_status_battery_charging', '1', {}],
    ['roof/inverter/export_power_limitation_value', '10000', {}],
    ['roof/inverter/total_export_energy_from_pv_kwh', '11923.4', {}],
    ['roof/inverter/grid_power_var', '-120', {}],
    ['ha/solis_ac_output_total_power', '1290', {}],
    ['ha/solis_daily_on_grid_energy', '4.2', { dailyGridExport: 4.2 }],
    ['roof/inverter/heat_sink_temperature', '41', { inverterTemperature: 41 }],
    // Settings, plans and other things in words of an inverter.
    ['homeassistant/number/inverter_battery_soc/state', '40', {}],
    ['ha/inverter_overdischarge_soc', '20', {}],
    ['ha/inverter_timing_charge_power', '1200', {}],
    ['ha/tesla_wall_connector_grid_voltage', '231.1', {}],
    ['ha/predbat_pv_power_best', '2310', {}],
    ['ha/fronius_ohmpilot_power_consumption', '812', {}],
    ['ha/fronius_byd_dc_voltage', '412', {}],
    ['ha/fronius_power_load_generated', '812', {}],
    ['ha/inverter_line_voltage_a_b', '401', {}],
    ['ha/inverter_accumulated_energy_charged_from_ac', '1234.5', {}],
    ['ha/sungrow_total_exported_energy_from_pv', '1234.5', {}],
    ['ha/envoy_current_battery_discharge', '2.1', {}],
    ['ha/envoy_frequency_net_consumption_ct', '50.1', { gridFrequency: 50.1 }],
    ['ha/growatt_lifetime_energy_output_kwh', '8123.4', { totalEnergyProduced: 8123.4 }],
    // Used beyond what is made: bought, and no load.
    ['roof/envoy/current_net_power_consumption', '-1498', { gridPower: -1498 }],
    ['roof/envoy/lifetime_net_energy_consumption_kwh', '5123.4', { totalGridImport: 5123.4 }],
    ['ha/sensor/powerwall_charge_percent', '71', { stateOfCharge: 71 }],
    ['ha/sensor/powerwall_battery_import_kwh', '2123.4', { totalBatteryCharge: 2123.4 }],
    // An inverter's fractions may be of Wh.
    ['roof/inverter/ac_energy', '11160.2', {}],
    ['roof/inverter/ac_energy_kwh', '11160.2', { totalEnergyProduced: 11160.2 }],
  ])('says of a house’s supply or leaves it open: %s', (topic, payload, values) => {
    expect(alone(topic, payload)).toEqual(values);
  });
});

test('a small power beside a large one is in watts', () => {
  const memory = new DialectMemory();
  const say = (topic: string, payload: string): Record<string, unknown> => {
    const message = {
      topic,
      payload: new TextEncoder().encode(payload),
      receivedAt: Date.UTC(2026, 5, 1),
      isRetained: false,
    };
    return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
  };
  expect(say('solar/tracer/load_power', '12.1')).toEqual({});
  expect(say('solar/tracer/pv_power', '195.5')).toEqual({ solarPower: 195.5 });
  expect(say('solar/tracer/load_power', '12.1')).toEqual({ loadPower: 12.1 });
  expect(say('solar/other/load_power', '12.1')).toEqual({});
});

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

  test('that are added up are energies, and no powers', () => {
    const said = { LoadPower: 580, AccumulatedLoadPower: 812.3, PvPower: 3310 };
    expect(valuesOf('must/PH18', said)).toEqual({ loadPower: 580, solarPower: 3310, totalEnergyConsumed: 812.3 });
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

  test('of a battery that meets the house are not its own where a frequency stands beside', () => {
    const said = { soc: 61, voltage: 231.2, frequency: 50.01, power: -404 };
    expect(valuesOf('home/battery/1', { ...said, temperature: 22.4 })).toEqual({
      stateOfCharge: 61,
      batteryTemperature: 22.4,
    });
  });

  test('of an output are the load’s, where the inverter speaks of its load', () => {
    const output = { voltage: 230, frequency: 50, active_power: 580, load_percent: 10 };
    const said = { grid: { voltage: 231.1 }, output, battery: { voltage: 48.5, charging_current: 10 } };
    expect(valuesOf('inverter/qpigs', said)).toMatchObject({ loadPower: 580, loadPercentage: 10 });
    expect(valuesOf('inverter/all', { battery_soc: 61, output_active_power: 580, pv_power: 900 })).not.toHaveProperty(
      'loadPower',
    );
  });

  test('that are numbers of a device measure nothing', () => {
    const imported = { cumulative: 6613.405, mpan: '1234', units: 'kWh' };
    const energy = { import: imported, export: { cumulative: 12.5, units: 'kWh' } };
    expect(valuesOf('glow/electricitymeter', { electricitymeter: { energy } })).toEqual({
      ...{ totalGridImport: 6613.405, totalGridExport: 12.5 },
    });
  });

  test('of a battery that stands at a house’s mains need nothing beside', () => {
    const storage = { bat_v: '51.3', bat_temp: '21.5', soc: '58', bat_i: '-8.1' };
    const said = { batteryVoltage: 51.3, batteryTemperature: 21.5, stateOfCharge: 58 };
    expect(valuesOf('x/quick/state', { ...storage, grid_on_p: '380.0', inv_p: '380.0' })).toEqual(said);
    expect(valuesOf('x/quick/state', storage)).toEqual({});
  });

  test('of a battery are the inverter’s where its electronics say another one', () => {
    const battery = {
      percentage: 98,
      voltage: 50.1,
      bms_voltage: 49.7,
      power_from_the_battery: 235,
      power_to_the_battery: 0,
    };
    expect(valuesOf('roof/inverter', { battery, pv: { pv_now: 117 } })).toMatchObject({
      ...{ batteryVoltage: 50.1, batteryPower: -235, stateOfCharge: 98 },
    });
  });

  test('of an inverter’s heat are its own before those of its module', () => {
    const warm = { temperature_module: 38, temperature_inverter: 49 };
    expect(valuesOf('roof/inverter', { ...warm, ac_power: 1560 })).toMatchObject({ inverterTemperature: 49 });
  });

  test('that say how something is, what it is rated for or what a charger gives are none of its powers', () => {
    const said = {
      battery: { state: 0, state_of_charge: 50, voltage: 51 },
      bessNameplate: { active_charge_power: 2500 },
    };
    expect(valuesOf('roof/inverter', said)).toEqual({ stateOfCharge: 50, batteryVoltage: 51 });
    const charger = { pv_voltage: 18.65, pv_power: 145, battery_voltage: 13.25, charge_current: 4.5 };
    expect(valuesOf('garage/solar', { mppt1: charger })).toEqual({
      ...{ solarVoltage: 18.65, solarPower: 145, batteryVoltage: 13.25, batteryCurrent: 4.5 },
    });
  });

  test('of direct current may be a battery’s, where one is said beside without its voltage', () => {
    const said = { dc_voltage: 25.3, dc_current: 12, ac_output_voltage: 121, battery_temp: 23 };
    expect(valuesOf('magnum/inverter/0', said)).toEqual({ outputVoltage: 121, batteryTemperature: 23 });
  });

  test('that are letters are a battery’s where its state of charge stands beside', () => {
    expect(valuesOf('home/battery/1', { v: 52.1, soc: 61, n: 112 })).toEqual({
      batteryVoltage: 52.1,
      stateOfCharge: 61,
    });
    expect(valuesOf('home/battery/1', { v: 52.1, n: 112 })).toEqual({});
  });
});

test('things in a list are numbered, and apparent energy is none', () => {
  const inputs = [
    { id: 1, dc_voltage: 294.2, dc_current: 0.46 },
    { id: 2, dc_voltage: 293.9, dc_current: 0.53 },
  ];
  expect(valuesOf('roof/inverter/values', { dc_power: 295.2, inputs })).toEqual({
    ...{ solarPower: 295.2, solarVoltage: 294.2, solarCurrent: 0.99 },
  });
  const counters = { energy_active_import: 3621.8, energy_active_export: 8142.1, energy_apparent_import: 3980.2 };
  expect(valuesOf('fronius/meter/values', { ...counters, frequency: 50 })).toEqual({
    ...{ totalGridImport: 3621.8, totalGridExport: 8142.1, gridFrequency: 50 },
  });
});

test('a value whose description says nothing is read by its name', () => {
  const of = (description: string, unit: string, value: number) => ({ description, unit, value });
  const data = {
    power_import: of('Bought now', 'W', 0),
    power_export: of('Sold now', 'W', 731),
    energy_active_cum_import: of('Cumulative active import energy', 'kWh', 11590.5),
    energy_active_cum_export: of('A-', 'kWh', 2854.1),
  };
  expect(valuesOf('cellar/reader', { data })).toMatchObject({ gridPower: -731, totalGridImport: 11590.5 });
});

test('of statistics of a day no power is one of now, and a zero called like a whole gives way to the half beside', () => {
  const now = { solarPower: 252, batteryVoltage: 25.6 };
  expect(valuesOf('renogy/rover', { now, dailyStats: { powerGeneration: 1.2 } })).toMatchObject(now);
  const flow = { generationPower: 368, usePower: 1272, buyPower: 904, gridPower: 0 };
  expect(valuesOf('solarman/station', flow)).toMatchObject({ solarPower: 368, gridPower: 904 });
});

test('a second name of a power or counter does not take turns with the first', () => {
  const memory = new DialectMemory();
  const say = (topic: string, payload: string): Record<string, unknown> => {
    const message = {
      topic,
      payload: new TextEncoder().encode(payload),
      receivedAt: Date.UTC(2026, 5, 1),
      isRetained: false,
    };
    return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
  };
  expect(say('ha/solax_total_yield_kwh', '9123.4')).toEqual({ totalEnergyProduced: 9123.4 });
  expect(say('ha/solax_total_solar_energy_kwh', '9212.1')).toEqual({});
  expect(say('ha/solax_total_yield_kwh', '9123.5')).toEqual({ totalEnergyProduced: 9123.5 });
  // What is fed from its own output is a part of what the house uses.
  expect(say('ha/solis_backup_load_power', '112')).toEqual({ loadPower: 112 });
  expect(say('ha/solis_household_load_power', '812')).toEqual({ loadPower: 812 });
  expect(say('ha/solis_backup_load_power', '113')).toEqual({});
});

test('a number is in the unit of the text that says it again', () => {
  const station = { totalEnergy: 301180, totalEnergyNamed: '301.18 kWh', dayEnergy: 120, dayEnergyNamed: '120.00 Wh' };
  expect(valuesOf('solar/station', station)).toEqual({ totalEnergyProduced: 301.18, dailyEnergyProduced: 0.12 });
});

test('what a day counts in Wh, a lifetime counts in Wh where it would be too much in kWh', () => {
  const fields = { ac_power: 1210, day_energy: 28_123, total_energy: 21_234_500, dc_voltage: 412 };
  expect(valuesOf('solar/fronius', fields)).toMatchObject({ totalEnergyProduced: 21_234.5 });
  expect(valuesOf('solar/fronius', { ...fields, day_energy: 8.1 })).not.toHaveProperty('totalEnergyProduced');
});

test('cells make a battery of what a topic calls solar, and an output with a frequency an inverter', () => {
  const cells = { voltage: 52.31, current: -12.4, power: -648.6, ncells: 14, cell_min: 3.735, cell_max: 3.738 };
  expect(valuesOf('SolarHouse/Agents/pack_01/Data', cells)).toEqual({ batteryVoltage: 52.31 });
  const converted = { input_power: 3105, output_frequency: 60.01, output_power: 2987, daily_yield: 14.2 };
  expect(valuesOf('SolarHouse/Agents/roof/Data', converted)).toMatchObject({ solarPower: 3105 });
  expect(valuesOf('den/tele/bmv', { SOC: { Val: 38.7, Unit: '%' }, MainVoltage: { Val: 26.1, Unit: 'V' } })).toEqual({
    ...{ stateOfCharge: 38.7, batteryVoltage: 26.1 },
  });
});

test('a wallbox that says what sun, mains and house do says it of the house, and nothing else of itself', () => {
  const flows = { pv_power_w: 6480, grid_import_power_w: 120, house_power_w: 690 };
  const own = { target_power_w: 5400, actual_power_w: 5312, energy_total_kwh: 812.7, ev_soc_pct: 54.1 };
  const house = { solarPower: 6480, gridPower: 120, loadPower: 690 };
  expect(valuesOf('wallbox/decision', { ...own, ...flows })).toEqual(house);
  expect(valuesOf('heizstab/status', { ...own, ...flows, boiler: { power_w: 910 } })).toEqual(house);
  // Without its power a battery may be the car's.
  const charge = { battery_soc_pct: 77.4 };
  expect(valuesOf('wallbox/decision', { ...own, ...flows, ...charge })).toEqual(house);
  const battery = { ...charge, battery_charge_power_w: 350 };
  expect(valuesOf('wallbox/decision', { ...own, ...flows, ...battery })).toEqual({
    ...house,
    ...{ stateOfCharge: 77.4, batteryPower: 350 },
  });
  // What a rod takes of sun and mains is no house's.
  expect(valuesOf('elwa/data', { power_solar: 1210, power_grid: 0, power_elwa: 1210 })).toEqual({});
  expect(valuesOf('wallbox/settings', { ...own, ...flows })).toEqual({});
});

test('what is counted of a place that nobody knows is none of the house’s', () => {
  const counted = { producedEnergyWh: 6_476_087, consumedEnergyWh: 770_579 };
  const said = { gridImportPowerW: 120, solarPowerW: 1200 };
  expect(valuesOf('panel/status', { ...said, feedthroughEnergy: counted })).toEqual({
    gridPower: 120,
    solarPower: 1200,
  });
});
