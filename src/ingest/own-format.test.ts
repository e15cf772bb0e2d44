import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { findMetric, metrics, numericMetrics } from '../core/metrics.ts';
import type { IncomingMessage } from './dialect.ts';
import { interpretMessage } from './dialects.ts';
import { ownFormat } from './own-format.ts';

const message = (payload: string | Uint8Array, topic = 'ampra/s1/telemetry'): IncomingMessage => ({
  topic,
  payload: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload,
  receivedAt: Date.UTC(2026, 5, 1),
  isRetained: false,
});
const read = (json: unknown, timeZone = 'UTC') => ownFormat.interpret(message(JSON.stringify(json)), { timeZone });
const everything = {
  ...Object.fromEntries(numericMetrics.map((name, i) => [name, Math.min(90, 10 + i)])),
  operatingMode: 'Battery',
  deviceStatus: 'ok',
  faultCodes: ['F07', 'F51'],
  warningCodes: [],
};

describe("Ampra's own format", () => {
  test('takes every metric of the catalogue', () => {
    const { readings, rejected } = read(everything);
    expect(rejected).toEqual([]);
    expect(readings).toEqual([{ time: null, index: 0, values: everything as never }]);
    expect(Object.keys(everything)).toHaveLength(metrics.length);
  });

  test('takes a list and numbers its readings', () => {
    const { readings } = read([{ solarPower: 1 }, { solarPower: 2, timestamp: 1_760_000_000 }]);
    expect(readings).toEqual([
      { time: null, index: 0, values: { solarPower: 1 } },
      { time: 1_760_000_000_000, index: 1, values: { solarPower: 2 } },
    ]);
  });

  const time = Date.UTC(2026, 2, 29, 10, 20, 30, 500);
  const times: [unknown, number, string?][] = [
    [time, time],
    [time / 1000, time],
    [String(time), time],
    ['2026-03-29T10:20:30.500Z', time],
    ['2026-03-29T10:20:30,5z', time],
    ['2026-03-29T12:20:30.500+02:00', time],
    ['2026-03-29 06:50:30.500 -0330', time],
    ['2026-03-29T10:20:30.500', time],
    ['2026-03-29T12:20:30.5', time, 'Europe/Berlin'],
    ['2026-01-29T12:00:00', Date.UTC(2026, 0, 29, 11), 'Europe/Berlin'],
    ['2026-03-29T02:30:00', Date.UTC(2026, 2, 29, 1, 30), 'Europe/Berlin'],
    ['2026-10-25T02:30:00', Date.UTC(2026, 9, 25, 0, 30), 'Europe/Berlin'],
    ['2026-10-25T03:30:00', Date.UTC(2026, 9, 25, 2, 30), 'Europe/Berlin'],
    ['2026-03-29', Date.UTC(2026, 2, 29)],
  ];
  for (const [timestamp, expected, timeZone] of times) {
    test(`reads the time ${JSON.stringify(timestamp)}${timeZone ? ` in ${timeZone}` : ''}`, () => {
      expect(read({ solarPower: 1, timestamp }, timeZone).readings[0]?.time).toBe(expected);
    });
  }

  for (const timestamp of [
    'yesterday',
    '',
    true,
    {},
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '25:00',
    'NaN',
    -1.797693134862316e305,
    9e15,
  ]) {
    test(`refuses the time ${JSON.stringify(timestamp)} and names the field`, () => {
      const { readings, rejected } = read({ solarPower: 1, timestamp });
      expect(readings).toEqual([]);
      expect(rejected).toEqual([{ index: 0, field: 'timestamp', message: expect.any(String) }]);
    });
  }

  test('takes numbers that are written as text, as small devices do', () => {
    const { readings } = read({ solarPower: '12.5', gridPower: ' -3e2 ', stateOfCharge: '+50.' });
    expect(readings[0]?.values).toEqual({ solarPower: 12.5, gridPower: -300, stateOfCharge: 50 });
  });

  for (const value of ['NaN', 'Infinity', '', '0x10', '1,5', '12 W', true, [], {}, '1e999']) {
    test(`refuses ${JSON.stringify(value)} for a number and keeps the rest`, () => {
      const { readings, rejected } = read({ solarPower: value, gridPower: 1 });
      expect(readings[0]?.values).toEqual({ gridPower: 1 });
      expect(rejected).toEqual([{ index: 0, field: 'solarPower', message: 'must be a number' }]);
    });
  }

  test('says which values lie outside of what is possible', () => {
    const { readings, rejected } = read([{ stateOfCharge: 101, solarPower: -1, loadPower: 5 }, { gridPower: 1 }]);
    expect(readings.map((r) => r.values)).toEqual([{ loadPower: 5 }, { gridPower: 1 }]);
    expect(rejected.map((r) => [r.index, r.field])).toEqual([
      [0, 'stateOfCharge'],
      [0, 'solarPower'],
    ]);
    expect(rejected[0]?.message).toBe('must lie between 0 and 100 %');
  });

  test('takes null as not known', () => {
    expect(read({ solarPower: null, gridPower: 2, timestamp: null })).toEqual({
      readings: [{ time: null, index: 0, values: { gridPower: 2 } }],
      rejected: [],
    });
  });

  test('keeps the good part of a half-bad batch and names the bad', () => {
    const { readings, rejected } = read([{ solarPower: 1 }, 7, {}, { solarPower: 'x' }, { foo: 1 }, { loadPower: 2 }]);
    expect(readings.map((r) => r.index)).toEqual([0, 5]);
    expect(rejected.map((r) => r.index)).toEqual([1, 2, 3, 4]);
  });

  test('keeps unknown fields as metadata, whatever they are called', () => {
    const json = '{"solarPower":1,"phase":{"L1":{"power":3}},"__proto__":{"a":1},"metadata":{"firmware":"2.1"}}';
    const [reading] = ownFormat.interpret(message(json), { timeZone: 'UTC' }).readings;
    expect(Object.entries(reading?.metadata ?? {})).toEqual([
      ['phase', { L1: { power: 3 } }],
      ['__proto__', { a: 1 }],
      ['firmware', '2.1'],
    ]);
    expect(JSON.stringify(reading?.metadata)).toContain('__proto__');
  });

  test('refuses what is nested without end', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const { rejected } = ownFormat.interpret(message(`{"solarPower":1,"x":${deep}}`), { timeZone: 'UTC' });
    expect(rejected).toHaveLength(1);
  });

  test('bounds what the catalogue does not have, and keeps the rest of the reading', () => {
    const fields = Array.from({ length: 1500 }, (_, i) => [`field${i}`, i]);
    const { readings, rejected } = read({ ...Object.fromEntries(fields), solarPower: 1, list: Array(1001).fill(0) });
    expect(readings[0]?.values).toEqual({ solarPower: 1 });
    expect(Object.keys(readings[0]?.metadata ?? {})).toHaveLength(1000);
    expect(rejected.map((r) => r.message)).toEqual(['holds more than 1000 fields that the catalogue does not have']);
    const long = read({ solarPower: 1, list: Array(1001).fill(0), firmware: '2.1' });
    expect(long.rejected.map((r) => [r.field, r.message])).toEqual([['list', 'holds more than 1000 values']]);
    expect(long.readings[0]?.metadata).toEqual({ firmware: '2.1' });
  });

  test('does not even parse what would keep everybody waiting', () => {
    const names = `{${Array.from({ length: 400_000 }, (_, i) => `"k${i}":1`).join(',')}}`;
    const lists = `{"solarPower":1,"x":[${'[],'.repeat(600_000)}1]}`;
    for (const [text, reason] of [
      [names, 'holds more than 4096 different names'],
      [lists, 'holds more than 500000 objects and lists'],
    ] as const)
      expect(ownFormat.interpret(message(text), { timeZone: 'UTC' })).toEqual({
        readings: [],
        rejected: [{ index: 0, field: '', message: reason }],
      });
  });

  test('takes a full batch of readings, also with commas and brackets in its texts', () => {
    const one = `{"solarPower":1,"deviceStatus":"[{,\\"}","metadata":{"a":[1,{}]}}`;
    const { readings, rejected } = ownFormat.interpret(message(`[${Array(100_000).fill(one).join(', ')}]`), {
      timeZone: 'UTC',
    });
    expect([readings.length, rejected.length]).toEqual([100_000, 0]);
  });

  test('takes codes as words or numbers', () => {
    const [reading] = read({ faultCodes: [7, 'F8'], warningCodes: 3, operatingMode: 2 }).readings;
    expect(reading?.values).toEqual({ faultCodes: ['7', 'F8'], warningCodes: ['3'], operatingMode: '2' });
    expect(read({ faultCodes: [{}], deviceStatus: 'x'.repeat(201) }).rejected).toHaveLength(2);
  });

  for (const payload of ['', 'hello', '{', '"text"', '12', 'null', '[]', '{}', Uint8Array.of(0xff, 0xfe, 0x7b)]) {
    test(`refuses ${JSON.stringify(String(payload))} with a reason`, () => {
      const { readings, rejected } = ownFormat.interpret(message(payload), { timeZone: 'UTC' });
      expect(readings).toEqual([]);
      expect(rejected.length).toBeGreaterThan(0);
    });
  }

  test('never throws, and never lets a value through that the catalogue forbids', () => {
    const key = fc.oneof(
      fc.constantFrom(...metrics.map((m) => m.name), 'timestamp', 'metadata', '__proto__'),
      fc.string(),
    );
    const object = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.double(), fc.constant('NaN')));
    fc.assert(
      fc.property(fc.oneof(fc.array(object), object, fc.jsonValue()), (json) => {
        const { readings } = read(json);
        for (const { values, time } of readings) {
          expect(time === null || Number.isFinite(time)).toBe(true);
          for (const [name, value] of Object.entries(values)) {
            const metric = findMetric(name);
            if (typeof value !== 'number') continue;
            expect(value).toBeGreaterThanOrEqual(metric?.min ?? Number.NaN);
            expect(value).toBeLessThanOrEqual(metric?.max ?? Number.NaN);
          }
        }
      }),
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void ownFormat.interpret(message(bytes), { timeZone: 'UTC' })));
  });

  test('is recognised on its own topics, and elsewhere by its names', () => {
    const find = (payload: string, topic: string) => interpretMessage(message(payload, topic), { timeZone: 'UTC' });
    expect(find('junk', 'ampra/s1/telemetry')?.dialect).toBe('ampra');
    expect(find('{ "solarPower" : 3 }', 'my/inverter')?.dialect).toBe('ampra');
    expect(find('{"power":3}', 'my/inverter')).toBeNull();
    expect(find('23.5', 'my/inverter')).toBeNull();
    // Others call their powers so, too, and give them another sign.
    const powers = (batteryPower: number) =>
      JSON.stringify({ solarPower: 2500, loadPower: 1200, gridPower: 0, batteryPower });
    expect(find(powers(1300), 'my/inverter')?.dialect).toBe('ampra');
    const other = find(powers(-1300), 'my/inverter');
    expect([other?.dialect, other?.interpretation.readings[0]?.values.batteryPower]).toEqual(['plain-names', 1300]);
    expect(find(powers(-1300), 'ampra/s1/telemetry')?.dialect).toBe('ampra');
  });
});
