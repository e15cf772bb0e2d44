import { Counter, type CounterRules } from './counter.ts';
import type { Base, CounterState } from './counter-state.ts';
import type { CounterStep } from './counter-step.ts';
import {
  bookEvenly,
  clipped,
  type EnergySink,
  type Origin,
  type Piece,
  type PieceState,
  pieceFrom,
  pieceState,
  pushPiece,
} from './pieces.ts';
import { placeCounted } from './placing.ts';

/**
 * A counter over what is known without it (another counter, power). What the counter counted is the truth between its
 * values; what lies below says when it flowed. Where the counter is silent for a day, stands still while energy flows,
 * or begins anew somewhere unknown, what lies below counts instead.
 */

export interface StageRules extends CounterRules {
  /** Longest time between two values that is no gap [ms]. */
  longestStep: () => number;
}

/** Where a stage books. */
export interface StageOutput extends EnergySink {
  /** What lies below counts as it is: the counter itself says nothing of it. */
  pass: EnergySink['book'];
  /** Told of everything that a counter did other than counting on. */
  onOddity(time: number, oddity: StageOddity, step: Pick<CounterStep, 'before' | 'after'>, kwh: number): void;
  /** Told of all that the counter itself counted between two of its values, of whatever lies below. */
  counted?(from: number, to: number, kwh: number): void;
  /** Energy that a counter knows of more than a day, flowed evenly as far as anybody knows. */
  bridge(from: number, to: number, kwh: number): void;
}

export type StageOddity = NonNullable<CounterStep['oddity']> | 'stuck' | 'moves' | 'bridge';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Energy that must flow below before a counter that stands still is not believed any more [kWh]: whole kWh move seldom. */
const STUCK_KWH = 1;
const STUCK_WHOLE_KWH = 2;
/** Less is noise of a meter: it does not show that a counter stands still [kW]. */
const NOISE_KW = 0.1;
/** After so much that counted without it, what a counter makes up for is not asked any more [kWh]. */
const MOST_PASSED_KWH = 200;
/** A day of quarter hours. */
const MOST_PIECES = 96;

