import { describe, expect, test } from 'bun:test';
import { hours } from '../../core/durations.ts';
import type { SourceRole } from '../../sources/source.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory, PartMemory } from '../memory/dialect-memory.ts';

const valuesOf = (role: SourceRole | undefined, payload: object, topic = 'cellar/meter1'): Record<string, unknown> => {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const message = { topic, payload: bytes, receivedAt: Date.UTC(2026, 5, 1), isRetained: false };
  const context = { timeZone: 'UTC', memory: new DialectMemory(), ...(role && { role }) };
  return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
};

describe('letters of a meter that has a role', () => {
  const phases = { U_L1: 231.2, U_L2: 230.1, I_L1: 1.2, I_L2: 1.3, P_L1: -130, P_L2: -282, f: 50.01 };

  test('are its voltage, current, power and frequency, by phase', () => {
    expect(valuesOf('grid', { ...phases, E_import: 4532.678, E_export: 8123.9 })).toEqual({
      ...{ gridVoltage: 231.2, gridCurrent: 2.5, gridPower: -412, gridFrequency: 50.01 },
      ...{ totalGridImport: 4532.678, totalGridExport: 8123.9 },
    });
  });

  test('are its sum where a word says so, and an interval’s energy is no counter’s', () => {
    expect(valuesOf('grid', { active_power_sys: 8234.5, frequency: 50 })).toMatchObject({ gridPower: 8234.5 });
    expect(valuesOf('grid', { voltage: 230.5, total_energy_import: 12345.678, exported_wh: 4500 }, 'em/1')).toEqual({
      ...{ gridVoltage: 230.5, totalGridImport: 12345.678, totalGridExport: 4.5 },
    });
    expect(valuesOf('load', { power: 214.2, energy: 35.7, cum_energy: 1234.12, interval: 10 })).toEqual({
      loadPower: 214.2,
    });
  });

  test('are nothing without a role, and nothing that is written in a register', () => {
    expect(valuesOf(undefined, phases)).toEqual({});
    expect(valuesOf('grid', { U: 2312, I: 120, P: 2771 })).toEqual({});
  });

  test('are in the unit that they say, and nothing in one of something else', () => {
    const socket = { voltage: '12.6 V', current: '2100 mA', power: '26.5 W' };
    expect(valuesOf('load', socket)).toEqual({ outputVoltage: 12.6, outputCurrent: 2.1, loadPower: 26.5 });
    expect(valuesOf('grid', { voltage: '0.231 kV', power: '0.4 kW', current: '2 h' })).toEqual({
      ...{ gridVoltage: 231, gridPower: 400 },
    });
  });

  test('are no power where `p` is the air’s pressure', () => {
    expect(valuesOf('load', { p: 214 })).toEqual({ loadPower: 214 });
    expect(valuesOf('load', { p: 214, t: 31, i: 1 })).toMatchObject({ loadPower: 214 });
    expect(valuesOf('load', { p: 1005.4, t: 19.1, h: 51 })).toEqual({});
    expect(valuesOf('load', { p: 1005.4 }, 'home/bme280')).toEqual({});
  });

  test('in mA are no current, and a power that is drawn is a power', () => {
    expect(valuesOf('load', { Voltage: 234.5, TotalCurrent: 491, Frequency: 49.9 })).toEqual({
      ...{ outputVoltage: 234.5, outputFrequency: 49.9 },
    });
    expect(valuesOf('load', { powerDraw: 532, location: 'home' })).toEqual({ loadPower: 532 });
  });

  test('beside a battery of its own are no house’s battery', () => {
    const reader = { power: 512, voltage: 231.2, battery_level: 88 };
    expect(valuesOf('grid', reader)).toEqual({ gridPower: 512, gridVoltage: 231.2 });
    expect(valuesOf(undefined, reader, 'house/meter')).toEqual({});
    expect(valuesOf('grid', { ...reader, battery_voltage: 12.25 })).toEqual({ gridPower: 512, gridVoltage: 231.2 });
  });

  test('may be called a meter’s at the grid alone, and what is drawn now its power', () => {
    const reader = { 'meter_-_total_energy': 0.135, 'Measured Power': 786.6 };
    expect(valuesOf('grid', reader)).toEqual({ totalGridImport: 0.135, gridPower: 786.6 });
    expect(valuesOf('load', { meter_power: 512.5, voltage: 231.2 })).toEqual({ outputVoltage: 231.2 });
    const drawn = { current_power_consumption_kw: 0.21679, current_power_consumption_phase1_kw: 0.21679 };
    expect(valuesOf('grid', drawn)).toEqual({ gridPower: 216.79 });
    expect(valuesOf('grid', { current_power: 74_116, voltage: 231.2 })).toEqual({ gridVoltage: 231.2 });
  });

  test('between two phases are no voltage of the mains', () => {
    expect(valuesOf('load', { voltage_l1_l2: 401.5, voltage_l1: 231.5, current_neutral: 0.2 })).toEqual({
      outputVoltage: 231.5,
    });
  });

  test('of both ways together are neither bought nor sold', () => {
    const counted = { P: -412, E_import: 4532.678, E_export: 8123.9, 'Total energy': 12656.578 };
    expect(valuesOf('grid', counted)).toMatchObject({ totalGridImport: 4532.678, totalGridExport: 8123.9 });
  });

  test('are those of three phases where the phase is R, S or T, and no words', () => {
    const three = { vR: 221.4, vS: 223.1, vT: 220.8, vRS: 384.9, iR: 2.1, iS: 0.9, iT: 4.3, pR: 441, pS: 188, pT: 912 };
    expect(valuesOf('load', three)).toEqual({ outputVoltage: 221.4, outputCurrent: 7.3, loadPower: 1541 });
    expect(valuesOf('load', { is: 12, at: 17, it: 3, us: 120 })).toEqual({});
  });

  test('stand in lists of three, and in no longer ones and none of several things', () => {
    const phases = { vrms: [231.2, 230.8, 232.1], irms: [2.1, 0.4, 1], wat: [471, -88, 228] };
    const read = { gridVoltage: 231.2, gridCurrent: 3.5, gridPower: 611 };
    expect(valuesOf('grid', { em: [{ adr: 1, ...phases }] })).toEqual(read);
    expect(valuesOf('grid', { samples: phases })).toEqual(read);
    expect(valuesOf('grid', { em: [phases, phases] })).toEqual({});
    expect(valuesOf('grid', { wat: [471, -88, 228, 12] })).toEqual({});
  });

  test('stand in a level of their own for each phase', () => {
    expect(valuesOf('grid', { L1: { V: 231.2, W: -130 }, L2: { V: 230.1, W: -282 }, Hz: 50.01 })).toEqual({
      ...{ gridVoltage: 231.2, gridPower: -412, gridFrequency: 50.01 },
    });
  });

  test('at the panels are those of the meter, when it measures alternating current', () => {
    expect(valuesOf('solar', { U: 231.2, P: 3240, F: 50.01, E: 9123.4 }, 'roof/pv')).toEqual({
      ...{ gridVoltage: 231.2, solarPower: 3240, gridFrequency: 50.01, totalEnergyProduced: 9123.4 },
    });
    expect(valuesOf('solar', { U: 310.2, I: 5.4, P: 1675 }, 'roof/pv')).not.toHaveProperty('gridVoltage');
  });
});

