import type { NumericMetric } from '../core/metrics.ts';
import { bucketFor, type TimeSpan } from '../core/time-range.ts';
import { zoneOffsetMs } from '../core/zone.ts';
import type { HistorySeries } from './figures.ts';
import { isAdded } from './house.ts';

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

/**
 * Series of several sources over the same range, bucket by bucket of the finest: powers are added, everything else is
 * averaged. Short holes of one source are bridged first, else each would tear a hole of its size into the sum.
 */
export function combineHistories(given: readonly HistorySeries[]): HistorySeries {
  const parts = given.map(bridgeHoles);
  const finest = parts.reduce((a, b) => (b.bucketMs < a.bucketMs ? b : a));
  const merge = (kind: 'series' | 'lows' | 'highs'): HistorySeries['series'] => {
    const names = [...new Set(parts.flatMap((part) => Object.keys(part[kind]) as NumericMetric[]))];
    return Object.fromEntries(names.map((name) => [name, mergeOne(parts, kind, name, finest)]));
  };
  return {
    times: finest.times,
    series: merge('series'),
    lows: merge('lows'),
    highs: merge('highs'),
    bucketMs: finest.bucketMs,
  };
}

function bridgeHoles(part: HistorySeries): HistorySeries {
  const bridgeAll = (lists: HistorySeries['series']): HistorySeries['series'] =>
    Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, bridge(part.times, values ?? [])]));
  return { ...part, series: bridgeAll(part.series), lows: bridgeAll(part.lows), highs: bridgeAll(part.highs) };
}

function bridge(times: readonly number[], values: Values): Values {
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

function mergeOne(
  parts: readonly HistorySeries[],
  kind: 'series' | 'lows' | 'highs',
  name: NumericMetric,
  finest: HistorySeries,
): Values {
  return finest.times.map((time) => {
    const values = parts.flatMap((part) => {
      const index = Math.floor((time + finest.bucketMs / 2 - (part.times[0] ?? time)) / part.bucketMs);
      return part[kind][name]?.[index] ?? [];
    });
    if (values.length === 0) return null;
    const sum = values.reduce((a, b) => a + b, 0);
    return isAdded(name) ? sum : sum / values.length;
  });
}
