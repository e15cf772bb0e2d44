/** True for an existing calendar date written `YYYY-MM-DD` (2026-02-29 is none). */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

/** The calendar date of a moment (ms UTC) in an IANA time zone, `YYYY-MM-DD`. */
export function localDate(time: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const parts = Object.fromEntries(format.formatToParts(time).map((part) => [part.type, part.value]));
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** All IANA zones that the runtime knows by their usual names, `UTC` first. */
export function knownTimeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}

/**
 * The zone as the IANA database spells it, or undefined when there is no such zone. Fixed offsets such as `+02:00` are
 * not names of a zone: they know no summer time.
 */
export function findTimeZone(name: string): string | undefined {
  if (name.length > 64 || !/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return undefined;
  const lower = name.toLowerCase();
  const exact = knownTimeZones().find((zone) => zone.toLowerCase() === lower);
  if (exact) return exact;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return undefined;
  }
}
