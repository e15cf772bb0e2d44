import { minutes } from '../../core/durations.ts';
import { findMetric, type NumericMetric } from '../../core/metrics.ts';
import type { Part } from './quantity-part.ts';

interface Said extends Part {
  /** The topic that said it. */
  topic: string;
  value: number;
  at: number;
}
type Group = Map<string, Said>;

/** After this long without a word a part no longer counts (a counter's does: it cannot shrink by silence). */
export const STALE_MS = minutes(15);
const MOST_PARTS = 64;

/** The parts of a source's quantities that arrive one by one, and what they are together. */
export class QuantityParts {
  private readonly groups = new Map<NumericMetric, Group>();

  /** What a topic said so far counts no more. */
  forgetTopic(topic: string): void {
    for (const group of this.groups.values())
      for (const [id, said] of group) if (said.topic === topic) group.delete(id);
  }

  /**
   * Takes a part's newest value (null: the part is gone) and gives the whole quantity, or null when this part does not
   * speak for it: a higher rank does, a part of lower order, or the whole that it is a half of.
   */
  combine(metric: NumericMetric, part: Part, value: number | null, at: number, topic: string): number | null {
    const group = this.groupOf(metric);
    if (value === null) {
      group.delete(part.id);
      return null;
    }
    if (!group.has(part.id) && group.size >= MOST_PARTS) forgetOldest(group);
    group.set(part.id, { ...part, topic, value, at });
    if (group.size === 1) return value;
    const oldest = findMetric(metric)?.kind === 'gauge' ? at - STALE_MS : Number.NEGATIVE_INFINITY;
    if (part.isHalf && isSaidWhole(group, part, oldest)) return null;
    let sum = 0;
    for (const other of group.values()) {
      if (other.at < oldest) continue;
      if (other.rank > part.rank) return null;
      if (other.rank < part.rank) continue;
      if (part.how === 'first' && other.order < part.order) return null;
      if (!other.isHalf || !isSaidWhole(group, other, oldest)) sum += other.value;
    }
    return part.how === 'sum' ? roundOff(sum) : value;
  }

  /** What a part last said, without its sign; undefined when that is not known. */
  sizeOf(metric: NumericMetric, id: string): number | undefined {
    const said = this.groups.get(metric)?.get(id);
    return said && Math.abs(said.value);
  }

  /** True when the quantity was said in more than one part. */
  isDivided(metric: NumericMetric): boolean {
    return (this.groups.get(metric)?.size ?? 0) > 1;
  }

  private groupOf(metric: NumericMetric): Group {
    let group = this.groups.get(metric);
    if (group === undefined) {
      group = new Map();
      this.groups.set(metric, group);
    }
    return group;
  }
}

/** True where the whole of which this is a half was said of late. */
function isSaidWhole(group: Group, { owner, rank }: Part, oldest: number): boolean {
  if (owner === undefined) return false;
  for (const other of group.values())
    if (!other.isHalf && other.owner === owner && other.rank === rank && other.at >= oldest) return true;
  return false;
}

function forgetOldest(group: Group): void {
  let oldest: string | undefined;
  let at = Number.POSITIVE_INFINITY;
  for (const [id, said] of group) {
    if (said.at >= at) continue;
    at = said.at;
    oldest = id;
  }
  if (oldest !== undefined) group.delete(oldest);
}

/** Takes away what adding binary fractions leaves behind (0.1 + 0.2). */
const roundOff = (value: number): number => Number(value.toPrecision(12));
