import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { hostileText, runsOf } from '../../testing/hostile.ts';
import { almostJson } from './json-repair.ts';
import { MessageView } from './message-view.ts';

const jsonOf = (payload: string) =>
  new MessageView({ topic: 'x', payload: new TextEncoder().encode(payload), receivedAt: 0, isRetained: false }).json;

describe('what almost is JSON', () => {
  test.each<[string, object]>([
    ['{"pv": 1200, "load": NaN, "t": -Infinity}', { pv: 1200, load: null, t: null }],
    ['{"pv": nan, "load": inf}', { pv: null, load: null }],
    ["{'pv': 1200, 'ok': True, 'off': False, 'x': None}", { pv: 1200, ok: true, off: false, x: null }],
    ["{'name': 'it\\'s \"on\"', 'pv': 1}", { name: 'it\'s "on"', pv: 1 }],
    ['{"pv": [1, 2,], "load": 700,\n}', { pv: [1, 2], load: 700 }],
    ['{"temp":,"pv": 12, "x": }', { temp: null, pv: 12, x: null }],
    ['{"say": "NaN, None,}", "pv": NaN}', { say: 'NaN, None,}', pv: null }],
  ])('is read: %s', (text, json) => {
    expect(jsonOf(text)).toEqual(json as never);
  });

  test.each(['{"pv": 1200', '{pv: 1200}', '{"pv" 1200}', '{', '{NaN}', "{'a: 1}"])('is not made up: %s', (text) => {
    expect(jsonOf(text)).toBeNull();
  });

  test('never changes JSON, never throws and never takes long', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), hostileText), (text) => {
        almostJson(text);
        expect(jsonOf(`{"a":${JSON.stringify(text)}}`)).toEqual({ a: text.isWellFormed() ? text : expect.any(String) });
      }),
      runsOf('texts that may be JSON', 300),
    );
    for (const text of ["{'".repeat(8000), `{${'\\"'.repeat(8000)}`, `{${"\\'".repeat(8000)}`, ','.repeat(16_000)]) {
      const from = performance.now();
      almostJson(text);
      expect(performance.now() - from).toBeLessThan(100);
    }
  });
});
