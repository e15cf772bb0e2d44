import { describe, expect, test } from 'bun:test';
import { dialects } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { MessageView } from '../payload/message-view.ts';
import { understand } from '../understand.ts';
import { Heard, type HeardDevice, saidTwice } from './heard.ts';

const AT = Date.UTC(2026, 5, 21, 10);

/** What is made of a house's messages when they are said twice, each device with a memory of its own as in the inbox. */
function heardOf(messages: readonly (readonly [topic: string, payload: string | object])[]): HeardDevice[] {
  const heard = new Heard();
  const memories = new Map<string, DialectMemory>();
  for (const [i, [topic, payload]] of [...messages, ...messages].entries()) {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const message = { topic, payload: new TextEncoder().encode(text), receivedAt: AT + 1000 * i, isRetained: false };
    const device = heard.filterOf(topic);
    const memory = memories.get(device) ?? new DialectMemory();
    memories.set(device, memory);
    const view = new MessageView(message);
    heard.note(view, understand(view, { timeZone: 'UTC', memory }, dialects));
  }
  return heard.since(0);
}

const filtersOf = (devices: readonly HeardDevice[]) => devices.map(({ filter }) => filter).sort();
const valuesOf = (devices: readonly HeardDevice[], filter: string) =>
  devices.find((one) => one.filter === filter)?.values;
const plug = (power: number) => ({ Time: '2026-06-21T10:00:00', ENERGY: { Total: 6.2, Power: power, Voltage: 227 } });

describe('what is one device', () => {
  test('each plug of Tasmota, wherever its topic says what kind of message it is', () => {
    const devices = heardOf([
      ['tele/washer/SENSOR', plug(20)],
      ['fridge/tele/SENSOR', plug(30)],
      ['tasmota/boiler/tele/SENSOR', plug(40)],
      ['tasmota/freezer/tele/SENSOR', plug(50)],
      ['cellar/tele/pump/SENSOR', plug(60)],
    ]);
    const filters = ['+/washer/#', 'fridge/#', 'tasmota/boiler/#', 'tasmota/freezer/#', 'cellar/+/pump/#'];
    expect(filtersOf(devices)).toEqual(filters.sort());
    expect(valuesOf(devices, 'tasmota/boiler/#')).toMatchObject({ loadPower: 40 });
  });

  test('a node of ESPHome that measures something unknown', () => {
    const devices = heardOf([
      ['garage-meter/sensor/power/state', '415'],
      ['garage-meter/sensor/voltage/state', '230'],
      ['garage-meter/status', 'online'],
    ]);
    expect(filtersOf(devices)).toEqual(['garage-meter/#']);
    expect(devices[0]?.name).toBe('Garage meter');
  });

  test('each of two that say the same of themselves in one message', () => {
    const devices = heardOf([
      ['iot/dev1', { pv_power: 1840, battery_soc: 55 }],
      ['iot/dev2', { pv_power: 900, battery_soc: 80 }],
    ]);
    expect(filtersOf(devices)).toEqual(['iot/dev1/#', 'iot/dev2/#']);
    expect(valuesOf(devices, 'iot/dev1/#')).toEqual({ solarPower: 1840, stateOfCharge: 55 });
  });

  test('each of two that say the same of themselves topic by topic', () => {
    const devices = heardOf([
      ...(['barn', 'house'] as const).flatMap((where) => [
        [`sun/${where}/pv_power`, '1500'] as const,
        [`sun/${where}/battery_soc`, '71'] as const,
      ]),
    ]);
    expect(filtersOf(devices)).toEqual(['sun/barn/#', 'sun/house/#']);
  });

  test('what tells parts that differ in their number', () => {
    const devices = heardOf([
      ['inverter/string_1/pv_power', '1000'],
      ['inverter/string_1/pv_voltage', '300'],
      ['inverter/string_2/pv_power', '1500'],
      ['inverter/string_2/pv_voltage', '310'],
    ]);
    expect(filtersOf(devices)).toEqual(['inverter/#']);
    expect(devices[0]?.values).toMatchObject({ solarPower: 2500 });
  });

  test('what tells different things by the same word', () => {
    const devices = heardOf([
      ['ess/pv/power', '1000'],
      ['ess/load/power', '400'],
      ['ess/pv/voltage', '310'],
      ['ess/load/voltage', '230'],
    ]);
    expect(filtersOf(devices)).toEqual(['ess/#']);
  });

  test('what says a part of itself twice in different messages', () => {
    const devices = heardOf([
      ['hybrid/now', { pv_power: 1840, battery_soc: 55 }],
      ['hybrid/all', { pv_power: 1840, battery_soc: 55, load_power: 320 }],
    ]);
    expect(filtersOf(devices)).toEqual(['hybrid/#']);
  });
});

describe('what several devices say', () => {
  test('is told where one source would take turns between them', () => {
    const devices = heardOf([
      ['iot/dev1', { pv_power: 1840, battery_soc: 55 }],
      ['iot/dev2', { pv_power: 900, battery_soc: 80, load_power: 300 }],
      ['iot/dev3', { pv_power: 900, battery_soc: 80, load_power: 300 }],
    ]);
    expect(saidTwice(devices).sort()).toEqual(['loadPower', 'solarPower', 'stateOfCharge']);
  });

  test('is nothing to warn of where it is added up, or said once', () => {
    expect(
      saidTwice(
        heardOf([
          ['fridge/tele/SENSOR', plug(30)],
          ['boiler/tele/SENSOR', plug(40)],
        ]),
      ),
    ).toEqual([]);
    expect(saidTwice(heardOf([['hybrid/now', { pv_power: 1840, battery_soc: 55 }]]))).toEqual([]);
  });
});

describe('what a device is called', () => {
  test('after its maker or program where its topic has a serial number alone', () => {
    const [device] = heardOf([['N/c0619ba4d2e1/system/0/Dc/Battery/Soc', { value: 71 }]]);
    expect(device?.name).toBe('Victron Venus OS d2e1');
  });

  test('after the level before where its topic ends in numbers', () => {
    const [device] = heardOf([['gwo/7/9/17', '12.5']]);
    expect(device?.name).toBe('Gwo 7 9');
  });

  test('Home Assistant, where it publishes its entities', () => {
    const [device] = heardOf([
      ['homeassistant/sensor/solaredge_pv_power/state', '3200'],
      ['homeassistant/sensor/solaredge_pv_power/unit_of_measurement', '"W"'],
    ]);
    expect(device?.name).toBe('Home Assistant');
  });
});

test('of very many topics those that were silent longest are forgotten', () => {
  const heard = new Heard();
  for (let i = 0; i < 6000; i++) {
    const payload = new TextEncoder().encode('{"pv_power":1840,"battery_soc":55}');
    const view = new MessageView({ topic: `d${i}/now`, payload, receivedAt: AT + i, isRetained: false });
    heard.note(view, { dialect: null, recognition: null, values: {}, problem: null });
  }
  const devices = heard.since(0);
  expect(devices).toHaveLength(200);
  expect(devices[0]?.filter).toBe('d5999/#');
});
