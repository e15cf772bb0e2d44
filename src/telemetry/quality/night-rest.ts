/**
 * Nights in which inverters sleep that live of the sun alone: they say nothing then, and nothing is missing. Coverage stays
 * what was measured; this tells which of what it leaves open is a gap.
 */
import { hours } from '../../core/durations.ts';
import { nightsWithin } from '../../core/solar/day.ts';
import type { SunPlace } from '../../core/solar/place.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { energyQuantities } from '../energy/energy.ts';
import type { EnergyTotals } from '../figures.ts';
import { LEAST_GAP, WHOLE } from './coverage-words.ts';
import { TWILIGHT_MS } from './sleeping.ts';

/** A time with what is known of it; named as in `PeriodSpan`. */
export type KnownTime = TimeSpan & Pick<EnergyTotals, 'solarKwh' | 'coverage' | 'origins'> & { period: string };

/** Devices wake up a while after the sun, and fall asleep before it. ms. */
export const WAKING_MS = hours(1);
/** Share of the day for which a source is heard that is heard by night, too. */
const ALL_DAY = 0.95;

/** Share of a time for which its production is known, gaps left out. */
export const sunShare = ({ coverage, origins }: Pick<KnownTime, 'coverage' | 'origins'>): number =>
  origins?.solar?.coverage ?? coverage;

export const monthOf = ({ period }: { period: string }): string => period.slice(0, 7);

/** Months in which the sun's power is heard all day and night as a rule, on half of the days at least; else it wakes with the sun. */
export function monthsHeardByNight(days: readonly Omit<KnownTime, 'from' | 'to'>[]): Set<string> {
  const balance = new Map<string, number>();
  for (const day of days) {
    if (day.solarKwh === null) continue;
    const month = monthOf(day);
    balance.set(month, (balance.get(month) ?? 0) + (sunShare(day) >= ALL_DAY ? 1 : -1));
  }
  return new Set([...balance].flatMap(([month, more]) => (more >= 0 ? [month] : [])));
}

/**
 * Names of those times (hours, days, months or years) that were not measured all through, though all that is missing of them
 * is the sun's power by night. `days` are the days in which they lie.
 */
export function restingTimes(
  times: readonly KnownTime[],
  days: readonly KnownTime[],
  facts: { place: SunPlace; now: number },
): ReadonlySet<string> {
  const awake = monthsHeardByNight(days);
  const rests = (time: KnownTime, day: KnownTime | undefined): boolean =>
    !awake.has(monthOf(time)) && day !== undefined && restsIn(time, day, facts);
  const resting = new Set(days.filter((day) => rests(day, day)).map(({ period }) => period));
  const named = times.filter((time) => {
    if (time.coverage >= WHOLE || time.period.length === 10) return resting.has(time.period);
    const within = days.filter((day) => day.from < time.to && day.to > time.from && day.from <= facts.now);
    if (time.period.length > 10) return rests(time, within[0]);
    const open = within.filter(({ coverage }) => coverage < WHOLE);
    return open.length > 0 && open.every(({ period }) => resting.has(period));
  });
  return new Set(named.map(({ period }) => period));
}

/** True of a day or an hour of which only production is not known, for no longer than it was dark. */
function restsIn(time: KnownTime, day: KnownTime, { place, now }: { place: SunPlace; now: number }): boolean {
  const { origins = {}, coverage } = time;
  if (coverage >= WHOLE || day.solarKwh === null) return false;
  const others = energyQuantities.filter((quantity) => quantity !== 'solar' && day.origins?.[quantity]);
  if (others.some((quantity) => (origins[quantity]?.coverage ?? 0) < WHOLE)) return false;
  // What nobody stands for all day says nothing for sure of the rest either.
  const known = time.origins ? (origins.solar?.coverage ?? 0) : coverage;
  if (coverage < known - LEAST_GAP) return false;
  const span = { from: time.from, to: Math.max(time.from, Math.min(time.to, now)) };
  return (1 - known) * (span.to - span.from) <= darkMs(span, place);
}

/** How much of a time it was dark, or nearly so [ms]. */
function darkMs({ from, to }: TimeSpan, place: SunPlace): number {
  const wide = { from: from - TWILIGHT_MS, to: to + TWILIGHT_MS };
  return nightsWithin(wide, place).reduce(
    (sum, night) => sum + Math.max(0, Math.min(to, night.to + TWILIGHT_MS) - Math.max(from, night.from - TWILIGHT_MS)),
    0,
  );
}

type Marked<T> = T & Pick<EnergyTotals, 'rests'>;

/** The times with those that rest marked so. */
export function withRests<T extends KnownTime>(
  times: readonly T[],
  days: readonly KnownTime[],
  facts: { place: SunPlace | null; now: number },
): Marked<T>[] {
  const { place, now } = facts;
  if (place === null) return [...times];
  const resting = restingTimes(times, days, { place, now });
  return times.map((time) => (resting.has(time.period) ? { ...time, rests: 'all' } : time));
}

/** Whether all or some of what is missing of marked days is the sun's power by night. */
export function restsOf(days: readonly Marked<KnownTime>[], now: number): Pick<EnergyTotals, 'rests'> {
  const open = days.filter(({ from, coverage }) => from <= now && coverage < WHOLE);
  const resting = open.filter(({ rests }) => rests === 'all').length;
  if (resting === 0) return {};
  return { rests: resting === open.length ? 'all' : 'some' };
}
