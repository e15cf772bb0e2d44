import type { SolarSite } from '../core/solar/place.ts';
import { clearMean, createSky } from '../core/solar/sky.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { HOUR_MS } from './hours.ts';

/** Sunlight of a day without a cloud on a level surface, kWh/m2: the most that the day can bring, known without any network. */
export function clearSumKwhM2(day: TimeSpan, site: SolarSite): number {
  const sky = createSky(site);
  let wattHours = 0;
  for (let from = day.from; from < day.to; from += HOUR_MS) {
    const span = { from, to: Math.min(day.to, from + HOUR_MS) };
    wattHours += (clearMean(sky.over(span)).ghiWm2 * (span.to - span.from)) / HOUR_MS;
  }
  return wattHours / 1000;
}