describe('a meter’s names with units', () => {
  const iem = { active_consumption_kw: 0.412, total_energy_consumption_kwh: 2.588, current_average_a: 0.6 };
  const phases = { current_l1_a: 1.2, current_l2_a: 0.6, voltage_l1_n_v: 231.2, voltage_l1_l2_v: 401.5 };

  test('say what was used, by phase, and no means', () => {
    expect(valuesOf('load', { ...iem, ...phases, reactive_consumption_kw: -0.2 })).toEqual({
      ...{ loadPower: 412, totalEnergyConsumed: 2.588, outputCurrent: 1.8, outputVoltage: 231.2 },
    });
  });

  test('of what was used say nothing of panels', () => {
    expect(valuesOf('solar', { ...iem, frequency: 50 }, 'roof/pv')).not.toHaveProperty('solarPower');
  });
});

describe('an entity of Home Assistant’s statestream, of a source that has a role', () => {
  const named = (role: SourceRole | undefined, said: [name: string, unit: string, value: string][]) => {
    const memory = new DialectMemory();
    const say = (topic: string, text: string): Record<string, unknown> => {
      const payload = new TextEncoder().encode(text);
      const message = { topic: `homeassistant/sensor/${topic}`, payload, receivedAt: AT, isRetained: false };
      return {
        ...interpretMessage(message, { timeZone: 'UTC', memory, ...(role && { role }) })?.interpretation.readings[0]
          ?.values,
      };
    };
    return said.map(([name, unit, value]) => {
      if (unit !== '') say(`${name}/unit_of_measurement`, `"${unit}"`);
      return say(`${name}/state`, value);
    });
  };
  const AT = Date.UTC(2026, 5, 1);
  const plug: [string, string, string][] = [
    ['waschmaschine_power_consumption', 'W', '412.3'],
    ['waschmaschine_voltage', 'V', '231.2'],
    ['waschmaschine_electric_current', 'A', '1.783'],
    ['waschmaschine_total_energy', 'Wh', '312410'],
    ['waschmaschine_temperature', '°C', '22.5'],
    ['waschmaschine_power_limit', 'W', '2300'],
    ['trockner_power', 'W', '812'],
  ];

  test('is what stands behind the name of its device; the first device is meant', () => {
    expect(named('load', plug)).toEqual([
      ...[{ loadPower: 412.3 }, { outputVoltage: 231.2 }, { outputCurrent: 1.783 }, { totalEnergyConsumed: 312.41 }],
      ...[{}, {}, {}],
    ]);
    expect(named(undefined, plug).flatMap(Object.keys)).toEqual([]);
    expect(named('grid', plug).flatMap(Object.keys)).toEqual([]);
  });

  test('of another device is meant once the first was silent for a day', () => {
    const { leading } = new PartMemory();
    expect([0, 1, 2].map((hour) => leading.isLeading(hour === 1 ? 'b' : 'a', AT + hours(hour)))).toEqual([
      true,
      false,
      true,
    ]);
    expect([leading.isLeading('b', AT + hours(26.1)), leading.isLeading('a', AT + hours(27))]).toEqual([true, false]);
  });

  test('may be called by what is used', () => {
    const used: [string, string, string][] = [
      ['kp115_current_consumption', 'W', '61.4'],
      ['kp115_total_consumption', 'kWh', '102.31'],
      ['kp115_today_s_consumption', 'kWh', '0.412'],
      ['kp115_this_month_s_consumption', 'kWh', '8.21'],
      ['kp115_summation_delivered', 'kWh', '102.32'],
    ];
    expect(named('load', used)).toEqual([
      ...[{ loadPower: 61.4 }, { totalEnergyConsumed: 102.31 }, { dailyEnergyConsumed: 0.412 }, {}],
      { totalEnergyConsumed: 102.32 },
    ]);
  });

  test('of a meter counts each way where it says which', () => {
    expect(
      named('grid', [
        ['meter7_energy_return', 'kWh', '2210.804'],
        ['meter7_total_active_energy', 'kWh', '12.5'],
      ]),
    ).toEqual([{ totalGridExport: 2210.804 }, {}]);
    expect(
      named('grid', [
        ['solar_energy', 'kWh', '2210.804'],
        ['kitchen_power', 'W', '230'],
      ]),
    ).toEqual([{}, {}]);
  });
});

