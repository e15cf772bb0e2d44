import type { IntervalGrid } from '../interval-grid.ts';
import { type KnownFor, knownSomeHoursBefore } from '../known.ts';

/** How many hours ahead intervals are forecast in training, as they will be in service: the next hours most often, up to a week. */
const LEADS_H = [
  0, 0, 0.5, 1, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 27, 30, 33, 36, 40, 44, 48, 54, 60, 72, 96, 144,
];

/** For learning what serves at any time of the day, up to a week ahead. */
export const knownInService = (grid: IntervalGrid): KnownFor => knownSomeHoursBefore(grid, LEADS_H);
