import { type SolarDay, solarDay } from '../core/solar/day.ts';
import type { SunPlace } from '../core/solar/place.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { dayKey, localDayOf, startOfLocalDay } from '../core/zone.ts';
import { type HourFieldName, hourField } from './hour-fields.ts';
import { HOUR_MS, type HourlyWeather, type HourOrigin } from './hours.ts';
import { codeOfHours } from './wmo-code.ts';

/**
 * The weather of one day of the source's calendar. It is worked out from the hours and not asked of the weather service,
 * which counts days with one offset for a whole answer: wrong by an hour after a clock change, and without half-hour zones.
 */
export interface DailyWeather {
  /** `2026-03-29`, in the source's zone. */
  date: string;
  temperatureMaxC: number | null;
  temperatureMinC: number | null;
  /** Sunlight on a level surface over the day, MJ/m2. */
  shortwaveSumMjM2: number | null;
  /** WMO code that stands for the hours of daylight (`codeOfHours`). */
  weatherCode: number | null;
  uvIndexMax: number | null;
  precipitationSumMm: number | null;
  windMaxMs: number | null;
  /** From the sun's course, never from the network. ms UTC; null where the sun does not rise or set that day. */
  sunrise: number | null;
  sunset: number | null;
  /** The least certain of its hours: one that is forecast makes the day a forecast. Null when nothing is known. */
  origin: HourOrigin | null;
  /** When the oldest of its hours was learned, ms UTC. */
  fetchedAt: number | null;
  /** Hours of which something is known, of 23, 24 or 25 (half an hour counts as one). */
  hoursKnown: number;
  hoursInDay: number;
}

/** Where and in whose calendar. */
export interface DayPlace extends SunPlace {
  timeZone: string;
}

/** One more local day, with what surrounds it. */
export interface LocalDay extends TimeSpan {
  date: string;
  sun: SolarDay;
}

/** The largest and smallest of a day need this share of its hours. */
const ENOUGH = 0.75;

/** The local days that share time with the half-open range, whole, ascending. */
export function localDays(range: TimeSpan, place: DayPlace): LocalDay[] {
  const days: LocalDay[] = [];
  if (!(range.from < range.to)) return days;
  const last = localDayOf(range.to - 1, place.timeZone);
  for (let day = localDayOf(range.from, place.timeZone); day <= last; day++) {
    const from = startOfLocalDay(day, place.timeZone);
    const to = startOfLocalDay(day + 1, place.timeZone);
    if (to > from) days.push({ date: dayKey(day), from, to, sun: solarDay((from + to) / 2, place) });
  }
  return days;
}

/** The stamps that say something of a day: an average that is stamped at or after its end may still cover its last minutes. */
export function stampsOf(day: TimeSpan): TimeSpan {
  return { from: day.from, to: day.to + HOUR_MS };
}

/** The figures of one local day from hours that hold at least `stampsOf(day)`, as far as they are known. */
export function dailyWeather(day: LocalDay, hours: HourlyWeather): DailyWeather {
  const { sunrise, sunset } = riseAndSet(day.sun);
  const temperatures = instants(day, hours, 'temperatureC');
  return {
    date: day.date,
    temperatureMaxC: extreme(temperatures, Math.max),
    temperatureMinC: extreme(temperatures, Math.min),
    shortwaveSumMjM2: sunlight(day, hours),
    weatherCode: skyCode(day, hours),
    uvIndexMax: extreme(instants(day, hours, 'uvIndex'), Math.max),
    precipitationSumMm: wholeSum(day, hours, 'precipitationMm'),
    windMaxMs: extreme(instants(day, hours, 'windMs'), Math.max),
    sunrise,
    sunset,
    ...provenance(day, hours),
  };
}

export function riseAndSet(sun: SolarDay): { sunrise: number | null; sunset: number | null } {
  const hasBoth = sun.kind === 'normal';
  return { sunrise: hasBoth ? Math.round(sun.sunrise) : null, sunset: hasBoth ? Math.round(sun.sunset) : null };
}

interface Sample {
  /** Part of the hour that lies in the day, 0..1. */
  share: number;
  time: number;
  value: number | null;
}

