import { expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { emptyRule, type MappingRule } from '../mapping/mapping.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { MessageView } from '../payload/message-view.ts';
import { freeNumbers } from './free-numbers.ts';

const context = { timeZone: 'UTC' };
const pathsOf = (topic: string, payload: string, rules: Partial<MappingRule>[] = []) => {
  const message = { topic, payload: new TextEncoder().encode(payload), receivedAt: 1_767_225_600_000 };
  const view = new MessageView({ ...message, isRetained: false });
  return freeNumbers(
    view,
    rules.map((rule) => ({ ...emptyRule, ...rule })),
    context,
  ).map(({ path }) => path);
};
const own = 'ampra/8f14e45f-ceea-467f-a0e6-5a1e3f0c2b11/telemetry';

test('every number is free in a message of Ampra’s own format that has no name of the catalogue', () => {
  expect(pathsOf(own, '{"PV-Leistung":1900,"Ladezustand":77,"ort":"Keller"}')).toEqual(['PV-Leistung', 'Ladezustand']);
});

test('of a message that a dialect knows, only those are free that it makes nothing of', () => {
  expect(pathsOf(own, '{"solarPower":1900,"foo":3}')).toEqual(['foo']);
  expect(pathsOf(own, '{"solarPower":1900,"batteryVoltage":52800}')).toEqual(['batteryVoltage']);
  const plug = '{"ENERGY":{"Total":5.1,"Power":340,"Voltage":231,"Current":1.5},"AM2301":{"Temperature":21.5}}';
  const free = pathsOf('tele/plug/SENSOR', plug);
  expect(free).toContain('AM2301.Temperature');
  expect(free).not.toContain('ENERGY.Power');
});

test('what a line names is not free, and a bare value is only when nobody knows it', () => {
  expect(pathsOf('x/y', '{"q":1,"z":2}', [{ topic: 'x/y', path: 'q', metric: 'solarPower' }])).toEqual(['z']);
  expect(pathsOf('heizung/vorlauf', '41.5')).toEqual(['']);
  expect(pathsOf('heizung/vorlauf', '41.5', [{ topic: 'heizung/+', metric: 'inverterTemperature' }])).toEqual([]);
  expect(pathsOf('solar_assistant/inverter_1/pv_power/state', '812')).toEqual([]);
});

test('what is read only because of earlier messages is not free', () => {
  const memory = new DialectMemory();
  const heard = (topic: string, payload: string) => {
    const message = { topic, payload: new TextEncoder().encode(payload), receivedAt: 1_767_225_600_000 };
    return new MessageView({ ...message, isRetained: false });
  };
  const known = { ...context, memory };
  for (const [topic, payload] of [
    ['ems/pv_power', '1200'],
    ['ems/battery_soc', '61'],
  ] as const)
    interpretMessage(heard(topic, payload), known);
  expect(freeNumbers(heard('ems/load_power', '300'), [], known)).toEqual([]);
  expect(freeNumbers(heard('ems/load_power', '300'), [], context)).toHaveLength(1);
});

test.each<[topic: string, payload: string, metric: string | null, unit: string]>([
  ['garden/box', '{"pv":{"kw":0.75}}', 'solarPower', 'kW'],
  ['ems/battery_power', '-300', 'batteryPower', ''],
  ['ems/battery/soc', '0.61', 'stateOfCharge', '0..1'],
  ['shed/box', '{"battery_voltage_mV":13120}', 'batteryVoltage', 'mV'],
  ['shed/box/battery_voltage', '13120 mV', 'batteryVoltage', 'mV'],
  ['shed/box', '{"pv":"0,75 kW"}', 'solarPower', 'kW'],
  ['shed/box', '{"pv":"12 A"}', 'solarCurrent', ''],
  ['shed/box/a', '12 W', null, ''],
  ['garden/box', '{"wifi":{"rssi":-67}}', null, ''],
  ['garden/box', '{"charge_power":300}', null, ''],
])('%s %s may be %p in %p', (topic, payload, metric, unit) => {
  const message = { topic, payload: new TextEncoder().encode(payload), receivedAt: 1_767_225_600_000 };
  expect(freeNumbers(new MessageView({ ...message, isRetained: false }), [], context)).toMatchObject([
    { metric, unit },
  ]);
});

test('powers come first, halves of one too, before voltages and what says nothing', () => {
  const payload = '{"rssi":-67,"bat_v":51.2,"p_in":120,"charge_power":300}';
  expect(pathsOf('shed/box', payload)).toEqual(['charge_power', 'bat_v', 'rssi', 'p_in']);
});
