import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { shortestFloat } from './columns.ts';

test('a number with few digits comes back from a 32-bit float as it was written', () => {
  for (const value of [0, 52.3, -0.1, 4095.999, 4096.25, 65535.99, 65536.5, 999999, 0.001, 12345.6, -3000, 16777216])
    expect(shortestFloat(Math.fround(value))).toBe(value);
  fc.assert(
    fc.property(fc.integer({ min: -6_000_000, max: 6_000_000 }), fc.integer({ min: 0, max: 3 }), (n, digits) => {
      const value = n / 10 ** digits;
      const stored = Math.fround(value);
      const back = shortestFloat(stored);
      expect(Math.fround(back)).toBe(stored);
      expect(String(back).length).toBeLessThanOrEqual(String(value).length);
    }),
  );
});
