import { findMetric, type NumericMetric } from '../../core/metrics.ts';
import type { Reading, RejectedValue } from '../../core/reading.ts';
import type { Dialect } from '../dialect.ts';
import { dialects } from '../dialects.ts';
import { tidy } from '../payload/unit-conversion.ts';
import type { MappingRule } from './mapping.ts';
import { mappingOver } from './mapping-over.ts';

/** How the messages of one source are read differently from others'. */
export interface Tuning {
  /** The source's own mapping first, if it has one. */
  dialects: readonly Dialect[];
  mapping: Dialect | null;
  corrections: ReadonlyMap<NumericMetric, number>;
}

/** What is tuned, by source. Asked for each message; most sources have nothing, and cost a look-up. */
export class Tunings {
  private readonly bySource = new Map<string, Tuning>();

  constructor(private readonly known: readonly Dialect[] = dialects) {}

  of(sourceId: string): Tuning | undefined {
    return this.bySource.get(sourceId);
  }

  /** Its dialects, the surest first. */
  dialectsOf(sourceId: string): readonly Dialect[] {
    return this.bySource.get(sourceId)?.dialects ?? this.known;
  }

  setRules(sourceId: string, rules: readonly MappingRule[]): void {
    const mapping = rules.length > 0 ? mappingOver(rules, this.known) : null;
    this.put(sourceId, mapping, this.bySource.get(sourceId)?.corrections ?? new Map());
  }

  setCorrections(sourceId: string, corrections: ReadonlyMap<NumericMetric, number>): void {
    this.put(sourceId, this.bySource.get(sourceId)?.mapping ?? null, corrections);
  }

  forget(sourceId: string): void {
    this.bySource.delete(sourceId);
  }

  private put(sourceId: string, mapping: Dialect | null, corrections: ReadonlyMap<NumericMetric, number>): void {
    if (mapping === null && corrections.size === 0) this.bySource.delete(sourceId);
    else {
      const all = mapping === null ? this.known : [mapping, ...this.known];
      this.bySource.set(sourceId, { mapping, corrections, dialects: all });
    }
  }
}

/** Puts values right in place; one that becomes impossible by it is taken out, and said. */
export function correct(
  readings: readonly Reading[],
  corrections: ReadonlyMap<NumericMetric, number>,
  rejected: RejectedValue[],
): void {
  for (const [index, { values, time }] of readings.entries()) {
    for (const [name, factor] of corrections) {
      const value = values[name];
      if (value === undefined) continue;
      const corrected = tidy(value * factor) || 0;
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = findMetric(name) ?? {};
      if (corrected >= min && corrected <= max) {
        values[name] = corrected;
        continue;
      }
      delete values[name];
      rejected.push({ index, field: name, message: `is impossible after its correction (times ${factor})`, time });
    }
  }
}
