import type { TreeLearner } from '../core/boosted-trees.ts';
import { adapt } from './adaptive-levels.ts';
import { type BandState, type Odds, oddsOf, startBands } from './bands.ts';
import { type Blend, blendBySkill, blended, startBlend } from './blend.ts';
import { type ErrorSigns, errorScaleOf, fitErrorScale } from './error-scale.ts';
import { errorTable, regimeOf } from './error-table.ts';
import { createVolatility } from './error-volatility.ts';
import { type ForecastLedger, signsAt } from './forecast-ledger.ts';
import { endedBy, slotsPerDay, startOf, utcDayOf } from './interval-grid.ts';
import type { ProductionData, TrainedProduction } from './production-model.ts';

/** What is learned from day to day: the blend's weights and the odds. */
export interface Online {
  /** After a training on intervals below `known`: measures past errors anew and goes through the last weeks again. */
  retrain(trained: TrainedProduction, learner: TreeLearner, known: number): void;
  /** Takes in intervals below `known`, and issues forecasts for those from there up to `until`. */
  advance(known: number, until: number): void;
  /** Odds of an interval that was issued last, in W; null where nothing is forecast. */
  odds(index: number): Odds | null;
  blend(): Blend;
  bands(): BandState;
}

const DAY_MS = 86_400_000;
/** Errors older than this say nothing about today's odds. */
const TABLE_DAYS = 150;
const REPLAY_DAYS = 60;
/** In the distant past the weights are moved every so many days only. */
const COARSE_DAYS = 4;
const MOST_SAMPLES = 6000;

