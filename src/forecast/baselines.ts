import { slotsPerDay } from './interval-grid.ts';
import { expertNames } from './production-experts.ts';
import type { ProductionData } from './production-model.ts';
import type { ProductionRun } from './production-run.ts';

/** Day-ahead forecasts that need no learning, and their errors on the same intervals. */
export interface Baselines {
  /** Scores an interval; false when nothing was known before it, which leaves nothing to compare with. */
  add(index: number, known: number, run: ProductionRun): boolean;
  /** Mean absolute errors, W. */
  errors(): Record<'persistence' | 'clearSkyPersistence' | 'physics', number>;
}

const PHYSICS = expertNames.indexOf('physics');
const MOST_DAYS_BACK = 14;

/**
 * Persistence is the same time of the day before; clear-sky persistence carries it over by the ratio of the two clear skies
 * (the clear-sky index of the day before times today's clear sky; at dawn within a factor of 2); physics is the weather's
 * light on the panels that the past shows, or the last week's clearness without weather. Where the day before has a gap, the
 * last day without one stands in.
 */
export function createBaselines({ grid, powerW, site }: ProductionData): Baselines {
  const slots = slotsPerDay(grid);
  let [count, persistence, clearSky, physics] = [0, 0, 0, 0];
  return {
    add: (index, known, run) => {
      const { clearW } = run.view();
      const before = lastKnown(powerW, index, known, slots);
      if (before < 0) return false;
      const base = 0.01 * Math.max(run.model().scaleW, 0.1 * site.installedW);
      const ratio = ((clearW[index] ?? 0) + base) / ((clearW[before] ?? 0) + base);
      const actual = powerW[index] ?? 0;
      const past = powerW[before] ?? 0;
      const expected = run.ledger.experts[PHYSICS]?.[index] ?? Number.NaN;
      count++;
      persistence += Math.abs(past - actual);
      clearSky += Math.abs(past * Math.min(2, Math.max(0.5, ratio)) - actual);
      physics += Math.abs((Number.isNaN(expected) ? 0 : Math.min(expected, run.model().mix.limitW)) - actual);
      return true;
    },
    errors: () => ({
      persistence: persistence / count,
      clearSkyPersistence: clearSky / count,
      physics: physics / count,
    }),
  };
}

/** The same time on the last day that is known there; -1 when there is none. */
function lastKnown(powerW: Float64Array, index: number, known: number, slots: number): number {
  for (let day = 1; day <= MOST_DAYS_BACK; day++) {
    const at = index - day * slots;
    if (at < 0) return -1;
    if (at < known && !Number.isNaN(powerW[at] ?? Number.NaN)) return at;
  }
  return -1;
}
