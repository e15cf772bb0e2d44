import type { SolarSite } from '../../core/solar/place.ts';
import { type Odds, oddsOf, spreadOf } from '../bands.ts';
import { blended } from '../blend.ts';
import { buildRows } from '../feature-rows.ts';
import { createLedger } from '../forecast-ledger.ts';
import { endedBy, firstFrom, slotsPerHour, startOf } from '../interval-grid.ts';
import { intradayCorrection, LOOK_BACK_H, recentError } from '../intraday.ts';
import { predictLearned } from '../learned-power.ts';
import { lightGrid } from '../light-grid.ts';
import { asGiven, readLight } from '../light-reading.ts';
import {
  createRowSigns,
  enterForecasts,
  expertNames,
  productionNames,
  productionSubject,
} from '../production-experts.ts';
import { activeIntervals, type ProductionData, type ProductionView, viewOf } from '../production-model.ts';
import { type DayPart, dayTotalOdds } from './day-total.ts';
import type { ProductionArtefact } from './production-artefact.ts';
import type { ServedInterval } from './recipe.ts';
import { solarSlot } from './solar-slot.ts';
import { type Reason, reasonsFor } from './why.ts';

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
  reasons(): (Reason & { effectW: number })[];
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
  const { grid } = data;
  const { model, bands, blend, features } = artefact;
  const weather = data.weather && readLight(data.weather, model.reading ?? asGiven);
  const light = lightGrid(grid, siteOf(artefact), artefact.planes, weather);
  const view = viewOf(data, light, model.mix, model.scaleW, artefact.basis);
  const [first, end] = [endedBy(grid, now), firstFrom(grid, until)];
  const base = blendOf({ artefact, data, view }, first, end, first);
  const { ledger, subject, rows, rowOf } = base;
  const recent = lastHoursError({ artefact, data, view }, first);
  for (const index of rows.indices) {
    const leadH = ((index - first) * grid.stepMs) / HOUR_MS;
    const added = intradayCorrection(artefact.intraday, recent, leadH, view.clearW[index] ?? 0);
    ledger.forecastW[index] = Math.min(subject.limitW, Math.max(0, (ledger.forecastW[index] ?? 0) + added));
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
      reasons: () =>
        reasonsFor(rows, row, { names: productionNames, features, learned: model.learned, weights }).map((reason) => ({
          ...reason,
          effectW: reason.effect * model.scaleW,
        })),
    };
  };
  const intervals = Array.from({ length: end - first }, (_, at) => interval(first + at));
  return { intervals, view, energy: energyOf(artefact, intervals) };
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

interface Seen {
  artefact: ProductionArtefact;
  data: ProductionData;
  view: ProductionView;
}

/** What the blend says of intervals as if asked when those below `known` were over. */
function blendOf({ artefact, data, view }: Seen, from: number, to: number, known: number) {
  const { model, blend } = artefact;
  const { grid } = data;
  const trained = { model, view };
  const indices = activeIntervals(data, view, model.scaleW, from, to);
  const rows = buildRows(view.builder, indices, () => ({ power: known, weather: grid.count }));
  const ledger = createLedger(grid.count, expertNames.length);
  const rowSigns = createRowSigns(grid.count);
  enterForecasts(ledger, rowSigns, rows, predictLearned(model.learned, rows), trained);
  const subject = productionSubject(data, ledger, rowSigns, trained);
  const rowOf = new Map<number, number>();
  indices.forEach((index, row) => {
    rowOf.set(index, row);
    ledger.forecastW[index] = Math.min(subject.limitW, blended(blend, ledger.experts, index, subject.partOf(index)));
  });
  return { ledger, subject, rows, rowOf };
}

/** How the last hours went, against what was to be expected of them when they began; NaN when they say nothing. */
function lastHoursError(seen: Seen, first: number): number {
  const { artefact, data, view } = seen;
  const begin = Math.max(0, first - LOOK_BACK_H * slotsPerHour(data.grid));
  const { ledger } = blendOf(seen, begin, first, begin);
  const actualW = data.powerW.map((value, index) => (data.excluded?.[index] ? Number.NaN : value));
  const { scaleW } = artefact.model;
  return recentError({ grid: data.grid, forecastW: ledger.forecastW, actualW, carrierW: view.clearW, scaleW }, first);
}

function energyOf(artefact: ProductionArtefact, intervals: readonly ForecastInterval[]): ServedForecast['energy'] {
  return (from, to, knownWh = 0) => {
    const parts = intervals.filter((part) => part.from >= from && part.from < to && part.sizeW > 0);
    return dayTotalOdds(
      artefact.dayErrors,
      parts.map((part) => dayPartOf(artefact, part)),
      artefact.model.mix.limitW,
      knownWh,
    );
  };
}

/** An interval as the odds of its day take it. */
export function dayPartOf(
  { model, stepMs }: ProductionArtefact,
  { from, powerW, sizeW, aboveShare = 0.5 }: Pick<ServedInterval, 'from' | 'powerW' | 'sizeW' | 'aboveShare'>,
): DayPart {
  const { slot } = solarSlot(from, model.place.longitude, Math.max(1, Math.round((24 * HOUR_MS) / stepMs)));
  return { slot, forecastW: powerW, sizeW, aboveShare, hours: stepMs / HOUR_MS };
}
