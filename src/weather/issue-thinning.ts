import { DAY_MS, HOUR_MS } from './hours.ts';

/** Every forecast is kept for so long: this is where the newest are scored. */
const ALL_FOR_MS = 14 * DAY_MS;
/** After that the first of each six hours, which still has every lead time; */
const SOME_FOR_MS = 400 * DAY_MS;
const SOME_EVERY_MS = 6 * HOUR_MS;
/** and from then on the first of each day (UTC). */
const FEW_EVERY_MS = DAY_MS;

/** Which of a place's forecasts need not be kept any more. `times` are when they were learned, ascending, ms UTC. */
export function superfluousIssues(times: readonly number[], now: number): number[] {
  let slot = Number.NaN;
  return times.filter((time) => {
    const age = now - time;
    if (age <= ALL_FOR_MS) return false;
    const width = age <= SOME_FOR_MS ? SOME_EVERY_MS : FEW_EVERY_MS;
    const own = Math.floor(time / width) * width;
    if (own === slot) return true;
    slot = own;
    return false;
  });
}
