import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { MessageView } from '../payload/message-view.ts';
import { emptyRule, type MappingRule, mappingDialect, readRules } from './mapping.ts';
import { givenUp, MAPPING_FORMAT, mappingFileOf, readMappingFile } from './mapping-file.ts';

const rule = (more: Partial<MappingRule>): MappingRule => ({ ...emptyRule, ...more });
const view = (topic: string, payload: string) =>
  new MessageView({
    topic,
    payload: new TextEncoder().encode(payload),
    receivedAt: 1_750_000_000_000,
    isRetained: false,
  });

function valuesOf(rules: MappingRule[], messages: [topic: string, payload: string][]) {
  const dialect = mappingDialect(rules);
  const context = { timeZone: 'Europe/Berlin', memory: new DialectMemory() };
  return messages.map(([topic, payload]) => {
    const message = view(topic, payload);
    return dialect.recognise(message, context) ? dialect.interpret(message, context).readings[0] : null;
  });
}

describe('a mapping', () => {
  test('takes a scalar, and one value of many goes into the reading of its second', () => {
    const [reading] = valuesOf([rule({ topic: 'shed/pv/power', metric: 'solarPower' })], [['shed/pv/power', '812.5']]);
    expect(reading).toMatchObject({ values: { solarPower: 812.5 }, isPartial: true, time: null });
  });

  test('finds a value in JSON, and turns unit and sign', () => {
    const rules = [
      rule({ topic: 'box', path: 'ENERGY.Power', metric: 'solarPower', unit: 'kW' }),
      rule({ topic: 'box', path: 'bat[1].p', metric: 'batteryPower', factor: -1 }),
      rule({ topic: 'box', path: "['t.out']", metric: 'inverterTemperature', unit: '°F' }),
      rule({ topic: 'box', path: 'raw', metric: 'gridVoltage', factor: 0.1 }),
      rule({ topic: 'box', path: 'mode', metric: 'operatingMode' }),
    ];
    const payload = '{"ENERGY":{"Power":1.25},"bat":[{},{"p":300}],"t.out":104,"raw":2301,"mode":"Line"}';
    expect(valuesOf(rules, [['box', payload]])[0]?.values).toEqual({
      solarPower: 1250,
      batteryPower: -300,
      inverterTemperature: 40,
      gridVoltage: 230.1,
      operatingMode: 'Line',
    });
  });

  test('reads a number in the unit behind it, and none in one of something else', () => {
    const rules = [rule({ topic: 'shed/+', metric: 'gridPower', unit: 'W', factor: -1 })];
    const said = ['412 W', '0.412 kW', '412', '231 V'].map((payload): [string, string] => ['shed/a', payload]);
    expect(valuesOf(rules, said).map((reading) => reading?.values.gridPower)).toEqual([-412, -412, -412, undefined]);
  });

  test('adds what is told apart by {name}, and takes what is not as the newest word', () => {
    const adding = [rule({ topic: 'meter/{phase}/w', metric: 'gridPower', adds: true })];
    const messages: [string, string][] = [
      ['meter/L1/w', '100'],
      ['meter/L2/w', '50'],
      ['meter/L1/w', '120'],
    ];
    expect(valuesOf(adding, messages).map((r) => r?.values.gridPower)).toEqual([100, 150, 170]);
    const plain = [rule({ topic: 'meter/+/w', metric: 'gridPower' })];
    expect(valuesOf(plain, messages).map((r) => r?.values.gridPower)).toEqual([100, 50, 120]);
  });

  test('leaves alone what it does not name, so that dialects may know it', () => {
    const rules = [rule({ topic: 'a/b', path: 'x', metric: 'loadPower' })];
    expect(
      valuesOf(rules, [
        ['a/b', '{"y":1}'],
        ['a', '5'],
        ['a/b/c', '{"x":1}'],
        ['a/b', '5'],
      ]),
    ).toEqual([null, null, null, null]);
  });

  test('takes the device’s own time, local time in the source’s zone', () => {
    const rules = [
      rule({ topic: 'g', path: 'p', metric: 'solarPower' }),
      rule({ topic: 'g', path: 't', metric: 'timestamp' }),
    ];
    const [reading] = valuesOf(rules, [['g', '{"p":5,"t":"2025-06-15 12:00:00"}']]);
    expect(reading?.time).toBe(Date.UTC(2025, 5, 15, 10));
  });

  test('keeps an unknown value out and rejects an impossible one', () => {
    const rules = [rule({ topic: 'soc', metric: 'stateOfCharge' })];
    expect(valuesOf(rules, [['soc', 'nan']])[0] ?? null).toBeNull();
    const dialect = mappingDialect(rules);
    const { rejected } = dialect.interpret(view('soc', '250'), { timeZone: 'UTC' });
    expect(rejected).toMatchObject([{ field: 'stateOfCharge' }]);
  });

  test('never throws, whatever comes', () => {
    const rules = [
      rule({ topic: '#', path: 'a[0].b', metric: 'solarPower', unit: 'kW' }),
      rule({ topic: '+/{x}', metric: 'loadPower', adds: true }),
      rule({ topic: '#', path: 'a', metric: 'faultCodes' }),
    ];
    const dialect = mappingDialect(rules);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.string(), (payload, topic) => {
        const message = view(topic, payload);
        dialect.recognise(message, { timeZone: 'UTC' });
        for (const { values } of dialect.interpret(message, { timeZone: 'UTC' }).readings)
          for (const value of Object.values(values))
            expect(typeof value === 'number' && !Number.isFinite(value)).toBe(false);
      }),
    );
  });
});

