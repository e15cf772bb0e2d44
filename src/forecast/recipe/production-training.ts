import type { TreeLearner } from '../../core/boosted-trees.ts';
import { buildRows } from '../feature-rows.ts';
import { featureBasis } from '../features.ts';
import { isKnown } from '../forecast-ledger.ts';
import { endedBy, slotsPerDay, startOf } from '../interval-grid.ts';
import { type Intraday, learnIntradayAsIssued } from '../intraday.ts';
import { knownSomeHoursBefore } from '../known.ts';
import type { LearningOptions } from '../learned-power.ts';
import { usualPlane } from '../plane-mix.ts';
import { expertNames } from '../production-experts.ts';
import { activeIntervals, type ProductionData } from '../production-model.ts';
import { createProductionRun, type ProductionRun } from '../production-run.ts';
import { type DayErrors, learnDayErrors, type PastPart } from './day-total.ts';
import type { ArtefactScore, ProductionArtefact } from './production-artefact.ts';
import { solarSlot } from './solar-slot.ts';
import { importanceOf } from './why.ts';

export interface ProductionTrainingInput {
  /** The past up to `now` and a little more; weather as it was forecast the day before, where that is known. */
  data: ProductionData;
  /** ms UTC. */
  now: number;
  learner: TreeLearner;
  options?: Partial<LearningOptions>;
}

/** How many hours ahead intervals are forecast in training, as they will be in service: the next hours most often, up to a week. */
const LEADS_H = [
  1, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 27, 30, 33, 36, 40, 44, 48, 54, 60, 72, 96, 144,
];
const SCORE_DAYS = 60;
const DAY_ERRORS = 120;

/** Trains a forecaster for service: any time of the day, up to a week ahead. For a worker: it takes seconds. */
export function trainProduction(input: ProductionTrainingInput): ProductionArtefact {
  const { data, now, learner } = input;
  const { grid } = data;
  const known = endedBy(grid, now);
  const run = createProductionRun({
    data,
    learner,
    knownFor: knownSomeHoursBefore(grid, LEADS_H),
    ...(input.options ? { options: input.options } : {}),
  });
  run.retrain(known, known);
  run.online.advance(known, known);
  const { model, view } = { model: run.model(), view: run.view() };
  const { blend, bands } = run.online.snapshot(known);
  const { weights, clearWeights } = model.mix;
  const usual = usualPlane(view.light.planes);
  const isUsed = (k: number): boolean => k === usual || (weights[k] ?? 0) > 0 || (clearWeights[k] ?? 0) > 0;
  const kept = <T>(values: readonly T[]): T[] => values.filter((_, k) => isUsed(k));
  const recent = activeIntervals(data, view, model.scaleW, known - 14 * slotsPerDay(grid), known);
  const rows = buildRows(view.builder, recent, knownSomeHoursBefore(grid, LEADS_H));
  const explainer = { features: view.builder.features, learned: model.learned, weights: blend.parts[1] ?? [] };
  const first = data.powerW.findIndex((power) => power >= 0);
  return {
    kind: 'production',
    version: 1,
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
    intraday: intradayOf(data, run, known),
    dayErrors: dayErrorsOf(data, run, known),
    importance: importanceOf(rows, explainer),
    score: scoreOf(data, run, known),
  };
}

const INTRADAY_DAYS = 120;

/** How errors carried on from the last hours to the next, in forecasts made at any time of the day. */
function intradayOf(data: ProductionData, run: ProductionRun, known: number): Intraday {
  const { ledger } = run;
  const first = Math.max(0, known - INTRADAY_DAYS * slotsPerDay(data.grid));
  const recent = activeIntervals(data, run.view(), run.model().scaleW, first, known);
  return learnIntradayAsIssued(
    {
      grid: data.grid,
      forecastW: ledger.blendW,
      actualW: data.powerW.map((value, index) => (data.excluded?.[index] ? Number.NaN : value)),
      carrierW: run.view().clearW,
      leadH: ledger.leadH,
      scaleW: run.model().scaleW,
    },
    recent,
  );
}

/** Errors of the last days by the time of the solar day. */
function dayErrorsOf(data: ProductionData, run: ProductionRun, known: number): DayErrors {
  const { grid, powerW } = data;
  const { ledger } = run;
  const { longitude } = run.view().light.site;
  const slots = slotsPerDay(grid);
  const byDay = new Map<number, PastPart[]>();
  for (let index = Math.max(0, known - DAY_ERRORS * slots); index < known; index++) {
    if (!isKnown(powerW, index) || !isKnown(ledger.forecastW, index) || data.excluded?.[index]) continue;
    const { day, slot } = solarSlot(startOf(grid, index), longitude, slots);
    const part: PastPart = {
      slot,
      forecastW: ledger.forecastW[index] ?? 0,
      sizeW: ledger.sizeW[index] ?? 0,
      hours: 24 / slots,
      actualW: powerW[index] ?? 0,
    };
    byDay.set(day, [...(byDay.get(day) ?? []), part]);
  }
  const days = [...byDay].sort(([a], [b]) => a - b).map(([, parts]) => parts);
  const most = Math.max(0, ...days.map((parts) => parts.length));
  return learnDayErrors(
    days.filter((parts) => parts.length > 0.8 * most || slots < 4),
    run.model().mix.limitW,
  );
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
    if (!isKnown(ledger.lowW, index) || (run.view().light.daylight[index] ?? 0) < 0.5) continue;
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
