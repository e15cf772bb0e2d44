import { oddsOf, spreadOf } from '../bands.ts';
import { blended } from '../blend.ts';
import { type ConsumptionData, type ConsumptionView, consumptionView } from '../consumption/consumption-model.ts';
import {
  consumptionSubject,
  createLoadSigns,
  enterLoadForecasts,
  loadExpertNames,
  loadNames,
} from '../consumption/experts.ts';
import { buildRows } from '../feature-rows.ts';
import { createLedger } from '../forecast-ledger.ts';
import { endedBy, firstFrom, slotsPerHour, startOf } from '../interval-grid.ts';
import { intradayCorrection, LOOK_BACK_H, recentError } from '../intraday.ts';
import { predictLearned } from '../learned-power.ts';
import type { ConsumptionArtefact } from './consumption-artefact.ts';
import { dayTotalOdds } from './day-total.ts';
import type { Served, ServedInterval } from './recipe.ts';
import { reasonsFor } from './why.ts';

export interface ConsumptionServing {
  artefact: ConsumptionArtefact;
  /** Power of the last six weeks, and weather of those weeks and of the time to come, on one grid with the artefact's step. */
  data: ConsumptionData;
  /** ms UTC; what came before is known. */
  now: number;
  /** How far to forecast, ms UTC. */
  until: number;
}

const HOUR_MS = 3_600_000;
const USUAL = loadExpertNames.indexOf('sameKind');

/** What a house will take from now on, with odds. Takes some milliseconds a day; touches nothing but its input. */
export function serveConsumption({ artefact, data, now, until }: ConsumptionServing): Served {
  const { grid } = data;
  const { model } = artefact;
  const view = consumptionView(data, model.scaleW, artefact.basis);
  const [first, end] = [endedBy(grid, now), firstFrom(grid, until)];
  const base = blendOf({ artefact, data, view }, first, end);
  const recent = lastHoursError({ artefact, data, view }, first);
  for (let index = first; index < end; index++) {
    const leadH = Math.max(0, (startOf(grid, index) - now) / HOUR_MS);
    const added = intradayCorrection(artefact.intraday, recent, leadH, base.usualW[index] ?? 0);
    base.ledger.forecastW[index] = Math.min(model.limitW, Math.max(0, (base.ledger.forecastW[index] ?? 0) + added));
  }
  const intervals = Array.from({ length: end - first }, (_, at) =>
    intervalOf({ artefact, data, view }, base, first, at),
  );
  return { intervals, limitW: model.limitW, energy: energyOf(artefact, view, grid.from) };
}

interface Seen {
  artefact: ConsumptionArtefact;
  data: ConsumptionData;
  view: ConsumptionView;
}

/** What the blend says of intervals as if asked when those before `from` were over. */
function blendOf({ artefact, data, view }: Seen, from: number, to: number) {
  const { model, blend } = artefact;
  const { grid } = data;
  const trained = { model, view };
  const indices = Int32Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
  const rows = buildRows(view.builder, indices, () => ({ power: from, weather: grid.count }));
  const ledger = createLedger(grid.count, loadExpertNames.length);
  const signs = createLoadSigns(grid.count);
  enterLoadForecasts(ledger, signs, rows, predictLearned(model.learned, rows), trained);
  const subject = consumptionSubject(data, ledger, signs, trained);
  for (const index of indices)
    ledger.forecastW[index] = Math.min(model.limitW, blended(blend, ledger.experts, index, subject.partOf(index)));
  return { ledger, subject, rows, usualW: ledger.experts[USUAL] ?? new Float64Array() };
}

/** How the last hours went, against what was to be expected of them when they began; NaN when they say nothing. */
function lastHoursError(seen: Seen, first: number): number {
  const { artefact, data } = seen;
  const begin = Math.max(0, first - LOOK_BACK_H * slotsPerHour(data.grid));
  const { ledger, usualW } = blendOf(seen, begin, first);
  const actualW = data.powerW.map((value, index) => (data.excluded?.[index] ? Number.NaN : value));
  const { scaleW } = artefact.model;
  return recentError({ grid: data.grid, forecastW: ledger.forecastW, actualW, carrierW: usualW, scaleW }, first);
}

function intervalOf(
  { artefact, data }: Seen,
  base: ReturnType<typeof blendOf>,
  first: number,
  at: number,
): ServedInterval {
  const { model, bands, blend, basis, features } = artefact;
  const index = first + at;
  const from = startOf(data.grid, index);
  const signs = base.subject.signs(index);
  const spread = spreadOf(bands, signs);
  const shares = oddsOf(bands, signs, spread);
  const weights = blend.parts[base.subject.partOf(index)] ?? [];
  const isKnown = (values: ArrayLike<number> | undefined): boolean => !Number.isNaN(values?.[index] ?? Number.NaN);
  return {
    from,
    to: from + data.grid.stepMs,
    powerW: shares(0.5) * model.scaleW,
    odds: (quantile) => shares(quantile) * model.scaleW,
    sizeW: spread.size * model.scaleW,
    aboveShare: spread.above,
    referenceW: Math.min(model.limitW, base.usualW[index] ?? 0),
    hasWeather: basis.columns.length === 0 || isKnown(data.weather?.columns.temperature_2m),
    isJudged: true,
    reasons: () =>
      reasonsFor(base.rows, at, { names: loadNames, features, learned: model.learned, weights }).map(
        ({ topic, effect }) => ({
          topic,
          effectW: effect * model.scaleW,
        }),
      ),
  };
}

/** Odds of the energy of intervals of one day. */
function energyOf(
  { dayErrors, model, stepMs }: ConsumptionArtefact,
  view: ConsumptionView,
  gridFrom: number,
): Served['energy'] {
  return (intervals) => {
    const parts = intervals.map(({ from, powerW, sizeW, aboveShare = 0.5 }) => ({
      slot: view.wall.slot[Math.round((from - gridFrom) / stepMs)] ?? 0,
      forecastW: powerW,
      sizeW,
      aboveShare,
      hours: stepMs / HOUR_MS,
    }));
    const odds = dayTotalOdds(dayErrors, parts, model.limitW);
    return (quantile) => odds(quantile) / 1000;
  };
}
