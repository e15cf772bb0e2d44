import { isTimeZone, timeZones } from '../accounts/site.ts';

/** True for an existing calendar date written `YYYY-MM-DD` (2026-02-29 is none). */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * The zone as the IANA database spells it, or undefined when there is no such zone. Fixed offsets such as `+02:00` are
 * not names of a zone: they know no summer time.
 */
export function findTimeZone(name: string): string | undefined {
  if (name.length > 64) return undefined;
  const lower = name.toLowerCase();
  return timeZones().find((zone) => zone.toLowerCase() === lower) ?? (isTimeZone(name) ? name : undefined);
}
