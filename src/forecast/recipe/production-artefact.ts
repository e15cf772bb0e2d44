import type { Plane } from '../../core/solar/transposition.ts';
import type { FeatureBasis, FeatureDescription } from '../features.ts';
import type { BandState } from '../online/bands.ts';
import type { Blend } from '../online/blend.ts';
import type { Nowcast } from '../online/nowcast.ts';
import type { ProductionModel } from '../production-model.ts';
import type { DayErrors } from './day-total.ts';

/** A trained production forecaster: all that serving needs, plain data. */
export interface ProductionArtefact {
  kind: 'production';
  version: 2;
  /** Everything before this moment was known, ms UTC. */
  learnedUntil: number;
  /** First interval that was learned from, ms UTC. */
  learnedFrom: number;
  stepMs: number;
  altitudeM?: number;
  /** Directions with a weight in the model's mix. */
  planes: Plane[];
  model: ProductionModel;
  /** Features that the trees expect, with units. */
  basis: FeatureBasis;
  features: FeatureDescription[];
  blend: Blend;
  bands: BandState;
  /** How far the last hours are followed; left out by models of before. */
  nowcast?: Nowcast;
  dayErrors: DayErrors;
  importance: { name: string; share: number }[];
  score: ArtefactScore;
}

/** How the model did on intervals that it had not seen, over the last weeks; W, coverage 0..1. */
export interface ArtefactScore {
  from: number;
  to: number;
  intervals: number;
  mae: number;
  physicsMae: number;
  persistenceMae: number;
  coverage: number;
}
