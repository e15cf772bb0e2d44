import { describe, expect, test } from 'bun:test';
import { listener } from '../../testing/listener.ts';

const AT = Date.UTC(2026, 5, 21, 10);
const said = (topics: readonly (readonly [topic: string, value: unknown])[]) => {
  const { say } = listener();
  return topics.map(([topic, value], i) => say(topic, value, AT + 1000 * i));
};

describe('a voltage that a plug named after the panels may have measured', () => {
  test('is no panel’s, one a topic', () => {
    const plug = said([
      ['home/battery/soc', '61'],
      ['home/solar/power', '450'],
      ['home/solar/voltage', '231.2'],
      ['home/solar/current', '1.95'],
    ]);
    expect(plug.slice(1)).toEqual([{ solarPower: 450 }, {}, {}]);
    expect(said([['homeassistant/sensor/solar_plug_voltage/state', '231']])).toEqual([{}]);
  });

  test('is no panel’s in an object, and less so with a frequency beside', () => {
    const power = { power: 450, voltage: 231.2, current: 1.95 };
    expect(said([['garage/solar', power]])).toEqual([{ solarPower: 450 }]);
    expect(said([['garage/solar', { ...power, voltage: 48.1, frequency: 50.01 }]])).toEqual([{ solarPower: 450 }]);
  });

  test('is the panels’ beside a battery or a load that one device says with it', () => {
    const hybrid = said([
      ['ems/battery_soc', '61'],
      ['ems/pv_power', '900'],
      ['ems/pv_voltage', '231.2'],
      ['ems/pv_current', '3.9'],
    ]);
    expect(hybrid.slice(2)).toEqual([{ solarVoltage: 231.2 }, { solarCurrent: 3.9 }]);
  });

  test('is the panels’ once it was one that no mains has', () => {
    const one = said([
      ['roof/solar/power', '450'],
      ['roof/solar/current', '8.2'],
      ['roof/solar/voltage', '55.1'],
      ['roof/solar/current', '8.2'],
      ['roof/solar/voltage', '121'],
    ]);
    expect(one.slice(1)).toEqual([{}, { solarVoltage: 55.1 }, { solarCurrent: 8.2 }, { solarVoltage: 121 }]);
    const object = said([312, 231].map((voltage) => ['roof/solar', { power: 900, voltage, current: 4 }] as const));
    expect(object.map(({ solarVoltage }) => solarVoltage)).toEqual([312, 231]);
  });

  test.each<[string, readonly (readonly [string, unknown])[]]>([
    ['an inverter says it', [['inverter/pv/voltage', '231']]],
    [
      'it is that of a string',
      [
        ['roof/solar/power', '450'],
        ['roof/solar/string1_voltage', '231'],
      ],
    ],
    ['other things of a house stand beside', [['ems/all', { pv_voltage: 231, pv_power: 900, battery_soc: 61 }]]],
  ])('is the panels’ where %s', (_, topics) => {
    expect(said(topics).at(-1)).toHaveProperty('solarVoltage', 231);
  });
});

test('a device of another program under the maker’s name is read by its words', () => {
  expect(
    said([
      ['deye/inverter/pv_power', '1200'],
      ['deye/inverter/load_power', '300'],
      ['deye/settings/workmode', '1'],
      ['deye/dc/pv1/power', '800'],
    ]),
  ).toEqual([{ solarPower: 1200 }, { loadPower: 300 }, {}, {}]);
});
