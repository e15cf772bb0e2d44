import type { FeatureRows } from '../feature-rows.ts';
import { slotsPerDay } from '../interval-grid.ts';
import type { RowForecasts } from '../learning-run.ts';
import { PARTS } from '../online/blend.ts';
import type { ErrorSigns } from '../online/error-scale.ts';
import type { ForecastLedger } from '../online/forecast-ledger.ts';
import type { OnlineSubject } from '../online/subject.ts';
import type { ConsumptionData, TrainedConsumption } from './consumption-model.ts';
import { loadCandidateNames } from './features.ts';
import { loadGuides } from './load-guides.ts';

/** Forecasts of consumption that are blended: memory, and what was learned. */
export const loadExpertNames = ['yesterday', 'weekAgo', 'median7', 'sameKind', 'anchor', 'learned'] as const;
export type LoadExpertName = (typeof loadExpertNames)[number];

/** What forecasts of consumption are told apart by when one is explained. */
export const loadNames = { experts: loadExpertNames, candidates: loadCandidateNames, usual: 'sameKind' };

/** Where a blend starts before skill has been measured. */
export const loadStartWeights: readonly number[] = loadExpertNames.map((name) =>
  name === 'learned' ? 0.6 : name === 'sameKind' ? 0.4 : 0,
);

/** Features of the rows that the size of errors depends on too. */
const signFeatures = ['high28', 'low28', 'timeOfDay', 'weekday', 'lastRatio', 'lead'] as const;

/** What the rows say about the size of errors, by interval; NaN where unknown. */
export type LoadSigns = Record<(typeof signFeatures)[number], Float64Array>;

export const createLoadSigns = (count: number): LoadSigns =>
  Object.fromEntries(signFeatures.map((name) => [name, new Float64Array(count).fill(Number.NaN)])) as LoadSigns;

/** Enters the forecasts of rows into a ledger. */
export function enterLoadForecasts(
  ledger: ForecastLedger,
  signs: LoadSigns,
  rows: FeatureRows,
  forecasts: RowForecasts,
  { model, view }: TrainedConsumption,
): void {
  const own: Partial<Record<LoadExpertName, Float64Array>> = forecasts;
  loadExpertNames.forEach((name, k) => {
    const values = own[name];
    const candidate = (loadCandidateNames as readonly string[]).indexOf(name);
    rows.indices.forEach((index, row) => {
      const share = values ? values[row] : rows.candidates[row * rows.candidateCount + candidate];
      const series = ledger.experts[k];
      if (series) series[index] = Math.max(0, share ?? 0) * model.scaleW;
    });
  });
  for (const name of signFeatures) {
    const column = view.builder.features.findIndex((feature) => feature.name === name);
    rows.indices.forEach((index, row) => {
      signs[name][index] = rows.matrix[row * rows.columns + column] ?? Number.NaN;
    });
  }
  rows.indices.forEach((index) => {
    ledger.leadH[index] = signs.lead[index] ?? Number.NaN;
  });
}

/** A house's consumption as day-to-day learning sees it. */
export function consumptionSubject(
  data: ConsumptionData,
  ledger: ForecastLedger,
  signs: LoadSigns,
  { model, view }: TrainedConsumption,
): OnlineSubject {
  const slots = slotsPerDay(data.grid);
  const expert = (name: LoadExpertName): Float64Array =>
    ledger.experts[loadExpertNames.indexOf(name)] ?? new Float64Array();
  const [yesterday, sameKind, learned] = [expert('yesterday'), expert('sameKind'), expert('learned')];
  const share = (watts: number | undefined): number => (watts ?? Number.NaN) / model.scaleW;
  const partOf = (index: number): number =>
    Math.min(PARTS - 1, Math.floor(((view.wall.slot[index] ?? 0) * PARTS) / slots));
  return {
    grid: data.grid,
    actualW: data.powerW,
    ...(data.excluded ? { excluded: data.excluded } : {}),
    startWeights: loadStartWeights,
    scaleW: model.scaleW,
    limitW: model.limitW,
    guides: loadGuides({ ...data, blendW: ledger.blendW }),
    partOf,
    isJudged: () => true,
    signs: (index): ErrorSigns => {
      const forecast = share(ledger.forecastW[index]);
      const usual = share(sameKind[index]);
      const dissent = Math.abs(share(learned[index]) - usual);
      const change = Math.abs(share(yesterday[index]) - forecast);
      const said = signFeatures.map((name) => signs[name][index] ?? Number.NaN);
      return {
        forecast,
        values: [forecast, usual, dissent, change, ...said],
        regime: partOf(index) + (forecast < model.middle ? 0 : PARTS),
        usual: 0.02 + 0.5 * forecast,
      };
    },
  };
}
