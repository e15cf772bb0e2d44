/**
 * What is known of each hour, and how it is averaged. The names are those of `PvWeather` in the forecast's physics, so that
 * an hour of weather can be handed over as it is. An hour is named by its stamp, as Open-Meteo names it: what holds at a
 * moment holds *at* the stamp, what is averaged or summed covers the hour *before* the stamp. Radiation stamped 13:00 is
 * the mean from 12:00 to 13:00.
 */
export type Averaging = 'instant' | 'meanOfPrecedingHour' | 'sumOfPrecedingHour';

export interface HourField {
  name: string;
  /** Name in Open-Meteo's API. */
  parameter: string;
  /** As it is kept, after `unitFactors` brought an answer into it. */
  unit: string;
  /** Units that an answer may be in, by what it is multiplied with. */
  unitFactors: Readonly<Record<string, number>>;
  averaging: Averaging;
  /** Kept as whole numbers of this size; finer than what any weather model knows. */
  step: number;
  /** What lies outside is not weather and counts as unknown. */
  least: number;
  most: number;
  /** The archive has no such figure. */
  isForecastOnly?: boolean;
  label: string;
}

const percent = { '%': 1 };
const instant = { averaging: 'instant' } as const;
const radiation = {
  unit: 'W/m2',
  unitFactors: { 'W/m²': 1 },
  averaging: 'meanOfPrecedingHour',
  step: 0.1,
  least: 0,
} as const;
const inPercent = { unit: '%', unitFactors: percent, ...instant, step: 1, least: 0, most: 100 } as const;
const degrees = { unit: 'degC', unitFactors: { '°C': 1 }, ...instant, step: 0.1, least: -95, most: 65 } as const;
const code = { unit: 'WMO code', unitFactors: { 'wmo code': 1 }, ...instant, step: 1, least: 0, most: 99 } as const;
const speed = {
  unit: 'm/s',
  unitFactors: { 'm/s': 1, 'km/h': 1 / 3.6 },
  ...instant,
  step: 0.01,
  least: 0,
  most: 120,
} as const;
const rain = {
  unit: 'mm',
  unitFactors: { mm: 1 },
  averaging: 'sumOfPrecedingHour',
  step: 0.01,
  least: 0,
  most: 320,
} as const;
const depth = { unit: 'm', unitFactors: { m: 1 }, ...instant, step: 0.01, least: 0, most: 50 } as const;
const uv = {
  unit: '1',
  unitFactors: { '': 1 },
  ...instant,
  step: 0.01,
  least: 0,
  most: 50,
  isForecastOnly: true,
} as const;

/** The order is that of the stored form (`hours-codec.ts`): new fields are added at the end. */
export const hourFields = [
  { name: 'temperatureC', parameter: 'temperature_2m', ...degrees, label: 'Air temperature, 2 m above ground' },
  {
    name: 'humidityPercent',
    parameter: 'relative_humidity_2m',
    ...inPercent,
    label: 'Relative humidity, 2 m above ground',
  },
  { name: 'weatherCode', parameter: 'weather_code', ...code, label: 'What the sky looks like, WMO code' },
  { name: 'cloudCoverPercent', parameter: 'cloud_cover', ...inPercent, label: 'Cloud cover' },
  { name: 'cloudLowPercent', parameter: 'cloud_cover_low', ...inPercent, label: 'Clouds up to 3 km' },
  { name: 'cloudMidPercent', parameter: 'cloud_cover_mid', ...inPercent, label: 'Clouds from 3 to 8 km' },
  { name: 'cloudHighPercent', parameter: 'cloud_cover_high', ...inPercent, label: 'Clouds above 8 km' },
  { name: 'windMs', parameter: 'wind_speed_10m', ...speed, label: 'Wind speed, 10 m above ground' },
  { name: 'precipitationMm', parameter: 'precipitation', ...rain, label: 'Rain and melted snow' },
  { name: 'snowDepthM', parameter: 'snow_depth', ...depth, label: 'Snow on the ground' },
  { name: 'ghiWm2', parameter: 'shortwave_radiation', ...radiation, most: 1800, label: 'Sunlight on a level surface' },
  {
    name: 'dniWm2',
    parameter: 'direct_normal_irradiance',
    ...radiation,
    most: 1500,
    label: 'Direct sunlight on a surface that faces the sun',
  },
  {
    name: 'dhiWm2',
    parameter: 'diffuse_radiation',
    ...radiation,
    most: 1500,
    label: 'Light from the sky without the direct sun, on a level surface',
  },
  { name: 'uvIndex', parameter: 'uv_index', ...uv, label: 'UV index' },
] as const satisfies readonly HourField[];

export type HourFieldName = (typeof hourFields)[number]['name'];
export const hourFieldNames: readonly HourFieldName[] = hourFields.map((field) => field.name);

const byName = new Map<string, HourField>(hourFields.map((field) => [field.name, field]));

/** The field of that name. */
export function hourField(name: HourFieldName): HourField {
  return byName.get(name) as HourField;
}
