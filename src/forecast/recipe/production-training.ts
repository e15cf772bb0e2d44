import type { TreeLearner } from '../../core/boosted-trees.ts';
import { isDaylight } from '../daylight.ts';
import { buildRows } from '../feature-rows.ts';
import { featureBasis } from '../features.ts';
import { slotsPerDay, startOf } from '../interval-grid.ts';
import type { LearningOptions } from '../learned-power.ts';
import { isKnown } from '../online/forecast-ledger.ts';
import { usualPlane } from '../plane-mix.ts';
import { expertNames, productionNames } from '../production-experts.ts';
import { activeIntervals, type ProductionData } from '../production-model.ts';
import { createProductionRun, type ProductionRun } from '../production-run.ts';
import { dayErrorsOf } from './error-habits.ts';
import { knownInService } from './leads.ts';
import { learnedAt } from './moments.ts';
import type { ArtefactScore, ProductionArtefact } from './production-artefact.ts';
import { solarSlot } from './solar-slot.ts';
import { importanceOf } from './why.ts';

export interface ProductionTrainingInput {
  /** The past up to `now` and a little more; weather as it was forecast the day before, where that is known. */
  data: ProductionData;
  /** Moments up to which it learns, ascending, ms UTC. */
  moments: readonly number[];
  learner: TreeLearner;
  options?: Partial<LearningOptions>;
}

const SCORE_DAYS = 60;

/** Trains a forecaster for service: any time of the day, up to a week ahead. For a worker: it takes seconds. */
export function trainProduction({
  data,
  moments,
  learner,
  options,
}: ProductionTrainingInput): Iterable<ProductionArtefact> {
  const run = createProductionRun({
    ...{ data, learner, knownFor: knownInService(data.grid) },
    ...(options ? { options } : {}),
  });
  return learnedAt(data.grid, run, moments, (known) => artefactOf(data, run, known));
}

function artefactOf(data: ProductionData, run: ProductionRun, known: number): ProductionArtefact {
  const { grid } = data;
  const { model, view } = { model: run.model(), view: run.view() };
  const { blend, bands, nowcast } = run.online.snapshot(known);
  const { weights, clearWeights } = model.mix;
  const usual = usualPlane(view.light.planes);
  const isUsed = (k: number): boolean => k === usual || (weights[k] ?? 0) > 0 || (clearWeights[k] ?? 0) > 0;
  const kept = <T>(values: readonly T[]): T[] => values.filter((_, k) => isUsed(k));
  const recent = activeIntervals(data, view, model.scaleW, known - 14 * slotsPerDay(grid), known);
  const rows = buildRows(view.builder, recent, knownInService(grid));
  const { features } = view.builder;
  const explainer = { names: productionNames, features, learned: model.learned, weights: blend.parts[1] ?? [] };
  const first = data.powerW.findIndex((power) => power >= 0);
  return {
    kind: 'production',
    version: 2,
    learnedFrom: startOf(grid, Math.max(0, first)),
    learnedUntil: startOf(grid, known),
    stepMs: grid.stepMs,
    ...(data.site.altitudeM === undefined ? {} : { altitudeM: data.site.altitudeM }),
    planes: kept(view.light.planes).map(({ tiltDeg, azimuthDeg }) => ({ tiltDeg, azimuthDeg })),
    model: {
      ...model,
      mix: { ...model.mix, weights: kept(weights), clearWeights: kept(clearWeights) },
    },
    basis: featureBasis(view.light, data.weather),
    features: [...view.builder.features],
    blend,
    bands,
    nowcast,
    dayErrors: wholeDaysOf(data, run, known),
    importance: importanceOf(rows, explainer),
    score: scoreOf(data, run, known),
  };
}

/** How errors go together over the day. */
function wholeDaysOf(data: ProductionData, run: ProductionRun, known: number) {
  const { grid, powerW } = data;
  const { longitude } = run.view().light.site;
  const slots = slotsPerDay(grid);
  return dayErrorsOf({
    ...{ grid, actualW: powerW, ledger: run.ledger, sizeW: run.online.sizeW, limitW: run.model().mix.limitW, known },
    ...(data.excluded ? { excluded: data.excluded } : {}),
    slotOf: (index) => solarSlot(startOf(grid, index), longitude, slots),
  });
}

function scoreOf(data: ProductionData, run: ProductionRun, known: number): ArtefactScore {
  const { grid, powerW } = data;
  const { ledger } = run;
  const slots = slotsPerDay(grid);
  const expert = (name: (typeof expertNames)[number]) => ledger.experts[expertNames.indexOf(name)] ?? [];
  const [physics, yesterday] = [expert('physics'), expert('yesterday')];
  const first = Math.max(0, known - SCORE_DAYS * slots);
  const sums = { intervals: 0, mae: 0, physics: 0, persistence: 0, judged: 0, inside: 0 };
  for (let index = first; index < known; index++) {
    if (!isKnown(powerW, index) || !isKnown(ledger.forecastW, index)) continue;
    const actual = powerW[index] ?? 0;
    sums.intervals++;
    sums.mae += Math.abs(actual - (ledger.forecastW[index] ?? 0));
    sums.physics += Math.abs(actual - (physics[index] ?? 0));
    sums.persistence += Math.abs(actual - (yesterday[index] ?? 0));
    if (!isKnown(ledger.lowW, index) || !isDaylight(run.view().light, index)) continue;
    sums.judged++;
    if (actual >= (ledger.lowW[index] ?? 0) && actual <= (ledger.highW[index] ?? 0)) sums.inside++;
  }
  const mean = (sum: number): number => (sums.intervals > 0 ? sum / sums.intervals : Number.NaN);
  return {
    from: startOf(grid, first),
    to: startOf(grid, known),
    intervals: sums.intervals,
    mae: mean(sums.mae),
    physicsMae: mean(sums.physics),
    persistenceMae: mean(sums.persistence),
    coverage: sums.judged > 0 ? sums.inside / sums.judged : Number.NaN,
  };
}
