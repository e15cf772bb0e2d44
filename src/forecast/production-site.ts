import type { SolarSite } from '../core/solar/place.ts';
import { learnDailyCourse } from './daily-course.ts';
import type { IntervalGrid } from './interval-grid.ts';
import { createPlaceMisfit, meantPlace } from './place-doubt.ts';
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

/** `mended`: the one that is meant by a given place that cannot be. */
export type PlaceBasis = 'given' | 'mended' | 'learned' | 'guessed';

/** A given place that leaves no more than this unexplained is not doubted. */
const GOOD = 0.04;
/** Another one must leave less than this share of what the given one leaves, a slip of the pen besides next to nothing. */
const BETTER = 0.25;
const NEXT_TO_NOTHING = 0.08;
/** More than this no roof, snow or tree leaves: a given place is not gone by, whatever is known instead. */
const IMPOSSIBLE = 0.5;

/**
 * Where the sun stands for this source: as given when its power agrees, else as what is meant by that, else as its own daily
 * course shows, else from the time zone. Looks at intervals below `known` only.
 */
export function placeOf(
  site: ProductionSite,
  grid: IntervalGrid,
  powerW: Float64Array,
  known: number,
): { site: SolarSite; basis: PlaceBasis } {
  const { latitude, longitude, altitudeM, utcOffsetH } = site;
  const height = altitudeM === undefined ? {} : { altitudeM };
  const given = latitude === undefined || longitude === undefined ? undefined : { latitude, longitude, ...height };
  const misfit = createPlaceMisfit({ grid, powerW, known });
  const left = given ? misfit(given) : Number.POSITIVE_INFINITY;
  if (given && !(left > GOOD)) return { site: given, basis: 'given' };
  const meant = given && meantPlace(given, utcOffsetH, misfit, Math.min(NEXT_TO_NOTHING, BETTER * left));
  if (meant) return { site: meant, basis: 'mended' };
  const course = learnDailyCourse({ from: grid.from, stepMs: grid.stepMs, powerW: powerW.subarray(0, known) });
  const seen = course.ok ? { ...course.value.place, ...height } : undefined;
  if (seen && (left > IMPOSSIBLE || misfit(seen) < BETTER * left)) return { site: seen, basis: 'learned' };
  if (given && left <= IMPOSSIBLE) return { site: given, basis: 'given' };
  return { site: { latitude: latitude ?? 40, longitude: (utcOffsetH ?? 0) * 15, ...height }, basis: 'guessed' };
}
