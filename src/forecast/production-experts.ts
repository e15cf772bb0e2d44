import { MISSING } from '../core/boosted-trees.ts';
import { isDaylight } from './daylight.ts';
import type { FeatureRows } from './feature-rows.ts';
import { candidateNames } from './features.ts';
import { PARTS } from './online/blend.ts';
import type { ErrorSigns } from './online/error-scale.ts';
import type { ForecastLedger } from './online/forecast-ledger.ts';
import type { OnlineSubject } from './online/subject.ts';
import { productionGuides } from './production-guides.ts';
import type { ProductionData, TrainedProduction } from './production-model.ts';

/** Production forecasts that are blended: physics, simple memory, and what was learned. */
export const expertNames = [
  'physics',
  'yesterday',
  'median7',
  'median14',
  'high14',
  'recent',
  'anchor',
  'learned',
] as const;
export type ExpertName = (typeof expertNames)[number];

/** What forecasts of production are told apart by when one is explained. */
export const productionNames = { experts: expertNames, candidates: candidateNames, usual: 'median14' };

/** Where a blend starts before skill has been measured. */
export const startWeights: readonly number[] = expertNames.map((name) =>
  name === 'learned' ? 0.6 : name === 'physics' ? 0.4 : 0,
);

/** Features of the rows that the size of errors depends on too. */
const signFeatures = ['clearness', 'clearnessSpread', 'dayClearness', 'low14'] as const;

/**
 * Where the last two days came to less than this share of what was expected of them, snow lies on the panels or they are switched
 * off, and the next days are taken to come to no more; beyond so many hours nobody knows.
 */
const IDLE_SHARE = 0.05;
const IDLE_HOURS = 48;

/** What the rows say about the size of errors, by interval; NaN where unknown. */
export type RowSigns = Float64Array[];

export const createRowSigns = (count: number): RowSigns =>
  signFeatures.map(() => new Float64Array(count).fill(Number.NaN));

/** Enters the forecasts of rows into a ledger; `anchor` and `learned` are shares of strong power. */
export function enterForecasts(
  ledger: ForecastLedger,
  rowSigns: RowSigns,
  rows: FeatureRows,
  forecasts: { anchor: Float64Array; learned: Float64Array },
  { model, view }: TrainedProduction,
): void {
  const own: Partial<Record<ExpertName, Float64Array>> = forecasts;
  expertNames.forEach((name, k) => {
    const values = own[name];
    const candidate = (candidateNames as readonly string[]).indexOf(name);
    rows.indices.forEach((index, row) => {
      const share = values ? values[row] : rows.candidates[row * rows.candidateCount + candidate];
      const series = ledger.experts[k];
      if (series) series[index] = Math.max(0, share ?? 0) * model.scaleW;
    });
  });
  const copyFeature = (name: string, series: Float64Array | undefined): void => {
    const column = view.builder.features.findIndex((feature) => feature.name === name);
    if (column < 0 || !series) return;
    rows.indices.forEach((index, row) => {
      const value = rows.matrix[row * rows.columns + column] ?? MISSING;
      series[index] = value === MISSING ? Number.NaN : value;
    });
  };
  signFeatures.forEach((name, k) => {
    copyFeature(name, rowSigns[k]);
  });
  copyFeature('lead', ledger.leadH);
}

/** A source's production as day-to-day learning sees it. */
export function productionSubject(
  data: ProductionData,
  ledger: ForecastLedger,
  rowSigns: RowSigns,
  trained: TrainedProduction,
): OnlineSubject {
  const { model, view } = trained;
  const expert = (name: ExpertName): Float64Array => ledger.experts[expertNames.indexOf(name)] ?? new Float64Array();
  const [yesterday, median7, learned] = [expert('yesterday'), expert('median7'), expert('learned')];
  const [high14, physics, recent] = [expert('high14'), expert('physics'), expert('recent')];
  const share = (watts: number | undefined): number => (watts ?? Number.NaN) / model.scaleW;
  const signs = (index: number): ErrorSigns => {
    const forecast = share(ledger.forecastW[index]);
    const clear = share(view.clearW[index]);
    const elevationDeg = view.light.elevationDeg[index] ?? 0;
    // How far the learned forecast is from the week's median, and yesterday and bright days from the forecast.
    const dissent = share(learned[index]) - share(median7[index]);
    const change = share(yesterday[index]) - forecast;
    const room = share(high14[index]) - forecast;
    const apart = [Math.abs(dissent), Math.abs(change), dissent, change, room];
    const sun = [elevationDeg, view.light.hourAngleDeg[index] ?? 0];
    const said = rowSigns.map((series) => series[index] ?? Number.NaN);
    return {
      forecast,
      values: [forecast, clear, ...sun, ...apart, ...said, ledger.leadH[index] ?? Number.NaN],
      regime: regimeOf(elevationDeg, forecast / Math.max(clear, 0.02)),
      usual: 0.01 + 0.2 * Math.max(forecast, 0.3 * clear),
    };
  };
  return {
    grid: data.grid,
    actualW: data.powerW,
    ...(data.excluded ? { excluded: data.excluded } : {}),
    startWeights,
    scaleW: model.scaleW,
    limitW: model.mix.limitW,
    guides: productionGuides({ ...data, ...view, blendW: ledger.blendW, scaleW: model.scaleW }),
    partOf: (index) => partOfDay(view.light.hourAngleDeg[index] ?? 0),
    settled: (index, blendW) => {
      const least = recent[index] ?? Number.NaN;
      const isIdle = least < IDLE_SHARE * (physics[index] ?? 0) && (ledger.leadH[index] ?? 0) < IDLE_HOURS;
      return isIdle ? Math.min(blendW, least) : blendW;
    },
    isJudged: (index) => isDaylight(view.light, index),
    signs,
  };
}

/** Low or high sun, and how bright it is expected to be. */
const regimeOf = (elevationDeg: number, brightness: number): number =>
  (elevationDeg < 12 ? 0 : 3) + (brightness < 0.45 ? 0 : brightness < 0.8 ? 1 : 2);

/** Morning, noon or afternoon, by the sun. */
const partOfDay = (hourAngleDeg: number): number =>
  Math.min(PARTS - 1, Math.max(0, Math.floor(((hourAngleDeg + 105) / 210) * PARTS)));
