import { join } from 'node:path';
import type { ConsumptionData } from '../../src/forecast/consumption/consumption-model.ts';
import { evenPower } from '../../src/forecast/even-power.ts';
import { layWeather } from '../../src/forecast/weather-grid.ts';
import { localTimes, read, type Table } from './tables.ts';

/** A recorded household's (or site's) consumption. */
export interface LoadSet {
  name: string;
  data: ConsumptionData;
}

const HOUR = 3_600_000;

/** Every set below `root` (the test data's folder) that measures consumption itself, not what the grid gave to it. */
export function loadSets(root: string): LoadSet[] {
  const pv = join(root, 'pv');
  return [
    ukSet(root),
    emhassSet(pv),
    ausgridSet(pv),
    ryeSet(pv),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((home) => cityLearnSet(pv, home)),
  ];
}

function loadSet(
  name: string,
  times: readonly number[],
  watts: readonly number[],
  rest: Pick<ConsumptionData, 'timeZone'> & Partial<Pick<ConsumptionData, 'place'>>,
  weather?: { times: readonly number[]; temperatureC: readonly number[] },
): LoadSet {
  const even = evenPower(times, watts);
  if (!even) throw new Error(`${name} has no even steps`);
  const table = weather && {
    stepMs: HOUR,
    times: Float64Array.from(weather.times),
    columns: { temperature_2m: Float64Array.from(weather.temperatureC) },
  };
  return {
    name,
    data: {
      grid: even.grid,
      powerW: even.powerW,
      weather: table ? layWeather(table, even.grid) : null,
      place: null,
      ...rest,
    },
  };
}

const utc = (text: string): number => Date.parse(`${text.replace(' ', 'T').replace(/Z?$/, 'Z')}`);

function ukSet(root: string): LoadSet {
  const table = read(join(root, 'prices_load/load/uk_agile_home_30min.csv.gz'));
  const watts = table.numbers('kwh').map((kwh) => kwh * 2000);
  return loadSet('uk home', table.texts('start_utc').map(utc), watts, { timeZone: 'Europe/London' });
}

function emhassSet(pv: string): LoadSet {
  const table = read(join(pv, 'emhass_home_fr/home_30min.csv.gz'));
  const times = table.texts('time_utc').map(utc);
  return loadSet('emhass', times, table.numbers('load_w'), { timeZone: 'Europe/Paris' });
}

function ausgridSet(pv: string): LoadSet {
  const table = read(join(pv, 'ausgrid_customer12/home_30min.csv.gz'));
  const times = localTimes(table.texts('time_local'), 'Australia/Sydney');
  return loadSet('ausgrid', times, kiloWatts(table, 'load_kw'), {
    timeZone: 'Australia/Sydney',
    place: { latitude: -33.87, longitude: 151.21 },
  });
}

function ryeSet(pv: string): LoadSet {
  const table = read(join(pv, 'rye_microgrid/train.csv.gz'));
  const times = table.texts('time').map(utc);
  return loadSet(
    'rye',
    times,
    kiloWatts(table, 'consumption'),
    { timeZone: 'Europe/Oslo', place: { latitude: 63.41, longitude: 10.11 } },
    { times, temperatureC: table.numbers('temp') },
  );
}

/** Its weather is that of a standard year, not of the days. */
function cityLearnSet(pv: string, home: number): LoadSet {
  const table = read(join(pv, 'citylearn2022/homes.csv.gz'));
  const times = localTimes(table.texts('hour_start_local'), 'America/Los_Angeles');
  return loadSet(`citylearn b${home}`, times, kiloWatts(table, `load_kwh_b${home}`), {
    timeZone: 'America/Los_Angeles',
    place: { latitude: 34.09, longitude: -117.43 },
  });
}

const kiloWatts = (table: Table, column: string): number[] => table.numbers(column).map((kw) => kw * 1000);
