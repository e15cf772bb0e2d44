import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { metrics } from '../../core/metrics.ts';
import { createOwnFormat } from '../own-format.ts';
import { KnownShapes } from './known-shapes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const everything = (n: number) =>
  Object.fromEntries(metrics.map((m) => [m.name, m.kind === 'text' ? 'on' : m.kind === 'list' ? ['7'] : n]));
const slow = createOwnFormat(null);
const context = { timeZone: 'UTC' };
const message = (text: string) => ({ topic: 't', payload: bytes(text), receivedAt: 0, isRetained: false });

/** Teaches `first`, then reads `second`: by its shape when it fits. Says whether it did. */
function both(first: string, second: string) {
  const shapes = new KnownShapes();
  const quick = createOwnFormat(shapes);
  quick.interpret(message(first), context);
  return {
    isQuick: shapes.read('t', bytes(second)) !== null,
    quick: quick.interpret(message(second), context),
    slow: slow.interpret(message(second), context),
  };
}

const base = '{"timestamp":1760000000000,"solarPower":12.5,"operatingMode":"Line","faultCodes":["7"],"gridPower":-3}';

describe('a payload of known shape', () => {
  test('is read without parsing it, with every metric and either kind of time', () => {
    for (const timestamp of [Date.UTC(2026, 1, 28, 23, 59, 59, 999), '2026-02-28T23:59:59.999Z']) {
      const [a, b] = [
        JSON.stringify({ ...everything(1.25), timestamp }),
        JSON.stringify({ ...everything(77), timestamp }),
      ];
      const read = both(a, b);
      expect(read.isQuick).toBe(true);
      expect(read.quick).toEqual(read.slow);
    }
  });

  const others: [string, string, boolean][] = [
    ['other numbers', base.replace('12.5', '0').replace('-3', '1234567.875'), true],
    ['negative nought', base.replace('-3', '-0'), true],
    ['another word', base.replace('Line', 'Battery'), false],
    ['another code', base.replace('"7"', '"8"'), false],
    ['a space more', base.replace(':12.5', ': 12.5'), false],
    ['a name more', base.replace('}', ',"loadPower":1}'), false],
    ['a name less', base.replace(',"gridPower":-3', ''), false],
    ['something behind it', `${base} x`, false],
    ['an exponent', base.replace('12.5', '1e3'), false],
    ['a leading nought', base.replace('12.5', '012.5'), false],
    ['no digits after the point', base.replace('12.5', '12.'), false],
    ['too many digits', base.replace('12.5', '12.12345678901234567'), false],
    ['a value out of range', base.replace('12.5', '-12.5'), false],
    ['null', base.replace('12.5', 'null'), false],
    ['text', base.replace('12.5', '"12.5"'), false],
    ['seconds for milliseconds', base.replace('1760000000000', '1760000000'), false],
    ['a cut', base.slice(0, -5), false],
  ];
  for (const [what, second, isQuick] of others) {
    test(`with ${what} means what it means the long way`, () => {
      const read = both(base, second);
      expect(read.quick).toEqual(read.slow);
      expect(read.isQuick).toBe(isQuick);
    });
  }

  test('is not learnt where a name comes twice, in whatever writing', () => {
    for (const twice of ['{"solarPower":5,"solarPower":"5"}', '{"solarPower":5,"sol\\u0061rPower":5}']) {
      expect(both(twice, twice.replace(':5,', ':6,'))).toMatchObject({
        isQuick: false,
        quick: both(twice, twice).slow,
      });
    }
  });

  test('is the same as the long way for any two payloads', () => {
    const value = fc.oneof(
      fc.integer({ min: -200, max: 200 }),
      fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      fc.constantFrom(0, -0, 1e21, 1e-7, 99.99, null, '5', 'x', true),
      fc.integer({ min: 0, max: 10_000 }).map((n) => n / 100),
    );
    const name = fc.constantFrom(...metrics.slice(0, 6).map((m) => m.name), 'timestamp', 'operatingMode', 'other');
    const payload = fc.dictionary(name, value).map((o) => JSON.stringify(o));
    fc.assert(
      fc.property(payload, payload, (first, second) => {
        for (const text of [first, second]) {
          const read = both(first, text);
          expect(read.quick).toEqual(read.slow);
        }
      }),
      { numRuns: 2000 },
    );
    const sameNames = fc.tuple(
      fc.array(name),
      fc.array(value, { minLength: 20, maxLength: 20 }),
      fc.array(value, { minLength: 20, maxLength: 20 }),
    );
    fc.assert(
      fc.property(sameNames, ([names, a, b]) => {
        const text = (values: unknown[]) =>
          JSON.stringify(Object.fromEntries(names.map((n, i) => [n, values[i % 20]])));
        const read = both(text(a), text(b));
        expect(read.quick).toEqual(read.slow);
      }),
      { numRuns: 2000 },
    );
  });

  test('that changes all the time stops being learnt', () => {
    const quick = createOwnFormat(new KnownShapes());
    for (let i = 0; i < 100; i++) {
      const text = `{"solarPower":${i},"operatingMode":"mode ${i}"}`;
      expect(quick.interpret(message(text), context)).toEqual(slow.interpret(message(text), context));
    }
  });
});
