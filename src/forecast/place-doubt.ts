import type { SolarSite } from '../core/solar/place.ts';
import { createSky } from '../core/solar/sky.ts';
import { quantile } from '../core/stats.ts';
import { type IntervalGrid, slotsPerDay, startOf } from './interval-grid.ts';

/** What a place has to explain: when there was power. */
export interface PlaceEvidence {
  grid: IntervalGrid;
  powerW: Float64Array;
  /** Only intervals before this one are known. */
  known: number;
}

/** Days that are looked at, evenly chosen from the last year, and intervals of each. */
const DAYS = 60;
const LOOK_BACK_DAYS = 365;
const MOST_SLOTS = 48;
/** Longer steps show no course of the day. */
const FEWEST_SLOTS = 12;
const FEWEST_INTERVALS = 200;
/** Higher than this (10 degrees) the sun makes some power, as a rule; less than this share of strong power is none. */
const HIGH_SINE = 0.17;
const NOTHING = 0.005;
/** Slips that leave nearly as little as each other are alike; the one that comes more often is meant. */
const ALIKE = 0.015;

/**
 * How badly a place explains when there was power: the share of the energy that comes with its sun down, and the share of the
 * intervals with its sun well up in which nothing comes (snow counts, too). NaN when there is too little to say.
 */
export function createPlaceMisfit({ grid, powerW, known }: PlaceEvidence): (site: SolarSite) => number {
  const indices = someIntervals(grid, powerW, known);
  const strong = quantile(
    indices.map((index) => powerW[index] ?? 0).filter((power) => power > 0),
    0.98,
  );
  return (site) => {
    if (indices.length < FEWEST_INTERVALS) return Number.NaN;
    const sky = createSky(site);
    let [night, all, high, dark] = [0, 0, 0, 0];
    for (const index of indices) {
      const power = powerW[index] ?? 0;
      const from = startOf(grid, index);
      const sines = [from, from + grid.stepMs / 2, from + grid.stepMs].map((time) => sky.at(time)?.cosZenith ?? 0);
      all += power;
      if (sines.every((sine) => sine === 0)) night += power;
      if (!sines.every((sine) => sine > HIGH_SINE)) continue;
      high++;
      if (power < NOTHING * strong) dark++;
    }
    return night / all + dark / Math.max(1, high);
  };
}

/**
 * The place that may be meant by one that cannot be: with a sign wrong, with its numbers swapped, or right beside stamps of the
 * local clock, which show the sun of another longitude. Undefined when none of them leaves less than `most`.
 */
export function meantPlace(
  given: SolarSite,
  utcOffsetH: number | undefined,
  misfit: (site: SolarSite) => number,
  most: number,
): SolarSite | undefined {
  const slips = slipsOf(given, utcOffsetH).map((site) => ({ site, left: misfit(site) }));
  const least = Math.min(...slips.map(({ left }) => left));
  return least < most ? slips.find(({ left }) => left <= least + ALIKE)?.site : undefined;
}

function slipsOf(given: SolarSite, utcOffsetH: number | undefined): SolarSite[] {
  const { latitude, longitude } = given;
  const at = (north: number, east: number): SolarSite => ({
    ...given,
    latitude: north,
    longitude: ((east + 540) % 360) - 180,
  });
  const swapped = Math.abs(longitude) > 90 ? [] : [at(longitude, latitude), at(-longitude, latitude)];
  const hours = utcOffsetH ? [utcOffsetH, utcOffsetH + 1] : [];
  return [
    at(-latitude, longitude),
    at(latitude, -longitude),
    at(-latitude, -longitude),
    ...swapped,
    ...hours.map((hour) => at(latitude, longitude - 15 * hour)),
  ];
}

/** Intervals with a power, of evenly chosen days on which there was some. */
function someIntervals(grid: IntervalGrid, powerW: Float64Array, known: number): number[] {
  const slots = slotsPerDay(grid);
  if (slots < FEWEST_SLOTS) return [];
  const days: number[] = [];
  for (let day = 1; day <= LOOK_BACK_DAYS && day * slots <= known; day++) {
    const start = known - day * slots;
    if (powerW.subarray(start, start + slots).some((power) => power > 0)) days.unshift(start);
  }
  const every = Math.max(1, days.length / DAYS);
  const step = Math.max(1, Math.round(slots / MOST_SLOTS));
  const out: number[] = [];
  for (let at = 0; at < days.length; at += every) {
    const start = days[Math.floor(at)] ?? 0;
    for (let index = start; index < start + slots; index += step)
      if ((powerW[index] ?? Number.NaN) >= 0) out.push(index);
  }
  return out;
}
