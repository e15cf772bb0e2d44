import { z } from '@hono/zod-openapi';
import { iso, isoOrNull, moment } from '../web/describe.ts';
import type { DailyWeather } from './days.ts';
import { type HourFieldName, hourFields } from './hour-fields.ts';
import type { HourlyWeather } from './hours.ts';
import type { WeatherState } from './weather-state.ts';

/** What the weather API gives, for the OpenAPI document, and how it is written. */

const figure = z.number().nullable();
const origin = z.enum(['archive', 'recent', 'forecast']).openapi({
  description:
    '`archive`: reanalysis of days long past. `recent`: the weather models just after the hour. `forecast`: said before it.',
});

export const stateSchema = z
  .object({
    access: z.enum(['allowed', 'undecided', 'declined', 'off']).openapi({
      description: 'Whether this appliance may ask the weather service; `undecided` until an Overseer says so.',
    }),
    isAutomatic: z.boolean(),
    isAsking: z.boolean(),
    age: z.enum(['fresh', 'ageing', 'stale', 'none']),
    fetchedAt: moment.nullable(),
    triedAt: moment.nullable(),
    nextTryAt: moment.nullable(),
    trouble: z.object({ kind: z.string(), message: z.string() }).nullable(),
    place: z.object({ latitude: z.number(), longitude: z.number() }).openapi({
      description: 'As the weather service is told: rounded to hundredths of a degree.',
    }),
    elevationM: figure,
    supplier: z.string().openapi({ description: 'Who answers.', example: 'Open-Meteo' }),
    attribution: z.string().nullable().openapi({ example: 'Weather data by Open-Meteo.com (CC BY 4.0)' }),
  })
  .openapi('WeatherState');

export const dailySchema = z
  .object({
    items: z.array(
      z.object({
        date: z.string().openapi({ example: '2026-03-29', description: "Day of the source's time zone." }),
        temperatureMaxC: figure,
        temperatureMinC: figure,
        shortwaveSumMjM2: figure.openapi({ description: 'Sunlight on a level surface, MJ/m2; kWh/m2 times 3.6.' }),
        weatherCode: figure.openapi({ description: 'WMO code that stands for the hours of daylight.' }),
        uvIndexMax: figure,
        precipitationSumMm: figure,
        windMaxMs: figure,
        sunrise: moment.nullable().openapi({ description: "From the sun's course; null where it does not rise." }),
        sunset: moment.nullable(),
        origin: origin.nullable(),
        fetchedAt: moment.nullable(),
        hoursKnown: z.number().int(),
        hoursInDay: z.number().int(),
      }),
    ),
  })
  .openapi('DailyWeather');

const averages: Record<(typeof hourFields)[number]['averaging'], string> = {
  instant: 'at the stamp',
  meanOfPrecedingHour: 'mean of the hour before the stamp',
  sumOfPrecedingHour: 'sum of the hour before the stamp',
};

const series = Object.fromEntries(
  hourFields.map(({ name, label, unit, averaging }) => [
    name,
    z.array(figure).openapi({ description: `${label}, ${unit}; ${averages[averaging]}.` }),
  ]),
) as Record<HourFieldName, z.ZodArray<typeof figure>>;

export const hourlySchema = z
  .object({
    times: z.array(moment).openapi({ description: 'Stamps: whole hours.' }),
    origins: z.array(origin.nullable()),
    fetchedAt: z.array(moment.nullable()).openapi({ description: 'When this appliance learned it.' }),
    series: z.object(series),
  })
  .openapi('HourlyWeather');

export function stateJson(state: WeatherState, supplier: { name: string; attribution: string | null }) {
  const { fetchedAt, triedAt, nextTryAt, trouble, ...rest } = state;
  return {
    ...rest,
    fetchedAt: isoOrNull(fetchedAt),
    triedAt: isoOrNull(triedAt),
    nextTryAt: isoOrNull(nextTryAt),
    trouble: trouble && { kind: trouble.kind, message: trouble.message },
    supplier: supplier.name,
    attribution: supplier.attribution,
  };
}

export function dailyJson(day: DailyWeather) {
  const { shortwaveSumMjM2: sum } = day;
  return {
    ...day,
    shortwaveSumMjM2: sum === null ? null : Math.round(sum * 1000) / 1000,
    sunrise: isoOrNull(day.sunrise),
    sunset: isoOrNull(day.sunset),
    fetchedAt: isoOrNull(day.fetchedAt),
  };
}

export function hourlyJson(hours: HourlyWeather) {
  return {
    times: hours.times.map(iso),
    origins: hours.origins,
    fetchedAt: hours.fetchedAt.map(isoOrNull),
    series: hours.values,
  };
}
