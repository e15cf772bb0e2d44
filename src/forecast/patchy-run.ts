import { createLedger, type ForecastLedger } from './forecast-ledger.ts';
import { lightColumns } from './light-grid.ts';
import type { Online } from './online.ts';
import { expertNames } from './production-experts.ts';
import type { ProductionData } from './production-model.ts';
import { createProductionRun, type ProductionRun, type ProductionRunInput } from './production-run.ts';

/** Share of the intervals by day that is not worth a second run. */
const FEW = 0.02;

/**
 * A run for weather with holes. Hours whose light nobody told are forecast by a second run that has never seen any weather, so
 * that they are as good as without a file: a model of weather that meets none takes turns that no row has taught it. The second
 * run begins when more than a few such hours are to be forecast.
 */
export function createPatchyRun(input: ProductionRunInput): ProductionRun {
  const { data } = input;
  const told = createProductionRun(input);
  const untold = untoldHours(data);
  if (!untold) return told;
  const ledger = createLedger(data.grid.count, expertNames.length);
  let bare: ProductionRun | null = null;
  const runOf = (index: number): ProductionRun => (bare && untold[index] ? bare : told);
  const copy = (from: number, to: number): void => {
    for (let index = from; index < to; index++) copyEntry(runOf(index).ledger, ledger, index);
  };
  const online: Online = {
    retrain: (...args) => told.online.retrain(...args),
    advance: (known, until) => {
      told.online.advance(known, until);
      bare?.online.advance(known, until);
      copy(known, until);
    },
    odds: (index) => runOf(index).online.odds(index),
    sizeW: (index) => runOf(index).online.sizeW(index),
    snapshot: (known) => told.online.snapshot(known),
  };
  return {
    retrain: (known, until) => {
      told.retrain(known, until);
      if (untoldShare(untold, told.view().light.daylight, known, until) > FEW)
        bare ??= createProductionRun({ ...input, data: { ...data, weather: null } });
      bare?.retrain(known, until);
      copy(0, until);
    },
    online,
    ledger,
    model: told.model,
    view: told.view,
  };
}

/** Share of the intervals by day for which no light is told. */
function untoldShare(untold: Uint8Array, daylight: Float32Array, from: number, to: number): number {
  let [lit, holes] = [0, 0];
  for (let index = from; index < to; index++) {
    if (!((daylight[index] ?? 0) > 0)) continue;
    lit++;
    holes += untold[index] ?? 0;
  }
  return holes / Math.max(1, lit);
}

/** 1 where no light is told, although it is elsewhere; null where there are no such hours or no light at all. */
function untoldHours({ grid, weather }: ProductionData): Uint8Array | null {
  const told = lightColumns.flatMap((name) => weather?.columns[name] ?? []);
  if (told.length === 0) return null;
  const untold = Uint8Array.from({ length: grid.count }, (_, index) =>
    told.every((values) => Number.isNaN(values[index] ?? Number.NaN)) ? 1 : 0,
  );
  return untold.includes(1) ? untold : null;
}

function copyEntry(from: ForecastLedger, to: ForecastLedger, index: number): void {
  from.experts.forEach((values, k) => {
    const own = to.experts[k];
    if (own) own[index] = values[index] ?? Number.NaN;
  });
  for (const name of series) to[name][index] = from[name][index] ?? Number.NaN;
}

const series = ['fittedW', 'blendW', 'forecastW', 'leadH', 'sizeW', 'aboveShare', 'regime', 'lowW', 'highW'] as const;
