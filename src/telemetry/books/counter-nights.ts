import type { Point } from './counter-limits.ts';
import { finestDigit } from './counter-values.ts';

/**
 * When a daily counter begins anew. Most do at midnight. Some go on over it: they begin when the device wakes up, or by a clock
 * that is set to another zone. Those are told by their going on, and are due when they last began.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Clocks of devices are wrong by minutes: what begins so near to midnight begins at midnight. */
const NEAR_MS = HOUR / 2;
/** The longest night of a device [ms]. */
const NIGHT_MS = 18 * HOUR;

/** After a night, at most a digit more than before it is likelier what was said then than just as much of the new day. */
export const isStillTheSame = (before: Point, after: Point): boolean =>
  after.time - before.time <= NIGHT_MS &&
  after.value >= before.value &&
  after.value - before.value <= finestDigit(before.value, after.value);

export class Nights {
  /** True once it was seen to go on over midnight. */
  private goesOver = false;
  /** When it last began anew [ms]; null while that was not seen. */
  private beganAt: number | null = null;
  /** The midnight over which it went on, as far as was seen [ms]. */
  private midnight: number | null = null;

  constructor(
    private readonly dayStart: (time: number) => number,
    state?: NightsState,
  ) {
    if (!state) return;
    this.goesOver = state.goesOver ?? false;
    this.beganAt = state.beganAt ?? null;
    this.midnight = state.midnight ?? null;
  }

  /** The counter goes on from one value to the next. */
  goesOn(before: Point, after: Point): void {
    const midnight = this.dayStart(after.time);
    if (before.time < midnight) {
      const isHeard = after.time - before.time <= HOUR;
      const isOver = before.value > 0 && (isHeard || isStillTheSame(before, after));
      this.midnight = isOver && midnight - (this.beganAt ?? 0) >= NEAR_MS ? midnight : null;
    }
    if (this.midnight === midnight && after.time - midnight >= NEAR_MS) {
      this.goesOver = true;
      this.midnight = null;
    }
  }

  /** What is known once the counter fell, and goes on from there. */
  begunAnew(before: Point, after: Point): Nights {
    const { goesOver, beganAt } = this;
    const isSeen = after.time - before.time <= HOUR;
    const isAtMidnight = isSeen && before.time < this.dayStart(after.time);
    const next = new Nights(this.dayStart);
    next.goesOver = goesOver && !isAtMidnight;
    next.beganAt = isSeen ? after.time : beganAt;
    return next;
  }

  /** True where it was seen when it is due: it went on over midnight, or last began anew there. */
  isSure(): boolean {
    const { goesOver, beganAt } = this;
    if (goesOver || beganAt === null) return goesOver;
    return beganAt - this.dayStart(beganAt) < NEAR_MS || this.dayStart(beganAt + NEAR_MS) > beganAt;
  }

  /** True where the hour at which it is due was seen. */
  knowsHour(): boolean {
    return this.beganAt !== null && this.isSure();
  }

  /** The last moment up to `time` at which it was due to begin anew; minus infinity where nobody knows when that is. */
  lastStart(time: number): number {
    const midnight = this.dayStart(time);
    if (!this.goesOver) return midnight;
    if (this.beganAt === null) return Number.NEGATIVE_INFINITY;
    const after = this.beganAt - this.dayStart(this.beganAt);
    const byWall = midnight + after <= time ? midnight + after : this.dayStart(midnight - 1) + after;
    const byItsClock = this.beganAt + Math.floor((time - this.beganAt) / DAY) * DAY;
    // Whether it follows a change of the clock is not known: while only one of the two is over it may not be due yet.
    return Math.abs(byWall - byItsClock) < DAY / 2 ? Math.max(byWall, byItsClock) : Math.min(byWall, byItsClock);
  }

  /** Undefined while nothing was seen. */
  state(): NightsState | undefined {
    const { goesOver, beganAt, midnight } = this;
    if (!goesOver && beganAt === null && midnight === null) return undefined;
    return {
      ...(goesOver && { goesOver: true as const }),
      ...(beganAt !== null && { beganAt }),
      ...(midnight !== null && { midnight }),
    };
  }
}

/** What was seen of it, as plain values. */
export interface NightsState {
  goesOver?: true;
  beganAt?: number;
  midnight?: number;
}
