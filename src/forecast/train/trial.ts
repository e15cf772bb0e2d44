import { pause } from '../../core/pause.ts';
import { localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { firstFrom, type IntervalGrid, slotsPerDay, startOf } from '../interval-grid.ts';
import type { TrialScore } from '../model-card.ts';
import type { Odds } from '../online/bands.ts';
import type { Prepared } from '../recipe/recipe.ts';
import type { AnyRecipe } from '../recipe/recipes.ts';
import { createScore } from '../score.ts';
import type { ModelFile, TriedPast } from '../serve/model-file.ts';
import { type SubjectData, windowAt } from '../serve/subject-data.ts';

/** Day-ahead forecasts on the intervals of a grid, W; NaN where none was made. */
export interface Line {
  medianW: Float64Array;
  lowW: Float64Array;
  highW: Float64Array;
  referenceW: Float64Array;
  isJudged: Uint8Array;
}

/** Days of the source's calendar on which models are tried. */
export interface TrialDay {
  from: number;
  to: number;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 14;
const FEWEST_DAYS = 2;
const QUANTILES = [0.1, 0.5, 0.9] as const;

/** The last days of the data, as many as there are enough days before them for. */
export function trialDays({ subject, days }: Prepared, most = MOST_DAYS): TrialDay[] {
  const { grid, timeZone } = subject;
  const count = Math.max(FEWEST_DAYS, Math.min(most, Math.floor(days / 4)));
  const last = localDayOf(startOf(grid, grid.count) - 1, timeZone);
  return Array.from({ length: count }, (_, at) => ({
    from: startOfLocalDay(last - count + 1 + at, timeZone),
    to: startOfLocalDay(last - count + 2 + at, timeZone),
  }));
}

/** Forecasts each day as it would have been when the day began. */
export function forecastDays(recipe: AnyRecipe, artefact: unknown, data: SubjectData, days: readonly TrialDay[]): Line {
  const line = emptyLine(data.grid);
  for (const { from, to } of days) {
    pause();
    const served = recipe.serve(artefact, recipe.prepare(windowAt(data, from)), from, to);
    for (const interval of served.intervals) {
      const index = Math.round((interval.from - data.grid.from) / data.grid.stepMs);
      if (index < 0 || index >= data.grid.count) continue;
      line.medianW[index] = interval.powerW;
      line.lowW[index] = interval.odds(0.1);
      line.highW[index] = interval.odds(0.9);
      line.referenceW[index] = interval.referenceW;
      line.isJudged[index] = interval.isJudged ? 1 : 0;
    }
  }
  return line;
}

/**
 * What the model that serves would have said of those days: what was kept of its own trial, where it has seen a day since,
 * else what it says now.
 */
export function championLine(recipe: AnyRecipe, file: ModelFile, data: SubjectData, days: readonly TrialDay[]): Line {
  const line = forecastDays(
    recipe,
    file.artefact,
    data,
    days.filter(({ from }) => from >= file.knownUntil),
  );
  const { past } = file;
  const offset = Math.round((data.grid.from - past.from) / past.stepMs);
  if (past.stepMs !== data.grid.stepMs) return line;
  for (const { from, to } of days) {
    if (from >= file.knownUntil) continue;
    for (let index = firstFrom(data.grid, from); index < firstFrom(data.grid, to); index++) {
      line.medianW[index] = past.medianW[index + offset] ?? Number.NaN;
      line.lowW[index] = past.lowW[index + offset] ?? Number.NaN;
      line.highW[index] = past.highW[index + offset] ?? Number.NaN;
    }
  }
  return line;
}

/** Scores a line where both it and `other` say something and it was measured. */
export function scoreLine(line: Line, prepared: Prepared, isJudged: Uint8Array, other: Line = line): TrialScore {
  const { grid, powerW } = prepared.subject;
  const keeper = createScore(QUANTILES);
  const days = new Set<number>();
  let intervals = 0;
  for (let index = 0; index < grid.count; index++) {
    const actual = powerW[index] ?? Number.NaN;
    const median = line.medianW[index] ?? Number.NaN;
    if (Number.isNaN(actual + median + (other.medianW[index] ?? Number.NaN)) || prepared.excluded[index]) continue;
    const odds: Odds = (level) => (level < 0.5 ? line.lowW : level > 0.5 ? line.highW : line.medianW)[index] ?? 0;
    keeper.add(actual, median, odds, isJudged[index] === 1);
    days.add(localDayOf(startOf(grid, index), prepared.subject.timeZone));
    intervals++;
  }
  const { mae, bias, meanPinball, coverage, width } = keeper.score();
  return { mae, bias, meanPinball, coverage, width, days: days.size, intervals };
}

/** Mean absolute errors without learning, where `line` says something, W; null when nothing could be compared. */
export function baselines(
  line: Line,
  { subject, excluded }: Prepared,
): { reference: number; persistence: number | null } {
  const { grid, powerW } = subject;
  const slots = slotsPerDay(grid);
  const sums = { reference: 0, all: 0, persistence: 0, persisted: 0 };
  for (let index = 0; index < grid.count; index++) {
    const actual = powerW[index] ?? Number.NaN;
    if (Number.isNaN(actual + (line.medianW[index] ?? Number.NaN)) || excluded[index]) continue;
    sums.reference += Math.abs((line.referenceW[index] ?? 0) - actual);
    sums.all++;
    const before = [1, 2, 3, 4].map((day) => powerW[index - day * slots] ?? Number.NaN).find((w) => !Number.isNaN(w));
    if (before === undefined) continue;
    sums.persistence += Math.abs(before - actual);
    sums.persisted++;
  }
  return {
    reference: sums.reference / Math.max(1, sums.all),
    persistence: sums.persisted > 0 ? sums.persistence / sums.persisted : null,
  };
}

/** What a model's trial leaves behind, to be held against later challengers. */
export function pastOf(line: Line, grid: IntervalGrid): TriedPast {
  const first = Math.max(0, grid.count - Math.round((2 * MOST_DAYS * DAY_MS) / grid.stepMs));
  return {
    from: startOf(grid, first),
    stepMs: grid.stepMs,
    medianW: line.medianW.slice(first),
    lowW: line.lowW.slice(first),
    highW: line.highW.slice(first),
  };
}

function emptyLine({ count }: IntervalGrid): Line {
  const unknown = () => new Float64Array(count).fill(Number.NaN);
  return {
    medianW: unknown(),
    lowW: unknown(),
    highW: unknown(),
    referenceW: unknown(),
    isJudged: new Uint8Array(count),
  };
}
