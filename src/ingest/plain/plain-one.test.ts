import { describe, expect, test } from 'bun:test';
import { minutes } from '../../core/durations.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const AT = Date.UTC(2026, 5, 21, 10);
function device() {
  const memory = new DialectMemory();
  return (topic: string, payload: string, at = AT) => {
    const message = { topic, payload: new TextEncoder().encode(payload), receivedAt: at, isRetained: false };
    const found = interpretMessage(message, { timeZone: 'UTC', memory });
    return { values: { ...found?.interpretation.readings[0]?.values }, reason: found?.recognition.reason ?? '' };
  };
}

describe('an inverter’s own AC power', () => {
  const hear = (say: ReturnType<typeof device>, topic = 'wr/ac_power') =>
    [0, 5, 10, 20, 31, 36].map((minute) => say(topic, String(1200 + minute), AT + minutes(minute)).values);

  test('is its panels’ once it has spoken for long and of no battery', () => {
    expect(hear(device())).toEqual([{}, {}, {}, {}, { solarPower: 1231 }, { solarPower: 1236 }]);
  });

  test.each(['wr/battery/soc', 'wr/akku_status', 'wr/charge_power'])(
    'is open where a battery is heard of: %s',
    (topic) => {
      const say = device();
      say(topic, 'charging', AT + minutes(1));
      expect(hear(say, 'wr/out/ac_power')).toEqual([{}, {}, {}, {}, {}, {}]);
    },
  );
});

describe('flows without a kind, one a topic', () => {
  const houses: [solar: number, load: number, grid: number][] = [
    ...([
      [2400, 700, -1700],
      [1900, 950, -950],
      [0, 620, 620],
      [40, 1900, 1860],
    ] as [number, number, number][]),
    ...([
      [3100, 800, -2300],
      [2800, 2000, -800],
      [900, 2500, 1600],
      [300, 1500, 1200],
    ] as [number, number, number][]),
  ];
  const rounds = (say: ReturnType<typeof device>, of: (values: [number, number, number]) => [number, number, number]) =>
    houses.map((values, i) => {
      const at = AT + minutes(i);
      const [solar, load, grid] = of(values);
      return [
        say('ems/pv', String(solar), at),
        say('ems/load', String(load), at + 100),
        say('ems/grid', String(grid), at + 200),
      ].map((one) => one.values);
    });

  test('are powers once they have added up again and again', () => {
    const all = rounds(device(), (values) => values);
    expect(all[0]).toEqual([{}, {}, {}]);
    expect(all.at(-1)).toEqual([{ solarPower: 300 }, { loadPower: 1500 }, { gridPower: 1200 }]);
  });

  test.each<[string, (values: [number, number, number]) => [number, number, number]]>([
    ['they are in kW', ([solar, load, grid]) => [solar / 1000, load / 1000, grid / 1000]],
    ['they do not add up', ([solar, load, grid]) => [solar, load + 900, grid]],
    ['they are energies', ([solar, load]) => [solar + 14_000, load + 12_000, 8000]],
  ])('stay open while %s', (_, of) => {
    expect(
      rounds(device(), of)
        .flat()
        .every((values) => Object.keys(values).length === 0),
    ).toBe(true);
  });

  test('do not disturb powers that are called so', () => {
    const say = device();
    const all = houses.map(([solar, load, grid], i) => {
      const at = AT + minutes(i);
      say('ems/pv_power', String(solar), at);
      say('ems/load_power', String(load), at + 100);
      say('ems/load', '8123', at + 150);
      return say('ems/grid_power', String(-grid), at + 200).values;
    });
    expect(all.at(-1)).toEqual({ gridPower: 1200 });
  });

  test('that come later are no powers because others are', () => {
    const say = device();
    rounds(say, (values) => values);
    expect(say('ems/import', '12.5', AT + minutes(9)).values).toEqual({});
    expect(say('ems/battery', '61', AT + minutes(9)).values).toEqual({});
  });
});

