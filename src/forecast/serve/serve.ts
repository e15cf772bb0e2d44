import type { ForecastIssue } from '../issue.ts';
import { recipeFor } from '../recipe/recipes.ts';
import type { ServeTask } from '../tasks.ts';
import { horizonEnd, issueOf } from './issue-of.ts';
import { readModel } from './model-file.ts';

/** Makes one forecast. */
export function serve(task: ServeTask): ForecastIssue {
  const { data, now, weather, widths } = task;
  const recipe = recipeFor(task.subject.quantity);
  const kept = readModel(recipe, task.model?.text);
  const prepared = recipe.prepare(data);
  const suits = kept !== null && kept.stepMs === data.grid.stepMs;
  const artefact = suits ? kept.artefact : recipe.first(prepared);
  const served = recipe.serve(artefact, prepared, now, horizonEnd(data.grid, now));
  return issueOf(served, { data, now, weather, widths, model: suits ? (task.model?.version ?? null) : null });
}