describe('a capacity without a unit', () => {
  const pack = { soc: 61, total_voltage: 52.1, cell_voltages: [3.31], full_capacity: 280 };

  test('is in Ah where the voltage and the charge leave nothing else', () => {
    const both = { batteryCapacity: 280, remainingCapacity: 171 };
    expect(valuesOf(undefined, { ...pack, remaining_capacity: 171 }, 'bms/pack1')).toMatchObject(both);
    expect(valuesOf(undefined, { ...pack, remaining_capacity: 61 }, 'bms/pack1')).not.toHaveProperty(
      'remainingCapacity',
    );
    const small = { ...pack, total_voltage: 13.1, remaining_capacity: 171 };
    expect(valuesOf(undefined, small, 'bms/pack1')).not.toHaveProperty('remainingCapacity');
  });
});

describe('what stands beside a meter’s bare values', () => {
  const oneAt = (role: SourceRole, ...topics: [string, string][]) => {
    const memory = new DialectMemory();
    return topics.map(([topic, text]) => {
      const message = {
        topic,
        payload: new TextEncoder().encode(text),
        receivedAt: Date.UTC(2026, 5, 1),
        isRetained: false,
      };
      return { ...interpretMessage(message, { timeZone: 'UTC', memory, role })?.interpretation.readings[0]?.values };
    });
  };

  test('says that a whole is in kilowatts, where its phases are in watts', () => {
    const phases = { l1_power_active: 208, l2_power_active: 229, l3_power_active: 16 };
    expect(valuesOf('grid', { ...phases, power_active: 0.453 })).toEqual({ gridPower: 453 });
    expect(valuesOf('grid', { ...phases, power_active: 453 })).toEqual({ gridPower: 453 });
  });

  test('counts from nought or from one, in names and in levels', () => {
    const clamps = { power0_W: 1750, power1_W: 20, power2_W: 0 };
    expect(valuesOf('grid', { model: 'CurrentCost-TX', id: 2033, ...clamps })).toEqual({ gridPower: 1770 });
    const phase = (power: number) => ({ power, voltage: 230, current: power / 230 });
    const levels = { powerPhase0: phase(230), powerPhase1: phase(460), powerPhase2: phase(115) };
    expect(valuesOf('grid', levels)).toEqual({ gridPower: 805, gridVoltage: 230, gridCurrent: 3.5 });
    const counted = { totalConsumption: 9261.5, totalProduction: 367.25 };
    expect(valuesOf('grid', { energyPhase0: counted, energyPhase1: counted, ...levels })).toMatchObject({
      ...{ totalGridImport: 18523, totalGridExport: 734.5 },
    });
  });

  test('of several things is none’s', () => {
    expect(valuesOf('grid', { heat: { power: 120 }, light: { power: 80 } })).toEqual({});
  });

  test('adds up the outlets of a strip', () => {
    expect(oneAt('load', ['homie/strip/port1/power', '3.5'], ['homie/strip/port2/power', '7'])).toEqual([
      { loadPower: 3.5 },
      { loadPower: 10.5 },
    ]);
  });

  test('is no grid’s, where a vehicle is charged or an inverter speaks', () => {
    const topics: [string, string][] = [
      ['wbec/lp/1/power', '4.21'],
      ['wbec/lp/1/currL1', '6.1'],
      ['wbec/inverter/pwrInv', '2140'],
    ];
    expect(oneAt('grid', ...topics)).toEqual([{}, {}, {}]);
  });

  test('counts a lifetime in its own unit, and what is relative nowhere', () => {
    expect(oneAt('load', ['TWC/8B2F/lifetimekWh', '159'])).toEqual([{ totalEnergyConsumed: 159 }]);
    expect(valuesOf('load', { power: 4209, energy_rel: 12.25, energy_abs: 218.5 })).toEqual({
      ...{ loadPower: 4209, totalEnergyConsumed: 218.5 },
    });
  });
});
