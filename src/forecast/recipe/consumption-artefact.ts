import type { ConsumptionModel } from '../consumption/consumption-model.ts';
import type { LoadBasis } from '../consumption/features.ts';
import type { FeatureDescription } from '../feature-rows.ts';
import type { BandState } from '../online/bands.ts';
import type { Blend } from '../online/blend.ts';
import type { Nowcast } from '../online/nowcast.ts';
import type { DayErrors } from './day-total.ts';

/** A trained consumption forecaster: all that serving needs, plain data. */
export interface ConsumptionArtefact {
  kind: 'consumption';
  version: 2;
  /** Everything before this moment was known, ms UTC. */
  learnedUntil: number;
  stepMs: number;
  model: ConsumptionModel;
  /** Features that the trees expect, with units. */
  basis: LoadBasis;
  features: FeatureDescription[];
  blend: Blend;
  bands: BandState;
  /** How far the last hours are followed; left out by models of before. */
  nowcast?: Nowcast;
  dayErrors: DayErrors;
  importance: { name: string; share: number }[];
}
