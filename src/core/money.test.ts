import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { currencies, formatDecimal, formatPrice, minorDigits, parseDecimal } from './money.ts';

test('each currency has the minor-unit digits of ISO 4217', () => {
  const expected = { EUR: 2, USD: 2, NGN: 2, JPY: 0, KWD: 3, ISK: 0, TND: 3, HUF: 2, XXX: undefined, eur: undefined };
  for (const [code, digits] of Object.entries(expected)) expect(minorDigits(code)).toBe(digits as number);
  expect(currencies.length).toBe(new Set(currencies).size);
  expect(currencies.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
});

test('a decimal is read to the last digit, with point or comma, as text or number', () => {
  expect(parseDecimal('12500.50', 2)).toEqual({ ok: true, value: 1_250_050 });
  expect(parseDecimal('12500,5', 2)).toEqual({ ok: true, value: 1_250_050 });
  expect(parseDecimal(0.1, 6)).toEqual({ ok: true, value: 100_000 });
  expect(parseDecimal(1.005, 3)).toEqual({ ok: true, value: 1005 });
  expect(parseDecimal('1.500', 1)).toEqual({ ok: true, value: 15 });
  expect(parseDecimal('-0.00', 2)).toEqual({ ok: true, value: 0 });
  expect(parseDecimal('-0.01', 2)).toEqual({ ok: true, value: -1 });
});

test('what is no plain decimal is refused', () => {
  for (const text of ['', ' ', '1,000.00', '1e3', '0x10', 'NaN', '1.2.3', '٣', '--1', '1 000', '12.345'])
    expect(parseDecimal(text, 2).ok).toBe(false);
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-7])
    expect(parseDecimal(number, 2).ok).toBe(false);
  expect(parseDecimal('99999999999999', 2).ok).toBe(false);
  expect(parseDecimal('1.5', 0)).toMatchObject({ ok: false, error: { message: 'must be a whole number' } });
});

test('reading what was written gives the same amount', () => {
  void fc.assert(
    fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), fc.constantFrom(0, 2, 3, 6), (units, digits) => {
      expect(parseDecimal(formatDecimal(units, digits), digits)).toEqual({ ok: true, value: units });
      // As JSON numbers too: the wire carries no more digits than a double keeps.
      expect(parseDecimal(Number(formatDecimal(units, digits)), digits)).toEqual({ ok: true, value: units });
    }),
  );
});

test('prices lose their empty digits but keep two', () => {
  expect(formatPrice(250_000)).toBe('0.25');
  expect(formatPrice(284_600)).toBe('0.2846');
  expect(formatPrice(-1)).toBe('-0.000001');
  expect(formatPrice(30_000_000)).toBe('30.00');
});
