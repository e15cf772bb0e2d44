import { days, hasPassed } from '../../core/durations.ts';
import { type ArrayEstimate, estimateArrays } from '../array-estimate.ts';
import { startOf } from '../interval-grid.ts';
import { placeOf } from '../production-site.ts';
import type { SubjectData } from '../serve/subject-data.ts';

/** How the panels lie as their power shows, where nobody has stated it; or why that cannot be seen yet. */
export type SeenPanels = { seenAt: number } & (
  | Pick<ArrayEstimate, 'arrays' | 'tiltDeg' | 'azimuthDeg' | 'peakW' | 'confidence' | 'days'>
  | { problem: string }
);

/** A year has every height of the sun. */
const MOST_MS = days(366);

/** Roofs do not move, and looking takes as long as a third of the learning. */
const GOOD_FOR_MS = days(7);

/** What was seen before, while it is good; else undefined. */
export const stillSeen = (panels: SeenPanels | null | undefined, now: number): SeenPanels | undefined =>
  panels && !hasPassed(panels.seenAt, GOOD_FOR_MS, now) ? panels : undefined;

/**
 * Looks at the clear days of the last year. `seen` is what was seen before and still good. Null where the panels are stated, or
 * where nobody knows the place: then the sun's daily course was learned from the same power, and tilt and latitude cannot be told
 * apart.
 */
export function seePanels({ site, grid, powerW, excluded }: SubjectData, seen?: SeenPanels): SeenPanels | null {
  if (site.arrays.length > 0) return null;
  if (seen) return seen;
  const place = placeOf(site, grid, powerW, grid.count);
  if (place.basis !== 'given') return null;
  const first = Math.max(0, grid.count - Math.round(MOST_MS / grid.stepMs));
  const series = {
    from: startOf(grid, first),
    stepMs: grid.stepMs,
    powerW: powerW.slice(first).map((power, at) => (excluded[first + at] ? Number.NaN : power)),
  };
  const found = estimateArrays(series, place.site);
  const seenAt = startOf(grid, grid.count);
  if (!found.ok) return { seenAt, problem: found.error.message };
  const { arrays, tiltDeg, azimuthDeg, peakW, confidence, days: clearDays } = found.value;
  return { seenAt, arrays, tiltDeg, azimuthDeg, peakW, confidence, days: clearDays };
}
