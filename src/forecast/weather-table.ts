/**
 * Weather as Open-Meteo's hourly columns give it: radiation and sums belong to the step before the stamp, everything else
 * to the moment of the stamp. The step is the table's own, an hour or less.
 */
export interface WeatherTable {
  stepMs: number;
  /** Stamps, ms UTC, ascending; gaps are allowed. */
  times: Float64Array;
  /** By Open-Meteo's names, in its units; NaN where unknown. */
  columns: Partial<Record<WeatherColumn, Float64Array>>;
}

interface ColumnKind {
  /** `before`: mean or sum over the step before the stamp. `moment`: at the stamp. */
  holds: 'before' | 'moment';
  unit: string;
  /** What has been seen on earth; anything else is a fault of the file. */
  least: number;
  most: number;
}

const before = (unit: string, least: number, most: number): ColumnKind => ({ holds: 'before', unit, least, most });
const moment = (unit: string, least: number, most: number): ColumnKind => ({ holds: 'moment', unit, least, most });

/** The columns that a forecast can use (https://open-meteo.com/en/docs, hourly variables). */
export const weatherColumns = {
  shortwave_radiation: before('W/m2', -20, 1600),
  direct_radiation: before('W/m2', -20, 1500),
  diffuse_radiation: before('W/m2', -20, 1500),
  direct_normal_irradiance: before('W/m2', -20, 1500),
  precipitation: before('mm', 0, 500),
  snowfall: before('cm', 0, 200),
  temperature_2m: moment('degC', -90, 65),
  dew_point_2m: moment('degC', -90, 45),
  relative_humidity_2m: moment('%', 0, 110),
  cloud_cover: moment('%', 0, 100.5),
  cloud_cover_low: moment('%', 0, 100.5),
  cloud_cover_mid: moment('%', 0, 100.5),
  cloud_cover_high: moment('%', 0, 100.5),
  wind_speed_10m: moment('km/h', 0, 450),
  wind_direction_10m: moment('deg', 0, 360.5),
  surface_pressure: moment('hPa', 450, 1100),
  pressure_msl: moment('hPa', 850, 1100),
  snow_depth: moment('m', 0, 30),
  visibility: moment('m', 0, 1e6),
  weather_code: moment('WMO code', 0, 100),
  sunshine_duration: before('s', 0, 3601),
  is_day: moment('', 0, 1),
} as const satisfies Record<string, ColumnKind>;

export type WeatherColumn = keyof typeof weatherColumns;

export function isWeatherColumn(name: string): name is WeatherColumn {
  return Object.hasOwn(weatherColumns, name);
}

/** A value as far as it can be true, else NaN. Radiation a little below zero is none. */
export function plausible(column: WeatherColumn, value: number): number {
  const { least, most } = weatherColumns[column];
  if (!(value >= least && value <= most)) return Number.NaN;
  return column.includes('radiation') || column.includes('irradiance') ? Math.max(0, value) : value;
}
