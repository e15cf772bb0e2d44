import { pause } from '../../core/pause.ts';
import { dayKey, localDayOf } from '../../core/zone.ts';
import type { ForecastIssue } from '../issue.ts';
import type { AnyRecipe } from '../recipe/recipes.ts';
import { type CameDay, isJudgedAt } from '../score/came-day.ts';
import { judgeDay, missedShares } from '../score/day-score.ts';
import { type BandWidths, followed } from '../serve/band-widths.ts';
import { horizonEnd, issueOf } from '../serve/issue-of.ts';
import { HORIZON_DAYS, type SubjectData, windowAt } from '../serve/subject-data.ts';
import type { ToldWeather } from './told-weather.ts';
import type { TrialDay } from './trial.ts';

const HOUR_MS = 3_600_000;
/** So often a day a forecast is worked out. */
const A_DAY = 3;

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
 * then: so that a new appliance with a history has a record to show. Each is marked as worked out later. The bands follow what
 * they missed from day to day, as they do in service.
 */
export function replays(input: ReplayInput): { replays: ForecastIssue[]; widths: BandWidths } {
  const issues: ForecastIssue[] = [];
  let { widths } = input;
  for (const day of input.days) {
    for (const hour of replayHours(localDayOf(day.from, input.data.timeZone))) {
      pause();
      const issue = replayAt({ ...input, widths }, day.from + hour * HOUR_MS);
      if (issue) issues.push(issue);
    }
    const judged = judgeDay(cameOn(input, day), issues.slice(-A_DAY * (HORIZON_DAYS + 1)));
    widths = followed(widths, missedShares(judged));
  }
  return { replays: issues, widths };
}

/**
 * Hours of a day (its number in any calendar) at which forecasts are worked out: each day an hour later. Always at the same
 * hours, each lead time would be judged on hours of its own, "within the hour" at noon and "3 to 6 h" in the evening, and
 * could be compared with none.
 */
export function replayHours(day: number): number[] {
  const apart = 24 / A_DAY;
  return Array.from({ length: A_DAY }, (_, at) => (day % apart) + at * apart);
}

function cameOn({ recipe, data }: ReplayInput, { from, to }: TrialDay): CameDay {
  const { grid, powerW, excluded, site, timeZone } = data;
  const place = { latitude: site.latitude ?? 0, longitude: site.longitude ?? 0 };
  return {
    ...{ from, to, date: dayKey(localDayOf(from, timeZone)) },
    ...{ seriesFrom: grid.from, stepMs: grid.stepMs, powerW, excluded },
    isJudged: isJudgedAt(recipe.quantity, place),
    clearAt: null,
  };
}

function replayAt({ recipe, artefact, version, data, told, widths }: ReplayInput, now: number): ForecastIssue | null {
  const known = told.findLast(({ at }) => at <= now);
  if (now >= data.grid.from + data.grid.count * data.grid.stepMs || (told.length > 0 && !known)) return null;
  const cut = windowAt(data, now, known);
  const served = recipe.serve(artefact, recipe.prepare(cut), now, horizonEnd(cut.grid, now));
  const weather = known ? { at: known.at, until: known.until } : null;
  return { ...issueOf(served, { data: cut, now, weather, widths, model: version }), isReplayed: true };
}
