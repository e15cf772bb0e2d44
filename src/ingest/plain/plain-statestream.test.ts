import { describe, expect, test } from 'bun:test';
import { listener } from '../../testing/listener.ts';

const AT = Date.UTC(2026, 5, 21, 10);

/** What entities of Home Assistant's statestream give, each with its unit said before. */
function entities(all: readonly (readonly [name: string, unit: string, state: string])[]) {
  const { say } = listener();
  return all.map(([name, unit, state]) => {
    say(`homeassistant/sensor/${name}/unit_of_measurement`, `"${unit}"`, AT);
    return say(`homeassistant/sensor/${name}/state`, state, AT);
  });
}

describe('entities of a statestream', () => {
  test('of a Dutch meter count what it delivered and took back by tariffs', () => {
    expect(
      entities([
        ['dsmr_reading_electricity_delivered_1', 'kWh', '8123.5'],
        ['dsmr_reading_electricity_delivered_2', 'kWh', '6012'],
        ['dsmr_reading_electricity_returned_2', 'kWh', '2810.9'],
        ['dsmr_day_consumption_electricity_returned_merged', 'kWh', '8.1'],
      ]),
    ).toEqual([
      ...[{ totalGridImport: 8123.5 }, { totalGridImport: 14135.5 }, { totalGridExport: 2810.9 }],
      { dailyGridExport: 8.1 },
    ]);
  });

  test('of a hub that charges a vehicle say what its house makes, uses and buys', () => {
    expect(
      entities([
        ['myenergi_home_power_grid', 'W', '-312'],
        ['myenergi_home_power_generation', 'W', '2100'],
        ['myenergi_home_home_consumption', 'W', '912'],
        ['myenergi_home_power_charging', 'W', '876'],
        ['myenergi_zappi_20000001_power', 'W', '876'],
      ]),
    ).toEqual([{ gridPower: -312 }, { solarPower: 2100 }, { loadPower: 912 }, {}, {}]);
  });

  test('of micro inverters have no battery to wait for, and potentials of an EcoFlow are voltages', () => {
    expect(
      entities([
        ['dtu_4143a0000001_ac_power', 'W', '412.3'],
        ['sun_12k_ac_power', 'W', '412.3'],
        ['powerstream_solar_1_watts', 'W', '92.1'],
        ['powerstream_solar_1_input_potential', 'V', '36.2'],
        ['powerstream_battery_charge', '%', '55'],
        ['powerstream_battery_charge_limit', '%', '90'],
      ]),
    ).toEqual([{ solarPower: 412.3 }, {}, {}, { solarVoltage: 36.2 }, { stateOfCharge: 55 }, {}]);
  });

  test('may call tariffs by their hours, and phases by words', () => {
    expect(
      entities([
        ['p1_electricity_consumed_off_peak_cumulative', 'kWh', '70537.5'],
        ['p1_electricity_consumed_peak_cumulative', 'kWh', '161328'],
        ['p1_voltage_phase_one', 'V', '233.2'],
        ['p1_voltage_phase_two', 'V', '234.4'],
      ]),
    ).toEqual([{ totalGridImport: 70537.5 }, { totalGridImport: 231865.5 }, { gridVoltage: 233.2 }, {}]);
  });

  test('of what may be a meter do not make what is produced the sun’s', () => {
    const produced = entities([
      ['monitor_voltage_phase_l1', 'V', '233.6'],
      ['monitor_power_consumption', 'W', '0'],
      ['monitor_power_production', 'W', '877'],
    ]);
    expect(produced.map(({ solarPower }) => solarPower)).toEqual([undefined, undefined, undefined]);
  });

  test('of a meter’s reader say its cell’s level, and no house’s', () => {
    const reader = [
      ['smart_meter_7_power', 'W', '412'],
      ['smart_meter_7_total_production', 'Wh', '5432100.5'],
      ['smart_meter_7_battery_level', '%', '100'],
    ] as const;
    expect(entities(reader).map(({ stateOfCharge }) => stateOfCharge)).toEqual([undefined, undefined, undefined]);
  });

  test('of a site of energy belong together, and say what its battery is charged to', () => {
    const site = entities([
      ['energy_site_solar_power', 'kW', '1.185'],
      ['energy_site_load_power', 'kW', '6.245'],
      ['energy_site_percentage_charged', '%', '95.5'],
      ['percentage_charged', '%', '12'],
    ]);
    expect(site).toEqual([{ solarPower: 1185 }, { loadPower: 6245 }, { stateOfCharge: 95.5 }, {}]);
  });

  test('in volts are so in the evening, too, and an inverter’s battery in percent is its charge', () => {
    expect(
      entities([
        ['sunsynk_2301_pv1_voltage', 'V', '1.9'],
        ['envoy_122334_battery', '%', '4'],
      ]),
    ).toEqual([{ solarVoltage: 1.9 }, { stateOfCharge: 4 }]);
  });

  test('of panels and a battery beside a frequency of theirs are measured at their AC side, and voltages between phases are none', () => {
    const house = entities([
      ['mysite_battery_frequency', 'Hz', '50'],
      ['mysite_battery_voltage', 'V', '231.4'],
      ['deye_battery_voltage', 'V', '52.1'],
      ['smart_meter_ts_voltage_phase_1', 'V', '231.4'],
      ['smart_meter_ts_voltage_phase_1_2', 'V', '400.9'],
      ['solaredge_m1_ac_voltage_ll', 'V', '400.9'],
      ['smart_meter_ts_frequency_phase_average', 'Hz', '50'],
    ]);
    expect(house).toEqual([
      ...[{}, {}, { batteryVoltage: 52.1 }, { gridVoltage: 231.4 }, {}, {}],
      { gridFrequency: 50 },
    ]);
  });

  test('of an off-grid inverter say nothing of what other devices call so', () => {
    const house = entities([
      ['spf5000_ac_input_voltage', 'V', '231.1'],
      ['spf5000_ac_output_frequency', 'Hz', '50'],
      ['spf5000_battery_voltage', 'V', '52.9'],
      ['ac300_internal_dc_input_voltage', 'V', '45'],
      ['kona_battery_voltage', 'V', '12.9'],
    ]);
    expect(house).toEqual([{ gridVoltage: 231.1 }, { outputFrequency: 50 }, { batteryVoltage: 52.9 }, {}, {}]);
  });

  test('without a kind wait for their unit where units are said, and a capacity beside a charge is none', () => {
    const house = entities([
      ['elektriciteitsmeter_stroomproductie', 'kW', '0.4'],
      ['sma_battery_soc_total', '%', '71'],
      ['sma_battery_capacity_total', '%', '98'],
    ]);
    expect(house).toEqual([{ gridPower: -400 }, { stateOfCharge: 71 }, {}]);
    const { say } = listener();
    say('homeassistant/sensor/senec_grid_power/unit_of_measurement', '"W"', AT);
    const topic = 'homeassistant/sensor/senec_hausverbrauch';
    expect(say(`${topic}/state`, '10322', AT)).toEqual({});
    say(`${topic}/unit_of_measurement`, '"kWh"', AT);
    expect(say(`${topic}/state`, '10322', AT)).toEqual({ totalEnergyConsumed: 10322 });
  });

  test('whose ids tell nothing are read by the names that people see', () => {
    const { say } = listener();
    const of = (id: string, name: string, unit: string, state: string) => {
      const topic = `homeassistant/sensor/${id}`;
      say(`${topic}/unit_of_measurement`, `"${unit}"`, AT);
      say(`${topic}/friendly_name`, JSON.stringify(name), AT);
      return say(`${topic}/state`, state, AT);
    };
    expect([
      of('sn_3012_2', 'Deye PV1 Power', 'W', '812'),
      of('template_7', 'Deye Netzspannung', 'V', '231'),
      of('template_8', 'Fridge Power', 'W', '80'),
      of('esp_9', 'Living room', 'W', '80'),
      // What an id says counts, whatever people call it.
      of('kitchen_power', 'Deye PV Power', 'W', '80'),
    ]).toEqual([{ solarPower: 812 }, { gridVoltage: 231 }, {}, {}, {}]);
  });

  test('of parts are not the whole, and a battery in percent is its charge', () => {
    const parts = entities([
      ['sigen_plant_third_party_pv_power', 'kW', '0.4'],
      ['sigen_plant_pv_power', 'kW', '2.7'],
      ['scb_plenticore_home_power_from_own', 'W', '600'],
      ['smartshunt_starter_voltage', 'V', '12.9'],
      ['jk_b2a24s_battery', '%', '71'],
    ]);
    expect(parts).toEqual([{}, { solarPower: 2700 }, {}, {}, { stateOfCharge: 71 }]);
  });

  test('called a power in all wait for their unit', () => {
    const { say } = listener();
    const topic = 'homeassistant/sensor/lux_power_to_grid_total';
    expect(say(`${topic}/state`, '8123', AT)).toEqual({});
    say(`${topic}/unit_of_measurement`, '"kWh"', AT);
    expect(say(`${topic}/state`, '8123', AT)).toEqual({ totalGridExport: 8123 });
    const power = 'homeassistant/sensor/solis_pv_total_power/state';
    expect(say(power, '812', AT)).toEqual({ solarPower: 812 });
  });

  test('whose device’s name ends in AC are not measured there for that', () => {
    const storage = entities([
      ['solarflow_2400_ac_battery_voltage', 'V', '50.2'],
      ['solarflow_2400_ac_output_power', 'W', '402'],
      ['delta_2_max_dc_out_voltage', 'mV', '13200'],
    ]);
    expect(storage).toEqual([{ batteryVoltage: 50.2 }, {}, {}]);
  });

  test('in a unit of something else are not what their name says', () => {
    const costs = entities([
      ['deye_pv_power', 'W', '2000'],
      ['deye_grid_import_total', 'EUR', '1234.5'],
      ['deye_daily_production', '€', '3.5'],
      ['deye_total_production', 'm³', '8123.5'],
      ['deye_battery_soc', 'h', '44'],
      ['deye_inverter_temperature', '\\u00b0F', '81'],
      ['deye_battery_temperature', '\\u00b0C', '21'],
    ]);
    expect(costs).toEqual([{ solarPower: 2000 }, {}, {}, {}, {}, {}, { batteryTemperature: 21 }]);
  });
});

