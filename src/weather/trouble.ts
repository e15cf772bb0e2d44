/** Why the weather service gave no weather. */
export type TroubleKind =
  /** No connection, no such host. */
  | 'unreachable'
  /** Too slow. */
  | 'timeout'
  /** Asked too often: nothing is asked before `until`. */
  | 'rateLimited'
  /** It did not like the question, and says why. */
  | 'refused'
  /** It is broken itself. */
  | 'server'
  /** What it answered is no weather. */
  | 'garbled';

export interface Trouble {
  kind: TroubleKind;
  /** For the owner: what happened. One sentence. */
  message: string;
  /** ms UTC; for `rateLimited`. */
  until?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Until when a service that says "limit exceeded" wants to be left alone. Open-Meteo counts by minute, hour and day and
 * names which in its reason; it sends no Retry-After, but a proxy may.
 */
export function pauseUntil(reason: string, retryAfterS: number | null, now: number): number {
  const asked = now + Math.min(Math.max(retryAfterS ?? 0, 0) * 1000, DAY);
  return Math.max(asked, now + pauseOf(reason, now));
}

function pauseOf(reason: string, now: number): number {
  if (/minute/i.test(reason)) return MINUTE;
  if (/hour/i.test(reason)) return HOUR;
  if (/dai?ly|day|tomorrow/i.test(reason)) return DAY - (now % DAY) + 5 * MINUTE;
  return 15 * MINUTE;
}
