import { type ConsumptionData, type ConsumptionView, consumptionView } from '../consumption/consumption-model.ts';
import {
  consumptionSubject,
  createLoadSigns,
  enterLoadForecasts,
  loadExpertNames,
  loadNames,
} from '../consumption/experts.ts';
import { buildRows } from '../feature-rows.ts';
import { endedBy, firstFrom, numbersOf, slotsPerHour, startOf } from '../interval-grid.ts';
import { predictLearned } from '../learned-power.ts';
import { oddsOf, spreadOf } from '../online/bands.ts';
import { createLedger } from '../online/forecast-ledger.ts';
import { LOOK_BACK_H, noNowcast, withNowcast } from '../online/nowcast.ts';
import { blendedW } from '../online/subject.ts';
import type { ConsumptionArtefact } from './consumption-artefact.ts';
import { energyOdds } from './day-total.ts';
import { knownInService } from './leads.ts';
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
  return serveSeenLoad(seenLoad(artefact, data), now, until);
}

/** Data as a model sees them: worked out once for forecasts at several moments. */
export function seenLoad(artefact: ConsumptionArtefact, data: ConsumptionData): SeenLoad {
  return { artefact, data, view: consumptionView(data, artefact.model.scaleW, artefact.basis) };
}

/** Forecasts from `now` to `until`; looks at no power from `now` on. */
export function serveSeenLoad({ artefact, data, view }: SeenLoad, now: number, until: number): Served {
  const { grid } = data;
  const { model, nowcast = noNowcast } = artefact;
  const [first, end] = [endedBy(grid, now), firstFrom(grid, until)];
  const base = blendOf({ artefact, data, view }, first, end);
  for (let index = first; index < end; index++) {
    const leadH = ((index - first) * grid.stepMs) / HOUR_MS;
    const blendW = base.ledger.blendW[index] ?? 0;
    base.ledger.forecastW[index] = withNowcast(nowcast, base.subject, { index, known: first, leadH, blendW });
  }
  const intervals = Array.from({ length: end - first }, (_, at) =>
    intervalOf({ artefact, data, view }, base, first, at),
  );
  return { intervals, limitW: model.limitW, energy: energyOf(artefact, view, grid.from) };
}

export interface SeenLoad {
  artefact: ConsumptionArtefact;
  data: ConsumptionData;
  view: ConsumptionView;
}

/** What the blend says of intervals, and of the hours before them as models in training saw theirs. */
function blendOf({ artefact, data, view }: SeenLoad, from: number, to: number) {
  const { model, blend } = artefact;
  const { grid } = data;
  const trained = { model, view };
  const begin = Math.max(0, from - LOOK_BACK_H * slotsPerHour(grid));
  const rows = buildRows(view.builder, numbersOf(from, to), () => ({ power: from, weather: grid.count }));
  const before = buildRows(view.builder, numbersOf(begin, from), knownInService(grid));
  const ledger = createLedger(grid.count, loadExpertNames.length);
  const signs = createLoadSigns(grid.count);
  for (const each of [before, rows])
    enterLoadForecasts(ledger, signs, each, predictLearned(model.learned, each), trained);
  const subject = consumptionSubject(data, ledger, signs, trained);
  for (let index = begin; index < to; index++) ledger.blendW[index] = blendedW(subject, blend, ledger, index);
  return { ledger, subject, rows, usualW: ledger.experts[USUAL] ?? new Float64Array() };
}

function intervalOf(
  { artefact, data }: SeenLoad,
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
    const parts = intervals.map(({ from, powerW, sizeW, aboveShare = 0.5, odds }) => ({
      slot: view.wall.slot[Math.round((from - gridFrom) / stepMs)] ?? 0,
      forecastW: powerW,
      sizeW,
      aboveShare,
      odds,
      hours: stepMs / HOUR_MS,
    }));
    const odds = energyOdds(dayErrors, parts, model.limitW);
    return (quantile) => odds(quantile) / 1000;
  };
}
