/** Time comes in through this, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Where the time of the house comes from. */
export type TimeOrigin = 'system' | 'owner' | 'device';

export interface ClockStatus {
  /** False while nobody knows the time: then `now()` counts in unset time (`unset-time.ts`). */
  isSet: boolean;
  origin: TimeOrigin | null;
  now: number;
  /** What the computer's own clock says, when that is not believed; null when it is. */
  doubt: { systemSays: number; why: ClockDoubt } | null;
}

/** Why the computer's own clock is not believed. */
export type ClockDoubt =
  | 'before this Ampra was made'
  | 'far ahead'
  | 'behind what was measured'
  | 'jumped'
  | 'no battery';

/** True time of a moment that was stamped before the clock was set. */
export interface TrueTime {
  time: number;
  /** Nobody knows how long the computer was off afterwards: this is as late as it can have been. */
  isEstimate: boolean;
}

/** Stamps between `from` and `to` (exclusive) are moved by `delta` [ms]. */
export interface TimeShift {
  from: number;
  to: number;
  delta: number;
}

/** A clock that may not know the time yet, as on a computer without a battery for it. */
export interface HouseTime extends Clock {
  isSet(): boolean;
  status(): ClockStatus;
  /** What a stamp of unset time really was; null while nobody knows. */
  trueTime(stamp: number): TrueTime | null;
  /** A device said what time it is; several that agree and tick set a clock that is not set. */
  witness(who: string, time: number): void;
  /** Somebody who was asked says what time it is. */
  setByOwner(time: number): void;
  /** Somebody who was asked says that the computer's own clock is right. */
  trustSystem(): void;
  /** How stamps of unset time move, as far as it is known. */
  shifts(): readonly TimeShift[];
  /** Called when the time became known, with how older stamps move; gives the way to stop. */
  onSet(listener: (shifts: readonly TimeShift[]) => void): () => void;
}

/** The clock as one that may not be set; any other always is. */
export function houseTimeOf(clock: Clock): HouseTime | null {
  return 'trueTime' in clock ? (clock as HouseTime) : null;
}

/** False while nobody knows the time. */
export function isClockSet(clock: Clock): boolean {
  return houseTimeOf(clock)?.isSet() ?? true;
}
