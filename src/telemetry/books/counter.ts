import { CounterLimits, type Point, STEP_KWH } from './counter-limits.ts';
import { Nights } from './counter-nights.ts';
import { type Base, type Chain, type CounterState, type Former, partsOf, stateOf } from './counter-state.ts';
import { type CounterStep, countsOnly, NOTHING, odd } from './counter-step.ts';
import { inKwh, isNarrowSentinel, isWideSentinel, LEAST_PROOF_KWH, overRollover } from './counter-values.ts';

/**
 * What an energy counter counted between its values. Real counters reset (daily, weekly, by accident), show zero or a
 * sentinel while a device wakes up, step down by one digit, jump when a device is replaced, mix Wh and kWh. A value that
 * does not follow stays in doubt until later ones tell what it was. The rules, with the cases they come from, are in
 * docs/energy.md.
 */

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
const RESET_SHARE = 0.9;
/** A new beginning is believed after so many values over so long, or two values over an hour. */
const CONFIRM_POINTS = 3;
const CONFIRM_MS = 5 * 60_000;
/** More than one step of a counter that shows parts of a kWh. */
const DIGIT_KWH = STEP_KWH / 4;
/** Less is too little to tell units apart by. */
const LEAST_FOR_UNITS = 0.05;
/** From here on a thousandth of a count cannot be a count that began anew. */
const LEAST_FOR_MWH = 1000;

export class Counter {
  /** Last value that is believed; its time is that of the last value that said nothing else. */
  base: Base | null = null;
  private chain: Chain | null = null;
  private former: Former | null = null;
  private nights: Nights;
  /** When a total was last said to be zero after a real value [ms]; what it shows after a reset was counted since. */
  private zeroAt: number | null = null;
  /** kWh of one of the device's units: 0.001 when it counts Wh. */
  unit = 1;
  /** The unit in which it is read while others find out which it is; null nearly always. */
  triedUnit: number | null = null;
  /** What the owner said was counted up to the next value; null when nothing was said. */
  private declared: number | null = null;

  private readonly limits: CounterLimits;

  constructor(
    private readonly rules: CounterRules,
    peakKw?: number,
  ) {
    this.limits = new CounterLimits(rules.installedCapacityW, peakKw, rules.ratedKw);
    this.nights = new Nights(rules.dayStart);
  }

  /** True while a value waits for others to be understood. */
  isInDoubt(): boolean {
    return this.chain !== null;
  }

  /** A mean power of this size is possible here. */
  notePower(kilowatts: number): void {
    this.limits.notePower(kilowatts);
  }

  /** True if so much may be counted in a time by the power that was seen here. */
  isUsual(ms: number, kwh: number): boolean {
    return kwh <= STEP_KWH + this.limits.usuallyWithin(ms);
  }

  /** The counter was replaced or reset: up to its next value it counted `kwh`, whatever it shows. */
  declare(kwh: number): void {
    this.declared = kwh;
  }

  take(time: number, raw: number): CounterStep {
    if (!(raw >= 0) || isWideSentinel(raw)) return odd('sentinel', this.base?.value ?? 0, raw);
    const { base } = this;
    const point = { time, value: inKwh(raw, this.unit) };
    if (!base) return this.begin(point, raw);
    if (this.declared !== null) return this.takeDeclared(base, point);
    // A total of zero after a real value says nothing: either way no energy, and the next value tells which it was.
    if (this.rules.kind === 'total' && raw === 0 && base.value > 0) return this.zero(base, time);
    if (!isNextTo(base, point) && isNarrowSentinel(raw)) return odd('sentinel', base.value, raw);
    if (this.former !== null && this.comesBack(base, point)) return this.return(base, point);
    if (this.beganAnewUnseen(base, point)) return this.restart(base, chainOf(point));
    if (this.countsOn(base, point)) return this.goOn(base, point);
    const other = this.inOtherUnit(base, point, raw);
    if (other) return other;
    if (this.isDip(base, point)) return this.stand(base, point);
    return this.doubt(base, point);
  }

  /** Decides what is still in doubt as it looks now; called at the end of the data. */
  settle(): CounterStep {
    return this.base && this.chain ? this.restart(this.base, this.chain) : NOTHING;
  }

  private begin(point: Point, raw: number): CounterStep {
    if (isNarrowSentinel(raw)) return odd('sentinel', 0, raw);
    this.base = baseAt(point);
    this.declared = null;
    return NOTHING;
  }

