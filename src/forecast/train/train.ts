import type { TreeLearner } from '../../core/boosted-trees.ts';
import { startOf } from '../interval-grid.ts';
import type { ModelCard, Trial, Verdict } from '../model-card.ts';
import type { Prepared } from '../recipe/recipe.ts';
import { type AnyRecipe, recipeFor } from '../recipe/recipes.ts';
import { type ModelFile, modelText, readModel } from '../serve/model-file.ts';
import type { TrainAnswer, TrainTask } from '../tasks.ts';
import { replays } from './replay.ts';
import { seePanels } from './seen-panels.ts';
import {
  baselines,
  championLine,
  forecastDays,
  type Line,
  pastOf,
  scoreLine,
  type TrialDay,
  trialDays,
} from './trial.ts';

interface Work {
  task: TrainTask;
  recipe: AnyRecipe;
  learner: TreeLearner;
  prepared: Prepared;
  progress(share: number, text: string): void;
}

const noRecord = { replays: [], widths: null };

/** What the trial showed. */
interface Outcome {
  trial: Trial;
  line: Line;
  champion: { file: ModelFile; line: Line } | null;
}

/**
 * Learns a subject anew, tries it on the last days against what serves, and says what serves from now on. Takes seconds to a
 * minute: for a worker.
 */
export function train(task: TrainTask, learner: TreeLearner, onProgress?: Work['progress']): TrainAnswer {
  const started = performance.now();
  const recipe = recipeFor(task.subject.quantity);
  const prepared = recipe.prepare(task.data);
  const work: Work = { task, recipe, learner, prepared, progress: onProgress ?? (() => {}) };
  if (prepared.days < recipe.fewestDays) return { serving: null, card: null, weights: null, ...noRecord };
  const days = trialDays(prepared, task.mostTrialDays);
  const end = startOf(task.data.grid, task.data.grid.count);
  const learning = recipe.train(prepared, [days[0]?.from ?? 0, end], learner)[Symbol.iterator]();
  work.progress(0.02, 'Learning from all but the last days');
  const tried = learning.next().value;
  work.progress(0.4, 'Trying it on the last days');
  const outcome = tryOut(work, tried, days);
  const isWanted = outcome.trial.verdict === 'better' || outcome.trial.verdict === 'onlyOne';
  if (isWanted) work.progress(0.55, 'Learning from all days');
  const whole = isWanted ? learning.next().value : tried;
  const record = recordOf(work, tried, days);
  const card = cardOf(work, whole, outcome.trial, performance.now() - started);
  const weights = recipe.about(whole).weights;
  return { serving: servingOf(work, whole, outcome), card, weights, ...record };
}

function tryOut({ task, recipe, prepared }: Work, tried: unknown, days: readonly TrialDay[]): Outcome {
  const line = forecastDays(recipe, tried, task.data, days);
  const file = readModel(recipe, task.champion?.text);
  const suits = file !== null && recipe.suits(file.artefact, prepared);
  const champion = suits ? { file, line: championLine(recipe, file, task.data, days) } : null;
  const challenger = scoreLine(line, prepared, line.isJudged, champion?.line);
  const before = champion && scoreLine(champion.line, prepared, line.isJudged, line);
  const base = baselines(line, prepared);
  const trial: Trial = {
    from: days[0]?.from ?? 0,
    to: days.at(-1)?.to ?? 0,
    challenger,
    champion: before && before.intervals > 0 ? before : null,
    baselines: base,
    verdict: 'onlyOne',
  };
  return { trial: { ...trial, verdict: judge(trial) }, line, champion };
}

/** A new model serves when it scores better than the one that does, and better than no learning at all. */
function judge({ challenger, champion, baselines: { reference } }: Trial): Verdict {
  if (champion) return challenger.mae < champion.mae ? 'better' : 'worse';
  return challenger.mae < reference ? 'onlyOne' : 'physics';
}

function servingOf({ task, recipe }: Work, whole: unknown, { trial, line, champion }: Outcome): TrainAnswer['serving'] {
  const { grid } = task.data;
  if (trial.verdict === 'physics') return null;
  if (trial.verdict === 'worse' && champion && task.champion) {
    const file = { ...champion.file, past: pastOf(champion.line, grid) };
    return { version: task.champion.version, text: modelText(recipe, file), knownUntil: file.knownUntil };
  }
  const knownUntil = startOf(grid, grid.count);
  const file = {
    quantity: recipe.quantity,
    knownUntil,
    stepMs: grid.stepMs,
    artefact: whole,
    past: pastOf(line, grid),
  };
  return { version: task.version, text: modelText(recipe, file), knownUntil };
}

/** What would have been issued, where that is wanted and the weather of the time is known. */
function recordOf({ task, recipe, prepared, progress }: Work, tried: unknown, days: readonly TrialDay[]) {
  if (!task.wantsReplays || (prepared.hasWeather && task.told.length === 0)) return noRecord;
  progress(0.8, 'Working out what would have been forecast');
  const { data, told, widths, version } = task;
  return replays({ recipe, artefact: tried, version, data, days, told, widths });
}

function cardOf({ task, recipe, prepared }: Work, whole: unknown, trial: Trial, tookMs: number): ModelCard {
  const { data } = task;
  const { features, scaleW } = recipe.about(whole);
  const first = Math.max(
    0,
    data.powerW.findIndex((power) => !Number.isNaN(power)),
  );
  return {
    version: task.version,
    quantity: recipe.quantity,
    madeAt: task.madeAt,
    window: { from: startOf(data.grid, first), to: startOf(data.grid, data.grid.count), days: prepared.days },
    stepMs: data.grid.stepMs,
    weather: prepared.hasWeather ? task.weather : null,
    leftOut: prepared.leftOut,
    clipW: prepared.clipW,
    scaleW,
    features,
    trial,
    ...(recipe.quantity === 'solar' ? { panels: seePanels(data, task.panels) } : {}),
    tookMs: Math.round(tookMs),
  };
}
