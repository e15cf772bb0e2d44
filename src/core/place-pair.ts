/** Both numbers of a place, as texts that a form takes. */
export interface PlacePair {
  latitude: string;
  longitude: string;
}

const NUMBER = String.raw`([+-]?\d{1,3}(?:[.,]\d+)?)`;
const LATITUDE = String.raw`${NUMBER}\s*°?\s*([NS])?`;
const LONGITUDE = String.raw`${NUMBER}\s*°?\s*([EW])?`;
/** Between the two: a comma or semicolon, or a space alone. */
const PAIR = new RegExp(String.raw`^[\s(]*${LATITUDE}\s*(?:[;,]\s*|\s)${LONGITUDE}[\s)]*$`, 'i');

/**
 * Reads the two numbers that maps give at once: "48.1, 11.5", "(-12.046, -77.043)", "48,1; 11,5", "48.2082° N, 16.3738° E".
 * Null for anything else, also for "48,1", which is one number with a decimal comma.
 */
export function readPlacePair(text: string): PlacePair | null {
  const plain = text.trim().replace(/\u2212/g, '-');
  const [, latitude, northSouth, longitude, eastWest] = PAIR.exec(plain) ?? [];
  if (latitude === undefined || longitude === undefined || isOneNumber(plain)) return null;
  return { latitude: signed(latitude, northSouth), longitude: signed(longitude, eastWest) };
}

/** "48,1" and "48, 1" may be one number; a pair says where the first ends by a point, a letter, a degree or another comma. */
const isOneNumber = (text: string): boolean => /^[+-]?\d+\s*,\s*\d+$/.test(text);

function signed(number: string, side: string | undefined): string {
  const plain = number.replace(',', '.');
  return /[SW]/i.test(side ?? '') ? `-${plain.replace(/^[+-]/, '')}` : plain;
}

/** What was typed as a place: a pair in one of the fields counts for both, whatever stands in the other. */
export function withPlacePair<T extends PlacePair>(typed: T): T {
  const pair = readPlacePair(typed.latitude) ?? readPlacePair(typed.longitude);
  return pair ? { ...typed, ...pair } : typed;
}
