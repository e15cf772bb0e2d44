import type { SolarSite } from '../../core/solar/place.ts';
import { createSky } from '../../core/solar/sky.ts';
import { buildRows } from '../feature-rows.ts';
import { endedBy, firstFrom, slotsPerHour, startOf } from '../interval-grid.ts';
import { predictLearned } from '../learned-power.ts';
import { lightGrid } from '../light-grid.ts';
import { asGiven, readLight } from '../light-reading.ts';
import { type Odds, oddsOf, spreadOf } from '../online/bands.ts';
import { blended } from '../online/blend.ts';
import { createLedger } from '../online/forecast-ledger.ts';
import { LOOK_BACK_H, noNowcast, withNowcast } from '../online/nowcast.ts';
import { blendedW } from '../online/subject.ts';
import {
  createRowSigns,
  enterForecasts,
  expertNames,
  productionNames,
  productionSubject,
} from '../production-experts.ts';
import { activeIntervals, type ProductionData, type ProductionView, viewOf } from '../production-model.ts';
import type { ForecastReason } from '../reasons.ts';
import { energyOdds, type ToldPart } from './day-total.ts';
import { knownInService } from './leads.ts';
import type { ProductionArtefact } from './production-artefact.ts';
import type { ServedInterval } from './recipe.ts';
import { solarSlot } from './solar-slot.ts';
import { reasonsFor } from './why.ts';

export interface ServingInput {
  artefact: ProductionArtefact;
  /** Power of the last six weeks, and weather of those weeks and of the time to come, on one grid with the artefact's step. */
  data: ProductionData;
  /** ms UTC; what came before is known. */
  now: number;
  /** How far to forecast, ms UTC. */
  until: number;
}

export interface ForecastInterval {
  /** ms UTC, half-open. */
  from: number;
  to: number;
  /** The middle of the odds: as likely more as less, W. */
  powerW: number;
  odds: Odds;
  /** Expected size of the error, W. */
  sizeW: number;
  /** Share of it above the forecast. */
  aboveShare: number;
  /** What physics alone expects, W. */
  physicsW: number;
  /** Whether the light of this interval is known from the weather. */
  hasWeather: boolean;
  /** What moved it away from the usual, largest first, effects in W; empty in the dark. */
  reasons(): ForecastReason[];
}

export interface ServedForecast {
  intervals: ForecastInterval[];
  /** What the model sees in the data. */
  view: ProductionView;
  /** Odds of the energy between two moments, Wh; `knownWh` is what has come of it already. */
  energy(from: number, to: number, knownWh?: number): Odds;
}

const HOUR_MS = 3_600_000;
const PHYSICS = expertNames.indexOf('physics');

/** Forecasts from now on. Takes some milliseconds for three days; touches nothing but its input. */
export function serveProduction({ artefact, data, now, until }: ServingInput): ServedForecast {
  return serveSeen(seenBy(artefact, data), now, until);
}

/** Data as a model sees them: worked out once for forecasts at several moments. */
export function seenBy(artefact: ProductionArtefact, data: ProductionData): SeenProduction {
  const { model } = artefact;
  const weather = data.weather && readLight(data.weather, model.reading ?? asGiven);
  const light = lightGrid(data.grid, createSky(siteOf(artefact)), artefact.planes, weather);
  return { artefact, data, view: viewOf(data, light, model.mix, model.scaleW, artefact.basis) };
}

