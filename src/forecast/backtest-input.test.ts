import { describe, expect, test } from 'bun:test';
import { hours, minutes } from '../core/durations.ts';
import { createRandom } from '../testing/synthetic-roof.ts';
import { type BacktestFiles, backtestInput } from './backtest-input.ts';
import { readTimeColumns } from './csv-columns.ts';
import { evenPower } from './even-power.ts';

const site = { latitude: 47, longitude: 8, timezone: 'Europe/Zurich', installedCapacityW: 5000 };
const names = { power: 'power.csv', weather: 'weather.csv' };
const start = Date.UTC(2026, 2, 1);
const iso = (time: number): string => new Date(time).toISOString();

/** Ten days of hours with a bump at noon. */
const rows = Array.from(
  { length: 240 },
  (_, hour) => `${iso(start + hours(hour))},${Math.max(0, 3000 - 500 * Math.abs((hour % 24) - 12))}`,
);
const powerCsv = ['time,power_w', ...rows].join('\n');

function refusal(files: Partial<BacktestFiles>): string {
  const answer = backtestInput({ powerCsv, site, names, ...files });
  return answer.ok ? '' : `${answer.error.message} ${answer.error.hint ?? ''}`;
}

describe('the files of a backtest', () => {
  test('are refused with the line and what to do', () => {
    const spoil = (line: number, text: string): string =>
      powerCsv
        .split('\n')
        .toSpliced(line - 1, 1, text)
        .join('\n');
    expect(refusal({ powerCsv: '' })).toBe('power.csv is empty. It needs a header and a row for each interval.');
    expect(refusal({ powerCsv: 'when,power_w\n' })).toContain(
      'power.csv, line 1: there is no column "time" (found: when, power_w)',
    );
    expect(refusal({ powerCsv: 'time,watts\n2026-03-01T00:00Z,1' })).toContain(
      'no column "power_w" (found: time, watts)',
    );
    expect(refusal({ powerCsv: spoil(17, '01.03.2026 15:00,100') })).toBe(
      'power.csv, line 17: "01.03.2026 15:00" is not a time. Write times in ISO 8601 UTC, like 2026-03-29T12:00:00Z.',
    );
    expect(refusal({ powerCsv: spoil(30, '2026-03-02T04:00:00Z,lots') })).toContain(
      'power.csv, line 30: "lots" under "power_w" is not a number.',
    );
    expect(refusal({ powerCsv: spoil(30, '2026-03-02T04:00:00Z,1,5') })).toContain(
      'power.csv, line 30: 3 cells under 2 columns.',
    );
    expect(refusal({ powerCsv: powerCsv.split('\n').slice(0, 30).join('\n') })).toContain('1.2 days of power, too few');
    expect(refusal({ powerCsv: 'time,power_w\n2026-03-01T00:00Z,1\n' })).toContain('no series of intervals');
    expect(refusal({ weatherCsv: 'date,cloud_cover\n2026-03-01,3' })).toContain('weather.csv, line 1');
  });

  test('may have units behind names, semicolons, a byte order mark, other zones and unknown cells', () => {
    const read = readTimeColumns(
      '\uFEFFTime;Temperature_2m (°C);cloud_cover\r\n2026-03-29T01:00+01:00;3.5;NaN\r\n2026-03-29 03:00;;"20"\r\n\r\n',
      'weather.csv',
    );
    if (!read.ok) throw new Error(read.error.message);
    const { times, columns, notes } = read.value;
    expect([...times].map(iso)).toEqual(['2026-03-29T00:00:00.000Z', '2026-03-29T03:00:00.000Z']);
    expect([...(columns.get('temperature_2m') ?? [])]).toEqual([3.5, Number.NaN]);
    expect([...(columns.get('cloud_cover') ?? [])]).toEqual([Number.NaN, 20]);
    expect(notes).toEqual(['weather.csv: 1 times have no zone and were taken as UTC.']);
  });

  test('may have lines about themselves before the header, as Open-Meteo writes them, and empty cells at the end', () => {
    const read = readTimeColumns(
      [
        'latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation',
        '52.52,13.419998,38.0,0,GMT,GMT',
        '',
        'time,temperature_2m (°C),shortwave_radiation (W/m²)',
        '2026-03-29T00:00,3.5,0,',
        '2026-03-29T01:00,3.1,0,,',
      ].join('\n'),
      'weather.csv',
    );
    if (!read.ok) throw new Error(read.error.message);
    expect([...read.value.columns.keys()]).toEqual(['temperature_2m', 'shortwave_radiation']);
    expect([...(read.value.columns.get('temperature_2m') ?? [])]).toEqual([3.5, 3.1]);
  });

  test('tell which weather columns are used, and go without weather when none is', () => {
    const weather = (head: string): string => [head, ...rows].join('\n');
    const some = backtestInput({
      powerCsv,
      site,
      names,
      weatherCsv: weather('time,shortwave_radiation').replaceAll(',3000', ',9999'),
    });
    expect(some.ok && some.value.data.weather?.columns.shortwave_radiation).toBeTruthy();
    expect(some.ok && some.value.notes.join()).toContain('cannot be true');
    const none = backtestInput({ powerCsv, site, names, weatherCsv: weather('time,moon_phase') });
    expect(none.ok && none.value.data.weather).toBeNull();
    expect(none.ok && none.value.notes.join(' ')).toContain('moon_phase');
  });

  test('of other times than those of the power are said to be, and left out; half a place is said to be none', () => {
    const weatherOf = (from: number, count: number) => ({
      ...{ powerCsv, site, names },
      weatherCsv: [
        'time,shortwave_radiation',
        ...[...Array(count).keys()].map((hour) => `${new Date(from + hours(hour + 1)).toISOString()},100`),
      ].join('\n'),
    });
    const [firstTime = ''] = rows[0]?.split(',') ?? [];
    const first = Date.parse(firstTime);
    const other = backtestInput(weatherOf(first - hours(24 * 900), 96));
    expect(other.ok && other.value.data.weather).toBeNull();
    expect(other.ok && other.value.notes.join(' ')).toContain('none of its times are those of power.csv');
    const part = backtestInput(weatherOf(first, 24));
    expect(part.ok && part.value.data.weather).toBeTruthy();
    expect(part.ok && part.value.notes.join(' ')).toMatch(/weather.csv: it covers \d+\.\d % of the times/);
    const half = backtestInput({ powerCsv, names, site: { ...site, latitude: 40, longitude: undefined } });
    expect(half.ok && half.value.notes.join(' ')).toContain('only one of latitude and longitude');
  });

  test('that seem to be in kilowatts are said to be', () => {
    const notesAt = (installedCapacityW: number): string => {
      const read = backtestInput({ powerCsv, names, site: { ...site, installedCapacityW } });
      return read.ok ? read.value.notes.join(' ') : read.error.message;
    };
    expect(notesAt(5000)).toBe('');
    expect(notesAt(5)).toContain('are both in watts?');
    expect(notesAt(5e6)).toContain('are both in watts?');
  });
});

