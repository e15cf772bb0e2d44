import { describe, expect, test } from 'bun:test';
import { readChosenRange } from './chosen-range.ts';

const place = { now: Date.UTC(2026, 10, 21, 12), timeZone: 'Europe/Lisbon' };
const read = (from?: string, to?: string) => readChosenRange({ from, to }, place);

describe('a range that someone chose', () => {
  test('is none when both fields are missing or empty', () => {
    expect(read()).toBeNull();
    expect(read('', ' ')).toBeNull();
  });

  test('that cannot be names the field at fault, says why, and keeps what was typed', () => {
    const cases: [string, string, 'from' | 'to', RegExp][] = [
      ['2026-11-20T10:00', '2026-11-19T10:00', 'to', /later than the beginning/],
      ['2026-11-20T10:00', '2026-11-20T10:00', 'to', /later than the beginning/],
      ['1990-01-01T00:00', '2026-11-20T00:00', 'from', /before 2010/],
      ['1990-01-01T00:00', '1990-02-01T00:00', 'from', /before 2010/],
      ['2026-11-22T00:00', '2026-11-23T00:00', 'from', /not happened yet/],
      ['yesterday', '2026-11-20', 'from', /“yesterday” is not a day/],
      ['2026-11-20', '1e99', 'to', /“1e99” is not a day/],
      ['2026-02-31', '2026-03-02', 'from', /“2026-02-31” is not a day/],
      ['', '2026-11-20', 'from', /Say when it begins/],
    ];
    for (const [from, to, field, message] of cases) {
      const chosen = read(from, to);
      if (!chosen || chosen.ok) throw new Error(`${from} to ${to} was taken`);
      expect(chosen.problem).toMatchObject({ field, typed: { from, to } });
      expect(chosen.problem.message).toMatch(message);
    }
  });

  test('without an end goes on until now', () => {
    expect(read('2026-11-20T12:00')).toEqual({
      ok: true,
      range: { from: Date.UTC(2026, 10, 20, 12), to: place.now },
      isCut: false,
    });
  });

  test('may show the whole of today, and is cut off there', () => {
    const endOfToday = Date.UTC(2026, 10, 22);
    expect(read('2026-11-21', '2026-11-22')).toMatchObject({ range: { to: endOfToday }, isCut: false });
    expect(read('2026-11-01', '2026-12-01')).toMatchObject({ range: { to: endOfToday }, isCut: true });
  });

  test('in the hour that comes twice begins with the first and ends with the second, unless it is said which', () => {
    const range = (fromOffset?: string, toOffset?: string) => {
      const typed = { from: '2026-10-25T01:30', to: '2026-10-25T01:30', fromOffset, toOffset };
      const chosen = readChosenRange(typed, place);
      return chosen?.ok ? chosen.range : chosen?.problem.field;
    };
    const [first, second] = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)];
    expect(range()).toEqual({ from: first, to: second });
    expect(range('+00:00')).toBe('to');
    expect(range('+01:00', '+01:00')).toBe('to');
    // Left over from another time, or nonsense.
    expect(range('+09:00', 'x')).toEqual({ from: first, to: second });
  });

  test('goes on where the clock skips an hour', () => {
    const chosen = readChosenRange({ from: '2026-03-29T01:30', to: '2026-03-29T03:00' }, place);
    expect(chosen).toMatchObject({ ok: true, range: { from: Date.UTC(2026, 2, 29, 1, 30) } });
  });

  test('keeps what is typed short, whoever typed it', () => {
    const chosen = read('x'.repeat(5000), '2026-11-20');
    expect(chosen && !chosen.ok && chosen.problem.typed.from.length).toBe(40);
  });
});