export class CounterStage implements EnergySink {
  private counter: Counter;
  /** What lies below since the counter last moved. What lies before its last value was zero as the counter said. */
  private below: Piece[] = [];
  /** What counted from below since the counter last moved, though the counter may know of it [kWh]. */
  private passed = 0;
  /** End of what counted from below. */
  private passedTo = Number.NEGATIVE_INFINITY;
  private movedAt: number | null = null;
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
    return this.counter.base;
  }

  /** kWh of one of the device's units. */
  unit(): number {
    return this.counter.unit;
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
    let known = 0;
    for (const { kwh } of this.below) known += kwh;
    return known;
  }

  /** True if so much may be counted in a time by the power that was seen here. */
  isUsual(ms: number, kwh: number): boolean {
    return this.counter.isUsual(ms, kwh);
  }

  held(): readonly Piece[] {
    return [...this.below];
  }

  /** Up to when what lies below is known [ms]. */
  toldTo(): number {
    return this.below.at(-1)?.to ?? this.counter.base?.time ?? Number.NEGATIVE_INFINITY;
  }

  /** While its unit is on trial it is read in this one, whatever follows in another by chance. */
  tryUnit(unit: number | null): void {
    this.counter.triedUnit = unit;
  }

  /** True while the counter itself counts, and not what lies below. */
  isCounting(): boolean {
    return this.counter.base !== null && !this.isSilent && !this.isStuck;
  }

  /** What is known from below; ascending. */
  book(from: number, to: number, kwh: number, origin: Origin): void {
    const { base } = this.counter;
    if (base === null) this.output.pass(from, to, kwh, origin);
    else if (this.isSilent || this.isStuck) this.pass({ from, to, kwh, origin });
    else if (from >= base.time) pushPiece(this.below, from, to, kwh, origin);
    else {
      const rest = clipped({ from, to, kwh, origin }, base.time, to);
      if (rest) pushPiece(this.below, rest.from, rest.to, rest.kwh, origin);
    }
  }

  notePower(kilowatts: number): void {
    this.counter.notePower(kilowatts);
  }

  declare(kwh: number): void {
    this.counter.declare(kwh);
  }

  /** The counter says a value, in its unit; gives what was odd about it. */
  speak(time: number, value: number): CounterStep['oddity'] {
    const { base } = this.counter;
    const step = this.counter.take(time, value);
    if (base === null) this.begin(time);
    else this.follow(base.time, time, step);
    return step.oddity;
  }

  private begin(time: number): void {
    if (this.counter.base === null) return;
    this.movedAt = time;
    // A counter that says zero may just as well count nothing at all.
    this.isStuck = this.counter.base.value === 0;
  }

  private follow(since: number, time: number, step: CounterStep): void {
    let kwh = 0;
    let at = since;
    for (const count of step.counts) {
      // Nobody knows what was counted before: what lies below counts, and is no part of this.
      if (count.from > at && this.release(at, count.from)) this.passed = 0;
      this.count(count.from, count.to, count.kwh);
      kwh += count.kwh;
      at = count.to;
    }
    // What counted before it began anew it does not know of; a daily one did within a day.
    const isOverdue = this.rules.kind === 'daily' && time - since > DAY;
    if (kwh > 0 || step.oddity === 'reset' || isOverdue) this.passed = 0;
    const reached = this.counter.base?.time ?? since;
    if (reached > at) {
      this.release(at, reached);
      this.wake(reached);
      this.passed = 0;
    }
    if (step.oddity) this.output.onOddity(time, step.oddity, step, kwh);
  }

  /** Called with the time of every reading: a counter that has said nothing for a day does not count meanwhile. */
  age(time: number): void {
    const { base } = this.counter;
    if (base === null || this.isSilent || this.isStuck || time - base.time <= DAY) return;
    this.release(base.time, Number.POSITIVE_INFINITY);
    this.below = [];
    this.isSilent = true;
  }

  /** At the end of the data: decides as it looks now. */
  finish(): void {
    const { base } = this.counter;
    if (base === null) return;
    if (this.counter.isInDoubt()) {
      const step = this.counter.settle();
      this.follow(base.time, this.counter.base?.time ?? base.time, step);
    }
    this.release(this.counter.base?.time ?? base.time, Number.POSITIVE_INFINITY);
  }

  private count(from: number, to: number, kwh: number): void {
    if (to <= from) return;
    // Where nothing flowed while it stood still, it stood still because of that.
    if (kwh > 0 && this.passed === 0) this.isStuck = false;
    if (this.isStuck) this.countWhileStuck(from, to, kwh);
    else if (kwh > 0) {
      this.isSilent = false;
      const rest = this.moreThanPassed(kwh);
      if (rest > 0) {
        this.output.counted?.(from, to, rest);
        this.place(from, to, rest);
      }
      this.settle(kwh);
      this.moved(to);
    } else {
      this.isSilent = false;
      this.stand(from, to);
    }
  }

  private moved(time: number): void {
    const { below } = this;
    if ((below[below.length - 1]?.to ?? 0) <= time) below.length = 0;
    else this.below = below.flatMap((piece) => clipped(piece, time, Number.POSITIVE_INFINITY) ?? []);
    this.movedAt = time;
  }

  /** The counter did not move: no energy, unless so much flows below that it must be stuck. */
  private stand(from: number, to: number): void {
    this.placeEvenly(from, to, 0, 'counter');
    const { below } = this;
    if (below.length === 0) return;
    let flowed = 0;
    let missed = 0;
    for (const { kwh } of below) flowed += kwh;
    // Where nothing flowed, nothing was missed, and a later step did not flow either.
    while (below.length > 0 && (below.at(-1) as Piece).kwh === 0 && (below.at(-1) as Piece).to <= to) below.pop();
    if (below.length > MOST_PIECES) this.below = below.slice(-MOST_PIECES);
    if (flowed < STUCK_KWH) return;
    for (const piece of this.below) if ((piece.kwh * HOUR) / (piece.to - piece.from) >= NOISE_KW) missed += piece.kwh;
    const value = this.counter.base?.value ?? 0;
    if (missed >= (Number.isInteger(value) ? STUCK_WHOLE_KWH : STUCK_KWH)) this.giveUp(to, value, missed);
  }

  /** What flowed while the counter stood still counts after all. */
  private giveUp(time: number, value: number, missed: number): void {
    this.isStuck = true;
    const { below } = this;
    this.below = [];
    for (const piece of below) this.pass(piece);
    this.output.onOddity(time, 'stuck', { before: value, after: value }, missed);
  }

  private countWhileStuck(from: number, to: number, kwh: number): void {
    if (kwh <= 0) {
      // Nothing else knows of this time: then it is what the counter says.
      if (this.passedTo <= from) this.placeEvenly(from, to, 0, 'counter');
      return;
    }
    const extra = this.moreThanPassed(kwh);
    const value = this.counter.base?.value ?? 0;
    if (extra > 0) this.output.counted?.(from, to, extra);
    if (extra > 0) this.placeEvenly(Math.max(this.movedAt ?? from, to - DAY), to, extra, 'bridge');
    this.output.onOddity(to, 'moves', { before: value - kwh, after: value }, extra);
    this.settle(kwh);
    this.wake(to);
  }

  private wake(time: number): void {
    this.isStuck = false;
    this.isSilent = false;
    this.moved(time);
  }

  /** Energy that the counter counted, at the times that what lies below makes likely. */
  private place(from: number, to: number, kwh: number): void {
    const isBridge = to - from > this.rules.longestStep();
    const spread = (low: number, high: number, part: number, origin: Origin) =>
      this.placeEvenly(low, high, part, origin);
    const book = (low: number, high: number, part: number, origin: Origin) => this.output.book(low, high, part, origin);
    const rest = placeCounted({ from, to, kwh, isBridge }, this.below, book, spread);
    if (isBridge && rest > 0) this.tellBridge(to, rest);
  }

  /** What the counter counted beyond that which counted from below already; nothing after very much of that. */
  private moreThanPassed(kwh: number): number {
    return this.passed >= MOST_PASSED_KWH ? 0 : Math.max(0, kwh - this.passed);
  }

  /** So much of what counted from below the counter knows too. */
  private settle(kwh: number): void {
    this.passed = Math.max(0, this.passed - kwh);
  }

  private placeEvenly(from: number, to: number, kwh: number, origin: Origin): void {
    if (to - from > DAY) this.output.bridge(from, to, kwh);
    else bookEvenly(this.output, from, to, kwh, origin);
  }

  private tellBridge(time: number, kwh: number): void {
    const value = this.counter.base?.value ?? 0;
    this.output.onOddity(time, 'bridge', { before: value - kwh, after: value }, kwh);
  }

  /** What lies below between two moments counts as it is. True if there was something. */
  private release(from: number, to: number): boolean {
    let isAny = false;
    for (const piece of this.below) {
      const part = clipped(piece, from, to);
      if (part) this.pass(part);
      isAny ||= part !== null;
    }
    if (isAny) this.below = this.below.flatMap((piece) => clipped(piece, to, Number.POSITIVE_INFINITY) ?? []);
    return isAny;
  }

  private pass(piece: Piece): void {
    // A daily counter knows of nothing before its midnight.
    const isNewDay = this.rules.kind === 'daily' && this.passedTo <= this.rules.dayStart(piece.from);
    this.passed = Math.min(MOST_PASSED_KWH, (isNewDay ? 0 : this.passed) + piece.kwh);
    this.passedTo = piece.to;
    this.output.pass(piece.from, piece.to, piece.kwh, piece.origin);
  }

  state(): StageState | null {
    if (this.counter.base === null) return null;
    return {
      ...this.counter.state(),
      ...(this.below.length > 0 && { below: this.below.map(pieceState) }),
      ...(this.passed > 0 && { passed: this.passed }),
      ...(this.passedTo > 0 && { passedTo: this.passedTo }),
      ...(this.movedAt !== null && { movedAt: this.movedAt }),
      ...(this.isSilent && { isSilent: true }),
      ...(this.isStuck && { isStuck: true }),
    };
  }

  restore(state: StageState): void {
    this.counter = Counter.from(state, this.rules);
    this.below = (state.below ?? []).map(pieceFrom);
    this.passed = state.passed ?? 0;
    this.passedTo = state.passedTo ?? Number.NEGATIVE_INFINITY;
    this.movedAt = state.movedAt ?? null;
    this.isSilent = state.isSilent ?? false;
    this.isStuck = state.isStuck ?? false;
  }
}

/** A stage between two readings, as plain values. */
export interface StageState extends CounterState {
  below?: PieceState[];
  passed?: number;
  passedTo?: number;
  movedAt?: number;
  isSilent?: boolean;
  isStuck?: boolean;
}
