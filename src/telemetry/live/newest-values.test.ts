import { expect, test } from 'bun:test';
import { newestValues } from './newest-values.ts';

const now = Date.UTC(2026, 10, 27, 7);
const limits = { ageingMs: 45_000, staleMs: 180_000 };

test('what a source last said is told in people’s words, with the time of what is no longer now', () => {
  const values = {
    ...{ solarPower: 1840, inverterTemperature: 25, faultCodes: [], warningCodes: ['2', '7'], operatingMode: 'Line' },
  };
  const times = {
    ...{ solarPower: now - 1000, inverterTemperature: now - 50 * 60_000, operatingMode: now - 86_400_000 },
  };
  const latest = { time: now - 1000, values, times, derived: ['solarPower' as const] };
  const told = newestValues(latest, {
    ...{ now, timeZone: 'Europe/Lisbon', temperatureUnit: 'fahrenheit', limitsOf: () => limits },
  });
  expect(told.map(({ label, text, at, isDerived }) => [label, text.replaceAll('\u00a0', ' '), at, isDerived])).toEqual([
    ['Solar power', '1.84 kW', null, true],
    ['Inverter temperature', '77.0 °F', '06:10', false],
    ['Operating mode', 'Line', 'Thu 26 Nov, 07:00', false],
    ['Fault codes', 'none', null, false],
    ['Warning codes', '2, 7', null, false],
  ]);
});