describe('entities of Home Assistant’s statestream', () => {
  const entity = (name: string) => `homeassistant/sensor/${name}/state`;

  test('without a device’s name are the house’s, once two kinds of them were heard', () => {
    const say = device();
    expect(say(entity('load_power'), '812').values).toEqual({});
    expect(say(entity('daily_pv_generation'), '21.4').values).toEqual({ dailyEnergyProduced: 21.4 });
    expect(say(entity('load_power'), '812').values).toEqual({ loadPower: 812 });
    expect(say(entity('total_pv_generation'), '12345.7').values).toEqual({ totalEnergyProduced: 12345.7 });
    expect(say(entity('battery_voltage'), '212.4').values).toEqual({ batteryVoltage: 212.4 });
    expect(say(entity('export_power'), '2311').values).toEqual({ gridPower: -2311 });
  });

  test.each([
    [entity('battery_voltage'), '12.6'],
    [entity('battery_level'), '61'],
    [entity('garage_plug_load_power'), '80'],
    [entity('desk_battery_voltage'), '212.4'],
    [entity('heat_pump_load_power'), '800'],
  ])('of things stay open beside them: %s', (topic, payload) => {
    const say = device();
    say(entity('daily_pv_generation'), '21.4');
    say(entity('load_power'), '812');
    expect(say(topic, payload).values).toEqual({});
  });

  test('of one device belong together by the name that they begin with', () => {
    const say = device();
    expect(say(entity('box_load_power'), '700').values).toEqual({});
    expect(say(entity('box_battery_voltage'), '12.6').values).toEqual({ batteryVoltage: 12.6 });
    expect(say(entity('box_load_power'), '700').values).toEqual({ loadPower: 700 });
    expect(say(entity('other_load_power'), '700').values).toEqual({});
  });

  test('of an inverter are open where any battery is heard of', () => {
    const say = device();
    say(entity('powerwall_battery_charge'), '61');
    for (const minute of [0, 20, 40])
      expect(say(entity('solaredge_ac_power'), '900', AT + minutes(minute)).values).toEqual({});
  });
});

describe('a battery without a name, one value a topic', () => {
  const round = (say: ReturnType<typeof device>, values: Record<string, string>) =>
    Object.assign({}, ...Object.entries(values).map(([name, value]) => say(`fogstar/${name}`, value).values));
  const pack = { voltage: '26.6', soc: '76', current: '-4.3', cycles: '12', temperature: '21' };

  test('is known once it has said what only a battery says', () => {
    const say = device();
    round(say, pack);
    expect(round(say, pack)).toEqual({ batteryVoltage: 26.6, stateOfCharge: 76, batteryTemperature: 21 });
  });

  test.each<[string, Record<string, string>]>([
    ['it has one cell', { ...pack, voltage: '3.9' }],
    ['it is a car’s', { ...pack, voltage: '382' }],
    ['nothing is counted', { voltage: '26.6', soc: '76', current: '-4.3' }],
    ['it says no charge', { voltage: '26.6', cycles: '12', current: '-4.3' }],
  ])('is nobody’s where %s', (_, values) => {
    const say = device();
    round(say, values);
    expect(round(say, values)).toEqual({});
  });

  test('is not made of entities that belong to nobody', () => {
    const say = device();
    for (const [name, value] of Object.entries(pack)) say(`homeassistant/sensor/${name}/state`, value);
    expect(say('homeassistant/sensor/soc/state', '76').values).toEqual({});
  });
});

describe('an inverter’s bare frequency', () => {
  test('is the mains’ where its voltage was heard, and of no battery', () => {
    const say = device();
    expect(say('kostal/inverter/frequency', '50.01').values).toEqual({});
    say('kostal/inverter/voltage_ac', '231.4');
    expect(say('kostal/inverter/frequency', '50.01').values).toEqual({ gridFrequency: 50.01 });
    say('kostal/inverter/battery_soc', '61');
    expect(say('kostal/inverter/frequency', '50.01').values).toEqual({});
  });
});

