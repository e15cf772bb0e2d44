import { cell } from '../../core/boosted-trees.ts';
import { sinDeg } from '../../core/solar/angles.ts';
import type { SunPlace } from '../../core/solar/place.ts';
import { sunPosition } from '../../core/solar/position.ts';
import type { FeatureBuilder, FeatureDescription } from '../feature-rows.ts';
import { type IntervalGrid, slotsPerDay, startOf } from '../interval-grid.ts';
import type { WeatherGrid } from '../weather-grid.ts';
import { type WeatherColumn, weatherColumns } from '../weather-table.ts';
import { createRecentLoad } from './recent-load.ts';
import { createTemperatures } from './temperatures.ts';
import { createUsualLoad, createUsualMedian, isWeekend, type UsualLoad } from './usual-load.ts';
import type { WallGrid } from './wall-grid.ts';

/** Simple forecasts of consumption, shares of `scaleW`: what a learner starts from and what it must beat. */
export const loadCandidateNames = [
  'yesterday',
  'weekAgo',
  'median3',
  'median7',
  'median28',
  'sameKind',
  'sameWeekday',
] as const satisfies readonly (keyof UsualLoad)[];

const share = 'share of strong power';
const ownFeatures: readonly FeatureDescription[] = [
  { name: 'yesterday', unit: share, meaning: 'the last known day at this time' },
  { name: 'weekAgo', unit: share, meaning: 'the same day of the week before at this time' },
  { name: 'median3', unit: share, meaning: 'median of the last 3 days at this time' },
  { name: 'median7', unit: share, meaning: 'median of the last 7 days at this time' },
  { name: 'median28', unit: share, meaning: 'median of the last 28 days at this time' },
  { name: 'sameKind', unit: share, meaning: 'median of the last 10 working days, or of as many days of weekends' },
  { name: 'sameWeekday', unit: share, meaning: 'median of the last 5 same days of the week' },
  { name: 'high28', unit: share, meaning: 'busy days of the last 28 at this time (85 % quantile)' },
  { name: 'low28', unit: share, meaning: 'quiet days of the last 28 at this time (15 % quantile)' },
  { name: 'timeOfDay', unit: 'h', meaning: 'by the clock on the wall' },
  { name: 'weekday', unit: 'day', meaning: 'Monday 0 to Sunday 6' },
  { name: 'weekend', unit: '0 or 1', meaning: 'Saturday or Sunday' },
  { name: 'lastHours', unit: share, meaning: 'mean of the last three hours that are known' },
  { name: 'lastRatio', unit: 'ratio', meaning: 'those over what is usual then' },
  { name: 'lastDay', unit: share, meaning: 'mean of the last day that is known' },
  { name: 'lastWeek', unit: share, meaning: 'mean of the last week that is known' },
  { name: 'base', unit: share, meaning: 'the least of the last day: what is never off' },
  { name: 'lead', unit: 'h', meaning: 'time since the forecast was made' },
];
const sunFeature: FeatureDescription = {
  name: 'sunHeight',
  unit: 'sine',
  meaning: "the sun's height: darkness, season",
};
const temperatureFeatures: readonly FeatureDescription[] = [
  { name: 'temperature_day', unit: 'degC', meaning: 'its mean over the day up to the interval' },
  { name: 'temperature_change', unit: 'K', meaning: 'that less the mean of the two weeks before' },
];

/** Columns of the weather that move what a house takes. */
const usedColumns: readonly WeatherColumn[] = [
  'temperature_2m',
  'relative_humidity_2m',
  'cloud_cover',
  'wind_speed_10m',
  'precipitation',
  'shortwave_radiation',
];

/** Which features there are. */
export interface LoadBasis {
  hasSun: boolean;
  columns: readonly WeatherColumn[];
}

export interface LoadFeatureInput {
  grid: IntervalGrid;
  wall: WallGrid;
  /** W; NaN where unknown. */
  powerW: ArrayLike<number>;
  excluded?: ArrayLike<number>;
  weather: WeatherGrid | null;
  place: SunPlace | null;
  scaleW: number;
  /** What a trained model expects, whatever the data have; by the data when left out. */
  expects?: LoadBasis;
}

export function loadBasis({ weather, place }: Pick<LoadFeatureInput, 'weather' | 'place'>): LoadBasis {
  return { hasSun: place !== null, columns: usedColumns.filter((name) => weather?.columns[name]) };
}

/** Puts an unknown simple forecast in another's place, the nearest first. */
const standIns: readonly (keyof UsualLoad)[] = ['sameKind', 'median7', 'median28', 'yesterday', 'weekAgo'];

export function createLoadFeatures(input: LoadFeatureInput): FeatureBuilder {
  const { grid, wall, powerW, weather, place, scaleW } = input;
  const basis = input.expects ?? loadBasis(input);
  const usualOf = createUsualLoad(wall, powerW, input.excluded);
  const medianOf = createUsualMedian(wall, powerW, input.excluded);
  const usualPowerW = (index: number, known: number): number => first(medianOf(index, known), powerW[index] ?? 0);
  const recentOf = createRecentLoad(grid, powerW, usualPowerW);
  const temperatures = createTemperatures(grid, weather);
  const hasTemperature = basis.columns.includes('temperature_2m');
  const hoursPerSlot = grid.stepMs / 3_600_000;
  const columns = basis.columns.map((name) => ({ name, values: weather?.columns[name] }));
  const features = [
    ...ownFeatures,
    ...(basis.hasSun ? [sunFeature] : []),
    ...(hasTemperature ? temperatureFeatures : []),
    ...basis.columns.map((name) => ({ name, unit: weatherColumns[name].unit, meaning: "Open-Meteo's column" })),
  ];
  let usual = usualOf(0, 0);
  const candidates: FeatureBuilder['candidates'] = (index, known) => {
    usual = usualOf(index, known.power);
    const other = standIns.map((name) => usual[name]).find((value) => !Number.isNaN(value));
    const fallback = other ?? first(recentOf(known.power).lastWeek, 0);
    return Float64Array.from(loadCandidateNames, (name) => first(usual[name], fallback) / scaleW);
  };
  const fill: FeatureBuilder['fill'] = (index, known, simple, out, start) => {
    let at = start;
    const put = (value: number): void => {
      out[at++] = cell(value);
    };
    for (let k = 0; k < loadCandidateNames.length; k++) put(simple[k] ?? Number.NaN);
    put(usual.high28 / scaleW);
    put(usual.low28 / scaleW);
    put((wall.slot[index] ?? 0) * (24 / slotsPerDay(grid)));
    const weekday = wall.weekday[index] ?? 0;
    put(weekday);
    put(isWeekend(weekday) ? 1 : 0);
    const recent = recentOf(known.power);
    put(recent.lastHours / scaleW);
    put(recent.lastRatio);
    put(recent.lastDay / scaleW);
    put(recent.lastWeek / scaleW);
    put(recent.base / scaleW);
    put((index - known.power) * hoursPerSlot);
    const middle = startOf(grid, index) + grid.stepMs / 2;
    if (basis.hasSun) put(place ? sinDeg(90 - sunPosition(middle, place).zenithDeg) : Number.NaN);
    const isForecast = index < known.weather;
    if (hasTemperature) {
      const day = isForecast ? temperatures.day(index) : Number.NaN;
      put(day);
      put(day - temperatures.before(index));
    }
    for (const { values } of columns) put(isForecast ? (values?.[index] ?? Number.NaN) : Number.NaN);
  };
  return { features, candidateNames: loadCandidateNames, candidates, fill };
}

const first = (value: number, other: number): number => (Number.isNaN(value) ? other : value);