export function createOnline(data: ProductionData, ledger: ForecastLedger): Online {
  const { grid, powerW, excluded } = data;
  const slots = slotsPerDay(grid);
  const volatility = createVolatility();
  let trained: TrainedProduction | null = null;
  let bands = startBands(1);
  let blend = startBlend();
  let takenIn = 0;

  const isKnown = (index: number): boolean =>
    (powerW[index] ?? Number.NaN) >= 0 &&
    ledger.forecastW[index] !== undefined &&
    !Number.isNaN(ledger.forecastW[index]);
  const counts = (index: number): boolean => isKnown(index) && !excluded?.[index];
  const errorW = (index: number): number => (powerW[index] ?? 0) - (ledger.forecastW[index] ?? 0);
  const scaleW = (): number => trained?.model.scaleW ?? 1;
  const signs = (index: number): ErrorSigns | null => (trained ? signsAt(ledger, trained, index) : null);

  const skill = () => ({
    grid,
    hourAngleDeg: trained?.view.light.hourAngleDeg ?? [],
    experts: ledger.experts,
    actual: powerW,
    ...(excluded ? { excluded } : {}),
  });
  const issue = (index: number): void => {
    if (Number.isNaN(ledger.experts[0]?.[index] ?? Number.NaN)) return;
    const hourAngle = trained?.view.light.hourAngleDeg[index] ?? 0;
    const limitW = trained?.model.mix.limitW ?? 0;
    ledger.forecastW[index] = Math.min(limitW, blended(blend, ledger.experts, index, hourAngle));
  };
  const measure = (index: number): void => {
    const sign = Number.isNaN(ledger.forecastW[index] ?? Number.NaN) ? null : signs(index);
    if (!sign) return;
    ledger.sizeW[index] = errorScaleOf(bands.scale, sign) * scaleW();
    ledger.regime[index] = regimeOf(sign);
  };
  const odds = (index: number): Odds | null => {
    const sign = Number.isNaN(ledger.sizeW[index] ?? Number.NaN) ? null : signs(index);
    if (!sign) return null;
    const size = (volatility.on(utcDayOf(grid, index)) * (ledger.sizeW[index] ?? 0)) / scaleW();
    const shares = oddsOf(bands, sign, size);
    return (quantile) => shares(quantile) * scaleW();
  };

  /** Errors below `known`, over their expected size. */
  const table = (known: number) => {
    const indices: number[] = [];
    for (let index = Math.max(0, known - TABLE_DAYS * slots); index < known; index++)
      if (counts(index)) indices.push(index);
    const every = Math.max(1, indices.length / MOST_SAMPLES);
    const kept = Array.from(
      { length: Math.floor(indices.length / every) },
      (_, at) => indices[Math.floor(at * every)] ?? 0,
    );
    const sizeOf = (index: number): number => volatility.on(utcDayOf(grid, index)) * (ledger.sizeW[index] ?? 0);
    return errorTable(
      {
        ratio: Float64Array.from(kept, (index) => errorW(index) / Math.max(1e-9, sizeOf(index))),
        regime: kept.map((index) => ledger.regime[index] ?? 0),
        ageDays: kept.map((index) => (known - index) / slots),
      },
      (24 / slots) * every,
    );
  };

  const addError = (index: number): void => {
    if (counts(index)) volatility.add(utcDayOf(grid, index), Math.abs(errorW(index)), ledger.sizeW[index] ?? 0);
  };
  /** Moves the levels by how the odds that were issued for these intervals did. */
  const judge = (from: number, known: number): void => {
    let [lit, below, above] = [0, 0, 0];
    for (let index = from; index < known; index++) {
      if (!counts(index) || !((trained?.view.light.daylight[index] ?? 0) >= 0.5)) continue;
      const low = ledger.lowW[index] ?? Number.NaN;
      if (Number.isNaN(low)) continue;
      const power = powerW[index] ?? 0;
      lit++;
      if (power < low) below++;
      if (power > (ledger.highW[index] ?? 0)) above++;
    }
    if (lit > 0) bands = { ...bands, levels: adapt(bands.levels, { below: below / lit, above: above / lit }) };
  };

  const advance = (known: number, until: number): void => {
    for (let index = takenIn; index < known; index++) addError(index);
    judge(takenIn, known);
    takenIn = Math.max(takenIn, known);
    blend = blendBySkill(skill(), known);
    bands = { ...bands, table: table(known) };
    for (let index = known; index < until; index++) {
      issue(index);
      measure(index);
      const issued = odds(index);
      ledger.lowW[index] = issued ? issued(0.1) : Number.NaN;
      ledger.highW[index] = issued ? issued(0.9) : Number.NaN;
    }
  };

  /** Start of each UTC day with forecasts below `known`, as the number of intervals that were over by then. */
  const pastDays = (known: number): number[] => {
    const first = ledger.experts[0]?.findIndex((value) => !Number.isNaN(value)) ?? -1;
    if (first < 0 || first >= known) return [];
    const days: number[] = [];
    for (let day = utcDayOf(grid, first); day * DAY_MS < startOf(grid, known); day++)
      days.push(endedBy(grid, day * DAY_MS));
    return days;
  };

  const retrain = (next: TrainedProduction, learner: TreeLearner, known: number): void => {
    const isFirst = trained === null;
    if (!isFirst) judge(takenIn, known);
    trained = next;
    const days = pastDays(known);
    if (isFirst) {
      days.forEach((start, at) => {
        if (at % COARSE_DAYS === 0) blend = blendBySkill(skill(), start);
        for (let index = start; index < Math.min(known, days[at + 1] ?? known); index++) issue(index);
      });
    }
    const indices: number[] = [];
    for (let index = 0; index < known; index++) if (counts(index)) indices.push(index);
    const seen = indices.map((index) => signs(index)).filter((sign) => sign !== null);
    const scale = fitErrorScale(
      seen,
      indices.map((index) => errorW(index) / scaleW()),
      learner,
    );
    bands = { ...bands, scale, limit: next.model.mix.limitW / next.model.scaleW };
    for (let index = 0; index < known; index++) measure(index);
    volatility.clear();
    if (isFirst && days.length > 0) replay(days, known);
    else for (let index = 0; index < known; index++) addError(index);
    takenIn = known;
  };

  const replay = (days: readonly number[], known: number): void => {
    const replayed = days.slice(-REPLAY_DAYS);
    takenIn = replayed[0] ?? known;
    for (let index = 0; index < takenIn; index++) addError(index);
    replayed.forEach((start, at) => {
      advance(start, Math.min(known, replayed[at + 1] ?? known));
    });
    for (let index = takenIn; index < known; index++) addError(index);
    judge(takenIn, known);
  };

  return { retrain, advance, odds, blend: () => blend, bands: () => bands };
}
