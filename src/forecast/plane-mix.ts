import { fitNonnegative } from '../core/nonnegative-fit.ts';
import { faimanC } from '../core/solar/cell-temperature.ts';
import type { Plane } from '../core/solar/transposition.ts';
import { slotsPerDay } from './interval-grid.ts';
import type { LightGrid } from './light-grid.ts';
import type { PvArray } from './pv-system.ts';
import type { WeatherGrid } from './weather-grid.ts';

/**
 * The physics prior of a source as its past shows it: how many watts of panels would have to look in which direction. Tilt,
 * azimuth, size, losses and steady shade need not be known; where arrays are given they are among the directions and are
 * where the fit starts from.
 */
export interface PlaneMix {
  /** W that each plane gives at 1000 W/m2 behind the glass and 25 degC, for light as the weather has it. */
  weights: number[];
  /** The same for a cloudless sky: what the best hours reached. */
  clearWeights: number[];
  /** What has been reached, or the installed power where that is more, W. */
  limitW: number;
}

export interface PlaneMixInput {
  light: LightGrid;
  weather: WeatherGrid | null;
  powerW: ArrayLike<number>;
  /** 1 where an interval must not be learned from. */
  excluded?: Uint8Array;
  /** Only intervals before this one are known. */
  until: number;
  /** Where the fit starts from, by plane, W. */
  prior: readonly number[];
  installedW: number;
}

/** Sky and panels together: after inverter, wiring and dirt a watt of panels gives about this much. */
const USUAL_YIELD = 0.8;
const PER_K = -0.004;
const MAX_ROWS = 12_000;
/** After so many days an hour counts half: panels get dirty, are added, fail. */
const HALF_LIFE_DAYS = 90;
const MIN_ELEVATION_DEG = 2;
/** Share of hours that may lie above the course of a cloudless day. */
const ABOVE_CLEAR = 0.12;
const USUAL_TILT_DEG = 30;

/** Where a fit starts from: the given arrays, else everything at 30 degrees towards noon. */
export function priorWeights(light: LightGrid, arrays: readonly PvArray[], installedW: number): number[] {
  const weights = light.planes.map(() => 0);
  const noonDeg = light.site.latitude < 0 ? 0 : 180;
  const usual = [{ tiltDeg: USUAL_TILT_DEG, azimuthDeg: noonDeg, peakW: installedW }];
  for (const { tiltDeg, azimuthDeg, peakW } of arrays.length > 0 ? arrays : usual) {
    const at = light.planes.findLastIndex((plane) => plane.tiltDeg === tiltDeg && plane.azimuthDeg === azimuthDeg);
    if (at >= 0) weights[at] = (weights[at] ?? 0) + USUAL_YIELD * peakW;
  }
  return weights;
}

export function fitPlaneMix(input: PlaneMixInput): PlaneMix {
  const { light, powerW } = input;
  const limitW = Math.max(input.installedW, largest(powerW, input.until));
  const rows = learnable(input, limitW);
  const target = Float64Array.from(rows, (row) => powerW[row] ?? 0);
  const pick = (series: ArrayLike<number>, factor: (row: number) => number = () => 1): Float64Array =>
    Float64Array.from(rows, (row) => ((series[row] ?? 0) / 1000) * factor(row));
  const clearColumns = light.clearPlanes.map((plane) => pick(plane));
  const slots = slotsPerDay(light.grid);
  const rowWeights = Float64Array.from(rows, (row) => 0.5 ** ((input.until - row) / slots / HALF_LIFE_DAYS));
  const fit = { target, rowWeights, priorRows: 0.25 * slots };
  const prior = scaled(input.prior, clearColumns, target, 1 - ABOVE_CLEAR);
  const clearWeights = fitNonnegative({ ...fit, columns: clearColumns, prior, share: 1 - ABOVE_CLEAR });
  if (!light.weatherPlanes) return { weights: clearWeights, clearWeights, limitW };
  const heat = heatFactor(light, input.weather);
  const columns = light.weatherPlanes.map((plane) => pick(plane, heat));
  const weights = fitNonnegative({ ...fit, columns, prior: scaled(input.prior, columns, target, 0.5) });
  return { weights, clearWeights, limitW };
}

