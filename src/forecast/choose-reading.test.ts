import { describe, expect, test } from 'bun:test';
import { hours, minutes } from '../core/durations.ts';
import { madeUpProduction } from '../testing/production.ts';
import { chooseAlignment } from './choose-reading.ts';
import { slotsPerDay, utcDayOf } from './interval-grid.ts';
import { usualPlanes } from './light-grid.ts';
import { type LightReading, readLight } from './light-reading.ts';
import type { ProductionData } from './production-model.ts';
import { layWeather } from './weather-grid.ts';
import type { WeatherTable } from './weather-table.ts';

const place = { latitude: 47.4, longitude: 8.5 };
const made = madeUpProduction({ days: 70 });

const chosen = (data: ProductionData, known = data.grid.count): LightReading =>
  chooseAlignment(data, place, usualPlanes(place.latitude), known).reading;

function withTable(change: (table: WeatherTable) => WeatherTable): ProductionData {
  return { ...made.data, weather: layWeather(change(made.table), made.data.grid) };
}

const stampedLate = (ms: number) => withTable((table) => ({ ...table, times: table.times.map((time) => time + ms) }));

describe("the reading of the weather's light", () => {
  test.each([0, 1, 2, -1, -2])('finds light that is stamped %d hours late', (late) => {
    expect(chosen(stampedLate(hours(late)))).toEqual({ basis: 'parts', lateBy: late });
  });

  test('finds quarter hours that are an hour late, and hourly weather beside them that is stamped at the start of its hour', () => {
    const { data, table } = madeUpProduction({ days: 40, stepMs: minutes(15) });
    const late = { ...table, times: table.times.map((time) => time + hours(1)) };
    expect(chosen({ ...data, weather: layWeather(late, data.grid) }).lateBy).toBe(4);
    const ends = table.times.filter((_, row) => row % 4 === 3);
    const light = table.columns.shortwave_radiation ?? new Float64Array();
    const means = Float64Array.from(ends, (_, hour) =>
      [0, 1, 2, 3].reduce((sum, k) => sum + (light[4 * hour + k] ?? 0) / 4, 0),
    );
    const atStart = {
      stepMs: hours(1),
      times: ends.map((time) => time - hours(1)),
      columns: { shortwave_radiation: means },
    };
    expect(chosen({ ...data, weather: layWeather(atStart, data.grid) }).lateBy).toBe(-4);
  });

  test.each([
    ['local clock beside power in UTC', 8],
    ['clock of UTC beside power of the local clock', -8],
  ])('finds light with stamps of the %s', (_, late) => {
    const inZone = (utcOffsetH: number) => {
      const data = stampedLate(hours(late));
      return chosen({ ...data, site: { ...data.site, utcOffsetH } });
    };
    expect(inZone(8)).toEqual({ basis: 'parts', lateBy: late });
    expect(inZone(7)).toEqual({ basis: 'parts', lateBy: late });
    expect(inZone(3).lateBy).not.toBe(late);
  });

  test('goes by the global light where beam and diffuse parts contradict it', () => {
    const nonsense = withTable((table) => {
      const light = table.columns.shortwave_radiation ?? new Float64Array();
      const diffuse = light.map((value, row) => (row % 3 === 0 ? value : 0));
      return { ...table, columns: { ...table.columns, diffuse_radiation: diffuse } };
    });
    expect(chosen(nonsense)).toEqual({ basis: 'global', lateBy: 0 });
  });

  test('leaves out light that is not that of these days, as of a typical year', () => {
    const { grid, powerW } = made.data;
    const best = Array.from({ length: 24 }, (_, hour) => Math.max(...powerW.filter((_, index) => index % 24 === hour)));
    const steady = powerW.map((_, index) => (best[index % 24] ?? 0) * (1 - 0.01 * (index % 7)));
    expect(chosen({ ...made.data, powerW: steady })).toEqual({ basis: 'none', lateBy: 0 });
    const left = readLight(made.data.weather ?? layWeather(made.table, grid), { basis: 'none', lateBy: 0 });
    expect(Object.keys(left.columns)).toEqual(['temperature_2m']);
  });

  test('takes stated panels for what they are said to be, unless the past speaks against them', () => {
    const keeps = (azimuthDeg: number, lateBy: number): number => {
      const arrays = [{ tiltDeg: 30, azimuthDeg, peakW: 5000 }];
      const late = stampedLate(hours(lateBy));
      const data = { ...late, site: { ...late.site, arrays } };
      const planes = [...usualPlanes(place.latitude), ...arrays];
      const { arrays: kept, reading, lateMin } = chooseAlignment(data, place, planes, 40 * 24);
      expect({ reading, lateMin }).toEqual({ reading: { basis: 'parts', lateBy }, lateMin: 0 });
      return kept.length;
    };
    for (const lateBy of [0, 1, -2]) {
      expect(keeps(180, lateBy)).toBe(1);
      expect(keeps(90, lateBy)).toBe(0);
      expect(keeps(270, lateBy)).toBe(0);
    }
  });

  test('looks at the past alone', () => {
    const data = stampedLate(hours(1));
    const known = 40 * slotsPerDay(data.grid);
    const spoiled = { ...data, powerW: data.powerW.map((power, index) => (index < known ? power : 4000 - power)) };
    expect(chosen(spoiled, known)).toEqual(chosen(data, known));
    expect(chosen(data, known).lateBy).toBe(1);
  });

  test('with under three weeks of power leaves the weather as it is given', () => {
    expect(chosen(stampedLate(hours(1)), 15 * slotsPerDay(made.data.grid)).lateBy).toBe(0);
  });
});

describe('weather read so', () => {
  const { grid, weather } = made.data;
  if (!weather) throw new Error('the made-up site has weather');

  test('never brings a value from beyond the UTC day of its interval, and leaves what is no light alone', () => {
    const marked = {
      ...weather,
      columns: {
        ...weather.columns,
        shortwave_radiation: Float64Array.from({ length: grid.count }, (_, index) => index),
      },
    };
    const read = readLight(marked, { basis: 'parts', lateBy: 2 });
    expect(read.columns.temperature_2m).toBe(weather.columns.temperature_2m as Float64Array);
    const from = read.columns.shortwave_radiation ?? new Float64Array();
    from.forEach((value, index) => {
      expect(utcDayOf(grid, value)).toBe(utcDayOf(grid, index));
      expect(value).toBeWithin(index, index + 3);
    });
    expect(from).toHaveLength(grid.count);
  });
});
