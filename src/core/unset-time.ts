import type { TimeShift, TrueTime } from './clock.ts';

/**
 * Time while nobody knows the time. A computer without a battery for its clock starts in 1970 and may never hear of a time
 * server. What happens then is stamped with the time since the computer was switched on, counted from a moment in a stretch of
 * the calendar that no reading can be of (readings before 2010 are refused): each start of the computer has a stretch of its
 * own there, so that stamps stay in their order, and once the time is known all of a stretch move by one difference.
 */
export const UNSET_FROM = Date.UTC(1971, 0, 1);
export const UNSET_TO = Date.UTC(2010, 0, 1);
/** Before this program was made no clock can be right. */
export const EARLIEST_NOW = Date.UTC(2026, 0, 1);
/** Nor can one that is so much later. */
export const LATEST_NOW = Date.UTC(2056, 0, 1);
const DAY_MS = 86_400_000;
/** How long a computer takes to be started again, at least, with the minute by which the end of a start is not known. */
const RESTART_MS = 120_000;

export const isUnsetStamp = (ms: number): boolean => ms >= UNSET_FROM && ms < UNSET_TO;
export const isPlausible = (ms: number): boolean => ms >= EARLIEST_NOW && ms < LATEST_NOW;

/** One start of the computer during which the time was not known at first. */
export interface Boot {
  /** The kernel's name for it. */
  id: string;
  /** Stamp of the moment at which the computer was switched on. */
  base: number;
  /** Longest time since that moment that was seen [ms]. */
  lastUptimeMs: number;
  /** What to add to its stamps; null while nobody knows. */
  delta: number | null;
  isEstimate: boolean;
}

/** Where the stretch of a new start begins: a day behind everything before. */
export function nextBase(boots: readonly Boot[]): number {
  return boots.reduce((base, boot) => Math.max(base, boot.base + boot.lastUptimeMs + DAY_MS), UNSET_FROM);
}

export function trueTimeOf(stamp: number, boots: readonly Boot[]): TrueTime | null {
  if (!isUnsetStamp(stamp)) return { time: stamp, isEstimate: false };
  const boot = bootAt(stamp, boots);
  return boot?.delta === null || boot === undefined ? null : { time: stamp + boot.delta, isEstimate: boot.isEstimate };
}

/** The last that began before the stamp. */
function bootAt(stamp: number, boots: readonly Boot[]): Boot | undefined {
  return boots.reduce<Boot | undefined>(
    (found, boot) => (boot.base <= stamp && (!found || boot.base > found.base) ? boot : found),
    undefined,
  );
}

/**
 * The starts with the time known for the newest. Earlier ones ended when the computer was switched off for nobody knows how
 * long: they are placed right before the next, and not before what was known already.
 */
export function withKnown(boots: readonly Boot[], id: string, delta: number, lastKnownMs: number | null): Boot[] {
  const sorted = [...boots].sort((a, b) => a.base - b.base);
  let nextStart = Number.POSITIVE_INFINITY;
  for (let i = sorted.length - 1; i >= 0; i--) {
    const boot = sorted[i] as Boot;
    if (boot.id === id) sorted[i] = { ...boot, delta, isEstimate: false };
    else if (boot.delta === null && Number.isFinite(nextStart)) {
      const latest = nextStart - RESTART_MS - (boot.base + boot.lastUptimeMs);
      const earliest = (lastKnownMs ?? Number.NEGATIVE_INFINITY) - boot.base;
      sorted[i] = { ...boot, delta: Math.max(latest, earliest), isEstimate: true };
    }
    const known = sorted[i] as Boot;
    if (known.delta !== null) nextStart = known.base + known.delta;
  }
  return sorted;
}

/** How stored stamps move. */
export function shiftsOf(boots: readonly Boot[]): TimeShift[] {
  const sorted = [...boots].sort((a, b) => a.base - b.base);
  return sorted.flatMap((boot, i) => {
    const to = sorted[i + 1]?.base ?? UNSET_TO;
    return boot.delta === null ? [] : [{ from: boot.base, to, delta: boot.delta }];
  });
}
