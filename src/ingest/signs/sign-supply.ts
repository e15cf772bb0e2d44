import type { SaidPowers } from './power-balance.ts';

/** Less gives no panel for sure, and no meter tells it from nothing, W. */
const [NO_SUN_W, NO_GRID_W, NO_GRID_SHARE] = [10, 20, 0.03];
const LEAST_W = 60;
/** What panels give beyond what is used is told from noise, W and as a share of what they give. */
const [LEAST_LEFT_W, LEAST_LEFT_SHARE] = [200, 0.1];
/** What a battery gives beside what is used: a light load costs an inverter as much again as it takes. */
const GIVEN = { least: 0.9, lessW: 25, most: 1.3, moreW: 120 };
/** What of a surplus gets into a battery. */
const STORED = { least: 0.7, lessW: 50, most: 1, moreW: 40 };

/**
 * Which way a battery flows that is alone with a load and panels, by what is left for it, whatever its inverter loses: with no sun
 * and nothing from the grid it feeds the house; what the panels give beyond what is used, and nobody buys, it takes. The sign
 * is what makes the catalogue's of the device's, null where the battery says something else than what is left. Null where a moment
 * says nothing of that; so it does where nothing is known of the grid.
 */
export function suppliedSign({ solar, load, grid, battery }: SaidPowers): { sign: 1 | -1 | null } | null {
  if (solar === null || load === null || grid === null || battery === null) return null;
  const amount = Math.abs(battery);
  if (load < LEAST_W || amount < LEAST_W) return null;
  if (Math.abs(grid) > Math.max(NO_GRID_W, NO_GRID_SHARE * Math.max(load, solar))) return null;
  const charging = battery > 0 ? 1 : -1;
  if (solar <= NO_SUN_W) return { sign: fits(amount, load, GIVEN) ? (-charging as 1 | -1) : null };
  const left = solar - load;
  if (left < Math.max(LEAST_LEFT_W, LEAST_LEFT_SHARE * solar)) return null;
  return { sign: fits(amount, left, STORED) ? charging : null };
}

const fits = (amount: number, what: number, { least, lessW, most, moreW }: typeof GIVEN): boolean =>
  amount >= least * what - lessW && amount <= most * what + moreW;