  private takeDeclared(base: Point, point: Point): CounterStep {
    const kwh = this.declared ?? 0;
    this.declared = null;
    this.chain = null;
    this.former = null;
    this.base = baseAt(point);
    const counts = [{ from: base.time, to: point.time, kwh }];
    return { counts, oddity: 'declared', before: base.value, after: point.value };
  }

  private zero(base: Base, time: number): CounterStep {
    this.zeroAt = time;
    return odd('zero', base.value, 0);
  }

  private goOn(base: Base, point: Point): CounterStep {
    const wasInDoubt = this.chain !== null;
    this.chain = null;
    const counts = [this.count(base, point)];
    return wasInDoubt ? { counts, oddity: 'glitch', before: base.value, after: point.value } : countsOnly(counts);
  }

  private count(base: Base, point: Point): { from: number; to: number; kwh: number } {
    const kwh = point.value - base.value;
    const span = point.time - base.time;
    if (this.rules.kind === 'daily') this.nights.goesOn(base, point);
    if (span >= HOUR / 6 && span <= HOUR) this.notePower((kwh * HOUR) / span);
    if (this.former) {
      this.former.since += kwh;
      if (point.time - this.former.time > DAY) this.former = null;
    }
    this.zeroAt = null;
    this.base = kwh > 0 ? baseAt(point) : { ...point, since: base.since };
    return { from: base.time, to: point.time, kwh };
  }

  /** The higher value stands, as if it had been said again. */
  private stand(base: Base, point: Point): CounterStep {
    this.chain = null;
    this.base = { ...base, time: point.time };
    const counts = [{ from: base.time, to: point.time, kwh: 0 }];
    return { counts, oddity: 'dip', before: base.value, after: point.value };
  }

  /** True if the value follows from the last one. A total that has only said zero may not have been ready to say more. */
  private countsOn(base: Base, point: Point): boolean {
    if (!this.limits.follows(base, point, base.since) || this.goesOnAbove(base, point)) return false;
    return !this.saidOnlyZero(base) || this.limits.canHaveCounted(base.time, point);
  }

  /** True if the value follows as closely as the power that was seen here has it. */
  isClose(base: Point, point: Point): boolean {
    const rise = point.value - base.value;
    const least = base.value >= STEP_KWH ? STEP_KWH : LEAST_FOR_UNITS;
    return rise >= 0 && rise <= least + this.limits.usuallyWithin(point.time - base.time);
  }

  private saidOnlyZero(base: Point): boolean {
    return this.rules.kind === 'total' && base.value === 0;
  }

  /** After a jump that nothing explains, a value that goes on from there says that the jump was real, however long ago. */
  private goesOnAbove(base: Point, point: Point): boolean {
    const last = this.chain?.last;
    return last !== undefined && last.value > base.value && this.limits.follows(last, point);
  }

  /** True if the value goes on from where the counter stood before it fell; a daily counter's yesterday is over. */
  private followsFormer(point: Point): boolean {
    const { former } = this;
    if (!former || point.time - former.time > DAY || !this.limits.follows(former, point)) return false;
    return this.rules.kind === 'total' || former.time >= former.nights.lastStart(point.time);
  }

  /** A step to where the counter stood before it fell, too steep for what flows here: the fall was a mistake. */
  private comesBack(base: Point, point: Point): boolean {
    const steep = STEP_KWH / 20 + this.limits.usuallyWithin(point.time - base.time);
    if (point.value - base.value > steep) return this.followsFormer(point) || this.wasSilentAtZero(base, point);
    return this.isBackFromZero(base, point) && this.followsFormer(point);
  }

  /** From zero, in more than one digit, to what it showed before: who begins anew counts up, if not unheard. */
  private isBackFromZero(base: Point, point: Point): boolean {
    return point.time - base.time <= HOUR && point.value > digitOf(point.value) && this.isAtZeroSinceItFell(base);
  }

  private return(base: Point, point: Point): CounterStep {
    const { value, since, nights } = this.former ?? { value: point.value, since: 0, nights: null };
    if (nights) this.nights = nights;
    this.former = null;
    this.chain = null;
    this.base = baseAt(point);
    const counts = [{ from: base.time, to: point.time, kwh: Math.max(0, point.value - value - since) }];
    return { counts, oddity: 'return', before: base.value, after: point.value };
  }

  /** A daily counter that was silent when it was due to begin anew, and came back with another value, has done so. */
  private beganAnewUnseen(base: Point, point: Point): boolean {
    if (this.rules.kind !== 'daily' || point.value === base.value || point.time - base.time <= HOUR) return false;
    const start = this.nights.lastStart(point.time);
    if (base.time >= start || !this.limits.canHaveCounted(start, point)) return false;
    if (this.nights.isSure() || point.value < base.value) return true;
    // It may as well have gone on over this midnight; and more than on the day before in half the time is not likely.
    return 2 * (point.time - start) >= base.time - this.rules.dayStart(base.time);
  }

