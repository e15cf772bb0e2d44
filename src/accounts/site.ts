/** Where the house stands and in which zone its days are counted; prefills sources and places the forecast. */
export interface Site {
  name: string;
  /** Degrees, north positive; -90..90. */
  latitude: number;
  /** Degrees, east positive; -180..180. */
  longitude: number;
  /** IANA name. */
  timeZone: string;
}

export interface SiteProblem {
  field: keyof Site;
  message: string;
}

/** Reads what was typed; a comma may stand for the decimal point. Every field at fault at once. */
export function parseSite(typed: Record<keyof Site, string>): { site: Site } | { problems: SiteProblem[] } {
  const name = typed.name.normalize('NFC').trim().replace(/\s+/g, ' ');
  const latitude = degrees(typed.latitude);
  const longitude = degrees(typed.longitude);
  const timeZone = typed.timeZone.trim();
  const problems: SiteProblem[] = [];
  if (name === '' || name.length > 100 || /\p{Cc}/u.test(name))
    problems.push({ field: 'name', message: 'Give the place a name of 1 to 100 characters, such as "Home".' });
  if (latitude === undefined || Math.abs(latitude) > 90)
    problems.push({ field: 'latitude', message: 'Latitude is a number from -90 to 90 degrees, such as 52.52.' });
  if (longitude === undefined || Math.abs(longitude) > 180)
    problems.push({ field: 'longitude', message: 'Longitude is a number from -180 to 180 degrees, such as 13.4.' });
  if (!isTimeZone(timeZone)) problems.push({ field: 'timeZone', message: 'Choose a time zone from the list.' });
  if (problems.length > 0 || latitude === undefined || longitude === undefined) return { problems };
  return { site: { name, latitude, longitude, timeZone } };
}

/** True for a name of the IANA time-zone database that this machine knows; fixed offsets are none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** All time zones that this machine knows, `UTC` first. */
export function timeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}

function degrees(text: string): number | undefined {
  const plain = text.trim().replace(',', '.').replace('\u2212', '-').replace(/\s*°$/, '');
  return /^[+-]?\d{1,3}(\.\d{1,12})?$/.test(plain) ? Number(plain) : undefined;
}
