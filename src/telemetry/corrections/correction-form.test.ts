import { describe, expect, test } from 'bun:test';
import type { CorrectionDraft } from './correction.ts';
import { amountUnit, formValues, newCorrectionUrl, readForm } from './correction-form.ts';
import { sayCorrection } from './correction-words.ts';

const zone = 'Europe/Lisbon';
const now = Date.UTC(2026, 10, 21);
const asked = (query: Record<string, string>) => {
  const read = readForm(formValues(query, zone), { timeZone: zone, now });
  return read.ok ? read.asked : read.errors;
};
const usual = { kind: 'remove', from: '2026-03-01T10:00', to: '2026-03-01T12:00' };

describe('the moments of a correction', () => {
  test('are those on the source’s clock, to the second', () => {
    const { from, to } = asked({ ...usual, from: '2026-07-01T10:00:05', to: '2026-07-01T12:00' }) as Record<
      string,
      number
    >;
    expect([from, to]).toEqual([Date.UTC(2026, 6, 1, 9, 0, 5), Date.UTC(2026, 6, 1, 11)]);
  });

  test('stay what a link named them, in the hour too that the clock shows twice', () => {
    // Lisbon set its clocks back from 02:00 to 01:00 at 01:00 UTC.
    const first = formValues({ ...usual, from: '2026-10-25T00:30:00Z', to: '2026-10-25T01:30:00.000Z' }, zone);
    expect([first.from, first.to]).toEqual(['2026-10-25T01:30:00', '2026-10-25T01:30:00']);
    const range = { from: Date.UTC(2026, 9, 25, 0, 30), to: Date.UTC(2026, 9, 25, 1, 30) };
    expect(asked({ ...first })).toMatchObject(range);
    // A browser sends no seconds where they are zero.
    expect(asked({ ...first, from: '2026-10-25T01:30', to: '2026-10-25T01:30' })).toMatchObject(range);
  });

  test('are those that were typed once they were', () => {
    const linked = formValues({ ...usual, from: '2026-10-25T00:30:00Z' }, zone);
    const typed = formValues({ ...linked, from: '2026-10-25T05:00' }, zone);
    expect(typed).toMatchObject({ from: '2026-10-25T05:00', fromAt: '' });
    expect(asked({ ...typed, to: '2026-10-25T06:00' })).toMatchObject({ from: Date.UTC(2026, 9, 25, 5) });
  });

  test('are refused when they are none, whatever the address says', () => {
    for (const from of ['', 'soon', '+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', '2026-02-30T10:00'])
      expect(asked({ ...usual, from })).toEqual({ from: 'Give a day and a time.' });
    expect(asked({ ...usual, from: 'x', fromAt: '2026-01-01T00:00:00Z' })).toEqual({ from: 'Give a day and a time.' });
  });
});

test('all that is wrong is told at once, what cannot be read and what cannot be meant', () => {
  expect(
    asked({ kind: 'set', from: 'soon', to: '2027-01-01T00:00', metric: 'moonPower', amount: 'x', below: '1' }),
  ).toEqual({
    from: 'Give a day and a time.',
    to: 'The end must not lie in the future: only what was measured can be corrected.',
    metric: 'There is no such value.',
    amount: '“x” is not a number.',
  });
  expect(asked({ kind: 'scale', from: '', to: '2026-03-01T12:00' })).toEqual({
    from: 'Give a day and a time.',
    metric: 'The value is missing: say which one is to be corrected.',
    amount: 'The number is missing.',
  });
  expect(asked({ ...usual, kind: 'offset', metric: 'loadPower', amount: '0', above: '5', below: '4' })).toEqual({
    amount: 'The number must not be 0.',
    below: 'The upper bound must be more than the lower bound.',
  });
});

test('a factor has no unit, a counter counts kWh, and degrees are written as such', () => {
  expect(amountUnit('scale', 'gridPower')).toBeNull();
  expect(amountUnit('jump', 'totalGridImport')).toBe('kWh');
  expect(amountUnit('set', 'batteryTemperature')).toBe('°C');
});

test('the address of the form leaves out what is not known', () => {
  expect(newCorrectionUrl('x', { kind: 'jump', metric: '', from: '2026-01-01T00:00:00Z' })).toBe(
    '/sources/x/corrections/new?kind=jump&from=2026-01-01T00:00:00Z',
  );
});

describe('a correction in words', () => {
  const draft: CorrectionDraft = {
    ...{ kind: 'remove', metric: 'loadPower', amount: null, above: null, below: null, note: '' },
    ...{ from: Date.UTC(2026, 2, 1, 10), to: Date.UTC(2026, 2, 1, 12) },
  };
  const say = (change: Partial<CorrectionDraft>) =>
    sayCorrection({ ...draft, ...change }, zone).replaceAll('\u00a0', ' ');

  test('says what becomes of what, as exactly as it was given', () => {
    expect(say({})).toBe('Load power removed, Sun 1 Mar 2026, 10:00 to 12:00.');
    expect(say({ metric: null })).toStartWith('Whole readings removed, ');
    expect(say({ kind: 'scale', amount: 0.001, above: 5, below: 20.5 })).toStartWith(
      'Load power above 5 W and below 20.5 W multiplied by 0.001, ',
    );
    expect(say({ kind: 'offset', amount: -12.25 })).toStartWith('12.25 W taken from load power, ');
    expect(say({ kind: 'jump', metric: 'totalGridImport', amount: 0 })).toBe(
      'Energy bought, total counted 0 kWh over a jump, Sun 1 Mar 2026, 10:00.',
    );
  });

  test('says days as days, of 23 and 25 hours too', () => {
    const day = { from: Date.UTC(2026, 9, 24, 23), to: Date.UTC(2026, 9, 26) };
    expect(say(day)).toEndWith(', all of Sun 25 Oct 2026.');
    expect(say({ ...day, to: Date.UTC(2026, 9, 28) })).toEndWith(', Sun 25 Oct 2026 to Tue 27 Oct 2026.');
  });

  test('tells the two hours apart that the clock shows alike', () => {
    const twice = { from: Date.UTC(2026, 9, 25, 0, 30), to: Date.UTC(2026, 9, 25, 1, 30) };
    expect(say(twice)).toEndWith('Sun 25 Oct 2026, 01:30 (+01:00) to 01:30 (+00:00).');
    expect(say({ from: Date.UTC(2026, 9, 25, 2, 30, 5), to: Date.UTC(2026, 9, 25, 3) })).toEndWith(
      '02:30:05 to 03:00.',
    );
  });
});
