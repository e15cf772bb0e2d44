import { expect, test } from 'bun:test';
import { listener } from '../testing/listener.ts';

const AT = Date.UTC(2026, 5, 21, 10);

test('a topic that another dialect reads from now on does not count twice', () => {
  const { say } = listener();
  say('ems1/pv_power', '1200', AT);
  say('ems1/battery_soc', '61', AT);
  expect(say('ems1/pv_power', '1200', AT)).toEqual({ solarPower: 1200 });
  const device = { identifiers: ['ems1'], name: 'Hybrid inverter' };
  const entity = { name: 'PV power', unique_id: 'p', state_topic: 'ems1/pv_power', unit_of_measurement: 'W', device };
  say('homeassistant/sensor/ems1/pv/config', entity, AT);
  expect(say('ems1/pv_power', '1300', AT + 1000)).toEqual({ solarPower: 1300 });
});
