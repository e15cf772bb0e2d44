import { describe, expect, test } from 'bun:test';
import {
  type AskedCorrection,
  type Correction,
  type CorrectionDraft,
  Corrections,
  readCorrection,
} from './correction.ts';
import { ChangedNumbers, changedValues, correctionSentence } from './correction-effect.ts';

const NOW = Date.UTC(2026, 5, 10);
const DAY = 86_400_000;
const FROM = NOW - 5 * DAY;
const TO = NOW - 4 * DAY;
const asked = (more: Partial<AskedCorrection>): AskedCorrection => ({ kind: 'remove', from: FROM, to: TO, ...more });

let made = 0;
function correction(more: Partial<Correction>): Correction {
  const draft: CorrectionDraft = {
    ...{ kind: 'remove', metric: null, from: FROM, to: TO, amount: null, above: null, below: null, note: '' },
  };
  made++;
  return { ...draft, id: `${made}`, madeAt: made, madeBy: 'Ada', undoneAt: null, undoneBy: null, ...more };
}

describe('what is asked for', () => {
  test.each([
    [asked({}), { kind: 'remove', metric: null, amount: null }],
    [asked({ metric: 'solarPower', above: 9000 }), { metric: 'solarPower', above: 9000, below: null }],
    [asked({ kind: 'scale', metric: 'totalEnergyProduced', amount: 0.001 }), { amount: 0.001 }],
    [asked({ kind: 'scale', metric: 'gridPower', amount: -1 }), { amount: -1 }],
    [{ kind: 'jump', metric: 'totalEnergyProduced', from: FROM } as const, { to: FROM + 1, amount: 0 }],
    [asked({ note: '  a dead sensor ' }), { note: 'a dead sensor' }],
  ])('is taken: %j', (input, expected) => {
    const read = readCorrection(input, NOW);
    expect(read.ok && read.value).toMatchObject(expected);
  });

  test.each([
    [asked({ to: undefined }), 'to'],
    [asked({ to: FROM }), 'to'],
    [asked({ to: NOW + DAY }), 'to'],
    [asked({ from: 0 }), 'from'],
    [asked({ kind: 'scale', amount: 2 }), 'metric'],
    [asked({ kind: 'set', metric: 'stateOfCharge' }), 'amount'],
    [asked({ kind: 'set', metric: 'stateOfCharge', amount: 101 }), 'amount'],
    [asked({ kind: 'scale', metric: 'loadPower', amount: 0 }), 'amount'],
    [asked({ kind: 'scale', metric: 'loadPower', amount: 1 }), 'amount'],
    [asked({ kind: 'offset', metric: 'loadPower', amount: 0 }), 'amount'],
    [asked({ kind: 'jump', metric: 'loadPower' }), 'metric'],
    [asked({ kind: 'jump', metric: 'totalGridImport', amount: -1 }), 'amount'],
    [asked({ above: 5 }), 'above'],
    [asked({ metric: 'loadPower', above: 5, below: 4 }), 'below'],
  ])('is refused with the field at fault: %j (%s)', (input, field) => {
    const read = readCorrection(input, NOW);
    expect(!read.ok && read.error).toMatchObject({ code: 'invalid', field });
    expect(!read.ok && read.error.message).toStartWith(field);
  });

  test('is refused with all that is wrong with it at once', () => {
    const fields = (input: AskedCorrection) => {
      const read = readCorrection(input, NOW);
      return read.ok ? [] : read.error.fields?.map(({ field }) => field);
    };
    expect(fields(asked({ kind: 'set', from: 0, to: NOW + DAY, above: 5, below: 4 }))).toEqual([
      ...['from', 'to', 'metric', 'amount', 'below'],
    ]);
    expect(fields(asked({ above: 5, below: 4 }))).toEqual(['above', 'below']);
    expect(fields(asked({ kind: 'scale', metric: 'loadPower', amount: 1, to: undefined }))).toEqual(['to', 'amount']);
  });
});

