import { slotsPerDay } from './interval-grid.ts';
import { lightColumns } from './light-grid.ts';
import type { Online } from './online/online.ts';
import type { ProductionData } from './production-model.ts';
import { createProductionRun, type ProductionRun, type ProductionRunInput } from './production-run.ts';

/** Two runs of one source that go through time together, of which each interval is forecast by one. */
export interface PatchyRun {
  retrain(known: number, until: number): void;
  /** Whether the last training knew little beside what is known by now. */
  isOutgrown(known: number): boolean;
  online: Pick<Online, 'advance' | 'odds'>;
  /** The run that forecasts an interval. */
  of(index: number): ProductionRun;
}

/** Share of the intervals by day that is not worth a second run. */
const FEW = 0.02;
/** A training on less than this knew little; it is outgrown each time when twice as much is known. */
const YOUNG_DAYS = 28;

/**
 * A run for weather with holes. Hours whose light nobody told are forecast by a second run that has never seen any weather, so
 * that they are as good as without a file: a model of weather that meets none takes turns that no row has taught it. The second
 * run begins when more than a few such hours are to be forecast.
 */
export function createPatchyRun(input: ProductionRunInput): PatchyRun {
  const { data } = input;
  let told = createProductionRun(input);
  let trainedOn = Number.POSITIVE_INFINITY;
  const isUntold = untoldHours(data);
  let bare: ProductionRun | null = null;
  const of = (index: number): ProductionRun => (bare && isUntold(index) ? bare : told);
  const slots = slotsPerDay(data.grid);
  const isOutgrown = (known: number): boolean =>
    trainedOn < YOUNG_DAYS * slots && known >= Math.max(slots, 2 * trainedOn);
  const hasCome = (known: number): boolean => data.powerW.subarray(0, known).some((power) => power > 0);
  return {
    isOutgrown,
    retrain: (known, until) => {
      // What was forecast before anything had come says nothing of what is forecast from now on: the past is worked out anew.
      if (!hasCome(trainedOn) && hasCome(known)) {
        told = createProductionRun(input);
        bare = null;
      }
      trainedOn = known;
      told.retrain(known, until);
      if (shareByDay(isUntold, told.view().light.daylight, known, until) > FEW)
        bare ??= createProductionRun({ ...input, data: { ...data, weather: null } });
      bare?.retrain(known, until);
    },
    online: {
      advance: (known, until) => {
        told.online.advance(known, until);
        bare?.online.advance(known, until);
      },
      odds: (index) => of(index).online.odds(index),
    },
    of,
  };
}

/** Share of the intervals by day from one number up to another for which something holds. */
function shareByDay(holds: (index: number) => boolean, daylight: Float32Array, from: number, to: number): number {
  let [lit, held] = [0, 0];
  for (let index = from; index < to; index++) {
    if (!((daylight[index] ?? 0) > 0)) continue;
    lit++;
    if (holds(index)) held++;
  }
  return held / Math.max(1, lit);
}

/** Whether no light is told of an interval, although it is of others. */
function untoldHours({ weather }: ProductionData): (index: number) => boolean {
  const columns = lightColumns.flatMap((name) => weather?.columns[name] ?? []);
  return (index) => columns.length > 0 && columns.every((values) => Number.isNaN(values[index] ?? Number.NaN));
}
