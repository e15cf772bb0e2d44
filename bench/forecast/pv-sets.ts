import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localTimes, read } from './tables.ts';

/**
 * The recorded production sets of the test data, each as the three files of `ampra backtest`: what is told of units,
 * clocks and stamps in their README is undone here, and nothing else is repaired.
 */
export interface PvSet {
  name: string;
  /** `time,power_w`, times in UTC at the start of the interval. */
  powerCsv: string;
  /** Open-Meteo's names, units and conventions; null when the set has no weather. */
  weatherCsv: string | null;
  site: PvSite;
}

export interface PvSite {
  latitude?: number;
  longitude?: number;
  timezone: string;
  installedCapacityW: number;
  arrays?: { tilt: number; azimuth: number; peakW: number }[];
  altitudeM?: number;
}

const HOUR = 3_600_000;

/** Every production set below `root` (the test data's folder). */
export function pvSets(root: string): PvSet[] {
  const pv = join(root, 'pv');
  return [
    ...['station00', 'station01', 'station03', 'station05', 'station08'].map((station) => pvodSet(pv, station)),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((home) => cityLearnSet(pv, home)),
    ryeSet(pv),
    emhassSet(pv),
    solisSet(pv),
    ausgridSet(pv),
    sdtSet(pv),
    indiaSet(pv),
    powerwallSet(pv),
  ];
}

/** PVOD: Chinese plants with the weather as forecast the day before. Its NWP values hold at the stamp, not over a step. */
function pvodSet(pv: string, station: string): PvSet {
  const table = read(join(pv, 'pvod', `${station}.csv.gz`));
  const meta = metadataOf(readFileSync(join(pv, 'pvod/metadata.csv'), 'utf8'), station);
  const times = table.texts('time_utc').map((text) => Date.parse(`${text.replace(' ', 'T')}Z`));
  const precedingMean = (values: number[]) =>
    values.map((value, i) => (i === 0 ? value : (value + (values[i - 1] ?? value)) / 2));
  return {
    name: `pvod ${station}`,
    powerCsv: powerCsv(
      times,
      table.numbers('power').map((mw) => mw * 1e6),
    ),
    weatherCsv: weatherCsv(times, {
      shortwave_radiation: precedingMean(table.numbers('nwp_globalirrad')),
      direct_radiation: precedingMean(table.numbers('nwp_directirrad')),
      temperature_2m: table.numbers('nwp_temperature'),
      relative_humidity_2m: table.numbers('nwp_humidity'),
      wind_speed_10m: table.numbers('nwp_windspeed').map((ms) => ms * 3.6),
      wind_direction_10m: table.numbers('nwp_winddirection'),
      surface_pressure: table.numbers('nwp_pressure'),
    }),
    site: {
      latitude: meta.latitude,
      longitude: meta.longitude,
      timezone: 'Asia/Shanghai',
      installedCapacityW: meta.capacityKw * 1000,
      arrays: [{ tilt: meta.tilt, azimuth: 180, peakW: meta.capacityKw * 1000 }],
    },
  };
}

/** The metadata table has line breaks inside quotes: only the first and the last cells of a record are needed. */
function metadataOf(text: string, station: string) {
  const record = text.slice(text.indexOf(`\n${station},`) + 1);
  const end = /South (\d+)°.*?,([\d.]+),([\d.]+)\r?\n(?=station|$)/s.exec(record);
  if (!end) throw new Error(`no ${station} in PVOD's metadata.csv`);
  const [, tilt, longitude, latitude] = end.map(Number);
  return {
    capacityKw: Number(record.split(',')[1]),
    tilt: tilt ?? 0,
    longitude: longitude ?? 0,
    latitude: latitude ?? 0,
  };
}

