import type { TreeLearner } from '../../core/boosted-trees.ts';
import {
  type ConsumptionData,
  consumptionView,
  loadLearningOptions,
  loadScale,
} from '../consumption/consumption-model.ts';
import { type ConsumptionRun, createConsumptionRun } from '../consumption/consumption-run.ts';
import { loadExpertNames, loadNames } from '../consumption/experts.ts';
import { loadBasis } from '../consumption/features.ts';
import { buildRows } from '../feature-rows.ts';
import { numbersOf, slotsPerDay, startOf } from '../interval-grid.ts';
import type { LearningOptions } from '../learned-power.ts';
import { startBands } from '../online/bands.ts';
import { startBlend } from '../online/blend.ts';
import { noNowcast } from '../online/nowcast.ts';
import type { ConsumptionArtefact } from './consumption-artefact.ts';
import { dayErrorsOf } from './error-habits.ts';
import { knownInService } from './leads.ts';
import { learnedAt } from './moments.ts';
import { importanceOf } from './why.ts';

export interface ConsumptionTrainingInput {
  /** The past up to `now`; weather as it was forecast the day before, where that is known. */
  data: ConsumptionData;
  /** Moments up to which it learns, ascending, ms UTC. */
  moments: readonly number[];
  learner: TreeLearner;
  options?: Partial<LearningOptions>;
}

const USUAL = loadExpertNames.indexOf('sameKind');
const IMPORTANCE_DAYS = 14;

/** Trains a forecaster for service: any time of the day, up to a week ahead. For a worker: it takes seconds. */
export function trainConsumption(input: ConsumptionTrainingInput): Iterable<ConsumptionArtefact> {
  const { data, moments, learner, options } = input;
  const knownFor = knownInService(data.grid);
  const run = createConsumptionRun({ data, learner, knownFor, ...(options ? { options } : {}) });
  return learnedAt(data.grid, run, moments, (known) => artefactOf(data, run, known));
}

function artefactOf(data: ConsumptionData, run: ConsumptionRun, known: number): ConsumptionArtefact {
  const { grid, powerW, excluded } = data;
  const { model, view } = run.trained();
  const { features } = view.builder;
  const { blend, bands, nowcast } = run.online.snapshot(known);
  const { ledger } = run;
  const recent = numbersOf(Math.max(0, known - IMPORTANCE_DAYS * slotsPerDay(grid)), known);
  const explainer = { names: loadNames, features, learned: model.learned, weights: blend.parts[1] ?? [] };
  return {
    kind: 'consumption',
    version: 2,
    learnedUntil: startOf(grid, known),
    stepMs: grid.stepMs,
    model,
    basis: loadBasis(data),
    features: [...features],
    ...{ blend, bands, nowcast },
    dayErrors: dayErrorsOf({
      ...{ grid, actualW: powerW, ledger, sizeW: run.online.sizeW, known },
      limitW: model.limitW,
      ...(excluded ? { excluded } : {}),
      slotOf: (index) => ({ day: view.wall.day[index] ?? 0, slot: view.wall.slot[index] ?? 0 }),
    }),
    importance: importanceOf(buildRows(view.builder, recent, knownInService(grid)), explainer),
  };
}

/** How much wider than learned the bands are while habits are not known. */
const UNSURE = 1.3;

/** What serves in the first days: what was usual at that time so far, with wide bands. */
export function usualConsumption(data: ConsumptionData): ConsumptionArtefact {
  const { grid } = data;
  const sizes = loadScale(data, grid.count);
  const { builder } = consumptionView(data, sizes.scaleW);
  const weights = loadLearningOptions(grid).anchorPrior.map((weight) => weight ?? 0);
  return {
    kind: 'consumption',
    version: 2,
    learnedUntil: startOf(grid, grid.count),
    stepMs: grid.stepMs,
    model: { ...sizes, learned: { weights, stages: [], columns: builder.features.length } },
    basis: loadBasis(data),
    features: [...builder.features],
    blend: startBlend(loadExpertNames.map((_, k) => (k === USUAL ? 1 : 0))),
    bands: { ...startBands(sizes.limitW / sizes.scaleW), volatility: UNSURE },
    nowcast: noNowcast,
    dayErrors: { days: [], levels: { low: 0.1, high: 0.1 } },
    importance: [],
  };
}