/** Forecasts from `now` to `until`; looks at no power from `now` on. */
export function serveSeen({ artefact, data, view }: SeenProduction, now: number, until: number): ServedForecast {
  const { grid } = data;
  const { model, bands, blend, features, nowcast = noNowcast } = artefact;
  const [first, end] = [endedBy(grid, now), firstFrom(grid, until)];
  const base = blendOf({ artefact, data, view }, first, end);
  const { ledger, subject, rows, rowOf } = base;
  for (const index of rows.indices) {
    const leadH = ((index - first) * grid.stepMs) / HOUR_MS;
    const blendW = ledger.blendW[index] ?? 0;
    ledger.forecastW[index] = withNowcast(nowcast, subject, { index, known: first, leadH, blendW });
  }
  const interval = (index: number): ForecastInterval => {
    const from = startOf(grid, index);
    const span = { from, to: from + grid.stepMs };
    const row = rowOf.get(index);
    if (row === undefined) return { ...span, ...nothing };
    const signs = subject.signs(index);
    const spread = spreadOf(bands, signs);
    const shares = oddsOf(bands, signs, spread);
    const weights = blend.parts[subject.partOf(index)] ?? [];
    return {
      ...span,
      powerW: shares(0.5) * model.scaleW,
      odds: (quantile) => shares(quantile) * model.scaleW,
      sizeW: spread.size * model.scaleW,
      aboveShare: spread.above,
      physicsW: Math.min(model.mix.limitW, ledger.experts[PHYSICS]?.[index] ?? 0),
      hasWeather: isLightKnown(view, index),
      reasons: () => {
        const settledW = (ledger.blendW[index] ?? 0) - blended(blend, ledger.experts, index, subject.partOf(index));
        const explainer = { names: productionNames, features, learned: model.learned, weights };
        const reasons = reasonsFor(rows, row, explainer).map(({ topic, effect }) => ({
          topic,
          effectW: effect * model.scaleW,
        }));
        return settledW === 0 ? reasons : [{ topic: 'recent performance', effectW: settledW }, ...reasons];
      },
    };
  };
  const intervals = Array.from({ length: end - first }, (_, at) => interval(first + at));
  return { intervals, view, energy: energyBetween(artefact, intervals) };
}

const dark: Odds = () => 0;
/** An interval in which nothing can come. */
const nothing = { powerW: 0, odds: dark, sizeW: 0, aboveShare: 0.5, physicsW: 0, hasWeather: true, reasons: () => [] };

const siteOf = ({ model, altitudeM }: ProductionArtefact): SolarSite => ({
  latitude: model.place.latitude,
  longitude: model.place.longitude,
  ...(altitudeM === undefined ? {} : { altitudeM }),
});

const isLightKnown = ({ light }: ProductionView, index: number): boolean =>
  !Number.isNaN(light.clearness[index] ?? Number.NaN) || !Number.isNaN(light.ghiWm2[index] ?? Number.NaN);

export interface SeenProduction {
  artefact: ProductionArtefact;
  data: ProductionData;
  view: ProductionView;
}

/** What the blend says of intervals, and of the hours before them as models in training saw theirs. */
function blendOf({ artefact, data, view }: SeenProduction, from: number, to: number) {
  const { model, blend } = artefact;
  const { grid } = data;
  const trained = { model, view };
  const indices = activeIntervals(data, view, model.scaleW, from, to);
  const rows = buildRows(view.builder, indices, () => ({ power: from, weather: grid.count }));
  const past = activeIntervals(data, view, model.scaleW, from - LOOK_BACK_H * slotsPerHour(grid), from);
  const before = buildRows(view.builder, past, knownInService(grid));
  const ledger = createLedger(grid.count, expertNames.length);
  const rowSigns = createRowSigns(grid.count);
  for (const each of [before, rows])
    enterForecasts(ledger, rowSigns, each, predictLearned(model.learned, each), trained);
  const subject = productionSubject(data, ledger, rowSigns, trained);
  const rowOf = new Map<number, number>();
  indices.forEach((index, row) => {
    rowOf.set(index, row);
  });
  for (const index of [...past, ...indices]) ledger.blendW[index] = blendedW(subject, blend, ledger, index);
  return { ledger, subject, rows, rowOf };
}

function energyBetween(artefact: ProductionArtefact, intervals: readonly ForecastInterval[]): ServedForecast['energy'] {
  return (from, to, knownWh = 0) => {
    const parts = intervals.filter((part) => part.from >= from && part.from < to);
    return energyOf(artefact, parts, knownWh);
  };
}

type Told = Pick<ServedInterval, 'from' | 'powerW' | 'sizeW' | 'aboveShare' | 'odds'>;

/** Odds of the energy of intervals of one day, Wh; `knownWh` is what has come of it already. */
export function energyOf(
  { model, stepMs, dayErrors }: ProductionArtefact,
  intervals: readonly Told[],
  knownWh = 0,
): Odds {
  const slots = Math.max(1, Math.round((24 * HOUR_MS) / stepMs));
  const partOf = ({ from, powerW, sizeW, aboveShare = 0.5, odds }: Told): ToldPart => {
    const { slot } = solarSlot(from, model.place.longitude, slots);
    return { slot, forecastW: powerW, sizeW, aboveShare, odds, hours: stepMs / HOUR_MS };
  };
  const lit = intervals.filter(({ sizeW }) => sizeW > 0);
  return energyOdds(dayErrors, lit.map(partOf), model.mix.limitW, knownWh);
}
