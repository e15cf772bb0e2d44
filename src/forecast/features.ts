import { cell } from '../core/boosted-trees.ts';
import { createDayMeans } from './day-means.ts';
import type { FeatureBuilder, FeatureDescription } from './feature-rows.ts';
import { type IntervalGrid, slotsPerDay, slotsPerHour } from './interval-grid.ts';
import type { Known } from './known.ts';
import type { LightGrid } from './light-grid.ts';
import { createRecentClearness } from './recent-clearness.ts';
import { createSameTime } from './same-time.ts';
import type { WeatherGrid } from './weather-grid.ts';
import { type WeatherColumn, weatherColumns } from './weather-table.ts';

export type { FeatureBuilder, FeatureDescription };

/** Simple forecasts of an interval, shares of `scaleW`: what a learner starts from and what it must beat. */
export const candidateNames = [
  'physics',
  'yesterday',
  'median3',
  'median7',
  'median14',
  'median30',
  'high14',
  'recent',
] as const;

const share = 'share of strong power';
const historyFeatures: readonly FeatureDescription[] = [
  {
    name: 'physics',
    unit: share,
    meaning: 'expected by physics; without weather the clear sky at the clearness of the last week',
  },
  { name: 'yesterday', unit: share, meaning: 'the last known day at this time, carried over by the clear sky' },
  { name: 'median3', unit: share, meaning: 'median of the last 3 days at this time' },
  { name: 'median7', unit: share, meaning: 'median of the last 7 days at this time' },
  { name: 'median14', unit: share, meaning: 'median of the last 14 days at this time' },
  { name: 'median30', unit: share, meaning: 'median of the last 30 days at this time' },
  { name: 'high14', unit: share, meaning: 'bright days of the last 14 at this time (85 % quantile)' },
  {
    name: 'recent',
    unit: share,
    meaning: 'what physics expects, as far as the last two days reached it: snow, dirt, failures',
  },
  { name: 'low14', unit: share, meaning: 'dull days of the last 14 at this time (15 % quantile)' },
  { name: 'clear', unit: share, meaning: 'under a clear sky' },
  { name: 'elevation', unit: 'deg', meaning: "the sun's height" },
  { name: 'hourAngle', unit: 'deg', meaning: 'time of the solar day' },
  { name: 'lastHours', unit: 'ratio', meaning: 'clearness of the last three lit hours' },
  { name: 'hoursSinceLight', unit: 'h', meaning: 'time since the last lit hour that is known' },
  { name: 'lead', unit: 'h', meaning: 'time since the forecast was made' },
];

const weatherFeatures: readonly FeatureDescription[] = [
  { name: 'lastRatio', unit: 'ratio', meaning: 'power over expectation in the last three lit hours' },
  { name: 'sameTimeRatio', unit: 'ratio', meaning: 'power over expectation at this time in the last 14 days' },
  { name: 'clearness', unit: 'ratio', meaning: "light on the ground over the clear sky's" },
  { name: 'clearnessBefore', unit: 'ratio', meaning: 'the same an hour earlier' },
  { name: 'clearnessAfter', unit: 'ratio', meaning: 'the same an hour later' },
  { name: 'physicsBefore', unit: share, meaning: 'expected by physics an hour earlier' },
  { name: 'physicsAfter', unit: share, meaning: 'expected by physics an hour later' },
  { name: 'dayClearness', unit: 'ratio', meaning: 'clearness of the whole day' },
  { name: 'clearnessSpread', unit: 'ratio', meaning: 'how much clearness changes within two hours to either side' },
  { name: 'diffuseShare', unit: 'ratio', meaning: 'diffuse part of the light' },
  { name: 'flatLight', unit: 'kW/m2', meaning: 'light on the ground' },
];

/** Columns whose mean over the day is a feature too. */
const dayMeans: readonly WeatherColumn[] = ['temperature_2m', 'cloud_cover'];
const usedElsewhere = /radiation|irradiance|^is_day$/;

export interface FeatureInput {
  grid: IntervalGrid;
  light: LightGrid;
  weather: WeatherGrid | null;
  /** W; NaN where unknown. */
  powerW: ArrayLike<number>;
  physicsW: ArrayLike<number>;
  clearW: ArrayLike<number>;
  /** Strong power of the source, W: the measure of all powers. */
  scaleW: number;
  /** What a trained model expects, whatever the data have; by the data when left out. */
  expects?: FeatureBasis;
}

/** Which features there are: with the weather's light or without, and which of its columns. */
export interface FeatureBasis {
  hasLight: boolean;
  columns: readonly WeatherColumn[];
}

/** Features that data allow. */
export function featureBasis(light: LightGrid, weather: WeatherGrid | null): FeatureBasis {
  const columns = (Object.keys(weather?.columns ?? {}) as WeatherColumn[]).filter((name) => !usedElsewhere.test(name));
  return { hasLight: light.weatherPlanes !== null, columns };
}

/** Clearness when nothing at all is known. */
const USUAL_CLEARNESS = 0.6;

