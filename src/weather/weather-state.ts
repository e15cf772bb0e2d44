import type { Trouble } from './trouble.ts';

/** May the weather service be asked? `undecided`: an Overseer has not said yet. */
export type WeatherAccess = 'allowed' | 'undecided' | 'declined' | 'off';

/** `none`: there never was any. */
export type WeatherAge = 'fresh' | 'ageing' | 'stale' | 'none';

/** How the weather of a source is doing. Times are ms UTC. */
export interface WeatherState {
  access: WeatherAccess;
  /** Its owner wants it fetched by itself. */
  isAutomatic: boolean;
  /** It is being asked for right now, or waits for its turn. */
  isAsking: boolean;
  fetchedAt: number | null;
  triedAt: number | null;
  age: WeatherAge;
  /** Why the last question had no answer. */
  trouble: Trouble | null;
  /** When it is asked for next by itself; null when it is not. */
  nextTryAt: number | null;
  /** As the service is told, degrees. */
  place: { latitude: number; longitude: number };
  /** Height of the weather model's ground there, m; null until it was asked. */
  elevationM: number | null;
}

const HOUR = 3_600_000;
/** Asked hourly by day and three-hourly by night, so that one missed question makes nothing old. */
const FRESH_FOR_MS = 4 * HOUR;
const AGEING_FOR_MS = 12 * HOUR;

export function ageOf(fetchedAt: number | null, now: number): WeatherAge {
  if (fetchedAt === null) return 'none';
  const age = now - fetchedAt;
  return age <= FRESH_FOR_MS ? 'fresh' : age <= AGEING_FOR_MS ? 'ageing' : 'stale';
}
