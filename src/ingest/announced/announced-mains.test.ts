import { expect, test } from 'bun:test';
import { hearing } from '../../testing/hearing.ts';

function announced(device: object) {
  const say = hearing();
  for (const [kind, unit] of Object.entries({ voltage: 'V', current: 'A' })) {
    const config = {
      ...{ name: `Solar ${kind}`, state_topic: `x/${kind}`, unit_of_measurement: unit, device_class: kind },
      ...{ unique_id: `x_${kind}`, device },
    };
    say(`homeassistant/sensor/x_${kind}/config`, JSON.stringify(config));
  }
  return say;
}

test('an announced plug that is called after the panels behind it says nothing of theirs', () => {
  const say = announced({ identifiers: ['x'], name: 'Solar plug', model: 'S1' });
  expect(say('x/voltage', '231.4')).toEqual({});
  expect(say('x/current', '2.4')).toEqual({});
});

test('they are the panels’ once the voltage was one that no mains has', () => {
  const say = announced({ identifiers: ['x'], name: 'Roof' });
  expect(say('x/voltage', '38.2')).toEqual({ solarVoltage: 38.2 });
  expect(say('x/current', '2.4')).toEqual({ solarCurrent: 2.4 });
  expect(say('x/voltage', '231.4')).toEqual({ solarVoltage: 231.4 });
});

test('an inverter means its panels', () => {
  const say = announced({ identifiers: ['x'], name: 'Growatt inverter' });
  expect(say('x/voltage', '231.4')).toEqual({ solarVoltage: 231.4 });
});
