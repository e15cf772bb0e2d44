import { expect, test } from 'bun:test';
import {
  formatAge,
  formatDate,
  formatDuration,
  formatEnergy,
  formatPercent,
  formatPower,
  formatQuantity,
  formatTemperature,
  joinShown,
  listWords,
} from './format.ts';

const plain = (shown: { text: string; unit: string }): string => joinShown(shown).replace('\u00a0', ' ');

test('power is W below 1,000, then kW with two digits', () => {
  const cases: [number | null, string][] = [
    [0, '0 W'],
    [-0.2, '0 W'],
    [7.4, '7 W'],
    [999.4, '999 W'],
    [999.6, '1.00 kW'],
    [1240, '1.24 kW'],
    [-2500, '\u22122.50 kW'],
    [123_456, '123.46 kW'],
    [2_500_000, '2.50 MW'],
    [null, '-'],
    [Number.NaN, '-'],
  ];
  for (const [watts, text] of cases) expect(plain(formatPower(watts))).toBe(text);
});

test('unknown is a dash, never a zero', () => {
  for (const shown of [formatPower(undefined), formatEnergy(null), formatPercent(null), formatTemperature(null)]) {
    expect(joinShown(shown)).toBe('-');
  }
});

test('energy has one digit and groups of three', () => {
  expect(plain(formatEnergy(12.345))).toBe('12.3 kWh');
  expect(plain(formatEnergy(12345.67))).toBe('12,345.7 kWh');
  expect(plain(formatEnergy(0))).toBe('0.0 kWh');
});

test('percent is whole, temperature follows the person', () => {
  expect(plain(formatPercent(82.4))).toBe('82 %');
  expect(plain(formatTemperature(21.25))).toBe('21.3 °C');
  expect(plain(formatTemperature(100, 'fahrenheit'))).toBe('212.0 °F');
});

test('each unit of the catalogue has its rule', () => {
  expect(plain(formatQuantity(1500, 'VA'))).toBe('1.50 kVA');
  expect(plain(formatQuantity(49.98, 'Hz'))).toBe('49.98 Hz');
  expect(plain(formatQuantity(53.27, 'V'))).toBe('53.3 V');
  expect(plain(formatQuantity(Number.POSITIVE_INFINITY, 'V'))).toBe('-');
});

test('ages are short words', () => {
  const cases: [number, string][] = [
    [-4000, 'now'],
    [3000, 'now'],
    [41_000, '41 s ago'],
    [12 * 60_000, '12 min ago'],
    [3.9 * 3_600_000, '3 h ago'],
    [25 * 3_600_000, '1 day ago'],
    [400 * 86_400_000, '400 days ago'],
  ];
  for (const [ms, text] of cases) expect(formatAge(ms)).toBe(text);
});

test('durations have at most two units', () => {
  expect(formatDuration(44_600)).toBe('45 s');
  expect(formatDuration(12 * 60_000)).toBe('12 min');
  expect(formatDuration(200 * 60_000)).toBe('3 h 20 min');
  expect(formatDuration(2 * 3_600_000)).toBe('2 h');
  expect(formatDuration(52 * 3_600_000)).toBe('2 d 4 h');
});

test('times read as on the wall of the zone', () => {
  const time = Date.UTC(2026, 10, 21, 23, 30);
  expect(formatDate(time, 'Asia/Kathmandu', 'time')).toBe('05:15');
  expect(formatDate(time, 'Asia/Kathmandu', 'dayMonth')).toBe('22 Nov');
});

test('lists read as people say them', () => {
  expect(listWords([])).toBe('');
  expect(listWords(['a'])).toBe('a');
  expect(listWords(['a', 'b', 'c'])).toBe('a, b and c');
});