/** The prior brought to the size that the past shows, whatever was said about installed power. */
function scaled(prior: readonly number[], columns: Float64Array[], target: Float64Array, share: number): number[] {
  const whole = new Float64Array(target.length);
  columns.forEach((column, k) => {
    const weight = prior[k] ?? 0;
    if (weight > 0)
      for (let row = 0; row < whole.length; row++) whole[row] = (whole[row] ?? 0) + weight * (column[row] ?? 0);
  });
  const [scale = 1] = fitNonnegative({ columns: [whole], target, prior: [1], priorRows: 0, share });
  return scale > 0 ? prior.map((weight) => weight * scale) : [...prior];
}

function largest(values: ArrayLike<number>, until: number): number {
  let most = 0;
  for (let index = 0; index < until; index++) most = Math.max(most, values[index] || 0);
  return most;
}

/** Intervals that say something about the panels: lit, known, not at the inverter's limit; evenly thinned. */
function learnable(input: PlaneMixInput, limitW: number): number[] {
  const { light, powerW, excluded, until } = input;
  const [anyPlane] = light.weatherPlanes ?? [];
  const rows: number[] = [];
  for (let row = 0; row < until; row++) {
    const power = powerW[row] ?? Number.NaN;
    if (!(power >= 0) || power > 0.995 * limitW || excluded?.[row]) continue;
    if (!((light.elevationDeg[row] ?? 0) > MIN_ELEVATION_DEG)) continue;
    if (anyPlane && Number.isNaN(anyPlane[row] ?? Number.NaN)) continue;
    rows.push(row);
  }
  const every = rows.length / MAX_ROWS;
  return every <= 1 ? rows : Array.from({ length: MAX_ROWS }, (_, index) => rows[Math.floor(index * every)] ?? 0);
}

/** Number of the plane whose light stands for all when it comes to heat. */
export function usualPlane(planes: readonly Plane[]): number {
  return planes.findIndex(({ tiltDeg }) => tiltDeg === USUAL_TILT_DEG);
}

/** What the panels' heat leaves of their power, by interval. */
function heatFactor(light: LightGrid, weather: WeatherGrid | null): (row: number) => number {
  const air = weather?.columns.temperature_2m;
  const windKmh = weather?.columns.wind_speed_10m;
  const plane = light.weatherPlanes?.[usualPlane(light.planes)];
  return (row) => {
    const airC = air?.[row] ?? Number.NaN;
    const planeWm2 = plane?.[row] ?? Number.NaN;
    if (Number.isNaN(airC) || Number.isNaN(planeWm2)) return 1;
    const wind = windKmh?.[row] ?? Number.NaN;
    const cellC = faimanC(planeWm2, airC, Number.isNaN(wind) ? 1 : (0.51 * wind) / 3.6);
    return 1 + PER_K * (cellC - 25);
  };
}

/** What physics expects in each interval, W: by the weather (NaN where its light is unknown) and under a clear sky. */
export function expectedByMix(
  mix: PlaneMix,
  light: LightGrid,
  weather: WeatherGrid | null,
): { physicsW: Float64Array; clearW: Float64Array } {
  const clearW = combine(light.clearPlanes, mix.clearWeights, () => 1, mix.limitW);
  if (!light.weatherPlanes) return { physicsW: new Float64Array(clearW.length).fill(Number.NaN), clearW };
  return { physicsW: combine(light.weatherPlanes, mix.weights, heatFactor(light, weather), mix.limitW), clearW };
}

function combine(
  planes: readonly Float32Array[],
  weights: readonly number[],
  factor: (row: number) => number,
  limitW: number,
): Float64Array {
  const out = new Float64Array(planes[0]?.length ?? 0);
  planes.forEach((plane, k) => {
    const weight = (weights[k] ?? 0) / 1000;
    if (weight > 0) for (let row = 0; row < out.length; row++) out[row] = (out[row] ?? 0) + weight * (plane[row] ?? 0);
  });
  for (let row = 0; row < out.length; row++) out[row] = Math.min(limitW, Math.max(0, (out[row] ?? 0) * factor(row)));
  return out;
}
