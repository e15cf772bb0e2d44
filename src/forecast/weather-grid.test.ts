import { describe, expect, test } from 'bun:test';
import { hours, minutes } from '../core/durations.ts';
import { layWeather, spanOf } from './weather-grid.ts';
import { plausible, type WeatherTable } from './weather-table.ts';

const noon = Date.UTC(2026, 5, 21, 12);

function table(columns: WeatherTable['columns'], stepMs = hours(1)): WeatherTable {
  const rows = Object.values(columns)[0]?.length ?? 0;
  return { stepMs, times: Float64Array.from({ length: rows }, (_, row) => noon + row * stepMs), columns };
}

describe('weather on the intervals of power', () => {
  test('gives radiation to the hour before its stamp, temperature to the moment of its stamp', () => {
    const laid = layWeather(
      table({ shortwave_radiation: Float64Array.of(0, 100, 200), temperature_2m: Float64Array.of(10, 20, 30) }),
      { from: noon, stepMs: hours(1), count: 3 },
    );
    // 12:00 to 13:00: the radiation stamped 13:00, the temperature between 12:00 and 13:00.
    expect([...(laid.columns.shortwave_radiation ?? [])]).toEqual([100, 200, Number.NaN]);
    expect([...(laid.columns.temperature_2m ?? [])]).toEqual([15, 25, 30]);
    expect(spanOf(laid, 0)).toEqual({ from: noon, to: noon + hours(1) });
  });

  test('leaves an hour whole over quarter hours, so that the sun can spread it', () => {
    const laid = layWeather(table({ shortwave_radiation: Float64Array.of(0, 100) }), {
      from: noon,
      stepMs: minutes(15),
      count: 4,
    });
    expect([...(laid.columns.shortwave_radiation ?? [])]).toEqual([100, 100, 100, 100]);
    expect(spanOf(laid, 3)).toEqual({ from: noon, to: noon + hours(1) });
  });

  test('averages finer weather over longer intervals, by how much they share', () => {
    const laid = layWeather(
      table(
        { shortwave_radiation: Float64Array.of(9, 10, 20, 30, 40), cloud_cover: Float64Array.of(0, 0, 100, 100, 100) },
        minutes(15),
      ),
      { from: noon, stepMs: hours(1), count: 1 },
    );
    expect(laid.columns.shortwave_radiation?.[0]).toBe(25);
    expect(laid.columns.cloud_cover?.[0]).toBe(62.5);
    expect(laid.spans).toBeNull();
  });

  test('gives each value the step that it is the mean of where a file changes its step midway', () => {
    const stamps = [
      ...Array.from({ length: 8 }, (_, hour) => noon + hours(hour + 1)),
      ...Array.from({ length: 32 }, (_, quarter) => noon + hours(8) + minutes(15 * (quarter + 1))),
    ];
    const values = Float64Array.from(stamps, (_, row) => 10 * (row + 1));
    const grid = { from: noon, stepMs: minutes(15), count: 64 };
    for (const stepMs of [hours(1), minutes(15)]) {
      const laid = layWeather(
        { stepMs, times: Float64Array.from(stamps), columns: { shortwave_radiation: values } },
        grid,
      );
      const light = [...(laid.columns.shortwave_radiation ?? [])];
      expect(light.slice(0, 32)).toEqual(
        Array.from({ length: 32 }, (_, quarter) => 10 * (Math.floor(quarter / 4) + 1)),
      );
      expect(light.slice(32)).toEqual(Array.from({ length: 32 }, (_, quarter) => 10 * (quarter + 9)));
      expect(spanOf(laid, 30)).toEqual({ from: noon + hours(7), to: noon + hours(8) });
      expect(spanOf(laid, 32)).toEqual({ from: noon + hours(8), to: noon + hours(8) + minutes(15) });
    }
  });

  test('leaves three hours whole where a column has a value each third row only, and gaps open', () => {
    const light = Float64Array.from({ length: 40 }, (_, row) => (row % 3 === 0 ? row : Number.NaN)).fill(
      Number.NaN,
      22,
      36,
    );
    const laid = layWeather(table({ shortwave_radiation: light }), { from: noon, stepMs: hours(1), count: 40 });
    expect([...(laid.columns.shortwave_radiation ?? [])].slice(0, 9)).toEqual([3, 3, 3, 6, 6, 6, 9, 9, 9]);
    expect(laid.columns.shortwave_radiation?.[30]).toBeNaN();
    expect(spanOf(laid, 4)).toEqual({ from: noon + hours(3), to: noon + hours(6) });
    expect(spanOf(laid, 30)).toEqual({ from: noon + hours(30), to: noon + hours(31) });
  });

  test('bridges gaps of a few hours between moments, and no gap of radiation', () => {
    const laid = layWeather(
      table({
        shortwave_radiation: Float64Array.of(0, Number.NaN, 100),
        temperature_2m: Float64Array.of(10, Number.NaN, 20),
      }),
      { from: noon, stepMs: hours(1), count: 8 },
    );
    expect(laid.columns.shortwave_radiation?.[0]).toBeNaN();
    expect(laid.columns.temperature_2m?.[0]).toBe(12.5);
    expect(laid.columns.temperature_2m?.[7]).toBeNaN();
  });

  test('takes what cannot be true for unknown', () => {
    expect(plausible('shortwave_radiation', -3)).toBe(0);
    expect(plausible('shortwave_radiation', -999)).toBeNaN();
    expect(plausible('temperature_2m', -999)).toBeNaN();
    expect(plausible('cloud_cover', 120)).toBeNaN();
    expect(plausible('cloud_cover', 100)).toBe(100);
  });
});
