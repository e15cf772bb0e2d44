import { expect, test } from 'bun:test';
import { readPrice } from './price.ts';
import { readSourceDetails, type SourceInput } from './source-rules.ts';

const good: SourceInput = { name: 'Roof', latitude: 52.5, longitude: 13.4, timeZone: 'Europe/Berlin' };

const plane = { tiltDeg: 30, azimuthDeg: 180, peakW: 4000 };

const refusals: [what: string, input: SourceInput, field: string, message: RegExp][] = [
  ['no name', { name: ' ' }, 'name', /missing/],
  ['a name of 101 characters', { name: 'é'.repeat(101) }, 'name', /101.*at most 100/],
  ['a name with a line break', { name: 'a\nb' }, 'name', /line breaks/],
  ['a description of 501 characters', { description: 'x'.repeat(501) }, 'description', /501.*at most 500/],
  ['an unknown role', { role: 'toaster' }, 'role', /one of system, solar/],
  ['an unknown connection', { connectionType: 'ftp' }, 'connectionType', /mqtt nor webhook/],
  ['no latitude', { latitude: '' }, 'latitude', /missing/],
  ['a latitude beyond the pole', { latitude: 90.1 }, 'latitude', /-90 and 90/],
  ['a longitude beyond the date line', { longitude: '-181' }, 'longitude', /-180 and 180/],
  ['a latitude in words', { latitude: '52° north' }, 'latitude', /not a number/],
  ['a latitude that is not finite', { latitude: Number.NaN }, 'latitude', /not a number/],
  ['a zone that does not exist', { timeZone: 'Mars/Olympus' }, 'timeZone', /IANA/],
  ['an offset in place of a zone', { timeZone: '+02:00' }, 'timeZone', /IANA/],
  ['more watts than a million', { installedCapacityW: 1_000_001 }, 'installedCapacityW', /watts, not kilowatts/],
  ['negative watts', { installedCapacityW: '-1' }, 'installedCapacityW', /between/],
  ['an inverter without power', { inverterLimitW: 0 }, 'inverterLimitW', /watts, not kilowatts/],
  ['panels that hang over', { arrays: [{ ...plane, tiltDeg: 91 }] }, 'arrays.0.tiltDeg', /between 0 and 90.*flat/],
  ['a direction by name', { arrays: [plane, { ...plane, azimuthDeg: 'south' }] }, 'arrays.1.azimuthDeg', /east 90/],
  [
    'a horizon above the zenith',
    { arrays: [{ ...plane, horizon: [{ azimuthDeg: 1, elevationDeg: 99 }] }] },
    'arrays.0.horizon.0.elevationDeg',
    /above level/,
  ],
  ['nine planes', { arrays: Array.from({ length: 9 }, () => plane) }, 'arrays', /at most 8/],
  ['an unknown currency', { currency: 'XYZ' }, 'currency', /ISO 4217/],
  ['a third digit of a cent', { systemCost: '1.234' }, 'systemCost', /more than 2 digits.*EUR/],
  ['a broken yen', { currency: 'JPY', systemCost: '1.5' }, 'systemCost', /whole number.*JPY/],
  ['a negative cost', { maintenancePerYear: '-5' }, 'maintenancePerYear', /negative/],
  ['a date that does not exist', { installationDate: '2026-02-29' }, 'installationDate', /2024-05-31/],
  ['a date before there were panels', { installationDate: '1850-01-01' }, 'installationDate', /1950/],
];
for (const [what, input, field, message] of refusals) {
  test(`${what} is refused, naming ${field} and what to do`, () => {
    const result = readSourceDetails({ ...good, ...input }, {});
    if (result.ok) throw new Error('was taken');
    expect(result.error.code).toBe('invalid');
    expect(result.error.fields).toEqual([{ field, message: expect.stringMatching(message) as never }]);
  });
}

test('everything wrong is named at once', () => {
  const result = readSourceDetails({ name: '', latitude: 'x', currency: 'ZZZ' }, {});
  if (result.ok) throw new Error('was taken');
  expect(result.error.fields?.map((f) => f.field)).toEqual(['name', 'currency', 'latitude', 'longitude', 'timeZone']);
});

test('what was typed in a form becomes typed values', () => {
  const result = readSourceDetails(
    {
      ...good,
      name: '  Haus 7 ☀️ ',
      latitude: '-33,92',
      timeZone: 'africa/johannesburg',
      installedCapacityW: '5400',
      currency: 'zar',
      systemCost: '120000.5',
      maintenancePerYear: '',
      groupId: '',
    },
    {},
  );
  expect(result).toMatchObject({
    ok: true,
    value: {
      name: 'Haus 7 ☀️',
      latitude: -33.92,
      timeZone: 'Africa/Johannesburg',
      installedCapacityW: 5400,
      currency: 'ZAR',
      systemCostMinor: 12_000_050,
      maintenancePerYearMinor: null,
      groupId: null,
      role: 'system',
      connectionType: 'mqtt',
    },
  });
});

test('what a change does not name stays, and null empties what may be empty', () => {
  const before = readSourceDetails({ ...good, systemCost: '10', installationDate: '2024-05-31' }, {});
  if (!before.ok) throw new Error('refused');
  const after = readSourceDetails({ description: 'South', installationDate: null }, before.value);
  expect(after).toEqual({ ok: true, value: { ...before.value, description: 'South', installationDate: null } });
});

test('another currency keeps the figure and not the count of cents', () => {
  const before = readSourceDetails({ ...good, systemCost: '12500.00' }, {});
  if (!before.ok) throw new Error('refused');
  expect(readSourceDetails({ currency: 'JPY' }, before.value)).toMatchObject({ value: { systemCostMinor: 12_500 } });
  expect(readSourceDetails({ currency: 'KWD' }, before.value)).toMatchObject({
    value: { systemCostMinor: 12_500_000 },
  });
});

test('a price is kept in millionths, may be negative for what is sold, and says what is missing', () => {
  expect(
    readPrice({ effectiveFrom: '2026-01-01', importPricePerKwh: 0.2846, exportPricePerKwh: '-0.01' }, 'EUR'),
  ).toEqual({
    ok: true,
    value: { effectiveFrom: '2026-01-01', currency: 'EUR', importMicrosPerKwh: 284_600, exportMicrosPerKwh: -10_000 },
  });
  const wrong = readPrice({ effectiveFrom: 'soon', importPricePerKwh: '0.1234567' }, 'EUR');
  if (wrong.ok) throw new Error('was taken');
  expect(wrong.error.fields?.map((f) => f.field)).toEqual(['effectiveFrom', 'importPricePerKwh']);
  expect(readPrice({ effectiveFrom: '2026-01-01' }, 'EUR').ok).toBe(false);
});

test('panels stay as they were when nothing is said of them, and go when they are emptied', () => {
  const stated = readSourceDetails({ ...good, arrays: [{ ...plane, tiltDeg: '32,5' }] }, {});
  if (!stated.ok) throw new Error(stated.error.message);
  expect(stated.value.arrays).toEqual([{ ...plane, tiltDeg: 32.5, horizon: [] }]);
  const kept = readSourceDetails({ name: 'Other' }, stated.value);
  expect(kept.ok && kept.value.arrays).toEqual(stated.value.arrays);
  const emptied = readSourceDetails({ arrays: null }, stated.value);
  expect(emptied.ok && emptied.value.arrays).toEqual([]);
});
