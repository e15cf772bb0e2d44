import { type CounterLimits, DIGIT_KWH, type Point, STEP_KWH } from './counter-limits.ts';
import { isStillTheSame, Nights } from './counter-nights.ts';
import type { Base, Chain, CounterParts, Former } from './counter-state.ts';
import { finestDigit } from './counter-values.ts';

/** What a counter's past says of its next value: whether it goes on, fell by a step, came back, or began anew unseen. */

export interface CounterRules {
  kind: 'total' | 'daily';
  /** W; null when unknown. Bounds what may have been counted. */
  installedCapacityW: number | null;
  /** Rated power of the panels whose production it counts [kW]; null for other quantities, and where it is not known. */
  ratedKw: number | null;
  /** Start of the source's local day of a moment [ms]; a daily counter that began anew counted from there. */
  dayStart: (time: number) => number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A value below this share of the last one is a new beginning, above it a dip (as Home Assistant's statistics do). */
export const RESET_SHARE = 0.9;
/** A new beginning is believed after so many values over so long, or two values over an hour. */
const CONFIRM_POINTS = 3;
const CONFIRM_MS = 5 * 60_000;
/** Less is too little to tell units apart by. */
export const LEAST_FOR_UNITS = 0.05;

export class CounterPast implements CounterParts {
  /** Last value that is believed; its time is that of the last value that said nothing else. */
  base: Base | null = null;
  chain: Chain | null = null;
  former: Former | null = null;
  nights: Nights;
  /** When a total was last said to be zero after a real value [ms]; what it shows after a reset was counted since. */
  zeroAt: number | null = null;
  /** True if it may have gone over the end of its register by the first of these zeros; null while there are none. */
  overAtZero: boolean | null = null;
  /** kWh of one of the device's units: 0.001 when it counts Wh. */
  unit = 1;
  /** The unit in which it is read while others find out which it is; null nearly always. */
  triedUnit: number | null = null;
  /** What the owner said was counted up to the next value; null when nothing was said. */
  declared: number | null = null;

  constructor(
    readonly rules: CounterRules,
    readonly limits: CounterLimits,
  ) {
    this.nights = new Nights(rules.dayStart);
  }

  /** True if the value follows from the last one. A total that has only said zero may not have been ready to say more. */
  countsOn(base: Base, point: Point): boolean {
    if (!this.limits.follows(base, point, base.since) || this.goesOnAbove(base, point)) return false;
    return !this.saidOnlyZero(base) || this.limits.canHaveCounted(base.time, point);
  }

  /** True if the value follows as closely as the power that was seen here has it. */
  isClose(base: Point, point: Point): boolean {
    const rise = point.value - base.value;
    const least = base.value >= STEP_KWH ? STEP_KWH : LEAST_FOR_UNITS;
    return rise >= 0 && rise <= least + this.limits.usuallyWithin(point.time - base.time);
  }

  saidOnlyZero(base: Base): boolean {
    return this.rules.kind === 'total' && base.value === 0;
  }

  /** After a jump that nothing explains, a value that goes on from there says that the jump was real, however long ago. */
  private goesOnAbove(base: Point, point: Point): boolean {
    const last = this.chain?.last;
    return last !== undefined && last.value > base.value && this.limits.follows(last, point);
  }

  /** True if the value goes on from where the counter stood before it fell; a daily counter's yesterday is over. */
  followsFormer(point: Point): boolean {
    const { former } = this;
    if (!former || point.time - former.time > DAY || !this.limits.follows(former, point)) return false;
    return this.rules.kind === 'total' || former.time >= former.nights.lastStart(point.time);
  }

  /** A step to where the counter stood before it fell, too steep for what flows here: the fall was a mistake. */
  comesBack(base: Point, point: Point): boolean {
    const steep = STEP_KWH / 20 + this.limits.usuallyWithin(point.time - base.time);
    if (point.value - base.value > steep) return this.followsFormer(point) || this.wasSilentAtZero(base, point);
    return this.isBackFromZero(base, point) && (this.followsFormer(point) || this.isAsFormer(point));
  }

  /** Over midnight, too, just what it showed before it fell: the day before, which stands until the device wakes up. */
  private isAsFormer(point: Point): boolean {
    return this.former !== null && isStillTheSame(this.former, point);
  }

  /**
   * From zero, in more than one digit, to what it showed before: who begins anew counts up, if not unheard; and at its hour,
   * where that is known.
   */
  private isBackFromZero(base: Point, point: Point): boolean {
    if (!this.isAtZeroSinceItFell(base) || point.value <= digitOf(point.value)) return false;
    const isUndue = this.rules.kind === 'daily' && this.former?.nights.knowsHour() === true;
    return isUndue || point.time - base.time <= HOUR;
  }

  /** Zeros, over midnight too, and then more than can have flowed since, from where it stood before. */
  private wasSilentAtZero(base: Point, first: Point): boolean {
    return this.former !== null && this.isAtZeroSinceItFell(base) && this.limits.follows(this.former, first);
  }

  private isAtZeroSinceItFell(base: Point): boolean {
    return base.value === 0 && this.former?.since === 0;
  }

  /** A daily counter that was silent when it was due to begin anew, and came back with another value, has done so. */
  beganAnewUnseen(base: Point, point: Point): boolean {
    if (this.rules.kind !== 'daily' || point.value === base.value || point.time - base.time <= HOUR) return false;
    const start = this.nights.lastStart(point.time);
    if (base.time >= start || !this.limits.canHaveCounted(start, point)) return false;
    if (this.nights.isSure() || point.value < base.value) return true;
    if (isStillTheSame(base, point)) return false;
    // It may as well have gone on over this midnight; and more than on the day before in half the time is not likely.
    return 2 * (point.time - start) >= base.time - this.rules.dayStart(base.time);
  }

  /** True if a daily counter was to begin anew between two values: a whole number may be the first Wh since. */
  isDue(before: Point, after: Point): boolean {
    return this.rules.kind === 'daily' && before.time < this.nights.lastStart(after.time);
  }

  /** No daily counter goes on for more than a day. */
  isOverdue(base: Point, point: Point): boolean {
    return this.rules.kind === 'daily' && point.time - base.time > DAY;
  }

  /** One step lower, as rounding does; after zeros and a silence only one digit, since a total may have begun anew. */
  isDip(base: Base, point: Point): boolean {
    const drop = base.value - point.value;
    if (this.isOverdue(base, point)) return false;
    // So may a daily one in a silence.
    const mayBeAnew =
      this.rules.kind === 'daily' ? point.time - base.time > HOUR : Number.isFinite(this.zeroBefore(point));
    const most = mayBeAnew ? finestDigit(base.value, point.value) : STEP_KWH;
    return drop > 0 && drop <= most && point.value >= base.value * RESET_SHARE;
  }

  /** True once so many values go on from each other that they are believed. */
  isConfirmed({ first, last, points }: Chain): boolean {
    const span = last.time - first.time;
    return (points >= CONFIRM_POINTS && span >= CONFIRM_MS) || (points >= 2 && span >= HOUR);
  }

  /**
   * Daily counters count since they were due to begin anew, if that lies in between; totals that stood at zero before they were
   * silent since then; all others since the value before.
   */
  sinceWhen(base: Point, first: Point): number {
    const start = this.rules.kind === 'daily' ? this.nights.lastStart(first.time) : this.zeroBefore(first);
    return start < first.time ? Math.max(base.time, start) : base.time;
  }

  /** What a daily counter counted of which no more was heard until it began anew, at the slower pace of that day and the next. */
  likelyBefore(start: number, after: Point): number {
    const { base, rules } = this;
    if (base === null || start <= base.time || start - base.time > HOUR) return 0;
    const day = base.time - rules.dayStart(base.time);
    return (start - base.time) * Math.min(base.value / day, after.value / (after.time - start));
  }

  private zeroBefore(first: Point): number {
    const { zeroAt } = this;
    return zeroAt !== null && first.time - zeroAt > HOUR ? zeroAt : Number.NEGATIVE_INFINITY;
  }
}

const digitOf = (value: number): number => (Number.isInteger(value) ? STEP_KWH : DIGIT_KWH);

/** True if the value is at most a digit more: a count that gets to the edge of a register, and not one that stands for nothing. */
export function isNextTo(base: Base, point: Point): boolean {
  const rise = point.value - base.value;
  return rise >= 0 && rise <= digitOf(point.value);
}