describe('corrections', () => {
  const times = Float64Array.from([FROM - 1, FROM, FROM + 1000, TO - 1, TO]);
  const columns = () => ({
    times,
    numbers: new Map([
      ['loadPower', Float64Array.from([100, 200, Number.NaN, 400, 500])],
      ['stateOfCharge', Float64Array.from([50, 60, 70, 80, 90])],
    ]),
    texts: new Map([['operatingMode', ['a', 'b', 'c', 'd', 'e']]]),
  });
  const load = (all: Correction[]) =>
    Array.from(new Corrections(all).applyTo(columns()).numbers.get('loadPower') ?? []);

  test('change what lies in their range, and nothing of the columns that were given', () => {
    const given = columns();
    const result = new Corrections([correction({ kind: 'scale', metric: 'loadPower', amount: 0.5 })]).applyTo(given);
    expect(Array.from(result.numbers.get('loadPower') ?? [])).toEqual([100, 100, Number.NaN, 200, 500]);
    expect(Array.from(given.numbers.get('loadPower') ?? [])).toEqual([100, 200, Number.NaN, 400, 500]);
  });
  test('set, add to and remove values', () => {
    expect(load([correction({ kind: 'set', metric: 'loadPower', amount: 7 })])).toEqual([100, 7, Number.NaN, 7, 500]);
    expect(load([correction({ kind: 'offset', metric: 'loadPower', amount: -50 })])[1]).toBe(150);
    expect(load([correction({ metric: 'loadPower' })])).toEqual([100, Number.NaN, Number.NaN, Number.NaN, 500]);
  });
  test('change only values between bounds where there are some', () =>
    expect(load([correction({ metric: 'loadPower', above: 300 })])).toEqual([100, 200, Number.NaN, Number.NaN, 500]));
  test('leave out what would be impossible', () =>
    expect(load([correction({ kind: 'offset', metric: 'loadPower', amount: -300 })])[1]).toBeNaN());
  test('follow each other in the order in which they were made', () => {
    const twice = [
      correction({ kind: 'scale', metric: 'loadPower', amount: 2 }),
      correction({ kind: 'offset', metric: 'loadPower', amount: 1 }),
    ];
    expect(load(twice)[1]).toBe(401);
  });
  test('that are undone change nothing', () => {
    const undone = correction({ kind: 'set', metric: 'loadPower', amount: 7, undoneAt: NOW });
    const given = columns();
    expect(new Corrections([undone]).applyTo(given)).toBe(given);
  });
  test('remove whole readings', () => {
    const result = new Corrections([correction({})]).applyTo(columns());
    expect(Array.from(result.times)).toEqual([FROM - 1, TO]);
    expect(Array.from(result.numbers.get('stateOfCharge') ?? [])).toEqual([50, 90]);
    expect(result.texts.get('operatingMode')).toEqual(['a', 'e']);
  });
  test('say of single readings what they say of columns', () => {
    const all = new Corrections([
      correction({ metric: 'stateOfCharge', below: 65 }),
      correction({ kind: 'scale', metric: 'loadPower', amount: 2, above: 300 }),
      correction({ from: TO - 5000, to: TO - 1 }),
    ]);
    const result = all.applyTo(columns());
    const rows = Array.from(times, (time, i) => {
      const values = { loadPower: columns().numbers.get('loadPower')?.[i] ?? 0, stateOfCharge: 50 + 10 * i };
      if (Number.isNaN(values.loadPower)) return all.applyToValues(time, { stateOfCharge: values.stateOfCharge });
      return all.applyToValues(time, values);
    });
    for (const [i, row] of rows.entries()) {
      expect(row?.loadPower ?? Number.NaN).toBe(result.numbers.get('loadPower')?.[i] as number);
      expect(row?.stateOfCharge ?? Number.NaN).toBe(result.numbers.get('stateOfCharge')?.[i] as number);
    }
  });
  test('name and count the values that become others', () => {
    const before = Corrections.none;
    const after = before.with(correction({ kind: 'scale', metric: 'loadPower', amount: 2 }));
    const rows = [1, 2].map((i) => ({ time: FROM + i, values: { loadPower: 10 * i, stateOfCharge: 5 } }));
    expect(changedValues(rows, before, after)).toEqual({
      values: 2,
      samples: [
        { time: FROM + 1, metric: 'loadPower', before: 10, after: 20 },
        { time: FROM + 2, metric: 'loadPower', before: 20, after: 40 },
      ],
      last: { time: FROM + 2, metric: 'loadPower', before: 20, after: 40 },
      ...{ least: null, most: null },
    });
  });
  test('count the numbers of a column that become others, with the least and the most that they were', () => {
    const changed = new ChangedNumbers('loadPower');
    const times = Float64Array.from({ length: 30 }, (_, i) => FROM + i);
    const before = times.map((_, i) => (i < 5 ? Number.NaN : 100 + i));
    changed.add(times.subarray(0, 10), before.subarray(0, 10), before.map((v) => v * 2).subarray(0, 10));
    changed.add(times.subarray(10), before.subarray(10), new Float64Array(20).fill(Number.NaN));
    const { samples, ...rest } = changed.changes();
    expect(samples).toHaveLength(10);
    expect(samples[0]).toEqual({ time: FROM + 5, metric: 'loadPower', before: 105, after: 210 });
    expect(rest).toEqual({
      ...{ values: 25, least: 105, most: 129 },
      last: { time: FROM + 29, metric: 'loadPower', before: 129, after: null },
    });
  });
  test('are told in one line', () => {
    expect(correctionSentence(correction({ metric: 'loadPower', above: 300 }))).toBe(
      'loadPower above 300 removed from 2026-06-05T00:00:00.000Z to 2026-06-06T00:00:00.000Z',
    );
    expect(correctionSentence(correction({ kind: 'jump', metric: 'totalGridImport', amount: 3 }))).toBe(
      'totalGridImport counted 3 kWh over a jump at 2026-06-05T00:00:00.000Z',
    );
  });
});
