import type { Clock } from '../../core/clock.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import { tidy } from '../payload/unit-conversion.ts';
import type { TuningStore } from '../ports.ts';
import type { Tunings } from './tuning.ts';

export interface OwnCorrectionsDeps {
  store: Pick<TuningStore, 'corrections' | 'saveCorrection'>;
  tunings: Pick<Tunings, 'setCorrections'>;
  clock: Clock;
}

/** One in force for what comes since then, ms UTC. */
export interface AppliedCorrection {
  sourceId: string;
  metric: NumericMetric;
  factor: number;
  since: number;
}

/** By what owners multiply single quantities of their sources, on disk and for whatever comes. */
export class OwnCorrections {
  constructor(private readonly deps: OwnCorrectionsDeps) {}

  of(sourceId: string): AppliedCorrection[] {
    return this.deps.store.corrections().filter((c) => c.sourceId === sourceId);
  }

  factorOf(sourceId: string, metric: NumericMetric): number {
    return this.of(sourceId).find((c) => c.metric === metric)?.factor ?? 1;
  }

  /** Multiplies what comes from now on; 1 takes the correction away. */
  set(sourceId: string, metric: NumericMetric, factor: number): void {
    const { store, tunings, clock } = this.deps;
    store.saveCorrection(sourceId, metric, factor, clock.now());
    tunings.setCorrections(sourceId, new Map(this.of(sourceId).map((c) => [c.metric, c.factor])));
  }

  /** Turns a quantity no longer that was turned; a factor of ten or a thousand stays. False where it was not turned. */
  takeTurnBack(sourceId: string, metric: NumericMetric): boolean {
    const factor = this.factorOf(sourceId, metric);
    if (factor >= 0) return false;
    this.set(sourceId, metric, tidy(-factor));
    return true;
  }
}
