import { quantile } from '../core/stats.ts';
import { buildRows, type FeatureBuilder, type FeatureRows } from './feature-rows.ts';
import { candidateNames, createFeatures, type FeatureBasis } from './features.ts';
import { type IntervalGrid, slotsPerDay } from './interval-grid.ts';
import type { KnownFor } from './known.ts';
import { type LearnedPower, type LearningOptions, learningDefaults } from './learned-power.ts';
import type { LightGrid } from './light-grid.ts';
import type { LightReading } from './light-reading.ts';
import { expectedByMix, fitPlaneMix, type PlaneMix, priorWeights } from './plane-mix.ts';
import type { PlaceBasis, ProductionSite } from './production-site.ts';
import type { WeatherGrid } from './weather-grid.ts';

/** A source's past and weather on one grid. */
export interface ProductionData {
  grid: IntervalGrid;
  /** Mean power of each interval, W; NaN where unknown. */
  powerW: Float64Array;
  /** 1 where an interval must not be learned from or counted: curtailed, broken. */
  excluded?: Uint8Array;
  weather: WeatherGrid | null;
  site: ProductionSite;
}

/** What a source's production follows, as learned from intervals below `known`. */
export interface ProductionModel {
  place: { latitude: number; longitude: number; basis: PlaceBasis };
  /** How the weather's light is read; as given where nothing is said. */
  reading?: LightReading;
  mix: PlaneMix;
  /** Strong power, the measure of all shares, W. */
  scaleW: number;
  learned: LearnedPower;
}

/** A model's view of its data: what physics expects and the features that follow. */
export interface ProductionView {
  light: LightGrid;
  physicsW: Float64Array;
  clearW: Float64Array;
  builder: FeatureBuilder;
}

export interface TrainedProduction {
  model: ProductionModel;
  view: ProductionView;
}

/** `expects`: the features of a model that is trained already. */
export function viewOf(
  data: ProductionData,
  light: LightGrid,
  mix: PlaneMix,
  scaleW: number,
  expects?: FeatureBasis,
): ProductionView {
  const { grid, weather, powerW } = data;
  const { physicsW, clearW } = expectedByMix(mix, light, weather);
  const input = { grid, light, weather, powerW, physicsW, clearW, scaleW };
  return { light, physicsW, clearW, builder: createFeatures({ ...input, ...(expects ? { expects } : {}) }) };
}

/** Panels and strong power from intervals below `known`; the fit starts from the arrays that are given. */
export function fitPanels(
  data: ProductionData,
  { light, arrays }: { light: LightGrid; arrays: ProductionSite['arrays'] },
  known: number,
): { mix: PlaneMix; scaleW: number } {
  const { powerW, excluded, weather, site } = data;
  const mix = fitPlaneMix({
    light,
    weather,
    powerW,
    ...(excluded ? { excluded } : {}),
    until: known,
    prior: priorWeights(light, arrays, site.installedW),
    installedW: site.installedW,
  });
  const strong = quantile(
    powerW.subarray(0, known).filter((power) => power > 0),
    0.995,
  );
  return { mix, scaleW: strong > 0 ? strong : site.installedW };
}

/** Days at the start that only serve as the past of others. */
const FIRST_DAYS = 7;

/** Intervals that can have production: lit ones, and those at whose time of day there was some in the week before. */
export function activeIntervals(
  data: ProductionData,
  view: ProductionView,
  scaleW: number,
  from: number,
  to: number,
): Int32Array {
  const slots = slotsPerDay(data.grid);
  const out: number[] = [];
  for (let index = Math.max(0, from); index < to; index++) {
    let isActive = (view.light.daylight[index] ?? 0) > 0;
    for (let day = 2; day <= 8 && !isActive; day++) isActive = (data.powerW[index - day * slots] ?? 0) > 0.005 * scaleW;
    if (isActive) out.push(index);
  }
  return Int32Array.from(out);
}

/** Rows to learn from: active intervals below `known` with a power, from a week after the first production on. */
export function trainingRows(
  data: ProductionData,
  view: ProductionView,
  scaleW: number,
  known: number,
  knownFor: KnownFor,
): { rows: FeatureRows; target: Float64Array } {
  const { powerW, excluded, grid } = data;
  const begins = powerW.findIndex((power) => power > 0);
  const first = Math.max(0, begins) + FIRST_DAYS * slotsPerDay(grid);
  const indices = activeIntervals(data, view, scaleW, first, known).filter(
    (index) => (powerW[index] ?? Number.NaN) >= 0 && !excluded?.[index],
  );
  const rows = buildRows(view.builder, indices, knownFor);
  return { rows, target: Float64Array.from(indices, (index) => (powerW[index] ?? 0) / scaleW) };
}

/** Bright days alone are no forecast. */
const anchorPrior = candidateNames.map((name) =>
  name === 'high14' ? null : name === 'physics' ? 0.4 : name === 'median7' ? 0.6 : 0,
);

export function learningOptions(grid: IntervalGrid, options: Partial<LearningOptions> = {}): LearningOptions {
  return { ...learningDefaults, anchorPrior, slotsPerDay: slotsPerDay(grid), ...options };
}
