import { detectClipping, withinLimit } from '../clipping.ts';
import type { IntervalGrid } from '../interval-grid.ts';
import type { LeftOut } from '../model-card.ts';
import type { ProductionData } from '../production-model.ts';
import type { SubjectData } from '../serve/subject-data.ts';
import { layWeather } from '../weather-grid.ts';
import type { Prepared } from './recipe.ts';

/** A source's production as its learner takes it. */
export interface PreparedProduction extends Prepared {
  data: ProductionData;
}

/** Where within this share of a limit power counts as cut off. */
const AT_LIMIT = 0.985;

/** Lays a subject's data out for a learner and says what is left out. */
export function trainingData(subject: SubjectData): PreparedProduction {
  const { grid, powerW, weather, site } = subject;
  const excluded = subject.excluded.slice();
  const leftOut: LeftOut = { gaps: 0, curtailed: 0, clipped: 0 };
  for (let index = 0; index < grid.count; index++) {
    if (Number.isNaN(powerW[index] ?? Number.NaN)) leftOut.gaps++;
    else if (excluded[index]) leftOut.curtailed++;
  }
  const clip = detectClipping({ from: grid.from, stepMs: grid.stepMs, powerW });
  for (let index = 0; clip && index < grid.count; index++) {
    if (!((powerW[index] ?? 0) >= AT_LIMIT * clip.limitW) || excluded[index]) continue;
    excluded[index] = 1;
    leftOut.clipped++;
  }
  const hasWeather = weather !== null && Object.values(weather.columns).some((column) => column.some(Number.isFinite));
  return {
    subject,
    excluded,
    data: {
      grid,
      powerW,
      excluded,
      weather: hasWeather && weather ? layWeather(weather, grid) : null,
      site: withinLimit(site, clip),
    },
    hasWeather,
    leftOut,
    clipW: clip?.limitW ?? null,
    days: litDays(grid, powerW),
  };
}

/** UTC days with production. */
function litDays(grid: IntervalGrid, powerW: ArrayLike<number>): number {
  const days = new Set<number>();
  for (let index = 0; index < grid.count; index++)
    if ((powerW[index] ?? 0) > 0) days.add(Math.floor((grid.from + index * grid.stepMs) / 86_400_000));
  return days.size;
}
