import type { ConsumptionData } from '../../src/forecast/consumption/consumption-model.ts';
import { firstFrom, startOf } from '../../src/forecast/interval-grid.ts';
import type { WeatherGrid } from '../../src/forecast/weather-grid.ts';
import type { LoadSet } from './load-sets.ts';
import type { PvSet } from './pv-sets.ts';

const DAY_MS = 86_400_000;

/** Moments of a set's data, ms UTC: half-open. */
export interface Span {
  from: number;
  to: number;
}

/** What is left of a production set when nothing outside the span had been recorded. */
export function cutProduction(set: PvSet, span: Span): PvSet {
  return {
    ...set,
    powerCsv: cutCsv(set.powerCsv, span),
    weatherCsv: set.weatherCsv === null ? null : cutCsv(set.weatherCsv, span),
  };
}

/** The span of a production set's own data. */
export function spanOf({ powerCsv }: PvSet): Span {
  const lines = powerCsv.trim().split('\n');
  return { from: timeOf(lines[1]), to: timeOf(lines.at(-1)) + 1 };
}

const timeOf = (line = ''): number => Date.parse(line.slice(0, line.indexOf(',')));

function cutCsv(csv: string, { from, to }: Span): string {
  const [head = '', ...lines] = csv.trim().split('\n');
  const isIn = (line: string): boolean => timeOf(line) >= from && timeOf(line) < to;
  return [head, ...lines.filter(isIn)].join('\n');
}

/** The same of consumption: whole UTC days, so that the grid stays one of whole days. */
export function cutConsumption({ name, data }: LoadSet, { from, to }: Span): LoadSet {
  const [first, end] = [from, to].map((time) => firstFrom(data.grid, Math.floor(time / DAY_MS) * DAY_MS)) as [
    number,
    number,
  ];
  const cut: ConsumptionData = {
    ...data,
    grid: { ...data.grid, from: startOf(data.grid, first), count: end - first },
    powerW: data.powerW.slice(first, end),
    weather: data.weather && cutWeather(data.weather, first, end),
    ...(data.excluded ? { excluded: data.excluded.slice(first, end) } : {}),
  };
  return { name, data: cut };
}

const cutWeather = (weather: WeatherGrid, first: number, end: number): WeatherGrid => ({
  ...weather,
  columns: Object.fromEntries(
    Object.entries(weather.columns).map(([name, values]) => [name, values?.slice(first, end)]),
  ),
});