/** CityLearn: production follows the clock on the wall, the weather (a standard year's file) standard time; both at the start of the hour. */
function cityLearnSet(pv: string, home: number): PvSet {
  const table = read(join(pv, 'citylearn2022/homes.csv.gz'));
  const systems = JSON.parse(readFileSync(join(pv, 'citylearn2022/systems.json'), 'utf8')) as Record<
    string,
    { pv_kw: number }
  >;
  const stamps = table.texts('hour_start_local');
  const times = localTimes(stamps, 'America/Los_Angeles');
  const standard = stamps.map((text) => Date.parse(`${text.replace(' ', 'T')}Z`) + 8 * HOUR);
  const ends = standard.map((time) => time + HOUR);
  const capacityW = (systems[`b${home}`]?.pv_kw ?? 0) * 1000;
  return {
    name: `citylearn b${home}`,
    powerCsv: powerCsv(
      times,
      table.numbers(`pv_kwh_b${home}`).map((kwh) => kwh * 1000),
    ),
    weatherCsv: weatherCsv(ends, {
      direct_normal_irradiance: table.numbers('direct_solar_irradiance'),
      diffuse_radiation: table.numbers('diffuse_solar_irradiance'),
      temperature_2m: table.numbers('outdoor_dry_bulb_temperature'),
      relative_humidity_2m: table.numbers('outdoor_relative_humidity'),
    }),
    site: { latitude: 34.09, longitude: -117.43, timezone: 'America/Los_Angeles', installedCapacityW: capacityW },
  };
}

/** Rye, Norway: the provider's `_1h` columns are sums of the preceding hour, Wh/m2, which are W/m2 of its mean. */
function ryeSet(pv: string): PvSet {
  const table = read(join(pv, 'rye_microgrid/train.csv.gz'));
  const times = table.texts('time').map((text) => Date.parse(`${text.replace(' ', 'T')}Z`));
  return {
    name: 'rye',
    powerCsv: powerCsv(
      times,
      table.numbers('pv_production').map((kwh) => kwh * 1000),
    ),
    weatherCsv: weatherCsv(times, {
      shortwave_radiation: table.numbers('global_rad_1h:Wh'),
      direct_radiation: table.numbers('direct_rad_1h:Wh'),
      diffuse_radiation: table.numbers('diffuse_rad_1h:Wh'),
      temperature_2m: table.numbers('temp'),
      relative_humidity_2m: table.numbers('relative_humidity_2m:p'),
      dew_point_2m: table.numbers('dew_point_2m:C'),
      cloud_cover: table.numbers('total_cloud_cover:p'),
      cloud_cover_low: table.numbers('low_cloud_cover:p'),
      cloud_cover_mid: table.numbers('medium_cloud_cover:p'),
      cloud_cover_high: table.numbers('high_cloud_cover:p'),
      precipitation: table.numbers('precip_1h:mm'),
      wind_speed_10m: table.numbers('wind_speed_10m:ms').map((ms) => ms * 3.6),
    }),
    site: { latitude: 63.41, longitude: 10.11, timezone: 'Europe/Oslo', installedCapacityW: 86_400 },
  };
}

function emhassSet(pv: string): PvSet {
  const table = read(join(pv, 'emhass_home_fr/home_30min.csv.gz'));
  const times = table.texts('time_utc').map((text) => Date.parse(text));
  return {
    name: 'emhass',
    powerCsv: powerCsv(times, table.numbers('pv_w')),
    weatherCsv: null,
    site: { timezone: 'Europe/Paris', installedCapacityW: 4400 },
  };
}

function solisSet(pv: string): PvSet {
  const table = read(join(pv, 'solis_shelly_ie/hour.csv.gz'));
  // The last row was exported in the middle of its hour.
  const times = table.numbers('Epoch').map((epoch) => Math.floor((epoch * 1000) / HOUR) * HOUR);
  const watts = table.numbers('Solar Generation').map((kwh) => kwh * 1000);
  return {
    name: 'solis',
    powerCsv: powerCsv(times.slice(0, -1), watts.slice(0, -1)),
    weatherCsv: null,
    site: { timezone: 'Europe/Dublin', installedCapacityW: 6000 },
  };
}

