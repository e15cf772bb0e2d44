import type { NumericMetric } from '../../core/metrics.ts';
import { bucketFor, type TimeSpan } from '../../core/time-range.ts';
import { zoneOffsetMs } from '../../core/zone.ts';
import type { HistorySeries } from '../figures.ts';
import { isAdded } from '../house/house.ts';
import { withStandIns } from '../house/house-lines.ts';

/** Buckets in a chart: fine enough for a wide screen, light enough for a phone. */
const POINTS = 400;

type Values = (number | null)[];

const DAY = 86_400_000;

/** Over more than two months the course of single days is a thicket: what counts is each day as a whole. */
export const isLong = (range: TimeSpan): boolean => range.to - range.from > 60 * DAY;

/** The range widened to whole buckets of a round length, which start on round times of the zone's clock. */
export function roundBuckets(range: TimeSpan, timeZone: string): { range: TimeSpan; points: number } {
  const bucket = Math.max(bucketFor(range, POINTS), isLong(range) ? DAY : 0);
  const offset = zoneOffsetMs(range.from, timeZone);
  const from = Math.floor((range.from + offset) / bucket) * bucket - offset;
  const points = Math.ceil((range.to - from) / bucket);
  return { range: { from, to: from + points * bucket }, points };
}

/** A source that reports more rarely than the buckets are wide still gives power in between. ms. */
const BRIDGE_MS = 900_000;

/** What one source says over a range. */
export interface LinePart {
  history: HistorySeries;
  /** Metrics for which it only stands in while others say nothing. */
  standsInFor?: ReadonlySet<NumericMetric>;
  /** Between its first and its last word. */
  spoken?: TimeSpan | null;
}

/**
 * Series of several sources over the same range, bucket by bucket of the finest: powers are added, everything else is
 * averaged. Short holes of one source are bridged first, else each would tear a hole of its size into the sum.
 */
export function combineHistories(given: readonly LinePart[]): HistorySeries & { stoodInFor: NumericMetric[] } {
  const parts = given.map((part) => ({ ...part, history: bridgeHoles(part.history) }));
  const histories = parts.map((part) => part.history);
  const finest = histories.reduce((a, b) => (b.bucketMs < a.bucketMs ? b : a));
  const stoodInFor = new Set<NumericMetric>();
  const merge = (kind: Kind): HistorySeries['series'] => {
    const names = [...new Set(histories.flatMap((history) => Object.keys(history[kind]) as NumericMetric[]))];
    return Object.fromEntries(
      names.map((name) => {
        const { values, isStoodIn } = mergeMetric(parts, kind, name, finest);
        if (isStoodIn) stoodInFor.add(name);
        return [name, values];
      }),
    );
  };
  return {
    times: finest.times,
    series: merge('series'),
    lows: merge('lows'),
    highs: merge('highs'),
    bucketMs: finest.bucketMs,
    stoodInFor: [...stoodInFor],
  };
}

type Kind = 'series' | 'lows' | 'highs';

function mergeMetric(
  parts: readonly LinePart[],
  kind: Kind,
  name: NumericMetric,
  finest: HistorySeries,
): { values: Values; isStoodIn: boolean } {
  const own = parts.filter((part) => !part.standsInFor?.has(name) && part.history[kind][name]);
  const standIns = parts.filter((part) => part.standsInFor?.has(name));
  const merged = (some: readonly LinePart[]) =>
    mergeOne(
      some.map((part) => part.history),
      kind,
      name,
      finest,
    );
  const said = merged(own);
  if (standIns.length === 0) return { values: said, isStoodIn: false };
  const spans = own.flatMap((part) => part.spoken ?? []);
  const spoken = spans.length
    ? { from: Math.min(...spans.map((span) => span.from)), to: Math.max(...spans.map((span) => span.to)) }
    : null;
  const line = { times: finest.times, bucketMs: finest.bucketMs, values: said, spoken };
  const values = withStandIns(line, merged(standIns));
  return { values, isStoodIn: values.some((value, i) => value !== said[i]) };
}

function bridgeHoles(part: HistorySeries): HistorySeries {
  const bridgeAll = (lists: HistorySeries['series']): HistorySeries['series'] =>
    Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, bridge(part.times, values ?? [])]));
  return { ...part, series: bridgeAll(part.series), lows: bridgeAll(part.lows), highs: bridgeAll(part.highs) };
}

function bridge(times: readonly number[], values: Values): Values {
  if (!values.includes(null)) return values;
  const result = [...values];
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const [from, to] = [times[last] ?? 0, times[i] ?? 0];
    if (last >= 0 && to - from <= BRIDGE_MS) {
      for (let k = last + 1; k < i; k++) {
        const share = ((times[k] ?? from) - from) / (to - from);
        result[k] = (values[last] ?? 0) * (1 - share) + value * share;
      }
    }
    last = i;
  }
  return result;
}

/** Values by the buckets of another grid: each is that of the bucket in which its middle lies. */
export function valuesOnGrid(
  grid: Pick<HistorySeries, 'times' | 'bucketMs'>,
  own: Pick<HistorySeries, 'times' | 'bucketMs'>,
  values: readonly (number | null)[],
): (number | null)[] {
  const first = own.times[0];
  if (first === undefined) return grid.times.map(() => null);
  return grid.times.map((time) => values[Math.floor((time + grid.bucketMs / 2 - first) / own.bucketMs)] ?? null);
}

/** The sum or the mean of what the parts say, by bucket of the finest; null where none of them says anything. */
function mergeOne(parts: readonly HistorySeries[], kind: Kind, name: NumericMetric, finest: HistorySeries): Values {
  const sums = new Float64Array(finest.times.length);
  const counts = new Uint32Array(finest.times.length);
  for (const part of parts) {
    const own = part[kind][name];
    if (!own) continue;
    const values = valuesOnGrid(finest, part, own);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value === null || value === undefined) continue;
      sums[i] = (sums[i] as number) + value;
      counts[i] = (counts[i] as number) + 1;
    }
  }
  const isSum = isAdded(name);
  return Array.from(counts, (count, i) => {
    if (count === 0) return null;
    return isSum ? (sums[i] as number) : (sums[i] as number) / count;
  });
}
