import { describe, expect, test } from 'bun:test';
import { listener } from '../../testing/listener.ts';

const AT = Date.UTC(2026, 5, 21, 10);
const device = { identifiers: ['inv1'], name: 'Hybrid inverter', manufacturer: 'Maker' };
const ofPanels = { name: 'PV power', unit_of_measurement: 'W', device_class: 'power', state_topic: 'inv1/pv_power' };

describe('what an announcement calls a setting', () => {
  test.each(['number', 'select', 'switch', 'text', 'climate', 'water_heater'])(
    'is no measurement where a %s says it, whatever its name',
    (component) => {
      const { say } = listener();
      say('inv1/solar_power', '1200', AT);
      say('inv1/battery_soc', '61', AT);
      expect(say('inv1/load_power', '300', AT)).toEqual({ loadPower: 300 });
      const setting = { name: 'Load power', unique_id: 'a', state_topic: 'inv1/load_power', device };
      say(`homeassistant/${component}/inv1/load/config`, setting, AT);
      expect(say('inv1/load_power', '5000', AT)).toEqual({});
      expect(say('inv1/solar_power', '1300', AT)).toEqual({ solarPower: 1300 });
    },
  );

  test('is no measurement where one message announces a whole device', () => {
    const { say } = listener();
    say('inv1/solar_power', '1200', AT);
    say('inv1/battery_soc', '61', AT);
    const cmps = {
      pv: { ...ofPanels, p: 'sensor', unique_id: 'pv', state_topic: 'inv1/solar_power' },
      set: { p: 'number', name: 'Load power', unique_id: 'set', stat_t: '~/load_power', cmd_t: '~/grid_charge_power' },
    };
    say('homeassistant/device/inv1/config', { '~': 'inv1', dev: device, cmps }, AT);
    expect(say('inv1/load_power', '5000', AT)).toEqual({});
    expect(say('inv1/grid_charge_power', '5000', AT)).toEqual({});
    expect(say('inv1/solar_power', '900', AT)).toEqual({ solarPower: 900 });
  });

  test('is none of a command either, by whatever key its topic is announced', () => {
    const { say } = listener();
    say('inv1/solar_power', '1200', AT);
    say('inv1/battery_soc', '61', AT);
    const climate = { name: 'Boost', unique_id: 'b', temperature_command_topic: 'inv1/battery_temperature', device };
    say('homeassistant/climate/inv1/boost/config', climate, AT);
    expect(say('inv1/battery_temperature', '55', AT)).toEqual({});
  });

  test('stands on a topic of its own: what shares an object with measurements changes nothing of them', () => {
    const { say } = listener();
    const own = { unique_id: 'pv', state_topic: 'inv1/state', value_template: '{{ value_json.pv }}', device };
    say('homeassistant/sensor/inv1/pv/config', { ...ofPanels, ...own }, AT);
    const setting = {
      name: 'Charge power',
      unique_id: 'c',
      state_topic: 'inv1/state',
      command_topic: 'inv1/set',
      device,
    };
    say('homeassistant/number/inv1/c/config', { ...setting, value_template: '{{ value_json.charge }}' }, AT);
    expect(say('inv1/state', { pv: 900, charge: 5000 }, AT)).toEqual({ solarPower: 900 });
  });

  test('is one where a sensor shows the same topic', () => {
    const { say } = listener();
    const shown = { ...ofPanels, name: 'Load power', unique_id: 's', state_topic: 'inv1/load_power', device };
    say('homeassistant/sensor/inv1/s/config', shown, AT);
    expect(say('inv1/load_power', '5000', AT)).toEqual({ loadPower: 5000 });
    const setting = { name: 'Load power', unique_id: 'n', state_topic: 'inv1/load_power', command_topic: 'x', device };
    say('homeassistant/number/inv1/n/config', setting, AT);
    expect(say('inv1/load_power', '5000', AT)).toEqual({});
  });

  test('is one no longer once it is withdrawn', () => {
    const { say } = listener();
    say('inv1/solar_power', '1200', AT);
    say('inv1/battery_soc', '61', AT);
    const setting = { name: 'Load power', unique_id: 'a', state_topic: 'inv1/load_power', device };
    say('homeassistant/number/inv1/load/config', setting, AT);
    expect(say('inv1/load_power', '5000', AT)).toEqual({});
    say('homeassistant/number/inv1/load/config', '', AT);
    expect(say('inv1/load_power', '300', AT)).toEqual({ loadPower: 300 });
  });

  test.each(['number', 'input_number', 'select', 'input_select', 'text', 'climate'])(
    'is none under a level that calls it a %s, without any announcement',
    (component) => {
      const { say } = listener();
      const base = 'solar-inverter';
      say(`${base}/sensor/solar_power/state`, '1200', AT);
      say(`${base}/sensor/battery_soc/state`, '61', AT);
      expect(say(`${base}/${component}/load_power/state`, '5000', AT)).toEqual({});
      expect(say(`${base}/sensor/load_power/state`, '300', AT)).toEqual({ loadPower: 300 });
    },
  );
});
