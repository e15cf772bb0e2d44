import { Counter } from './counter.ts';
import { Below } from './counter-below.ts';
import { DIGIT_KWH } from './counter-limits.ts';
import { Passed } from './counter-passed.ts';
import type { CounterRules } from './counter-past.ts';
import type { Base, CounterState } from './counter-state.ts';
import type { CounterStep } from './counter-step.ts';
import type { EnergySink, Origin, Piece, PieceState } from './pieces.ts';
import { placeCounted } from './placing.ts';
import { Silences, type SilencesState } from './silences.ts';
import { placeEvenly, type StageOutput } from './stage-output.ts';

/**
 * A counter over what is known without it (another counter, power). What the counter counted is the truth between its
 * values; what lies below says when it flowed. Where the counter is silent for a day, stands still while energy flows,
 * or begins anew somewhere unknown, what lies below counts instead.
 */

export interface StageRules extends CounterRules {
  /** True if so much time between two values [ms] is a gap. */
  isGap: (ms: number) => boolean;
}

const DAY = 86_400_000;
/** Energy that must flow below before a counter that stands still is not believed any more [kWh]: whole kWh move seldom. */
const STUCK_KWH = 1;
const STUCK_WHOLE_KWH = 2;
/** Less is noise of a meter: it does not show that a counter stands still [kW]. */
const NOISE_KW = 0.1;

export class CounterStage implements EnergySink {
  private counter: Counter;
  /** What lies below since the counter last moved. What lies before its last value was zero as the counter said. */
  private below = new Below();
  private passed = new Passed();
  private movedAt: number | null = null;
  private readonly silences = new Silences();
  private isSilent = false;
  private isStuck = false;

  constructor(
    private readonly rules: StageRules,
    private output: StageOutput,
  ) {
    this.counter = new Counter(rules);
  }

  /** Last value that is believed; null before the first. */
  base(): Readonly<Base> | null {
    return this.counter.past.base;
  }

  /** kWh of one of the device's units. */
  unit(): number {
    return this.counter.past.unit;
  }

  /** True while a value waits for others to be understood. */
  isInDoubt(): boolean {
    return this.counter.isInDoubt();
  }

  /** From now on it books there. */
  turnTo(output: StageOutput): void {
    this.output = output;
  }

  /** What lies below since the counter last moved [kWh]. */
  knownBelow(): number {
    return this.below.kwh();
  }

  /** The most of it at a time [kW]. */
  peakBelow(): number {
    return this.below.peakKw();
  }

  /** True if so much may be counted in a time by the power that was seen here. */
  isUsual(ms: number, kwh: number): boolean {
    return this.counter.isUsual(ms, kwh);
  }

  /** The same, as it is now. */
  held(): readonly Piece[] {
    return this.below.all().map((piece) => ({ ...piece }));
  }

  /** Up to when what lies below is known [ms]. */
  toldTo(): number {
    return this.below.end() ?? this.counter.past.base?.time ?? Number.NEGATIVE_INFINITY;
  }

  /** While its unit is on trial it is read in this one, whatever follows in another by chance. */
  tryUnit(unit: number | null): void {
    this.counter.past.triedUnit = unit;
  }

  /** True while the counter itself counts, and not what lies below. */
  isCounting(): boolean {
    return this.counter.past.base !== null && !this.isSilent && !this.isStuck;
  }

  /** What is known from below; ascending. */
  book(from: number, to: number, kwh: number, origin: Origin): void {
    const { base } = this.counter.past;
    if (base === null) this.output.pass(from, to, kwh, origin);
    else if (this.isSilent || this.isStuck) this.pass({ from, to, kwh, origin });
    else this.below.add(from, to, kwh, origin, base.time);
  }

  notePower(kilowatts: number): void {
    this.counter.notePower(kilowatts);
  }

  declare(kwh: number): void {
    this.counter.declare(kwh);
  }

