import { describe, expect, test } from 'bun:test';
import { listener } from '../testing/listener.ts';

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
});
