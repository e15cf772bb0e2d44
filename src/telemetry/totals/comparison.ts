/** A time beside the same time a year before. */
import { formatNumber } from '../../core/format.ts';
import { type EnergySummary, summariseEnergy } from '../house/house.ts';
import { type HousePeriod, sumOver } from '../house/house-energy.ts';
import { keyYearBefore } from './totals-query.ts';

export interface Comparison {
  /** Of the parts that are over. */
  now: EnergySummary;
  before: EnergySummary;
  /** Parts that are compared: days, or hours of a day. */
  count: number;
  /** Those of the year before: one less or more where 29 February lies in one of them, or a clock was changed. */
  countBefore: number;
  /** True when the period is not over, so that only a part of the year before counts. */
  isSoFar: boolean;
  /** False where one of the two was not measured well enough for that. */
  isFair: boolean;
}

/** Of two years one may be measured so much less than the other; a source that sleeps at night never is all through. */
const FAIR_SHARE = 0.9;
const LEAST_COVERAGE = 0.1;

/** The key of an hour without its offset, which another year may not share. */
const plainKey = (key: string): string => key.slice(0, 13);

/**
 * Compares the parts (days, or the hours of a day) that are over with those of the year before; null while none is over,
 * or when there is nothing to compare with.
 */
export function compareYears(
  parts: readonly HousePeriod[],
  before: readonly HousePeriod[],
  facts: { now: number; hasGrid: boolean },
): Comparison | null {
  const over = parts.filter((part) => part.to <= facts.now);
  const last = over[over.length - 1];
  if (!last || before.every(isUnknown)) return null;
  const isSoFar = over.length < parts.length;
  const until = keyYearBefore(plainKey(last.period)) ?? `${Number(last.period.slice(0, 4)) - 1}-02-28`;
  const same = isSoFar ? before.filter((part) => plainKey(part.period) <= until) : before;
  const [first] = same;
  const end = same[same.length - 1];
  if (!first || !end) return null;
  const spans = [
    { parts: over, from: over[0]?.from ?? 0, to: last.to },
    { parts: same, from: first.from, to: end.to },
  ] as const;
  const [now, then] = spans.map(({ parts: own, ...span }) =>
    summariseEnergy(sumOver(own, span, facts.now), facts.hasGrid),
  ) as [EnergySummary, EnergySummary];
  const [less = 0, more = 0] = [now.coverage, then.coverage].sort((a, b) => a - b);
  const isFair = less >= LEAST_COVERAGE && less >= FAIR_SHARE * more;
  return { now, before: then, count: over.length, countBefore: same.length, isSoFar, isFair };
}

const isUnknown = ({ solarKwh, loadKwh, importKwh, exportKwh }: HousePeriod): boolean =>
  solarKwh === null && loadKwh === null && importKwh === null && exportKwh === null;

/** How one sum differs from another: "12 % more" than, "about as much" as. */
export interface Difference {
  words: string;
  /** As short as it may be said. */
  short: string;
  link: 'than' | 'as';
}

/** Nearer than this two sums are about the same. */
const ABOUT = 0.02;
const NOTHING_KWH = 0.05;

const asMuch: Difference = { words: 'about as much', short: 'about as much', link: 'as' };

/** "12 % more", "about as much", "2.3 times as much"; null where it cannot be said. */
export function differenceOf(now: number | null, before: number | null): Difference | null {
  if (now === null || before === null || before < NOTHING_KWH) return null;
  const ratio = now / before;
  if (Math.abs(ratio - 1) < ABOUT) return asMuch;
  const times = `${formatNumber(ratio, ratio < 10 ? 1 : 0)} times`;
  if (ratio >= 2) return { words: `${times} as much`, short: times, link: 'as' };
  const words = `${formatNumber(Math.abs(ratio - 1) * 100)}\u00a0% ${ratio > 1 ? 'more' : 'less'}`;
  return { words, short: words, link: 'than' };
}

/** Of shares the difference is one of percentage points: "6 points more". */
export function pointsOf(now: number | null, before: number | null): Difference | null {
  if (now === null || before === null) return null;
  const points = Math.round(now * 100) - Math.round(before * 100);
  if (Math.abs(points) < 1) return asMuch;
  const size = `${formatNumber(Math.abs(points))} ${Math.abs(points) === 1 ? 'point' : 'points'}`;
  const words = `${size} ${points > 0 ? 'more' : 'less'}`;
  return { words, short: words, link: 'than' };
}
