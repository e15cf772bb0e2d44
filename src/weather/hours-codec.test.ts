import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { hourFields } from './hour-fields.ts';
import { emptyColumns, type HourColumns } from './hours.ts';
import { decodeHours, encodeHours } from './hours-codec.ts';

describe('hours as bytes', () => {
  test('come back as they were, to the step of each field, unknown ones unknown', () => {
    const columns = fc.array(
      fc.tuple(
        ...hourFields.map(({ least, most, step }) =>
          fc.option(fc.integer({ min: Math.ceil(least / step), max: Math.floor(most / step) }), { nil: null }),
        ),
      ),
      { minLength: 1, maxLength: 50 },
    );
    fc.assert(
      fc.property(columns, (rows) => {
        const values = emptyColumns(rows.length);
        for (const [i, row] of rows.entries())
          for (const [f, { name, step }] of hourFields.entries()) {
            const whole = row[f] ?? null;
            values[name][i] = whole === null ? null : whole / Math.round(1 / step) + 0;
          }
        expect(decodeHours(encodeHours(values, rows.length), rows.length)).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });

  test('of a day with every field known take 688 bytes, and two when nothing is known', () => {
    const values = emptyColumns(24);
    for (const { name } of hourFields) values[name].fill(1);
    expect(encodeHours(values, 24).length).toBe(2 + hourFields.length * 49);
    expect(encodeHours(emptyColumns(24), 24).length).toBe(2);
  });

  test('of a form that this Ampra does not know are refused', () => {
    expect(() => decodeHours(Uint8Array.of(9, 0), 24)).toThrow(RangeError);
    expect(() => decodeHours(Uint8Array.of(1, 1, 200), 24)).toThrow('column');
  });

  test('are read where a field was added after they were written', () => {
    const values: HourColumns = emptyColumns(3);
    values.temperatureC = [1.5, null, -3];
    const read = decodeHours(encodeHours(values, 3), 3);
    expect(read.temperatureC).toEqual([1.5, null, -3]);
    expect(read.uvIndex).toEqual([null, null, null]);
  });
});