function ausgridSet(pv: string): PvSet {
  const table = read(join(pv, 'ausgrid_customer12/home_30min.csv.gz'));
  return {
    name: 'ausgrid',
    powerCsv: powerCsv(
      localTimes(table.texts('time_local'), 'Australia/Sydney'),
      table.numbers('pv_kw').map((kw) => kw * 1000),
    ),
    weatherCsv: null,
    site: { latitude: -33.87, longitude: 151.21, timezone: 'Australia/Sydney', installedCapacityW: 1040 },
  };
}

/** Five minutes, daylight rows only, one value of -1,000,000 kW. */
function sdtSet(pv: string): PvSet {
  const table = read(join(pv, 'sdt_5min/TAEFC1044741.csv.gz'));
  const times = table.texts('time_utc').map((text) => Date.parse(`${text.replace(' ', 'T')}Z`));
  return {
    name: 'sdt',
    powerCsv: powerCsv(
      times,
      table.numbers('ac_power_kw').map((kw) => kw * 1000),
    ),
    weatherCsv: null,
    site: { timezone: 'America/Los_Angeles', installedCapacityW: 6000 },
  };
}

/** 22 inverters a stamp, a few of them missing now and then: the plant is their mean times 22. */
function indiaSet(pv: string): PvSet {
  const generation = read(join(pv, 'india_plant1/generation.csv.gz'));
  const weather = read(join(pv, 'india_plant1/weather.csv.gz'));
  const sums = new Map<number, { kw: number; count: number }>();
  const stamps = generation.texts('DATE_TIME');
  generation.numbers('AC_POWER').forEach((kw, i) => {
    const time = indiaTime(stamps[i] ?? '');
    const sum = sums.get(time) ?? { kw: 0, count: 0 };
    sums.set(time, { kw: sum.kw + kw, count: sum.count + 1 });
  });
  const times = [...sums.keys()].sort((a, b) => a - b);
  const ends = weather.texts('DATE_TIME').map((text) => indiaTime(text) + HOUR / 4);
  return {
    name: 'india plant 1',
    powerCsv: powerCsv(
      times,
      times.map((time) => plantW(sums.get(time))),
    ),
    weatherCsv: weatherCsv(ends, {
      shortwave_radiation: weather.numbers('IRRADIATION').map((kw) => kw * 1000),
      temperature_2m: weather.numbers('AMBIENT_TEMPERATURE'),
    }),
    site: { timezone: 'Asia/Kolkata', installedCapacityW: 30_000_000 },
  };
}

function plantW(sum: { kw: number; count: number } | undefined): number {
  return sum && sum.count >= 11 ? (sum.kw / sum.count) * 22 * 1000 : Number.NaN;
}

function indiaTime(text: string): number {
  const [, day, month, year, time] = /^(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d)$/.exec(text) ?? [];
  return Date.parse(`${year}-${month}-${day}T${time}:00+05:30`);
}

/** Daily energies: one interval a local day. */
function powerwallSet(pv: string): PvSet {
  const table = read(join(pv, 'powerwall_home_us/daily.csv.gz'));
  return {
    name: 'powerwall (daily)',
    powerCsv: powerCsv(
      localTimes(table.texts('date_local'), 'America/Los_Angeles'),
      table.numbers('solar_kwh').map((kwh) => (kwh * 1000) / 24),
    ),
    weatherCsv: null,
    site: { timezone: 'America/Los_Angeles', installedCapacityW: 11_000 },
  };
}

function powerCsv(times: readonly number[], watts: readonly number[]): string {
  return `time,power_w\n${times.map((time, i) => `${iso(time)},${cell(watts[i])}`).join('\n')}\n`;
}

function weatherCsv(times: readonly number[], columns: Record<string, readonly number[]>): string {
  const names = Object.keys(columns);
  const lines = times.map((time, i) => [iso(time), ...names.map((name) => cell(columns[name]?.[i]))].join(','));
  return `time,${names.join(',')}\n${lines.join('\n')}\n`;
}

const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');
const cell = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '' : String(Math.round(value * 1000) / 1000);