  /** Devices mix Wh and kWh: a value that follows when it is read in the other unit was meant so. */
  private inOtherUnit(base: Base, point: Point, raw: number): CounterStep | null {
    for (const unit of [1, 0.001]) {
      if (unit === this.unit || !this.mayTurnTo(unit, base)) continue;
      const value = this.roundedUp(base, inKwh(raw, unit));
      if (!this.isMeant(base, { time: point.time, value }, unit)) continue;
      if (unit === 1 && Number.isInteger(raw) && this.isDue(base, point)) continue;
      this.unit = unit;
      this.chain = null;
      const counts = [this.count(base, { time: point.time, value })];
      return { counts, oddity: 'unit', before: base.value, after: raw };
    }
    return null;
  }

  /** Of many kWh a display shows fewer digits than of Wh: what is less by one of these was cut off. */
  private roundedUp(base: Base, value: number): number {
    const isCut = base.value >= LEAST_PROOF_KWH && value < base.value && base.value - value <= finestDigit(value);
    return isCut ? base.value : value;
  }

  /** On trial, what follows in another unit by chance changes nothing. */
  private mayTurnTo(unit: number, base: Base): boolean {
    const { triedUnit } = this;
    return triedUnit === null || (triedUnit === 1 && (unit === 1 || base.value >= STEP_KWH));
  }

  /** True if a daily counter was to begin anew between two values: a whole number may be the first Wh since. */
  private isDue(before: Point, after: Point): boolean {
    return this.rules.kind === 'daily' && before.time < this.nights.lastStart(after.time);
  }

  /** True if a value in another unit goes on from the base, of little and back in kWh not by much. */
  private isMeant(base: Base, point: Point, unit: number): boolean {
    if (base.value >= STEP_KWH && unit !== 1) return this.limits.follows(base, point);
    return base.value >= LEAST_FOR_UNITS && this.isClose(base, point);
  }

  private doubt(base: Base, point: Point): CounterStep {
    const { chain } = this;
    if (chain && this.limits.follows(chain.last, point))
      this.chain = { first: chain.first, last: point, points: chain.points + 1 };
    else this.chain = chainOf(point);
    const { first, points } = this.chain;
    const span = point.time - first.time;
    const isConfirmed = (points >= CONFIRM_POINTS && span >= CONFIRM_MS) || (points >= 2 && span >= HOUR);
    return isConfirmed ? this.restart(base, this.chain) : NOTHING;
  }

  /** No daily counter goes on for more than a day. */
  private isOverdue(base: Point, point: Point): boolean {
    return this.rules.kind === 'daily' && point.time - base.time > DAY;
  }

  /** One step lower, as rounding does; after zeros and a silence only one digit, since a total may have begun anew. */
  private isDip(base: Base, point: Point): boolean {
    const drop = base.value - point.value;
    if (this.isOverdue(base, point)) return false;
    const most = Number.isFinite(this.zeroBefore(point)) ? finestDigit(base.value, point.value) : STEP_KWH;
    return drop > 0 && drop <= most && point.value >= base.value * RESET_SHARE;
  }

  /** Goes on from the chain. */
  private restart(base: Base, chain: Chain): CounterStep {
    const { first, last } = chain;
    const before = base.value;
    this.chain = null;
    const toMwh = this.inMwh(base, chain);
    if (toMwh) return { counts: toMwh, oddity: 'unit', before, after: first.value };
    const { oddity, counts } = first.value < base.value ? this.fall(base, first) : this.rise(base, first);
    this.base = baseAt(first);
    if (last.time > first.time) counts.push(this.count(this.base, last));
    return { counts, oddity, before, after: first.value };
  }

  /** A display that goes on in MWh shows a thousandth; a count that began anew is as low, but not just there. */
  private inMwh(base: Base, { first, last }: Chain): { from: number; to: number; kwh: number }[] | null {
    const value = first.value * 1000;
    const isNear =
      Math.abs(value - base.value) <= STEP_KWH + this.limits.mostWithin(Math.min(HOUR, first.time - base.time));
    if (base.value < LEAST_FOR_MWH || !isNear || first.time - base.time > HOUR) return null;
    this.unit *= 1000;
    const counts = [];
    const start = { time: first.time, value: Math.max(base.value, value) };
    const end = { time: last.time, value: Math.max(start.value, last.value * 1000) };
    counts.push(this.count(base, start));
    if (end.time > start.time) counts.push(this.count(baseAt(start), end));
    return counts;
  }

