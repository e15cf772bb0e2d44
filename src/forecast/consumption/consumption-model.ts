import type { SunPlace } from '../../core/solar/place.ts';
import { quantile } from '../../core/stats.ts';
import { buildRows, type FeatureBuilder, type FeatureRows } from '../feature-rows.ts';
import { type IntervalGrid, slotsPerDay } from '../interval-grid.ts';
import type { KnownFor } from '../known.ts';
import { type LearnedPower, type LearningOptions, learningDefaults } from '../learned-power.ts';
import type { WeatherGrid } from '../weather-grid.ts';
import { createLoadFeatures, type LoadBasis, loadCandidateNames } from './features.ts';
import { type WallGrid, wallGrid } from './wall-grid.ts';

/** What a house takes and the weather around it, on one grid. */
export interface ConsumptionData {
  grid: IntervalGrid;
  /** Mean power of each interval, W; NaN where unknown. */
  powerW: Float64Array;
  /** 1 where an interval must not be learned from or counted. */
  excluded?: Uint8Array;
  weather: WeatherGrid | null;
  /** IANA name; habits follow its clock. */
  timeZone: string;
  /** Where the house stands, for darkness and season; null where unknown. */
  place: SunPlace | null;
}

/** What was learned of a house's consumption. */
export interface ConsumptionModel {
  /** Strong power, the measure of all shares, W. */
  scaleW: number;
  /** The most that is taken for possible, W. */
  limitW: number;
  /** Median of power, a share of strong power: errors above it and below are of two kinds. */
  middle: number;
  learned: LearnedPower;
}

/** A model's view of its data. */
export interface ConsumptionView {
  wall: WallGrid;
  builder: FeatureBuilder;
}

export interface TrainedConsumption {
  model: ConsumptionModel;
  view: ConsumptionView;
}

/** Days at the start that only serve as the past of others. */
const FIRST_DAYS = 7;
/** What has been the most may be passed by so much. */
const HEADROOM = 1.25;
const STRONG = 0.995;
/** A scale for houses that took nothing so far. */
const LEAST_SCALE_W = 1;

/** Sizes of a house's power, from intervals below `known`. */
export function loadScale({ powerW }: ConsumptionData, known: number): Omit<ConsumptionModel, 'learned'> {
  const past = powerW.subarray(0, known);
  const strong = quantile(past, STRONG);
  const scaleW = strong > LEAST_SCALE_W ? strong : LEAST_SCALE_W;
  let most = scaleW;
  for (const power of past) if (power > most) most = power;
  const middle = quantile(past, 0.5) / scaleW;
  return { scaleW, limitW: HEADROOM * most, middle: Number.isNaN(middle) ? 0 : middle };
}

/** `expects`: the features of a model that is trained already. */
export function consumptionView(
  data: ConsumptionData,
  scaleW: number,
  expects?: LoadBasis,
  wall = wallGrid(data.grid, data.timeZone),
): ConsumptionView {
  const { grid, powerW, excluded, weather, place } = data;
  const input = { grid, wall, powerW, weather, place, scaleW, ...(excluded ? { excluded } : {}) };
  return { wall, builder: createLoadFeatures({ ...input, ...(expects ? { expects } : {}) }) };
}

/** Rows to learn from: intervals below `known` that were measured, from a week after the first on. */
export function loadTrainingRows(
  { powerW, excluded, grid }: ConsumptionData,
  view: ConsumptionView,
  scaleW: number,
  known: number,
  knownFor: KnownFor,
): { rows: FeatureRows; target: Float64Array } {
  const begins = Math.max(
    0,
    powerW.findIndex((power) => power >= 0),
  );
  const indices: number[] = [];
  for (let index = begins + FIRST_DAYS * slotsPerDay(grid); index < known; index++)
    if ((powerW[index] ?? Number.NaN) >= 0 && !excluded?.[index]) indices.push(index);
  const rows = buildRows(view.builder, Int32Array.from(indices), knownFor);
  return { rows, target: Float64Array.from(indices, (index) => (powerW[index] ?? 0) / scaleW) };
}

/** Habits need fewer rows and rounds than clouds: with three times as many rows, or twice the rounds, nothing was forecast better. */
const forHabits = { mostRows: 12_000, rounds: 100, learningRate: 0.08 };

const anchorPrior = loadCandidateNames.map((name) => (name === 'sameKind' ? 0.7 : name === 'median7' ? 0.3 : 0));

export function loadLearningOptions(grid: IntervalGrid, options: Partial<LearningOptions> = {}): LearningOptions {
  return { ...learningDefaults, ...forHabits, anchorPrior, slotsPerDay: slotsPerDay(grid), ...options };
}