export function createFeatures(input: FeatureInput): FeatureBuilder {
  const { grid, light, weather, powerW, physicsW, clearW, scaleW } = input;
  const sameTimeOf = createSameTime(grid, powerW, clearW, 0.01 * scaleW);
  const basis = input.expects ?? featureBasis(light, weather);
  const { hasLight } = basis;
  const expectedW = hasLight ? physicsW : clearW;
  const recentOf = createRecentClearness({ ...input, expectedW });
  const hour = slotsPerHour(grid);
  const hoursPerSlot = grid.stepMs / 3_600_000;
  const columns = basis.columns.map((name) => ({ name, values: weather?.columns[name] }));
  const days = createDayMeans(grid, light, weather);
  const features: FeatureDescription[] = [
    ...historyFeatures,
    ...(hasLight ? weatherFeatures : []),
    ...columns.map(({ name }) => ({ name, unit: weatherColumns[name].unit, meaning: "Open-Meteo's column" })),
    ...columns
      .filter(({ name }) => dayMeans.includes(name))
      .map(({ name }) => ({
        name: `${name}_day`,
        unit: weatherColumns[name].unit,
        meaning: 'its mean over the day',
      })),
  ];
  const recentPerformance = (index: number, performance: number): number =>
    performance * (expectedW[index] ?? Number.NaN);
  let same = sameTimeOf(0, 0);
  const candidates = (index: number, known: Known): Float64Array => {
    same = sameTimeOf(index, known.power);
    const { week, performance } = recentOf(known.power);
    const expected = physicsW[index] ?? Number.NaN;
    const physics = Number.isNaN(expected)
      ? (clearW[index] ?? 0) * (Number.isNaN(week) ? USUAL_CLEARNESS : week)
      : expected;
    const out = Float64Array.of(
      physics,
      same.yesterday,
      same.median3,
      same.median7,
      same.median14,
      same.median30,
      same.high14,
      recentPerformance(index, performance),
    );
    for (let k = 0; k < out.length; k++) {
      const value = out[k] ?? Number.NaN;
      out[k] = (Number.isNaN(value) ? physics : value) / scaleW;
    }
    return out;
  };
  const fill: FeatureBuilder['fill'] = (index, known, simple, out, start) => {
    let at = start;
    const put = (value: number): void => {
      out[at++] = cell(value);
    };
    for (let k = 0; k < candidateNames.length; k++) put(simple[k] ?? Number.NaN);
    const recent = recentOf(known.power);
    put(same.low14 / scaleW);
    put((clearW[index] ?? 0) / scaleW);
    put(light.elevationDeg[index] ?? 0);
    put(light.hourAngleDeg[index] ?? 0);
    put(recent.lastHours);
    put(recent.lastLit < 0 ? Number.NaN : (index - recent.lastLit) * hoursPerSlot);
    put((index - known.power) * hoursPerSlot);
    const end = Math.min(grid.count, known.weather);
    if (hasLight) {
      const clearness = (i: number): number => (i >= 0 && i < end ? (light.clearness[i] ?? Number.NaN) : Number.NaN);
      const physics = (i: number): number => (i >= 0 && i < end ? (physicsW[i] ?? Number.NaN) / scaleW : Number.NaN);
      put(recent.lastRatio);
      put(sameTimeRatio(input, index, known.power));
      put(clearness(index));
      put(first(clearness(index - hour), clearness(index)));
      put(first(clearness(index + hour), clearness(index)));
      put(physics(index - hour));
      put(physics(index + hour));
      put(days.clearness(index, end));
      put(spread(clearness, index, hour));
      put(light.diffuseShare[index] ?? Number.NaN);
      put((light.ghiWm2[index] ?? Number.NaN) / 1000);
    }
    for (const { values } of columns) put(values?.[index] ?? Number.NaN);
    for (const { name } of columns) if (dayMeans.includes(name)) put(days.mean(name, index, end));
  };
  return { features, candidateNames, candidates, fill };
}

const first = (value: number, other: number): number => (Number.isNaN(value) ? other : value);

/** Power over expectation at the same time of the last 14 days: steady shade, a wrong tilt, a clock that is off. */
function sameTimeRatio({ grid, powerW, physicsW, scaleW }: FeatureInput, index: number, known: number): number {
  const slots = slotsPerDay(grid);
  let [power, physics] = [0, 0];
  for (let day = 1; day <= 14; day++) {
    const at = index - day * slots;
    if (at < 0 || at >= known) continue;
    const value = powerW[at] ?? Number.NaN;
    const expected = physicsW[at] ?? Number.NaN;
    if (Number.isNaN(value) || Number.isNaN(expected)) continue;
    power += value;
    physics += expected;
  }
  return physics > 0.001 * scaleW ? Math.min(4, power / physics) : Number.NaN;
}

function spread(clearness: (index: number) => number, index: number, hour: number): number {
  let [count, sum, squares] = [0, 0, 0];
  for (let at = index - 2 * hour; at <= index + 2 * hour; at++) {
    const value = clearness(at);
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    squares += value * value;
  }
  return count > 1 ? Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) : Number.NaN;
}
