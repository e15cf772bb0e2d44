import { MISSING } from '../core/boosted-trees.ts';
import { type ExpertName, expertNames } from './blend.ts';
import type { ErrorSigns } from './error-scale.ts';
import { CANDIDATES, type FeatureRows } from './feature-rows.ts';
import { candidateNames, type FeatureDescription } from './features.ts';
import type { TrainedProduction } from './production-model.ts';

/**
 * What was forecast for each interval by models that had not seen it, W; NaN where nothing was. From it skill is measured,
 * weights are moved and odds are made.
 */
export interface ForecastLedger {
  /** By expert, in the order of `expertNames`. */
  experts: Float64Array[];
  /** The blend that was issued. */
  forecastW: Float64Array;
  /** Expected size of its error before volatility, W. */
  sizeW: Float64Array;
  /** Regime of its error. */
  regime: Uint8Array;
  /** p10 and p90 as they were issued, W. */
  lowW: Float64Array;
  highW: Float64Array;
  /** Features that the size of errors depends on, by name; NaN where unknown. */
  signs: Record<SignFeature, Float64Array>;
}

const signFeatures = ['clearnessSpread', 'dayClearness', 'lead'] as const;
type SignFeature = (typeof signFeatures)[number];

export function createLedger(count: number): ForecastLedger {
  const unknown = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  return {
    experts: expertNames.map(unknown),
    forecastW: unknown(),
    sizeW: unknown(),
    regime: new Uint8Array(count),
    lowW: unknown(),
    highW: unknown(),
    signs: { clearnessSpread: unknown(), dayClearness: unknown(), lead: unknown() },
  };
}

const candidateOf = (name: ExpertName): number => (candidateNames as readonly string[]).indexOf(name);

/** Enters forecasts of rows; `anchor` and `learned` are shares of strong power. */
export function enter(
  ledger: ForecastLedger,
  rows: FeatureRows,
  forecasts: { anchor: Float64Array; learned: Float64Array },
  scaleW: number,
  features: readonly FeatureDescription[],
): void {
  for (const name of signFeatures) {
    const column = features.findIndex((feature) => feature.name === name);
    if (column < 0) continue;
    rows.indices.forEach((index, row) => {
      const value = rows.matrix[row * rows.columns + column] ?? MISSING;
      ledger.signs[name][index] = value === MISSING ? Number.NaN : value;
    });
  }
  const own: Partial<Record<ExpertName, Float64Array>> = forecasts;
  expertNames.forEach((name, k) => {
    const series = ledger.experts[k];
    if (!series) return;
    const values = own[name];
    const candidate = candidateOf(name);
    rows.indices.forEach((index, row) => {
      const share = values ? values[row] : rows.candidates[row * CANDIDATES + candidate];
      series[index] = Math.max(0, share ?? 0) * scaleW;
    });
  });
}

const EXPERT = {
  yesterday: expertNames.indexOf('yesterday'),
  median7: expertNames.indexOf('median7'),
  learned: expertNames.indexOf('learned'),
};

/** What the error of an issued forecast depends on. */
export function signsAt(ledger: ForecastLedger, { model, view }: TrainedProduction, index: number): ErrorSigns {
  const { light, clearW } = view;
  const share = (valueW: number | undefined): number => (valueW ?? Number.NaN) / model.scaleW;
  const forecast = share(ledger.forecastW[index]);
  return {
    forecast,
    clear: share(clearW[index]),
    elevationDeg: light.elevationDeg[index] ?? 0,
    hourAngleDeg: light.hourAngleDeg[index] ?? 0,
    dissent: Math.abs(share(ledger.experts[EXPERT.learned]?.[index]) - share(ledger.experts[EXPERT.median7]?.[index])),
    change: Math.abs(share(ledger.experts[EXPERT.yesterday]?.[index]) - forecast),
    clearness: light.clearness[index] ?? Number.NaN,
    clearnessSpread: ledger.signs.clearnessSpread[index] ?? Number.NaN,
    dayClearness: ledger.signs.dayClearness[index] ?? Number.NaN,
    leadH: ledger.signs.lead[index] ?? Number.NaN,
  };
}
