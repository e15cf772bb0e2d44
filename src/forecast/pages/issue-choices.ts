import { formatDate } from '../../core/format.ts';
import { wallTime } from '../../core/wall-clock.ts';
import type { IssueChoice } from './frames.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Of days before, the forecasts of these hours stand for all. */
const KEPT_HOURS: readonly number[] = [6, 12, 18, 21];

/**
 * Forecasts that are offered to be called back, newest first: of each minute of the last day the last one, of days before
 * one for each of four hours, and the one that is shown. `issued` ascends.
 */
export function issueChoices(
  issued: readonly number[],
  now: number,
  timeZone: string,
  shown: number | null,
): IssueChoice[] {
  const taken = new Set<string>();
  const kept = issued.filter((time) => {
    if (time >= now - DAY_MS || time === shown) return true;
    const { year, month, day, minute } = wallTime(time, timeZone);
    const hour = Math.floor(minute / 60);
    const key = [year, month, day, hour].join('-');
    if (!KEPT_HOURS.includes(hour) || taken.has(key)) return false;
    taken.add(key);
    return true;
  });
  const all = shown === null || kept.includes(shown) ? kept : [...kept, shown].sort((a, b) => a - b);
  const byMinute = new Map(all.map((time) => [Math.floor(time / MINUTE_MS), time]));
  if (shown !== null) byMinute.set(Math.floor(shown / MINUTE_MS), shown);
  return [...byMinute.values()]
    .reverse()
    .map((issuedAt) => ({ issuedAt, label: formatDate(issuedAt, timeZone, 'dateTime') }));
}
