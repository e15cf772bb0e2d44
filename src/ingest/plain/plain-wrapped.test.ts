import { describe, expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { MessageView } from '../payload/message-view.ts';
import { unwrapped } from './plain-wrapped.ts';

const message = (topic: string, payload: unknown) => ({
  ...{ topic, receivedAt: Date.UTC(2026, 10, 20, 12), isRetained: false },
  payload: new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload)),
});
function inTurn(said: [topic: string, payload: unknown][]) {
  const memory = new DialectMemory();
  return said.map(([topic, payload]) => {
    const found = interpretMessage(message(topic, payload), { timeZone: 'UTC', memory });
    return { ...found?.interpretation.readings[0]?.values };
  });
}
const changed = (entity: string, state: string, unit: string, type = 'event_data') => ({
  event_type: 'state_changed',
  [type]: {
    entity_id: entity,
    old_state: null,
    new_state: { entity_id: entity, state, attributes: { unit_of_measurement: unit, friendly_name: entity } },
  },
});
const jeedom = (humanName: string, value: unknown, unite: string) => ({ value, humanName, unite, type: 'info' });

describe('a hub’s events, one value each', () => {
  test('are Home Assistant’s', () => {
    const events: [string, unknown][] = [
      ['ha/events', changed('sensor.growatt_battery_soc', '64', '%')],
      ['ha/events', changed('sensor.growatt_pv_power', '2504', 'W', 'data')],
      ['ha/events', changed('sensor.growatt_pv_power', 'unavailable', 'W')],
      ['ha/events', changed('sensor.kitchen_temperature', '21', '°C')],
      ['ha/events', changed('input_number.growatt_battery_soc', '20', '%')],
    ];
    expect(inTurn(events)).toEqual([{ stateOfCharge: 64 }, { solarPower: 2504 }, {}, {}, {}]);
  });

  test('are Jeedom’s', () => {
    const events: [string, unknown][] = [
      ['jeedom/cmd/event/101', jeedom('[Garage][Onduleur][Tension réseau]', 236.2, 'V')],
      ['jeedom/cmd/event/102', jeedom('[Garage][Onduleur][Puissance PV]', '2504', 'W')],
      ['jeedom/cmd/event/103', jeedom('[Salon][Thermostat][Température]', 20.5, '°C')],
    ];
    expect(inTurn(events)).toEqual([{ gridVoltage: 236.2 }, { solarPower: 2504 }, {}]);
  });

  test('are Node-RED’s messages and Telegraf’s metrics', () => {
    const events: [string, unknown][] = [
      ['solar/inverter', { topic: 'battery_soc', payload: 64, _msgid: 'a1.b2' }],
      ['solar/inverter/pv_power', { topic: 'pv_power', payload: 2504, _msgid: 'a1.b2' }],
      ['solar/inverter', { fields: { value: 236.2 }, name: 'grid_voltage', tags: { host: 'a' }, timestamp: 1 }],
    ];
    expect(inTurn(events)).toEqual([{ stateOfCharge: 64 }, { solarPower: 2504 }, { gridVoltage: 236.2 }]);
  });

  test.each([['{"pv_power": 1200}'], ['{"entity_id": 1, "state": 2}'], ['12'], ['{"humanName": "PV", "unite": "W"}']])(
    'are nothing else: %s',
    (payload) => {
      const view = new MessageView(message('solar/inverter', payload));
      expect(unwrapped(view)).toBe(view);
    },
  );
});
