import { formatAge, formatDate, formatNumber, type TemperatureUnit, unknownText } from '../core/format.ts';
import { solarDay } from '../core/solar/day.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { startOfDay } from '../core/wall-clock.ts';
import { clearSumKwhM2 } from './clear-day.ts';
import { type DailyWeather, type DayPlace, type LocalDay, localDays } from './days.ts';
import { HOUR_MS, type HourlyWeather } from './hours.ts';
import type { WeatherState } from './weather-state.ts';
import { headline, outlook } from './weather-words.ts';
import { type SkyLook, skyOf } from './wmo-code.ts';

/** What the Weather page shows, in words and figures; nothing is left to look up. */
export interface WeatherView {
  headline: string;
  outlook: string | null;
  days: WeatherDay[];
  hours: WeatherHour[];
  /** From the coldest to the warmest of the days shown, degC; the scale of their bars. */
  temperatures: { least: number; most: number } | null;
  /** The most light that one of the days can bring, kWh/m2; the scale of their bars. */
  mostClearKwh: number;
  isKnown: boolean;
}

export interface WeatherDay {
  date: string;
  /** "Today", "Tomorrow", "Wed 24". */
  label: string;
  look: SkyLook | null;
  words: string | null;
  lowC: number | null;
  highC: number | null;
  low: string;
  high: string;
  sunKwh: number | null;
  /** "5.1" kWh/m2. */
  sun: string;
  /** "18.4" MJ/m2. */
  sunMj: string;
  clearKwh: number;
  clear: string;
  /** Share of the clear sky's light, "81 %"; null when it is not known. */
  clearness: string | null;
  rain: string;
  isWet: boolean;
  uv: string;
  wind: string;
  sunrise: string;
  sunset: string;
  /** "14 h 52 min". */
  daylight: string;
  /** Where its figures are older than the rest: since when. */
  asOf: string | null;
}

export interface WeatherHour {
  /** Start of the hour, ms UTC. */
  from: number;
  /** "14:00"; */
  time: string;
  /** "Tomorrow" at the first hour of a day. */
  day: string | null;
  look: SkyLook | null;
  words: string | null;
  isNight: boolean;
  temperature: string;
  /** Mean over the hour that begins here, W/m2. */
  sunWm2: number | null;
  sun: string;
  rain: string;
  wind: string;
}

export interface WeatherViewInput {
  now: number;
  place: DayPlace & { elevationM: number | null };
  state: WeatherState;
  daily: readonly DailyWeather[];
  hourly: HourlyWeather;
  unit: TemperatureUnit;
}

const DAYS_SHOWN = 8;

/** Today and the seven days after it on the place's calendar. */
export function daysShown(now: number, timeZone: string): TimeSpan {
  return { from: startOfDay(now, timeZone), to: startOfDay(now, timeZone, DAYS_SHOWN) };
}

/** From the running hour to the end of tomorrow; the averages of its last hour are stamped at that end. */
export function hoursShown(now: number, timeZone: string): TimeSpan {
  return { from: Math.floor(now / HOUR_MS) * HOUR_MS, to: startOfDay(now, timeZone, 2) };
}

/** Builds the page's content; `daily` are the days of `daysShown`, `hourly` the stamps of `hoursShown` and one more. */
export function buildWeatherView(input: WeatherViewInput): WeatherView {
  const { now, place, daily, unit } = input;
  const calendar = localDays(daysShown(now, place.timeZone), place);
  const days = calendar.flatMap((day, i) => {
    const weather = daily.find(({ date }) => date === day.date);
    return weather ? [dayView(day, weather, i, input)] : [];
  });
  const known = days.flatMap(({ lowC, highC }) => [lowC, highC]).filter((value) => value !== null);
  return {
    headline: headline(days[0] ?? null, unit),
    outlook: outlook(days[0]?.sunKwh ?? null, days[1]?.sunKwh ?? null),
    days,
    hours: hourViews(input),
    temperatures: known.length > 0 ? { least: Math.min(...known), most: Math.max(...known) } : null,
    mostClearKwh: Math.max(0.1, ...days.map((day) => day.clearKwh)),
    isKnown: days.some((day) => day.look !== null || day.sunKwh !== null),
  };
}