/** What an entity of an inverter gives, after it said all of itself. */
function entity(name: string, said: Record<string, string>, state: string) {
  const { say, dialectOf } = listener();
  const topic = `homeassistant/sensor/${name}`;
  const heard = Object.entries(said).map(([what, text]) => dialectOf(`${topic}/${what}`, `"${text}"`, AT));
  return { values: say(`${topic}/state`, state, AT), heard };
}

describe('the class of an entity', () => {
  test('says what it is, as that of an announced one', () => {
    const soc = { device_class: 'battery', state_class: 'measurement', unit_of_measurement: '%' };
    expect(entity('deye_battery_soc', soc, '44').values).toEqual({ stateOfCharge: 44 });
    const total = { state_class: 'total_increasing', unit_of_measurement: 'kWh', device_class: 'energy' };
    const { values, heard } = entity('deye_total_grid_import', total, '8123.5');
    expect(values).toEqual({ totalGridImport: 8123.5 });
    expect(heard).toEqual(['plain-names', 'plain-names', 'plain-names']);
  });

  test('stops a reading by its name that it speaks against, also before the unit is heard', () => {
    const of = (name: string, deviceClass: string, state: string) =>
      entity(name, { device_class: deviceClass }, state).values;
    expect(of('deye_total_grid_import', 'energy', '8123.5')).toEqual({ totalGridImport: 8123.5 });
    expect(of('deye_total_grid_import', 'monetary', '8123.5')).toEqual({});
    expect(of('deye_battery_soc', 'duration', '44')).toEqual({});
    expect(of('deye_pv_power', 'energy', '2000')).toEqual({});
    expect(of('deye_battery_voltage', 'data_size', '51.2')).toEqual({});
  });

  test('tells what is stored from what was counted', () => {
    const stored = { unit_of_measurement: 'kWh', device_class: 'energy_storage' };
    expect(entity('deye_total_battery_charge', stored, '9123').values).toEqual({});
    const counted = { unit_of_measurement: 'kWh', device_class: 'energy' };
    expect(entity('deye_battery_charge', { ...counted, state_class: 'total_increasing' }, '9123').values).toEqual({
      totalBatteryCharge: 9123,
    });
    expect(entity('deye_battery_charge', { ...counted, state_class: 'measurement' }, '9123').values).toEqual({});
    // A day's counter is called so, too.
    expect(entity('deye_battery_charge', { ...counted, state_class: 'total_increasing' }, '9.1').values).toEqual({});
  });

  test('stands in the event of a change, too', () => {
    const { say } = listener();
    const of = (name: string, state: string, attributes: Record<string, string>) => {
      const new_state = { entity_id: `sensor.${name}`, state, attributes };
      return say('homeassistant/events', { event_type: 'state_changed', event_data: { new_state } }, AT);
    };
    const counted = { unit_of_measurement: 'kWh', device_class: 'energy', state_class: 'total_increasing' };
    expect(of('deye_total_battery_charge', '9123', counted)).toEqual({ totalBatteryCharge: 9123 });
    expect(of('deye_total_battery_discharge', '9123', { ...counted, device_class: 'energy_storage' })).toEqual({});
  });

  test('that Home Assistant does not have says nothing of what is announced, and one of something else stops it', () => {
    const { say } = listener();
    const of = (id: string, deviceClass: string) => {
      const device = { identifiers: ['d'], name: 'Deye inverter', manufacturer: 'Deye' };
      const entity = {
        name: 'Battery voltage',
        state_topic: `x/${id}`,
        unique_id: id,
        unit_of_measurement: 'V',
        device,
      };
      say(`homeassistant/sensor/deye/${id}/config`, { ...entity, device_class: deviceClass }, AT);
      return say(`x/${id}`, '51.5', AT);
    };
    expect([of('a', 'monetary'), of('b', 'None')]).toEqual([{}, { batteryVoltage: 51.5 }]);
  });
});
