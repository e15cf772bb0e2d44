import { hourFieldNames } from './hour-fields.ts';
import {
  DAY_MS,
  emptyColumns,
  HOUR_MS,
  type HourBlock,
  type HourlyWeather,
  type HourOrigin,
  type HoursOfDay,
  isKnownHour,
  type PastOrigin,
  type WeatherIssue,
} from './hours.ts';

/** How what was learned at different times becomes one answer. */

/** Writes hours that have passed, as they are kept, over the unknown ones of `into`. */
export function placeDays(into: HourlyWeather, days: Iterable<HoursOfDay>): void {
  const [start = 0] = into.times;
  for (const { day, fetchedAt, origins, values } of days) {
    const offset = (day * DAY_MS - start) / HOUR_MS;
    for (const [hour, origin] of origins.entries()) {
      const index = offset + hour;
      if (origin === null || index < 0 || index >= into.times.length) continue;
      into.origins[index] = origin;
      into.fetchedAt[index] = fetchedAt;
      for (const name of hourFieldNames) into.values[name][index] = values[name][hour] ?? null;
    }
  }
}

/** Fills the hours of which nothing is known yet with what a forecast said of them; gives how many are left. */
export function fillFromIssue(into: HourlyWeather, issue: WeatherIssue): number {
  let left = 0;
  for (let index = 0; index < into.times.length; index++) {
    if (into.origins[index] !== null) continue;
    if (!copyHour(into, index, issue)) left++;
  }
  return left;
}

/** Takes what an issue says of entry `index`; false when it says nothing of it. */
export function copyHour(into: HourlyWeather, index: number, issue: WeatherIssue): boolean {
  const hour = ((into.times[index] ?? Number.NaN) - issue.from) / HOUR_MS;
  if (!(hour >= 0 && hour < issue.count)) return false;
  into.origins[index] = 'forecast';
  into.fetchedAt[index] = issue.issuedAt;
  for (const name of hourFieldNames) into.values[name][index] = issue.values[name][hour] ?? null;
  return true;
}

/**
 * Hours that have passed merged into the days that are kept. The models' recent view replaces what was known field by
 * field (an unknown value replaces nothing); the archive only fills what is unknown, since the recent view is finer.
 */
export function mergePast(
  block: HourBlock,
  of: PastOrigin,
  kept: (day: number) => HoursOfDay | undefined,
): HoursOfDay[] {
  const days: HoursOfDay[] = [];
  const first = Math.floor(block.from / DAY_MS);
  const last = Math.floor((block.from + (block.count - 1) * HOUR_MS) / DAY_MS);
  for (let day = first; block.count > 0 && day <= last; day++) {
    const into = kept(day) ?? {
      ...{ day, fetchedAt: of.fetchedAt, values: emptyColumns(24) },
      origins: new Array<HourOrigin | null>(24).fill(null),
    };
    const offset = (day * DAY_MS - block.from) / HOUR_MS;
    for (let hour = 0; hour < 24; hour++) mergeHour(into, hour, block, offset + hour, of.origin);
    days.push({ ...into, fetchedAt: of.fetchedAt });
  }
  return days;
}

function mergeHour(into: HoursOfDay, hour: number, block: HourBlock, index: number, origin: HourOrigin): void {
  if (index < 0 || index >= block.count || !isKnownHour(block.values, index)) return;
  const isFinest = origin === 'recent';
  for (const name of hourFieldNames) {
    const value = block.values[name][index] ?? null;
    const list = into.values[name];
    if (value !== null && (isFinest || list[hour] === null)) list[hour] = value;
  }
  if (isFinest || into.origins[hour] === null) into.origins[hour] = origin;
}
