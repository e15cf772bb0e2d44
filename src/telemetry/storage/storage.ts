import { DAY_MS, finestFirst, type Level, levels } from '../archive/levels.ts';

/** How much room the past takes, and will take at the pace of the last weeks. */

export type StoredPart = Level | 'energy';

export interface StoredLevel {
  part: StoredPart;
  bytes: number;
  /** What it grows by, bytes a day; 0 while nothing was packed. */
  bytesADay: number;
  /** How long it is kept, days; 0 is for ever. */
  keepDays: number;
}

/** Backups on the same disk, each with all of the past in it. */
export interface KeptCopies {
  /** Of all that are there. */
  bytes: number;
  count: number;
  /** How many of those made by the clock stay; 0 while none are made so. */
  keep: number;
}

/** The pace is that of so many days. */
export const PACE_DAYS = 30;
/**
 * Energy of one source for a day: its quarter hours and the states between which it can be booked anew, in DuckDB. Its file
 * cannot be asked how much of it is whose; measured by `npm run bench scale` over 7,300 days of sources.
 */
export const ENERGY_BYTES_A_DAY = 3500;
/** Looked ahead no further than this: years of which nobody knows anything. */
const FORECAST_DAYS = 30 * 365;

/** What blocks of some days of one source hold. */
export interface PackedShare {
  rows: number;
  bytes: number;
}

/**
 * Bytes a day of one source by level. `lastDays` is what the blocks that share time with the last `days` days hold, which
 * for coarse levels reach further back: those count by the row.
 */
export function paceOf(lastDays: Readonly<Record<Level, PackedShare>>, days: number): Record<Level, number> {
  const pace = (level: Level): number => {
    const { rows, bytes } = lastDays[level];
    if (rows === 0 || days <= 0) return 0;
    return levels[level].daysABlock === 1 ? bytes / days : (bytes / rows) * (DAY_MS / levels[level].widthMs);
  };
  return Object.fromEntries(finestFirst.map((level) => [level, pace(level)])) as Record<Level, number>;
}

/** Bytes of a level in so many days: what is past its time goes as new comes. */
function bytesIn({ bytes, bytesADay, keepDays }: StoredLevel, days: number): number {
  if (keepDays === 0) return bytes + days * bytesADay;
  const most = keepDays * bytesADay;
  return days >= keepDays ? most : Math.min(bytes + days * bytesADay, Math.max(bytes, most));
}

/** Bytes of all of them in so many days, and of the copies that hold as much. */
export function storedIn(stored: readonly StoredLevel[], days: number, copies: KeptCopies | null = null): number {
  const bytes = stored.reduce((sum, level) => sum + bytesIn(level, days), 0);
  if (!copies) return bytes;
  const { count, keep } = copies;
  if (days === 0 || keep === 0) return bytes + copies.bytes;
  const now = storedIn(stored, 0);
  const each = (count > 0 ? copies.bytes / count : now) + bytes - now;
  return bytes + keep * each;
}

/** Days until `freeBytes` are used up; null when that is further away than anybody can tell. */
export function daysUntilFull(
  stored: readonly StoredLevel[],
  freeBytes: number,
  copies: KeptCopies | null = null,
): number | null {
  const most = storedIn(stored, 0, copies) + freeBytes;
  if (storedIn(stored, FORECAST_DAYS, copies) <= most) return null;
  let [low, high] = [0, FORECAST_DAYS];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (storedIn(stored, middle, copies) > most) high = middle;
    else low = middle + 1;
  }
  return low;
}