describe('rules', () => {
  test('say which field is wrong', () => {
    const result = readRules([
      { topic: 'a', metric: 'solarPower', unit: 'V' },
      { topic: 'a/#/b', path: 'x..y', metric: 'sunniness', factor: 0, colour: 1 },
      'nonsense',
    ]);
    const fields = result.ok ? [] : (result.error.fields ?? []).map((f) => f.field);
    expect(fields).toEqual([
      'rules[0].unit',
      'rules[1].colour',
      'rules[1].topic',
      'rules[1].path',
      'rules[1].factor',
      'rules[1].metric',
      'rules[2]',
    ]);
  });

  test('come back from a file as they went', () => {
    const rules = [rule({ topic: 'a/{b}', path: 'x', metric: 'solarPower', unit: 'kW', factor: -2, adds: true })];
    const read = readMappingFile(JSON.stringify({ format: MAPPING_FORMAT, rules }));
    expect(read).toEqual({ ok: true, value: rules });
  });

  test.each([
    ['{', 'file'],
    ['{"rules":[]}', 'format'],
    [`{"format":"${MAPPING_FORMAT}"}`, 'rules'],
  ])('a file %s is refused at %s', (text, field) => {
    expect(readMappingFile(text)).toMatchObject({ ok: false, error: { code: 'invalid', field } });
  });
});

describe('the file of a mapping', () => {
  const rules = [
    { ...emptyRule, topic: 'ampra/s1/telemetry', path: 'PV', metric: 'solarPower' },
    { ...emptyRule, topic: 'box/s10/values', path: 'q', metric: 'loadPower' },
  ];

  test('serves another source, whose own topic is called otherwise', () => {
    const file = mappingFileOf('s1', rules);
    expect(file.rules.map(({ topic }) => topic)).toEqual(['ampra/+/telemetry', 'box/s10/values']);
    expect(readMappingFile(JSON.stringify(file))).toMatchObject({ ok: true, value: file.rules });
  });

  test('gives up what it says no more', () => {
    expect(givenUp(rules, rules.slice(0, 1))).toEqual(['Load power']);
    expect(givenUp(rules, [...rules].reverse())).toEqual([]);
    expect(givenUp([{ ...emptyRule, metric: 'timestamp' }], [])).toEqual([]);
  });
});