function dayView(day: LocalDay, weather: DailyWeather, index: number, input: WeatherViewInput): WeatherDay {
  const { place, unit } = input;
  const { elevationM } = place;
  const sky = skyOf(weather.weatherCode);
  const sunKwh = weather.shortwaveSumMjM2 === null ? null : weather.shortwaveSumMjM2 / 3.6;
  const clearKwh = clearSumKwhM2(day, { ...place, ...(elevationM === null ? {} : { altitudeM: elevationM }) });
  return {
    date: day.date,
    label: dayLabel(day, index, place.timeZone),
    look: sky?.look ?? null,
    words: sky?.words ?? null,
    lowC: weather.temperatureMinC,
    highC: weather.temperatureMaxC,
    low: degrees(weather.temperatureMinC, unit),
    high: degrees(weather.temperatureMaxC, unit),
    sunKwh,
    sun: number(sunKwh, 1),
    sunMj: number(weather.shortwaveSumMjM2, 1),
    clearKwh,
    clear: number(clearKwh, 1),
    clearness: sunKwh === null || clearKwh < 0.05 ? null : `${Math.round(Math.min(1, sunKwh / clearKwh) * 100)} %`,
    rain: number(weather.precipitationSumMm, 1),
    isWet: (weather.precipitationSumMm ?? 0) >= 0.1,
    uv: number(weather.uvIndexMax, 0),
    wind: kmh(weather.windMaxMs),
    ...sunTimes(day, weather, place.timeZone),
    asOf: asOf(weather.fetchedAt, input),
  };
}

function dayLabel(day: LocalDay, index: number, timeZone: string): string {
  if (index === 0) return 'Today';
  return index === 1 ? 'Tomorrow' : formatDate((day.from + day.to) / 2, timeZone, 'weekday');
}

function sunTimes(day: LocalDay, { sunrise, sunset }: DailyWeather, timeZone: string) {
  if (sunrise === null || sunset === null) {
    const word = day.sun.kind === 'alwaysUp' ? 'Sun all day' : 'No sun';
    return { sunrise: unknownText, sunset: unknownText, daylight: word };
  }
  const minutes = Math.round((sunset - sunrise) / 60_000);
  return {
    sunrise: formatDate(sunrise, timeZone, 'time'),
    sunset: formatDate(sunset, timeZone, 'time'),
    daylight: `${Math.floor(minutes / 60)} h ${minutes % 60} min`,
  };
}

/** Said only of a day that is older than the newest weather: what is as fresh as the page says needs no word. */
function asOf(fetchedAt: number | null, { state, now }: WeatherViewInput): string | null {
  if (fetchedAt === null || state.fetchedAt === null) return null;
  return state.fetchedAt - fetchedAt > 2 * HOUR_MS ? formatAge(now - fetchedAt) : null;
}

function hourViews({ now, place, hourly, unit }: WeatherViewInput): WeatherHour[] {
  const { timeZone } = place;
  const shown = hoursShown(now, timeZone);
  const { values, times, origins } = hourly;
  let day = startOfDay(now, timeZone);
  return times.flatMap((from, i) => {
    if (from < shown.from || from >= shown.to || origins[i] === null) return [];
    const own = startOfDay(from, timeZone);
    const isNewDay = own !== day;
    day = own;
    const sky = skyOf(values.weatherCode[i] ?? null);
    const sunWm2 = values.ghiWm2[i + 1] ?? null;
    const middle = from + HOUR_MS / 2;
    return {
      from,
      time: formatDate(from, timeZone, 'time'),
      day: isNewDay ? 'Tomorrow' : null,
      look: sky?.look ?? null,
      words: sky?.words ?? null,
      isNight: isDark(middle, place),
      temperature: degrees(values.temperatureC[i] ?? null, unit),
      sunWm2,
      sun: number(sunWm2, 0),
      rain: number(values.precipitationMm[i + 1] ?? null, 1),
      wind: kmh(values.windMs[i] ?? null),
    };
  });
}

function isDark(time: number, place: DayPlace): boolean {
  const sun = solarDay(time, place);
  if (sun.kind !== 'normal') return sun.kind === 'alwaysDown';
  return time < sun.sunrise || time > sun.sunset;
}

const number = (value: number | null, digits: number): string =>
  value === null ? unknownText : formatNumber(value, digits);

/** Whole degrees in the reader's unit, with the sign of the degree: nobody feels a tenth. */
export function degrees(celsius: number | null, unit: TemperatureUnit): string {
  if (celsius === null) return unknownText;
  return `${formatNumber(unit === 'celsius' ? celsius : celsius * 1.8 + 32)}°`;
}

const kmh = (metresPerSecond: number | null): string =>
  number(metresPerSecond === null ? null : metresPerSecond * 3.6, 0);
