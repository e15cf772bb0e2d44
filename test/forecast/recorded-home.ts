import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { days, hours, minutes } from '../../src/core/durations.ts';
import { cosDeg } from '../../src/core/solar/angles.ts';
import { sunPosition } from '../../src/core/solar/position.ts';
import { ForecastHouse, type HousePlace, type Measure, type Sky } from '../../src/testing/forecast.ts';

/**
 * Days of a recorded home (CityLearn 2022, home 1, Fontana; MIT) with the weather that came, ten years later, for a clock that
 * is set. Nobody knows where its panels look.
 */
export interface RecordedHome {
  place: HousePlace;
  /** First local midnight with data, ms UTC. */
  from: number;
  measure: Measure;
  told: Sky;
}

const LATER_MS = days(3652);
/** Its stamps are summer time in the months that are used, those of its weather winter time. */
const SUMMER_MS = hours(7);
const WINTER_MS = hours(8);
const place = { latitude: 34.09, longitude: -117.43, timeZone: 'America/Los_Angeles', installedCapacityW: 4000 };

export function recordedHome(root: string): RecordedHome {
  const text = gunzipSync(readFileSync(join(root, 'pv/citylearn2022/homes.csv.gz'))).toString();
  const [head = '', ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(',');
  const rows = new Map<number, number[]>();
  for (const line of lines) {
    const cells = line.split(',');
    rows.set(Date.parse(`${cells[0]?.replace(' ', 'T')}Z`) + LATER_MS, cells.map(Number));
  }
  const cell = (name: string, local: number): number => rows.get(local)?.[names.indexOf(name)] ?? Number.NaN;
  return {
    place,
    from: Date.UTC(2016, 7, 1) + LATER_MS + SUMMER_MS,
    measure: (time) => {
      const kwh = cell('pv_kwh_b1', Math.floor(time / hours(1)) * hours(1) - SUMMER_MS);
      return Number.isNaN(kwh) ? null : { solarPower: Math.round(kwh * 1000) };
    },
    told: (stamp) => {
      const local = stamp - hours(1) - WINTER_MS;
      const dniWm2 = cell('direct_solar_irradiance', local);
      const height = Math.max(0, cosDeg(sunPosition(stamp - hours(0.5), place).zenithDeg));
      const ghiWm2 = dniWm2 * height + cell('diffuse_solar_irradiance', local);
      return Number.isNaN(ghiWm2)
        ? null
        : { ghiWm2, temperatureC: cell('outdoor_dry_bulb_temperature', local), dniWm2 };
    },
  };
}

export interface Replay {
  dayCount: number;
  /** Nights (counted from 1) after which everything is learned anew. */
  learnsAfter(night: number): boolean;
  /** Days (counted from 0) that are forecast; all when left out. */
  isForecast?(day: number): boolean;
  /** Hours of the day, after midnight, at which a forecast is made too. */
  alsoAtH?: readonly number[];
}

/** Lives through recorded days in the real appliance: told, forecast, measured, judged, learned. */
export async function replay(
  root: string,
  { dayCount, learnsAfter, isForecast = () => true, alsoAtH = [] }: Replay,
): Promise<ForecastHouse> {
  const { from, measure, told } = recordedHome(root);
  const house = await ForecastHouse.start(from - hours(1), place);
  const { scoring } = house.app.features.forecast;
  for (let day = 0; day < dayCount; day++) {
    const midnight = from + days(day);
    house.clock.set(midnight - minutes(30));
    house.tell(told, 25);
    house.clock.set(midnight - minutes(10));
    if (day > 0 && isForecast(day)) await house.issue();
    let measured = midnight;
    for (const hour of alsoAtH) {
      house.clock.set(midnight + hours(hour));
      await house.measure(measured + minutes(30), house.clock.now(), measure, hours(1));
      measured = house.clock.now();
      await house.issue();
    }
    await house.measure(measured + minutes(30), midnight + days(1), measure, hours(1));
    house.clock.set(midnight + days(1) + hours(2.4));
    if (learnsAfter(day + 1)) await house.night();
    else await scoring.judge({ sourceId: house.source.id, quantity: 'solar' });
  }
  return house;
}

/** Day-ahead forecasts of the recorded days `first` to `last` (counted from 0): mean errors, W, and how often the bands held. */
export function coursePart(house: ForecastHouse, first: number, last: number) {
  const from = Date.UTC(2016, 7, 1) + LATER_MS;
  const isMeant = (date: string): boolean => {
    const day = Math.round((Date.parse(date) - from) / days(1));
    return day >= first && day < last;
  };
  const part = house.accuracy(400).course.filter(({ date }) => isMeant(date));
  const mean = (of: (day: (typeof part)[number]) => number): number =>
    part.reduce((sum, day) => sum + of(day), 0) / part.length;
  return {
    dayCount: part.length,
    errorW: mean(({ errorW }) => errorW),
    referenceErrorW: mean(({ referenceErrorW }) => referenceErrorW),
    coverage: mean(({ coverage }) => coverage ?? 0),
  };
}
