import { CounterLimits, type Point, STEP_KWH } from './counter-limits.ts';
import { meantInMwh, meantInOtherUnit } from './counter-meaning.ts';
import { CounterPast, type CounterRules, isNextTo, RESET_SHARE } from './counter-past.ts';
import { type Base, type Chain, type CounterState, partsOf, stateOf } from './counter-state.ts';
import { type CounterStep, countsOnly, NOTHING, odd } from './counter-step.ts';
import { inKwh, isNarrowSentinel, isWideSentinel, overRollover } from './counter-values.ts';

/**
 * What an energy counter counted between its values. Real counters reset (daily, weekly, by accident), show zero or a
 * sentinel while a device wakes up, step down by one digit, jump when a device is replaced, mix Wh and kWh. A value that
 * does not follow stays in doubt until later ones tell what it was. The rules, with the cases they come from, are in
 * docs/energy.md.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export class Counter {
  readonly past: CounterPast;

  constructor(
    private readonly rules: CounterRules,
    peakKw?: number,
  ) {
    this.past = new CounterPast(rules, new CounterLimits(rules.installedCapacityW, peakKw, rules.ratedKw));
  }

  /** True while a value waits for others to be understood. */
  isInDoubt(): boolean {
    return this.past.chain !== null;
  }

  /** A mean power of this size is possible here. */
  notePower(kilowatts: number): void {
    this.past.limits.notePower(kilowatts);
  }

  /** True if so much may be counted in a time by the power that was seen here. */
  isUsual(ms: number, kwh: number): boolean {
    return kwh <= STEP_KWH + this.past.limits.usuallyWithin(ms);
  }

  /** The counter was replaced or reset: up to its next value it counted `kwh`, whatever it shows. */
  declare(kwh: number): void {
    this.past.declared = kwh;
  }

  take(time: number, raw: number): CounterStep {
    const { past, rules } = this;
    const { base } = past;
    if (!(raw >= 0) || isWideSentinel(raw)) return odd('sentinel', base?.value ?? 0, raw);
    const point = { time, value: inKwh(raw, past.unit) };
    if (!base) return this.begin(point, raw);
    if (past.declared !== null) return this.takeDeclared(base, point, past.declared);
    // A total of zero after a real value says nothing: either way no energy, and the next value tells which it was.
    if (rules.kind === 'total' && raw === 0 && base.value > 0) return this.zero(base, time);
    if (!isNextTo(base, point) && isNarrowSentinel(raw)) return odd('sentinel', base.value, raw);
    if (past.former !== null && past.comesBack(base, point)) return this.return(base, point);
    if (past.beganAnewUnseen(base, point)) return this.restart(base, chainOf(point));
    if (past.countsOn(base, point)) return this.goOn(base, point);
    const meant = meantInOtherUnit(past, base, time, raw);
    if (meant) return this.turnTo(base, meant.unit, meant.point, raw);
    if (past.isDip(base, point)) return this.stand(base, point);
    return this.doubt(base, point);
  }

  /** Decides what is still in doubt as it looks now; called at the end of the data. */
  settle(): CounterStep {
    const { base, chain } = this.past;
    return base && chain ? this.restart(base, chain) : NOTHING;
  }

  private begin(point: Point, raw: number): CounterStep {
    if (isNarrowSentinel(raw)) return odd('sentinel', 0, raw);
    this.past.base = baseAt(point);
    this.past.declared = null;
    return NOTHING;
  }

  private takeDeclared(base: Point, point: Point, kwh: number): CounterStep {
    Object.assign(this.past, { declared: null, chain: null, former: null, base: baseAt(point) });
    const counts = [{ from: base.time, to: point.time, kwh }];
    return { counts, oddity: 'declared', before: base.value, after: point.value };
  }

  private zero(base: Base, time: number): CounterStep {
    const { past } = this;
    past.overAtZero ??= this.over(base, { time, value: 0 }) !== null;
    past.zeroAt = time;
    return odd('zero', base.value, 0);
  }

  private goOn(base: Base, point: Point): CounterStep {
    const wasInDoubt = this.past.chain !== null;
    this.past.chain = null;
    const counts = [this.count(base, point)];
    return wasInDoubt ? { counts, oddity: 'glitch', before: base.value, after: point.value } : countsOnly(counts);
  }

  private count(base: Base, point: Point): { from: number; to: number; kwh: number } {
    const { past } = this;
    const kwh = point.value - base.value;
    const span = point.time - base.time;
    if (this.rules.kind === 'daily') past.nights.goesOn(base, point);
    // What may be Wh says nothing of what can flow.
    if (span >= HOUR / 6 && span <= HOUR && past.triedUnit === null) this.notePower((kwh * HOUR) / span);
    if (past.former) {
      past.former.since += kwh;
      if (point.time - past.former.time > DAY) past.former = null;
    }
    past.zeroAt = null;
    past.overAtZero = null;
    past.base = { time: point.time, value: point.value, since: kwh > 0 ? point.time : base.since };
    return { from: base.time, to: point.time, kwh };
  }

  /** The higher value stands, as if it had been said again. */
  private stand(base: Base, point: Point): CounterStep {
    this.past.chain = null;
    this.past.base = { ...base, time: point.time };
    const counts = [{ from: base.time, to: point.time, kwh: 0 }];
    return { counts, oddity: 'dip', before: base.value, after: point.value };
  }

  private return(base: Base, point: Point): CounterStep {
    const { past } = this;
    const { value, since, nights } = past.former ?? { value: point.value, since: 0, nights: null };
    if (nights) past.nights = nights;
    past.former = null;
    past.chain = null;
    past.base = baseAt(point);
    const counts = [{ from: base.time, to: point.time, kwh: Math.max(0, point.value - value - since) }];
    return { counts, oddity: 'return', before: base.value, after: point.value };
  }

  private turnTo(base: Base, unit: number, point: Point, raw: number): CounterStep {
    this.past.unit = unit;
    this.past.chain = null;
    return { counts: [this.count(base, point)], oddity: 'unit', before: base.value, after: raw };
  }

  private doubt(base: Base, point: Point): CounterStep {
    const { past } = this;
    const { chain } = past;
    const goesOn = chain !== null && past.limits.follows(chain.last, point);
    past.chain = goesOn ? { first: chain.first, last: point, points: chain.points + 1 } : chainOf(point);
    return past.isConfirmed(past.chain) ? this.restart(base, past.chain) : NOTHING;
  }

  /** Goes on from the chain. */
  private restart(base: Base, chain: Chain): CounterStep {
    const { past } = this;
    const { first, last } = chain;
    const before = base.value;
    past.chain = null;
    const inMwh = meantInMwh(past, base, chain);
    if (inMwh) return { counts: this.goOnInMwh(base, ...inMwh), oddity: 'unit', before, after: first.value };
    const { oddity, counts } = first.value < base.value ? this.fall(base, chain) : this.rise(base, chain);
    past.base = baseAt(first);
    if (last.time > first.time) counts.push(this.count(past.base, last));
    return { counts, oddity, before, after: first.value };
  }

  private goOnInMwh(base: Base, start: Point, end: Point): CounterStep['counts'] {
    this.past.unit *= 1000;
    const counts = [this.count(base, start)];
    if (end.time > start.time) counts.push(this.count(baseAt(start), end));
    return counts;
  }

  private fall(base: Base, chain: Chain): Pick<CounterStep, 'counts' | 'oddity'> {
    const { past, rules } = this;
    const { first } = chain;
    const isTotal = rules.kind === 'total';
    const over = isTotal && past.overAtZero !== false ? this.over(base, first) : null;
    if (over !== null) return { oddity: 'rollover', counts: [{ from: base.time, to: first.time, kwh: over }] };
    const from = past.sinceWhen(base, first);
    past.former = { ...base, since: 0, nights: past.nights };
    if (rules.kind === 'daily') past.nights = past.nights.begunAnew(base, first);
    const isReset = first.value < base.value * RESET_SHARE || from > base.time || past.isOverdue(base, first);
    return isReset ? this.beginAnew(from, chain) : { oddity: 'jump', counts: [] };
  }

  /** What was counted if it went over the end of its register; null where it did not. */
  private over(base: Base, point: Point): number | null {
    const most = STEP_KWH + this.past.limits.usuallyWithin(point.time - base.time);
    return overRollover(base.value, point.value, most);
  }

  private rise(base: Base, chain: Chain): Pick<CounterStep, 'counts' | 'oddity'> {
    const { past } = this;
    const { first } = chain;
    if (past.followsFormer(first)) return this.return(base, first);
    past.former = null;
    const from = past.sinceWhen(base, first);
    if (from > base.time) return this.beginAnew(from, chain);
    const kwh = first.value - base.value;
    // A display that stood still may show what was counted meanwhile.
    const most = past.saidOnlyZero(base) ? 0 : past.limits.caughtUpWithin(first.time - base.since);
    if (kwh > most) return { oddity: 'jump', counts: [] };
    return { oddity: 'catchUp', counts: [{ from: base.since, to: first.time, kwh }] };
  }

  /** After a reset the first value was counted from zero, if that is possible; else nobody knows. */
  private beginAnew(from: number, { first, last }: Chain): Pick<CounterStep, 'counts' | 'oddity'> {
    const { past } = this;
    if (first.time <= from || !past.limits.canHaveCounted(from, first)) return { oddity: 'jump', counts: [] };
    if (past.former) past.former.since = first.value;
    const before = past.likelyBefore(from, last);
    const count = { from, to: first.time, kwh: first.value, ...(before > 0 && { before }) };
    return { oddity: 'reset', counts: [count] };
  }

  state(): CounterState {
    return stateOf(this.past, this.past.limits.peakKw());
  }

  static from(state: CounterState, rules: CounterRules): Counter {
    const counter = new Counter(rules, state.peakKw);
    Object.assign(counter.past, partsOf(state, rules.dayStart));
    return counter;
  }
}

const baseAt = ({ time, value }: Point): Base => ({ time, value, since: time });
const chainOf = (point: Point): Chain => ({ first: point, last: point, points: 1 });
