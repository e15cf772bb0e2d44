import { ok, type Result, refuse } from '../core/result.ts';
import { zoneOffsetMs } from '../core/zone.ts';
import { readTimeColumns } from './csv-columns.ts';
import { evenPower } from './even-power.ts';
import { commonStep } from './interval-grid.ts';
import type { ProductionData } from './production-model.ts';
import { layWeather, type WeatherGrid } from './weather-grid.ts';
import { isWeatherColumn, plausible, type WeatherTable } from './weather-table.ts';

/** `site.json` of a backtest: angles in degrees, azimuth from north, clockwise. */
export interface BacktestSite {
  latitude?: number | null | undefined;
  longitude?: number | null | undefined;
  timezone: string;
  installedCapacityW: number;
  arrays?: { tilt: number; azimuth: number; peakW: number }[] | null | undefined;
  altitudeM?: number | null | undefined;
}

export interface BacktestFiles {
  powerCsv: string;
  weatherCsv?: string;
  site: BacktestSite;
  names: { power: string; weather: string };
}

const FEWEST_DAYS = 3;
/** Weather that covers less of the power than this is worth a note. */
const FULL_SHARE = 0.95;
const DAY_MS = 86_400_000;

/** Turns the files of a backtest into data, with notes on what had to be set right. */
export function backtestInput(files: BacktestFiles): Result<{ data: ProductionData; notes: string[] }> {
  const power = readTimeColumns(files.powerCsv, files.names.power);
  if (!power.ok) return power;
  const watts = power.value.columns.get('power_w');
  if (!watts)
    return refuse(
      'invalid',
      `${files.names.power}, line 1: there is no column "power_w" (found: time, ${[...power.value.columns.keys()].join(', ')}).`,
      {
        hint: 'Name the column with the mean power of each interval, in watts, "power_w".',
      },
    );
  const even = evenPower(power.value.times, watts);
  if (!even)
    return refuse('invalid', `${files.names.power}: its times are no series of intervals of a minute to a day.`, {
      hint: 'Give one row for each interval, all of the same length.',
    });
  const { grid, powerW } = even;
  const known = powerW.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  const days = (known * grid.stepMs) / DAY_MS;
  if (days < FEWEST_DAYS && grid.count * grid.stepMs < 2 * FEWEST_DAYS * DAY_MS)
    return refuse(
      'invalid',
      `${files.names.power}: there are ${days.toFixed(1)} days of power, too few to forecast from.`,
      {
        hint: `Give at least ${FEWEST_DAYS} days; a month before the months to test is better.`,
      },
    );
  const notes = [...power.value.notes, ...even.notes.map((note) => `${files.names.power}: ${note}`)];
  notes.push(...capacityNotes(powerW, files));
  let weather: ProductionData['weather'] = null;
  if (files.weatherCsv !== undefined) {
    const table = weatherTable(files.weatherCsv, files.names.weather);
    if (!table.ok) return table;
    notes.push(...table.value.notes);
    if (table.value.table) weather = overlapping(layWeather(table.value.table, grid), files.names, notes);
  }
  const { latitude, longitude } = files.site;
  if ((typeof latitude === 'number') !== (typeof longitude === 'number'))
    notes.push("The site has only one of latitude and longitude; the sun's course is learned from the power.");
  return ok({ data: { grid, powerW, weather, site: productionSite(files.site) }, notes });
}

/** A capacity that the power contradicts: kilowatts for watts, as a rule. */
function capacityNotes(powerW: Float64Array, { site, names }: BacktestFiles): string[] {
  const most = powerW.reduce((max, value) => (value > max ? value : max), 0);
  const share = most / site.installedCapacityW;
  if (most === 0 || (share < 10 && share > 0.01)) return [];
  return [
    `${names.power}: its largest power is ${most.toPrecision(3)} W, and ${site.installedCapacityW} W are said to be installed: are both in watts?`,
  ];
}

/** The weather as far as it is of the power's times; null, with a note, when none of it is. */
function overlapping(weather: WeatherGrid, names: BacktestFiles['names'], notes: string[]): WeatherGrid | null {
  const columns = Object.values(weather.columns);
  let known = 0;
  for (let index = 0; index < weather.grid.count; index++)
    if (columns.some((values) => !Number.isNaN(values[index] ?? Number.NaN))) known++;
  const share = known / weather.grid.count;
  if (known === 0)
    notes.push(`${names.weather}: none of its times are those of ${names.power}; the forecast goes without weather.`);
  else if (share < FULL_SHARE)
    notes.push(`${names.weather}: it covers ${(100 * share).toFixed(1)} % of the times of ${names.power}.`);
  return known === 0 ? null : weather;
}

function productionSite(site: BacktestSite): ProductionData['site'] {
  const { latitude, longitude, altitudeM, timezone } = site;
  const winter = Math.min(zoneOffsetMs(Date.UTC(2025, 0, 1), timezone), zoneOffsetMs(Date.UTC(2025, 6, 1), timezone));
  return {
    ...(latitude === null || latitude === undefined ? {} : { latitude }),
    ...(longitude === null || longitude === undefined ? {} : { longitude }),
    ...(altitudeM === null || altitudeM === undefined ? {} : { altitudeM }),
    utcOffsetH: winter / 3_600_000,
    installedW: site.installedCapacityW,
    arrays: (site.arrays ?? []).map(({ tilt, azimuth, peakW }) => ({ tiltDeg: tilt, azimuthDeg: azimuth, peakW })),
  };
}

function weatherTable(text: string, name: string): Result<{ table: WeatherTable | null; notes: string[] }> {
  const read = readTimeColumns(text, name);
  if (!read.ok) return read;
  const notes = [...read.value.notes];
  const order = Int32Array.from(read.value.times.keys()).sort(
    (a, b) => (read.value.times[a] ?? 0) - (read.value.times[b] ?? 0),
  );
  const sorted = order
    .map((row) => row)
    .filter((row, at) => read.value.times[row] !== read.value.times[order[at + 1] ?? -1]);
  if (sorted.length < order.length)
    notes.push(`${name}: ${order.length - sorted.length} times came more than once; the last one counts.`);
  const times = Float64Array.from(sorted, (row) => read.value.times[row] ?? 0);
  const stepMs = commonStep(times);
  if (stepMs === null)
    return refuse('invalid', `${name}: its times are no series of steps up to a day.`, {
      hint: 'Give one row an hour or less, or leave --weather out.',
    });
  const table: WeatherTable = { stepMs, times, columns: {} };
  const ignored: string[] = [];
  let absurd = 0;
  for (const [column, values] of read.value.columns) {
    if (!isWeatherColumn(column)) {
      ignored.push(column);
      continue;
    }
    const series = Float64Array.from(sorted, (row) => plausible(column, values[row] ?? Number.NaN));
    absurd += sorted.filter(
      (row, at) => !Number.isNaN(values[row] ?? Number.NaN) && Number.isNaN(series[at] ?? 0),
    ).length;
    if (series.some((value) => !Number.isNaN(value))) table.columns[column] = series;
  }
  if (ignored.length > 0)
    notes.push(`${name}: no hourly columns of Open-Meteo that are used, and left out: ${ignored.join(', ')}.`);
  if (absurd > 0) notes.push(`${name}: ${absurd} values cannot be true and were left out.`);
  if (Object.keys(table.columns).length === 0) {
    notes.push(`${name}: none of its columns can be used; the forecast goes without weather.`);
    return ok({ table: null, notes });
  }
  return ok({ table, notes });
}