describe('power on even intervals', () => {
  const times = Array.from({ length: 96 }, (_, slot) => start + minutes(5 + 15 * slot));
  const watts = times.map((_, slot) => (slot % 10) * 100);

  test('keep their step and phase, sort, average what came twice, leave gaps and drop sentinels, and say so', () => {
    const mixed = times
      .map((time, slot) => ({ time, power: watts[slot] ?? 0 }))
      .filter((_, slot) => slot !== 20 && slot !== 21);
    mixed.push({ time: times[7] ?? 0, power: 900 });
    mixed[30] = { time: mixed[30]?.time ?? 0, power: -1e9 };
    mixed[31] = { time: mixed[31]?.time ?? 0, power: -2 };
    const even = evenPower(
      mixed.map(({ time }) => time),
      mixed.map(({ power }) => power),
    );
    expect(even?.grid).toEqual({ from: start + minutes(5), stepMs: minutes(15), count: 96 });
    expect(even?.powerW[7]).toBe(800);
    expect(even?.powerW[20]).toBeNaN();
    expect(even?.powerW[32]).toBeNaN();
    expect(even?.powerW[33]).toBe(0);
    const notes = even?.notes.join(' ') ?? '';
    for (const part of [
      'out of order in 1',
      '1 times came more than once',
      '1 powers cannot be true',
      '1 powers a little below zero',
      '3 of 96',
    ])
      expect(notes).toContain(part);
  });

  test('take the days of a local calendar, of 23 to 25 hours, one by one', () => {
    const summer = [...Array(10).keys()].map((day) => Date.UTC(2026, 2, 25 + day, day < 5 ? 23 : 22));
    const even = evenPower(
      summer,
      summer.map((_, day) => day + 1),
    );
    expect(even?.grid.stepMs).toBe(hours(24));
    expect([...(even?.powerW ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('have the step that is meant where a device keeps no exact time', () => {
    const random = createRandom(3);
    const late = times.map((time) => Math.round((time + 80_000 * (random() - 0.5)) / 1000) * 1000);
    expect(evenPower(late, watts)?.grid).toEqual({ from: start + minutes(5), stepMs: minutes(15), count: 96 });
    const slow = Array.from({ length: 2000 }, (_, row) => start + 303_000 * row);
    expect(evenPower(slow, slow)?.grid.stepMs).toBe(minutes(5));
    const odd = Array.from({ length: 200 }, (_, row) => start + minutes(7 * row));
    expect(evenPower(odd, odd)?.grid.stepMs).toBe(minutes(7));
    const between = Array.from({ length: 200 }, (_, row) => start + minutes(30.9 * row));
    expect(evenPower(between, between)?.grid.stepMs).toBe(minutes(30));
  });

  test('fill their whole length where the step was longer for a while, and leave gaps as they are', () => {
    const quarters = Array.from({ length: 400 }, (_, slot) => start + minutes(15 * slot));
    const isHourly = (slot: number): boolean => slot < 100 || (slot >= 200 && slot < 300);
    const kept = [...quarters.keys()]
      .filter((slot) => !isHourly(slot) || slot % 4 === 0)
      .filter((slot) => slot !== 150);
    const even = evenPower(
      kept.map((slot) => quarters[slot] ?? 0),
      kept.map((slot) => slot),
    );
    expect(even?.grid).toEqual({ from: start, stepMs: minutes(15), count: 400 });
    expect([...(even?.powerW.subarray(96, 102) ?? [])]).toEqual([96, 96, 96, 96, 100, 101]);
    expect([...(even?.powerW.subarray(148, 152) ?? [])]).toEqual([148, 149, Number.NaN, 151]);
    expect([...(even?.powerW.subarray(296, 302) ?? [])]).toEqual([296, 296, 296, 296, 300, 301]);
    expect(even?.notes.join(' ')).toContain('50 times were followed by longer steps');
    const patchy = quarters.filter((_, slot) => slot % 7 < 3 && slot % 5 !== 1);
    const holes = evenPower(
      patchy,
      patchy.map(() => 1),
    );
    expect(holes?.powerW.filter((power) => power === 1)).toHaveLength(patchy.length);
  });

  test('are none with fewer than two times', () => {
    expect(evenPower([start], [1])).toBeNull();
    expect(evenPower([], [])).toBeNull();
  });
});
