import type { ClockDoubt } from './clock.ts';
import { EARLIEST_NOW, isPlausible, LATEST_NOW } from './unset-time.ts';

/** What is known when a start or a jump is judged. Times in ms. */
export interface ClockFacts {
  /** What the computer's clock says. */
  system: number;
  /** A time server agreed with it since the computer was switched on; null where nobody can tell. */
  isSynchronised: boolean | null;
  /** Newest time that was known to be true; null on the first start. */
  lastKnown: number | null;
  /** A small computer whose clock has no battery. */
  hasNoBattery: boolean;
  /** Since it was switched on. */
  uptimeMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A clock that is set by hand, or drifts, is followed up to here without a question. */
const SMALL_JUMP_MS = 15 * MINUTE_MS;
/** Where nobody can tell whether a time server agreed, it may have been one. */
const LIKELY_JUMP_MS = DAY_MS;
/** A house that was without power for longer has to be asked. */
const LONGEST_ABSENCE_MS = 100 * DAY_MS;
const SLIGHTLY_BEHIND_MS = 10 * MINUTE_MS;
/** So long a computer without a battery waits for a time server before its clock is believed. */
export const PATIENCE_MS = 10 * MINUTE_MS;

/** Why the computer's clock is not to be believed at a start; null when it is. */
export function doubtAtStart(facts: ClockFacts): ClockDoubt | null {
  const { system, isSynchronised, lastKnown } = facts;
  if (system < EARLIEST_NOW) return 'before this Ampra was made';
  if (system >= LATEST_NOW) return 'far ahead';
  if (isSynchronised === true) return null;
  if (lastKnown !== null && system < lastKnown - SLIGHTLY_BEHIND_MS) return 'behind what was measured';
  if (lastKnown !== null && system > lastKnown + LONGEST_ABSENCE_MS) return 'far ahead';
  return facts.hasNoBattery && isSynchronised === false && facts.uptimeMs < PATIENCE_MS ? 'no battery' : null;
}

/** Why a jump of a clock that was believed is not followed; null when it is. */
export function doubtAtJump(jumpMs: number, facts: Pick<ClockFacts, 'system' | 'isSynchronised'>): ClockDoubt | null {
  const { system, isSynchronised } = facts;
  if (system < EARLIEST_NOW) return 'before this Ampra was made';
  if (system >= LATEST_NOW) return 'far ahead';
  if (isSynchronised === true || Math.abs(jumpMs) <= SMALL_JUMP_MS) return null;
  return isSynchronised === null && Math.abs(jumpMs) <= LIKELY_JUMP_MS ? null : 'jumped';
}

const AGREEMENT_MS = 10_000;
const TICKING_MS = MINUTE_MS;
const MOST_DEVICES = 100;

/**
 * What devices say about the time while nobody knows it. Old readings that are sent late name old times; a clock that ticks
 * names times that move on as fast as the computer was on. So a device must say so over a minute, and the times agree.
 */
export class DeviceTimes {
  private readonly first = new Map<string, { ahead: number; uptimeMs: number; count: number }>();

  /** How far true time is ahead of the uptime, once a device is believed; null before. */
  add(who: string, time: number, uptimeMs: number): number | null {
    if (!isPlausible(time)) return null;
    const ahead = time - uptimeMs;
    const known = this.first.get(who);
    if (!known || Math.abs(known.ahead - ahead) > AGREEMENT_MS) {
      if (this.first.size >= MOST_DEVICES) this.first.clear();
      this.first.set(who, { ahead, uptimeMs, count: 1 });
      return null;
    }
    known.count++;
    return known.count >= 3 && uptimeMs - known.uptimeMs >= TICKING_MS ? ahead : null;
  }
}
