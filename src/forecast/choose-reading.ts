import type { SolarSite } from '../core/solar/place.ts';
import { createSky, rememberedSky, type Sky } from '../core/solar/sky.ts';
import type { Plane } from '../core/solar/transposition.ts';
import { type IntervalGrid, slotsPerDay, startOf } from './interval-grid.ts';
import { lightGrid } from './light-grid.ts';
import { asGiven, type LightReading, possibleReadings, readLight } from './light-reading.ts';
import { expectedByMix, fitPlaneMix, priorWeights } from './plane-mix.ts';
import type { ProductionData } from './production-model.ts';
import type { PvArray } from './pv-system.ts';
import { partOfWeather } from './weather-grid.ts';

/** How weather and sun have to be read so that physics explains the past. */
export interface Alignment {
  reading: LightReading;
  /** Minutes by which the stamps of power are behind the sun of the place. */
  lateMin: number;
  /** The panels that the fit starts from: as stated, or none where those are contradicted. */
  arrays: readonly PvArray[];
}

/** About so many lit intervals, on whole days of the last half year, show how well a reading explains the past. */
const WANTED_ROWS = 1500;
const MOST_DAYS = 90;
const FEWEST_DAYS = 20;
const LOOK_BACK_DAYS = 180;
/** Longer steps show no course of the day. */
const FEWEST_SLOTS = 8;
/** Clocks are off by these, as a rule: stamps of the end of an interval, summer time, another zone. */
const CLOCKS_MIN = [30, -30, 60, -60];
/** What is given stands unless another reading explains so much more: a share of its error. */
const BETTER = 0.97;
/** Where physics errs more than this share of what the day before does, clocks may be off by a whole zone; a reading so must leave clearly less. */
const DOUBTFUL = 0.9;
const CLEARLY_BETTER = 0.8;
/** Light so much worse than the day before is not that of these days: a typical year's file, another place. */
const WORSE_THAN_PERSISTENCE = 1.5;

/**
 * Finds how the weather's light and the stamps of power have to be read, by what physics leaves unexplained of the past (panels
 * fitted anew each time): beam and diffuse parts as given or split from the global light, light stamped late or early, power
 * stamped late or early, light of other days. Looks at intervals below `known` only. Takes a fraction of a second.
 */
export function chooseAlignment(
  whole: ProductionData,
  site: SolarSite,
  planes: readonly Plane[],
  known: number,
): Alignment {
  const slots = slotsPerDay(whole.grid);
  const aligned = { reading: asGiven, lateMin: 0, arrays: whole.site.arrays };
  if (!whole.weather || slots < FEWEST_SLOTS) return aligned;
  const data = partOf(whole, Math.max(0, known - LOOK_BACK_DAYS * slots), known);
  const indices = pastDays(data);
  if (!data.weather || indices.length === 0) return aligned;
  const unmoved = rememberedSky(site);
  const tried = (at: Alignment): Tried => {
    const sky = at.lateMin === 0 ? unmoved : createSky(movedSite(site, at.lateMin));
    return { ...at, error: physicsError(data, sky, planes, indices, at) };
  };
  let best = tried(aligned);
  const consider = (others: readonly Alignment[]): void => {
    best = others.map(tried).reduce(better, best);
  };
  const { bases, shifts } = possibleReadings(data.weather);
  const withNoneStated = (): Alignment[] => (best.arrays.length > 0 ? [{ ...best, arrays: [] }] : []);
  consider(withNoneStated());
  const asStamped = best;
  consider(bases.slice(1).map((basis) => ({ ...best, reading: { ...best.reading, basis } })));
  consider(shifts.map((lateBy) => ({ ...best, reading: { ...best.reading, lateBy } })));
  // Beside light that is misread no panels look wrong.
  if (best !== asStamped) consider(withNoneStated());
  consider(CLOCKS_MIN.map((lateMin) => ({ ...best, lateMin })));
  const asBefore = persistenceError(data, indices);
  if (best.error > DOUBTFUL * asBefore) {
    const inZone = zoneShifts(data.site.utcOffsetH, slots).map((lateBy) => ({
      ...best,
      reading: { ...best.reading, lateBy },
    }));
    const [other] = inZone.map(tried).sort((a, b) => a.error - b.error);
    if (other && other.error < CLEARLY_BETTER * best.error) best = other;
  }
  if (best.error > WORSE_THAN_PERSISTENCE * asBefore) return { ...aligned, reading: { basis: 'none', lateBy: 0 } };
  const { reading, lateMin, arrays } = best;
  return { reading, lateMin, arrays };
}

