import { median, quantile } from '../core/stats.ts';
import { type PowerDays, type PowerSeries, powerDays } from './power-series.ts';

/** A limit that power never passes, the inverter's or one that was set. */
export interface Clipping {
  limitW: number;
  /** Days whose top is cut flat. */
  days: number;
}

const MINUTE_MS = 60_000;
/** Within this share of a day's highest power its top counts as flat ... */
const FLAT_SHARE = 0.006;
/** ... and so long a top no sun makes: half an hour from noon it has lost 0.9 %. */
const FLAT_MS = 75 * MINUTE_MS;
const MIN_DAYS = 3;

/**
 * The level at which power is cut off. Days with a flat top whose tops lie at the same level, day after day, above which
 * nothing lies; the flat tops of two roofs that face apart move with the season and the heat. Undefined when nothing is cut.
 */
export function detectClipping(series: PowerSeries): Clipping | undefined {
  const days = powerDays(series);
  const tops = Array.from({ length: days.days }, (_, day) => flatTop(days, day)).filter((top) => top !== undefined);
  const highest = quantile(series.powerW, 1);
  const high = tops.filter((topW) => topW > 0.8 * highest);
  if (high.length < MIN_DAYS) return undefined;
  const limitW = median(high);
  const same = high.filter((topW) => Math.abs(topW / limitW - 1) < 0.01);
  const spread = (quantile(high, 0.75) - quantile(high, 0.25)) / limitW;
  if (same.length < MIN_DAYS || same.length < 0.6 * high.length || spread > 0.006) return undefined;
  const above = Array.from(series.powerW).filter((power) => power > 1.015 * limitW).length;
  const near = Array.from(series.powerW).filter((power) => power > 0.985 * limitW).length;
  return above < 0.02 * near ? { limitW, days: same.length } : undefined;
}

/** A site that has no more installed than the limit that its power shows. */
export function withinLimit<Site extends { installedW: number }>(site: Site, clip: Clipping | undefined): Site {
  return clip ? { ...site, installedW: Math.min(site.installedW, clip.limitW) } : site;
}

/** Mean power of a day's flat top, W; undefined when it has none. */
function flatTop(days: PowerDays, day: number): number | undefined {
  const power = Array.from({ length: days.slots }, (_, slot) => days.at(day, slot));
  const top = quantile(power, 1);
  if (!(top > 0)) return undefined;
  let [longest, run] = [0, 0];
  for (const value of power) {
    run = value >= (1 - FLAT_SHARE) * top ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  if (longest < 3 || longest * days.stepMs < FLAT_MS) return undefined;
  return median(power.filter((value) => value >= (1 - FLAT_SHARE) * top));
}