  /** The counter says a value, in its unit; gives what was odd about it. */
  speak(time: number, value: number): CounterStep['oddity'] {
    const { base } = this.counter.past;
    this.silences.hear(time, this.rules.isGap);
    if ((this.below.end() ?? 0) >= time) this.age(time);
    const step = this.counter.take(time, value);
    if (base === null) this.begin(time);
    else this.follow(base.time, time, step);
    return step.oddity;
  }

  private begin(time: number): void {
    if (this.counter.past.base === null) return;
    this.movedAt = time;
    // A counter that says zero may just as well count nothing at all.
    this.isStuck = this.counter.past.base.value === 0;
  }

  private follow(since: number, time: number, step: CounterStep): void {
    let kwh = 0;
    let at = since;
    for (const count of step.counts) {
      // Nobody knows what was counted before: what lies below counts, and is no part of this.
      if (count.from > at && this.release(at, count.from)) this.passed.forget();
      else if (count.before && !this.rules.isGap(count.to - at))
        placeEvenly(this.output, at, count.from, count.before, 'counter');
      this.count(count.from, count.to, count.kwh);
      kwh += count.kwh;
      at = count.to;
    }
    // What counted before it began anew it does not know of; a daily one did within a day.
    const isOverdue = this.rules.kind === 'daily' && time - since > DAY;
    if (kwh > 0 || step.oddity === 'reset' || isOverdue) this.passed.forget();
    const reached = this.counter.past.base?.time ?? since;
    if (reached > at) {
      this.release(at, reached);
      this.wake(reached);
      this.passed.forget();
    }
    if (step.oddity) this.output.onOddity(time, step.oddity, step, kwh);
  }

  /** Called with the time of every reading: a counter that has said nothing for a day does not count meanwhile. */
  age(time: number): void {
    const { base } = this.counter.past;
    if (base === null || this.isSilent || this.isStuck || time - base.time <= DAY) return;
    this.release(base.time, Number.POSITIVE_INFINITY);
    this.below.takeAll();
    this.isSilent = true;
  }

  /** At the end of the data: decides as it looks now. */
  finish(): void {
    const { base } = this.counter.past;
    if (base === null) return;
    if (this.counter.isInDoubt()) {
      const step = this.counter.settle();
      this.follow(base.time, this.counter.past.base?.time ?? base.time, step);
    }
    this.release(this.counter.past.base?.time ?? base.time, Number.POSITIVE_INFINITY);
  }

  private count(from: number, to: number, kwh: number): void {
    if (to <= from) return;
    // Where nothing flowed while it stood still, it stood still because of that.
    if (kwh > 0 && this.passed.isNothing()) this.isStuck = false;
    if (this.isStuck) this.countWhileStuck(from, to, kwh);
    else if (kwh > 0) {
      this.isSilent = false;
      const rest = this.passed.moreThan(kwh);
      if (rest > 0) {
        this.output.counted?.(from, to, rest);
        this.place(from, to, rest);
      }
      this.passed.settle(kwh);
      this.moved(to);
    } else {
      this.isSilent = false;
      this.stand(from, to);
    }
  }

  /** Energy that the counter counted, at the times that what lies below makes likely. */
  private place(from: number, to: number, kwh: number): void {
    const { below, rules } = this;
    const counted = this.silences.around({ from, to, kwh }, rules.isGap, {
      fits: (ms) => this.isUsual(ms, kwh),
      isTooMuch: () => this.isMoreThanFlows(from, to, kwh),
    });
    const rest = placeCounted(counted, below.all(), this.output);
    if (!counted.isBridge || rest <= 0) return;
    const value = this.value();
    this.output.onOddity(to, 'bridge', { before: value - rest, after: value }, rest);
  }

  /** After a silence a device may say once more what it said before; what comes then flowed in the silence, too. */
  private isMoreThanFlows(from: number, to: number, kwh: number): boolean {
    const { below } = this;
    const isShown = !this.rules.isGap(to - (below.end() ?? 0));
    return isShown ? kwh > DIGIT_KWH + 2 * below.kwh() : !this.isUsual(to - from, kwh);
  }