describe('what an inverter puts out beside a battery', () => {
  const offGrid: [string, string][] = [
    ['battery/voltage', '52.1'],
    ['grid/voltage', '231.2'],
    ['pv/power', '1200'],
    ['output/voltage', '230.1'],
    ['output/load_percent', '12'],
  ];
  const hear = (said: readonly [string, string][], base = 'easun') => {
    const say = device();
    for (const [topic, payload] of said) say(`${base}/${topic}`, payload);
    return say;
  };

  test.each(['output/power', 'output/active_power', 'ac_output_power'])(
    'is the load where it has a share: %s',
    (name) => {
      expect(hear(offGrid)(`easun/${name}`, '612').values).toEqual({ loadPower: 612 });
    },
  );

  test.each(['battery/voltage', 'output/voltage', 'output/load_percent'])('stays open without %s', (without) => {
    const say = hear(offGrid.filter(([topic]) => topic !== without));
    expect(say('easun/output/power', '612').values).toEqual({});
  });

  test('stays open where the load is said, too', () => {
    const say = hear([...offGrid, ['load/power', '580']]);
    expect(say('easun/output/power', '612').values).toEqual({});
  });
});

describe('what stands on single topics', () => {
  const AT = Date.UTC(2026, 5, 21, 10);
  const listener = (role?: 'grid') => {
    const memory = new DialectMemory();
    return (topic: string, payload: string) => {
      const message = { topic, payload: new TextEncoder().encode(payload), receivedAt: AT, isRetained: false };
      const context = { timeZone: 'UTC', memory, ...(role && { role }) };
      return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
    };
  };

  test('counts a day in kWh only where a day said so', () => {
    const say = listener();
    expect(say('solarstation/sensor/pv_array_input_power/state', '161.7')).toEqual({ solarPower: 161.7 });
    expect(say('solarstation/sensor/generated_energy_total/state', '812.4')).toEqual({ totalEnergyProduced: 812.4 });
    expect(say('solarstation/sensor/generated_energy_today/state', '620')).toEqual({});
    expect(say('solarstation/sensor/generated_energy_today/state', '6.2')).toEqual({ dailyEnergyProduced: 6.2 });
    expect(say('solarstation/sensor/generated_energy_today/state', '7')).toEqual({ dailyEnergyProduced: 7 });
  });

  test('waits for the unit of a lifetime that may be in MWh', () => {
    const say = listener();
    const topic = 'homeassistant/sensor/envoy_1_lifetime_energy_production';
    expect(say(`${topic}/state`, '12.3456')).toEqual({});
    expect(say(`${topic}/unit_of_measurement`, '"MWh"')).toEqual({});
    expect(say(`${topic}/state`, '12.3457')).toEqual({ totalEnergyProduced: 12_345.7 });
  });

  test('is of the kind that its own name says', () => {
    const say = listener('grid');
    expect(say('sensors/power/p1meter/l1_voltage', '231.2')).toEqual({ gridVoltage: 231.2 });
    expect(say('sensors/power/p1meter/actual_tarif_group', '2')).toEqual({});
    expect(say('sensors/power/p1meter/something', '2')).toEqual({});
    expect(listener()('bank/soc/current', '12.4')).toEqual({});
    expect(say('hichi/sensor/current_load/state', '-231')).not.toHaveProperty('gridCurrent');
    expect(say('espeasy/SDM230/ImpA', '102.3')).not.toHaveProperty('gridCurrent');
  });

  test('is on the side of the mains where it is the inverter’s or a meter’s own', () => {
    const say = listener();
    expect(say('home/solar/inverter_v', '230.1')).not.toHaveProperty('solarVoltage');
    expect(say('solar/powermeter/voltage1', '231.1')).not.toHaveProperty('solarVoltage');
    expect(say('bluetti/AC200M-1/state/ac_input_power', '640')).not.toHaveProperty('solarPower');
  });
});