  private fall(base: Point, first: Point): Pick<CounterStep, 'counts' | 'oddity'> {
    const over = overRollover(base.value, first.value, STEP_KWH + this.limits.usuallyWithin(first.time - base.time));
    if (this.rules.kind === 'total' && over !== null)
      return { oddity: 'rollover', counts: [{ from: base.time, to: first.time, kwh: over }] };
    const from = this.sinceWhen(base, first);
    this.former = { ...base, since: 0, nights: this.nights };
    if (this.rules.kind === 'daily') this.nights = this.nights.begunAnew(base, first);
    const isReset = first.value < base.value * RESET_SHARE || from > base.time || this.isOverdue(base, first);
    return isReset ? this.beginAnew(from, first) : { oddity: 'jump', counts: [] };
  }

  private rise(base: Base, first: Point): Pick<CounterStep, 'counts' | 'oddity'> {
    if (this.followsFormer(first)) return this.return(base, first);
    this.former = null;
    const from = this.sinceWhen(base, first);
    if (from > base.time) return this.beginAnew(from, first);
    const kwh = first.value - base.value;
    // A display that stood still may show what was counted meanwhile.
    const most = this.saidOnlyZero(base) ? 0 : this.limits.usuallyWithin(first.time - base.since);
    if (kwh > most) return { oddity: 'jump', counts: [] };
    return { oddity: 'catchUp', counts: [{ from: base.since, to: first.time, kwh }] };
  }

  /** Zeros, over midnight too, and then more than can have flowed since, from where it stood before. */
  private wasSilentAtZero(base: Point, first: Point): boolean {
    return this.former !== null && this.isAtZeroSinceItFell(base) && this.limits.follows(this.former, first);
  }

  private isAtZeroSinceItFell(base: Point): boolean {
    return base.value === 0 && this.former?.since === 0;
  }

  /** After a reset the first value was counted from zero, if that is possible; else nobody knows. */
  private beginAnew(from: number, first: Point): Pick<CounterStep, 'counts' | 'oddity'> {
    if (first.time <= from || !this.limits.canHaveCounted(from, first)) return { oddity: 'jump', counts: [] };
    if (this.former) this.former.since = first.value;
    return { oddity: 'reset', counts: [{ from, to: first.time, kwh: first.value }] };
  }

  /**
   * Daily counters count since they were due to begin anew, if that lies in between; totals that stood at zero before they were
   * silent since then; all others since the value before.
   */
  private sinceWhen(base: Point, first: Point): number {
    const start = this.rules.kind === 'daily' ? this.nights.lastStart(first.time) : this.zeroBefore(first);
    return start < first.time ? Math.max(base.time, start) : base.time;
  }

  private zeroBefore(first: Point): number {
    const { zeroAt } = this;
    return zeroAt !== null && first.time - zeroAt > HOUR ? zeroAt : Number.NEGATIVE_INFINITY;
  }

  state(): CounterState {
    const { base, chain, former, nights, unit, declared, zeroAt } = this;
    return stateOf({ base, chain, former, nights, unit, declared, zeroAt }, this.limits.peakKw());
  }

  static from(state: CounterState, rules: CounterRules): Counter {
    const counter = new Counter(rules, state.peakKw);
    const parts = partsOf(state, rules.dayStart);
    ({ base: counter.base, chain: counter.chain, former: counter.former, nights: counter.nights } = parts);
    ({ unit: counter.unit, declared: counter.declared, zeroAt: counter.zeroAt } = parts);
    return counter;
  }
}

const baseAt = (point: Point): Base => ({ ...point, since: point.time });
const chainOf = (point: Point): Chain => ({ first: point, last: point, points: 1 });

/** The last digit that a display of both values shows [kWh], with room for rounding. */
function finestDigit(...values: number[]): number {
  let digit = STEP_KWH;
  while (digit > 0.001 && values.some((value) => !isNearInteger(value / digit))) digit /= 10;
  return 1.5 * Math.min(digit, DIGIT_KWH);
}

const isNearInteger = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-3;

const digitOf = (value: number): number => (Number.isInteger(value) ? STEP_KWH : DIGIT_KWH);

/** True if the value is at most a digit more: a count that gets to the edge of a register, and not one that stands for nothing. */
function isNextTo(base: Point, point: Point): boolean {
  const rise = point.value - base.value;
  return rise >= 0 && rise <= digitOf(point.value);
}