  private value(): number {
    return this.counter.past.base?.value ?? 0;
  }

  private moved(time: number): void {
    this.below.forgetBefore(time);
    this.silences.forget();
    this.movedAt = time;
  }

  /** The counter did not move: no energy, unless so much flows below that it must be stuck. */
  private stand(from: number, to: number): void {
    placeEvenly(this.output, from, to, 0, 'counter');
    const { below } = this;
    if (below.end() === null) return;
    const flowed = below.kwh();
    // Of more than a day the counter does not say that it is known; what lies below does.
    if (to - from > DAY) for (const piece of below.idle(to)) this.output.book(piece.from, piece.to, 0, 'counter');
    below.forgetIdle(to);
    if (flowed < STUCK_KWH) return;
    const missed = below.kwhAbove(NOISE_KW);
    const value = this.value();
    if (missed >= (Number.isInteger(value) ? STUCK_WHOLE_KWH : STUCK_KWH)) this.giveUp(to, value, missed);
  }

  /** What flowed while the counter stood still counts after all. */
  private giveUp(time: number, value: number, missed: number): void {
    this.isStuck = true;
    for (const piece of this.below.takeAll()) this.pass(piece);
    this.output.onOddity(time, 'stuck', { before: value, after: value }, missed);
  }

  private countWhileStuck(from: number, to: number, kwh: number): void {
    if (kwh <= 0) {
      // Nothing else knows of this time: then it is what the counter says.
      if (this.passed.to <= from) placeEvenly(this.output, from, to, 0, 'counter');
      return;
    }
    const extra = this.passed.moreThan(kwh);
    const value = this.value();
    if (extra > 0) this.output.counted?.(from, to, extra);
    if (extra > 0) placeEvenly(this.output, Math.max(this.movedAt ?? from, to - DAY), to, extra, 'bridge');
    this.output.onOddity(to, 'moves', { before: value - kwh, after: value }, extra);
    this.passed.settle(kwh);
    this.wake(to);
  }

  private wake(time: number): void {
    this.isStuck = false;
    this.isSilent = false;
    this.moved(time);
  }

  /** What lies below between two moments counts as it is. True if there was something. */
  private release(from: number, to: number): boolean {
    const parts = this.below.takeBetween(from, to);
    for (const part of parts) this.pass(part);
    return parts.length > 0;
  }

  private pass(piece: Piece): void {
    const { kind, dayStart } = this.rules;
    // A daily counter knows of nothing before its midnight.
    this.passed.add(piece, kind === 'daily' ? dayStart(piece.from) : Number.NEGATIVE_INFINITY);
    this.output.pass(piece.from, piece.to, piece.kwh, piece.origin);
  }

  state(): StageState | null {
    if (this.counter.past.base === null) return null;
    const below = this.below.state();
    return {
      ...this.counter.state(),
      ...(below && { below }),
      ...this.passed.state(),
      ...(this.movedAt !== null && { movedAt: this.movedAt }),
      ...this.silences.state(this.counter.past.base.time),
      ...(this.isSilent && { isSilent: true }),
      ...(this.isStuck && { isStuck: true }),
    };
  }

  restore(state: StageState): void {
    this.counter = Counter.from(state, this.rules);
    this.below = new Below(state.below);
    this.passed = new Passed(state.passed, state.passedTo);
    this.movedAt = state.movedAt ?? null;
    this.silences.restore(state, state.base?.[0] ?? null);
    this.isSilent = state.isSilent ?? false;
    this.isStuck = state.isStuck ?? false;
  }
}

/** A stage between two readings, as plain values. */
export interface StageState extends CounterState, SilencesState {
  below?: PieceState[];
  passed?: number;
  passedTo?: number;
  movedAt?: number;
  isSilent?: boolean;
  isStuck?: boolean;
}
