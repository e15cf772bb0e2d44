/** Lines of a house: whose they are, and who stands in where those whose role it is say nothing. */
import { findMetric, type NumericMetric } from '../../core/metrics.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { type HouseQuantity, type HouseSource, sourcesFor } from './house.ts';

/** Where a metric belongs in a house; what belongs to no quantity is looked for at every source of the whole house. */
export function quantityOf(metric: NumericMetric): HouseQuantity {
  const group = findMetric(metric)?.group;
  if (group === 'solar' || group === 'battery' || group === 'load' || group === 'grid' || group === 'generator')
    return group;
  if (/Produced$/.test(metric)) return 'solar';
  if (/Grid/.test(metric)) return 'grid';
  if (/Battery/.test(metric)) return 'battery';
  return 'load';
}

export interface LinePlan {
  /** The sources that a metric is taken from. */
  sourceIds: string[];
  /** Those that stand in for them while they say nothing. */
  standInIds: string[];
}

/** Who gives a metric. `has` says whether a source has ever reported it. */
export function planLine<S extends HouseSource>(
  sources: readonly S[],
  metric: NumericMetric,
  has: (source: S) => boolean,
): LinePlan {
  const quantity = quantityOf(metric);
  const chosen = sourcesFor(sources, quantity, has);
  const isOwn = chosen.some((source) => source.role === quantity);
  const standIns = isOwn ? sources.filter((source) => source.role === 'system' && has(source)) : [];
  return { sourceIds: chosen.map(({ id }) => id), standInIds: standIns.map(({ id }) => id) };
}

type Values = readonly (number | null)[];

const DAY = 86_400_000;

/**
 * Values with those of the stand-ins where nothing was said for a day, before the first word or after the last: as for
 * energy, where whole days count. Shorter gaps are gaps. `spoken` is the time between the first and the last word.
 */
export function withStandIns(
  line: { times: readonly number[]; bucketMs: number; values: Values; spoken: TimeSpan | null },
  standIns: Values,
): (number | null)[] {
  const { times, bucketMs, values, spoken } = line;
  const result = [...values];
  for (let from = 0; from < values.length; from++) {
    if (values[from] !== null) continue;
    let to = from;
    while (to < values.length && values[to] === null) to++;
    const [start, end] = [times[from] ?? 0, (times[to - 1] ?? 0) + bucketMs];
    const isAll = from === 0 && to === values.length;
    const isBefore = spoken === null || end <= spoken.from + bucketMs;
    const isLong = end - start >= DAY;
    if (isAll || isBefore || isLong) for (let i = from; i < to; i++) result[i] = standIns[i] ?? null;
    from = to;
  }
  return result;
}
