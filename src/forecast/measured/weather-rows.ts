import type { HourFieldName } from '../../weather/hour-fields.ts';
import type { HourColumns } from '../../weather/hours.ts';
import type { WeatherColumn, WeatherTable } from '../weather-table.ts';

const HOUR_MS = 3_600_000;

/** What forecasts take of the weather, by Open-Meteo's names and units; the same ones always, known or not. */
const fields: readonly [HourFieldName, WeatherColumn, number][] = [
  ['ghiWm2', 'shortwave_radiation', 1],
  ['dniWm2', 'direct_normal_irradiance', 1],
  ['dhiWm2', 'diffuse_radiation', 1],
  ['temperatureC', 'temperature_2m', 1],
  ['humidityPercent', 'relative_humidity_2m', 1],
  ['cloudCoverPercent', 'cloud_cover', 1],
  ['cloudLowPercent', 'cloud_cover_low', 1],
  ['cloudMidPercent', 'cloud_cover_mid', 1],
  ['cloudHighPercent', 'cloud_cover_high', 1],
  ['windMs', 'wind_speed_10m', 3.6],
  ['precipitationMm', 'precipitation', 1],
  ['snowDepthM', 'snow_depth', 1],
];

/** Their names as columns. */
export const fieldColumns: readonly WeatherColumn[] = fields.map(([, column]) => column);

/** Hours without a gap; the first is stamped `from`, ms UTC. */
export interface WeatherRows {
  from: number;
  /** By `fields`; NaN where unknown. */
  columns: Float64Array[];
}

export const emptyWeatherRows = (from: number, count: number): WeatherRows => ({
  from,
  columns: fields.map(() => new Float64Array(count).fill(Number.NaN)),
});

/** Copies hours that are known, the first of them stamped `stamp`; those that are known already stay when `onlyGaps`. */
export function putHours(
  rows: WeatherRows,
  stamp: number,
  values: HourColumns,
  options: { onlyGaps?: boolean; from?: number; to?: number } = {},
): void {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
  const count = rows.columns[0]?.length ?? 0;
  fields.forEach(([name, , factor], k) => {
    const column = rows.columns[k];
    const source = values[name];
    for (let at = 0; at < source.length; at++) {
      const time = stamp + at * HOUR_MS;
      const row = Math.round((time - rows.from) / HOUR_MS);
      const value = source[at] ?? null;
      if (!column || row < 0 || row >= count || time < from || time >= to || value === null) continue;
      if (!options.onlyGaps || Number.isNaN(column[row] ?? Number.NaN)) column[row] = value * factor;
    }
  });
}

/** Rows as the table that forecasts are made of. */
export function tableOf(rows: WeatherRows): WeatherTable {
  const count = rows.columns[0]?.length ?? 0;
  const columns: WeatherTable['columns'] = {};
  fields.forEach(([, column], k) => {
    columns[column] = rows.columns[k] ?? new Float64Array(count);
  });
  return { stepMs: HOUR_MS, times: Float64Array.from({ length: count }, (_, i) => rows.from + i * HOUR_MS), columns };
}
