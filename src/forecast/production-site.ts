import type { SolarSite } from '../core/solar/place.ts';
import { createSky } from '../core/solar/sky.ts';
import { learnDailyCourse } from './daily-course.ts';
import { type IntervalGrid, startOf } from './interval-grid.ts';
import type { PvArray } from './pv-system.ts';

/** What is known of a source's place and panels. */
export interface ProductionSite {
  latitude?: number;
  longitude?: number;
  altitudeM?: number;
  /** Hours that the local clock is ahead of UTC in winter, for a first guess when the place is unknown. */
  utcOffsetH?: number;
  installedW: number;
  arrays: readonly PvArray[];
}

export type PlaceBasis = 'given' | 'learned' | 'guessed';

/** A share of the energy that comes with the sun down, above which a given place cannot be true. */
const MOST_AT_NIGHT = 0.25;
const FEWEST_INTERVALS = 200;

/**
 * Where the sun stands for this source: as given when its power agrees, else as its own daily course shows, else from the
 * time zone. Looks at intervals below `known` only.
 */
export function placeOf(
  site: ProductionSite,
  grid: IntervalGrid,
  powerW: Float64Array,
  known: number,
): { site: SolarSite; basis: PlaceBasis } {
  const { latitude, longitude, altitudeM } = site;
  const height = altitudeM === undefined ? {} : { altitudeM };
  if (latitude !== undefined && longitude !== undefined) {
    const given = { latitude, longitude, ...height };
    if (!(nightShare(given, grid, powerW, known) > MOST_AT_NIGHT)) return { site: given, basis: 'given' };
  }
  const course = learnDailyCourse({ from: grid.from, stepMs: grid.stepMs, powerW: powerW.subarray(0, known) });
  if (course.ok) return { site: { ...course.value.place, ...height }, basis: 'learned' };
  return { site: { latitude: latitude ?? 40, longitude: (site.utcOffsetH ?? 0) * 15, ...height }, basis: 'guessed' };
}

/** Share of the energy of the last 60 days that came with the sun down; NaN when there is too little to say. */
function nightShare(site: SolarSite, grid: IntervalGrid, powerW: Float64Array, known: number): number {
  const sky = createSky(site);
  const first = Math.max(0, known - Math.round((60 * 86_400_000) / grid.stepMs));
  let [night, all, seen] = [0, 0, 0];
  for (let index = first; index < known; index++) {
    const power = powerW[index] ?? Number.NaN;
    if (!(power > 0)) continue;
    seen++;
    all += power;
    const from = startOf(grid, index);
    const moments = [from, from + grid.stepMs / 2, from + grid.stepMs];
    if (moments.every((time) => sky.at(time) === undefined)) night += power;
  }
  return seen < FEWEST_INTERVALS ? Number.NaN : night / all;
}
