import type { ForecastIssue } from '../issue.ts';
import type { AnyRecipe } from '../recipe/recipes.ts';
import type { BandWidths } from '../serve/band-widths.ts';
import { horizonEnd, issueOf } from '../serve/issue-of.ts';
import { type SubjectData, windowAt } from '../serve/subject-data.ts';
import type { ToldWeather } from './told-weather.ts';
import type { TrialDay } from './trial.ts';

const HOUR_MS = 3_600_000;
/** Hours of a day at which a forecast is worked out. */
const AT_HOURS = [0, 8, 13] as const;

export interface ReplayInput {
  recipe: AnyRecipe;
  /** What was learned before the first of the days. */
  artefact: unknown;
  version: string;
  data: SubjectData;
  days: readonly TrialDay[];
  /** Forecasts of the weather as they were told, ascending; empty when the model needs none. */
  told: readonly ToldWeather[];
  widths: BandWidths;
}

/**
 * Works out what would have been issued on the days of a trial, by the model that is tried, from the weather as it was told
 * then: so that a new appliance with a history has a record to show. Each is marked as worked out later.
 */
export function replays(input: ReplayInput): ForecastIssue[] {
  const times = input.days.flatMap(({ from }) => AT_HOURS.map((hour) => from + hour * HOUR_MS));
  return times.flatMap((now) => replayAt(input, now) ?? []);
}

function replayAt({ recipe, artefact, version, data, told, widths }: ReplayInput, now: number): ForecastIssue | null {
  const known = told.findLast(({ at }) => at <= now);
  if (now >= data.grid.from + data.grid.count * data.grid.stepMs || (told.length > 0 && !known)) return null;
  const cut = windowAt(data, now, known);
  const served = recipe.serve(artefact, recipe.prepare(cut), now, horizonEnd(cut.grid, now));
  const weather = known ? { at: known.at, until: known.until } : null;
  return { ...issueOf(served, { data: cut, now, weather, widths, model: version }), isReplayed: true };
}
