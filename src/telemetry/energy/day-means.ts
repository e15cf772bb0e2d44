/** Means over whole days, of what is booked: means of readings know nothing of the hours in which none came. */
import type { HistorySeries } from '../figures.ts';
import { summariseEnergy } from '../house/house.ts';
import type { HousePeriod } from '../house/house-energy.ts';
import { monthOf, monthsHeardByNight } from '../quality/night-rest.ts';

/** Buckets of a day or more. */
type Buckets = Pick<HistorySeries, 'times' | 'bucketMs'>;

/** The load of each bucket, W, those that follow from the balance with it. */
export const loadOfDays = (buckets: Buckets, days: readonly HousePeriod[], now: number): (number | null)[] =>
  meanOfDays(buckets, days, now, (day) => summariseEnergy(day, true).loadKwh);

/**
 * The production of each bucket, W: the mean of its readings, but in months in which inverters sleep by night that of the
 * whole day, night and all, as it is of those that say zero then.
 */
export function solarOfDays(
  buckets: Buckets,
  means: readonly (number | null)[],
  days: readonly HousePeriod[],
  now: number,
): (number | null)[] {
  const awake = monthsHeardByNight(days);
  const booked = meanOfDays(buckets, days, now, ({ solarKwh }) => solarKwh);
  const heard = meanOfDays(buckets, days, now, (day) => (awake.has(monthOf(day)) ? day.solarKwh : null));
  return means.map((mean, i) => (mean === null || heard[i] !== null ? mean : (booked[i] ?? mean)));
}

/** The mean of each bucket, W, of the days in it of which something is known; null where nothing is. */
function meanOfDays(
  { times, bucketMs }: Buckets,
  days: readonly HousePeriod[],
  now: number,
  kwhOf: (day: HousePeriod) => number | null,
): (number | null)[] {
  const sums = times.map(() => ({ kwh: 0, hours: 0 }));
  for (const day of days) {
    const to = Math.min(day.to, now);
    const sum = sums[Math.floor(((day.from + to) / 2 - (times[0] ?? 0)) / bucketMs)];
    const kwh = kwhOf(day);
    if (!sum || kwh === null || to <= day.from) continue;
    sum.kwh += kwh;
    sum.hours += (to - day.from) / 3_600_000;
  }
  return sums.map(({ kwh, hours }) => (hours === 0 ? null : (1000 * kwh) / hours));
}