/** Values that hold at a moment of the day; hours that lie outside the range of `hours` count as unknown. */
function instants(day: TimeSpan, hours: HourlyWeather, name: HourFieldName): Sample[] {
  const first = Math.ceil(day.from / HOUR_MS) * HOUR_MS;
  const samples: Sample[] = [];
  for (let time = first; time < day.to; time += HOUR_MS)
    samples.push({ share: 1, time, value: valueAt(hours, name, time) });
  return samples;
}

/** Averages and sums of the hours that share time with the day, with the share of each. */
function spans(day: TimeSpan, hours: HourlyWeather, name: HourFieldName): Sample[] {
  const samples: Sample[] = [];
  for (let time = Math.floor(day.from / HOUR_MS) * HOUR_MS + HOUR_MS; time - HOUR_MS < day.to; time += HOUR_MS) {
    const share = (Math.min(time, day.to) - Math.max(time - HOUR_MS, day.from)) / HOUR_MS;
    if (share > 0) samples.push({ share, time, value: valueAt(hours, name, time) });
  }
  return samples;
}

function valueAt(hours: HourlyWeather, name: HourFieldName, time: number): number | null {
  const start = hours.times[0];
  if (start === undefined) return null;
  return hours.values[name][(time - start) / HOUR_MS] ?? null;
}

function extreme(samples: readonly Sample[], pick: (...values: number[]) => number): number | null {
  const known = samples.flatMap(({ value }) => (value === null ? [] : [value]));
  return known.length > 0 && known.length >= ENOUGH * samples.length ? pick(...known) : null;
}

/** MJ/m2; null when an hour of daylight is unknown, for light that nobody knows of is not added up to less. */
function sunlight(day: LocalDay, hours: HourlyWeather): number | null {
  const samples = spans(day, hours, 'ghiWm2');
  let joules = 0;
  let known = 0;
  for (const { time, share, value } of samples) {
    if (value !== null) known++;
    else if (hasDaylight(day.sun, { from: time - HOUR_MS, to: time })) return null;
    joules += (value ?? 0) * share * 3600;
  }
  return known === 0 ? null : joules / 1e6;
}

function hasDaylight(sun: SolarDay, hour: TimeSpan): boolean {
  if (sun.kind !== 'normal') return sun.kind === 'alwaysUp';
  return hour.to > sun.sunrise && hour.from < sun.sunset;
}

function wholeSum(day: TimeSpan, hours: HourlyWeather, name: HourFieldName): number | null {
  let sum = 0;
  for (const { share, value } of spans(day, hours, name)) {
    if (value === null) return null;
    sum += value * share;
  }
  return roundTo(sum, hourField(name).step);
}

const roundTo = (value: number, step: number): number => Math.round(value / step) / Math.round(1 / step);

function skyCode(day: LocalDay, hours: HourlyWeather): number | null {
  const all = instants(day, hours, 'weatherCode').filter(({ value }) => value !== null);
  const lit = all.filter(({ time }) => hasDaylight(day.sun, { from: time, to: time + 1 }));
  const counted = lit.length > 0 ? lit : all;
  return codeOfHours(counted.flatMap(({ value }) => value ?? []));
}

const certainty: Record<HourOrigin, number> = { forecast: 0, recent: 1, archive: 2 };

function provenance(day: TimeSpan, hours: HourlyWeather) {
  const [start = 0] = hours.times;
  let origin: HourOrigin | null = null;
  let fetchedAt: number | null = null;
  let hoursKnown = 0;
  const stamps = instants(day, hours, 'ghiWm2').map(({ time }) => (time - start) / HOUR_MS);
  for (const index of stamps) {
    const own = hours.origins[index] ?? null;
    if (own === null) continue;
    hoursKnown++;
    if (origin === null || certainty[own] < certainty[origin]) origin = own;
    const at = hours.fetchedAt[index] ?? null;
    if (at !== null) fetchedAt = Math.min(fetchedAt ?? at, at);
  }
  return { origin, fetchedAt, hoursKnown, hoursInDay: stamps.length };
}