/** Whole intervals by which light is late or early where it or the power has stamps of the local clock, in winter or in summer. */
function zoneShifts(utcOffsetH: number | undefined, slots: number): number[] {
  const hours = utcOffsetH === undefined ? [] : [utcOffsetH, utcOffsetH + 1].filter((hour) => Math.abs(hour) > 2);
  return hours.flatMap((hour) => [hour, -hour]).map((hour) => Math.round((hour * slots) / 24));
}

type Tried = Alignment & { error: number };

const better = (a: Tried, b: Tried): Tried => (b.error < BETTER * a.error ? b : a);

/** The intervals from one number up to another, with numbers of their own. */
function partOf({ grid, powerW, excluded, weather, site }: ProductionData, from: number, to: number): ProductionData {
  const part: IntervalGrid = { from: startOf(grid, from), stepMs: grid.stepMs, count: to - from };
  return {
    ...{ grid: part, site, powerW: powerW.subarray(from, to) },
    ...(excluded ? { excluded: excluded.subarray(from, to) } : {}),
    weather: weather && partOfWeather(weather, from, to),
  };
}

/** The site whose sun stands over stamps that are behind by so many minutes. */
export function movedSite(site: SolarSite, lateMin: number): SolarSite {
  return lateMin === 0 ? site : { ...site, longitude: ((site.longitude - lateMin / 4 + 540) % 360) - 180 };
}

/** Intervals of evenly chosen days with power; none when there are too few days. */
function pastDays({ grid, powerW, excluded }: ProductionData): number[] {
  const slots = slotsPerDay(grid);
  const days: number[] = [];
  for (let start = grid.count - slots; start >= 0; start -= slots)
    if (powerW.subarray(start, start + slots).some((power) => power > 0)) days.push(start);
  if (days.length < FEWEST_DAYS) return [];
  const wanted = Math.max(FEWEST_DAYS, Math.min(MOST_DAYS, Math.round(WANTED_ROWS / (slots / 2))));
  const every = Math.max(1, days.length / wanted);
  const out: number[] = [];
  for (let at = 0; at < days.length; at += every) {
    const start = days[Math.floor(at)] ?? 0;
    for (let index = start; index < start + slots; index++)
      if ((powerW[index] ?? Number.NaN) >= 0 && !excluded?.[index]) out.push(index);
  }
  return out.sort((a, b) => a - b);
}

/** Mean absolute error of physics with that light under that sky, W. */
function physicsError(
  data: ProductionData,
  sky: Sky,
  planes: readonly Plane[],
  indices: readonly number[],
  { reading, arrays }: Alignment,
): number {
  const weather = data.weather && readLight(data.weather, reading);
  const light = lightGrid(data.grid, sky, planes, weather, indices);
  const { powerW, excluded } = data;
  const { installedW } = data.site;
  const mix = fitPlaneMix({
    ...{ light, weather, powerW, installedW, until: (indices.at(-1) ?? -1) + 1 },
    ...(excluded ? { excluded } : {}),
    prior: priorWeights(light, arrays, installedW),
  });
  const { physicsW } = expectedByMix(mix, light, weather);
  return meanAbsolute(indices, (index) => (physicsW[index] ?? Number.NaN) - (powerW[index] ?? Number.NaN));
}

/** Mean absolute change from the day before, W. */
function persistenceError({ grid, powerW }: ProductionData, indices: readonly number[]): number {
  const slots = slotsPerDay(grid);
  return meanAbsolute(indices, (index) => (powerW[index] ?? Number.NaN) - (powerW[index - slots] ?? Number.NaN));
}

function meanAbsolute(indices: readonly number[], error: (index: number) => number): number {
  let [sum, count] = [0, 0];
  for (const index of indices) {
    const value = Math.abs(error(index));
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
