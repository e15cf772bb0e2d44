import { type EvidenceRules, type Unit, UnitEvidence } from './counter-evidence.ts';
import { CounterGate } from './counter-gate.ts';
import { CounterStage, type StageRules, type StageState } from './counter-stage.ts';
import { inUnit } from './counter-state.ts';
import { isTooLittle, mayBeOther, SUSPECT_KWH } from './counter-suspicion.ts';
import { type Reading, type TrialState, UnitTrial, WH } from './counter-trial.ts';
import { isNarrowSentinel, isWideSentinel } from './counter-values.ts';
import { clipped, type EnergySink, type Origin, type Piece } from './pieces.ts';
import type { StageOutput } from './stage-output.ts';

/**
 * A counter whose unit nobody told. Where it may be another than it seems (from its first value on, near zero, after a value
 * that does not follow), and power or what the panels can give can tell, it is put on trial: docs/energy.md, "kWh or Wh".
 */

export interface UnitRules extends StageRules, EvidenceRules {
  /** True while the power of this quantity is heard. */
  hearsPower: (time: number) => boolean;
  /** True while a better counter counts, to which this one only tells when. */
  isOnlyShape: () => boolean;
}

const HOUR = 3_600_000;

export class CounterUnits implements EnergySink {
  private reading: Reading;
  private trial: UnitTrial | null = null;
  /** True until something told the unit. */
  private isUnproven = true;
  /** What flowed by power since it last moved, also while a daily counter that is in doubt does not pass it on [kWh]. */
  private powered = 0;

  constructor(
    private readonly rules: UnitRules,
    private readonly output: StageOutput,
  ) {
    this.reading = this.newReading();
    this.reading.stage.turnTo(output);
  }

  private newReading(): Reading {
    const gate = new CounterGate(this.output);
    return { gate, stage: new CounterStage(this.rules, gate) };
  }

  /** What is known from below; ascending. */
  book(from: number, to: number, kwh: number, origin: Origin): void {
    this.reading.stage.book(from, to, kwh, origin);
    if (this.trial !== null) this.trial.other.stage.book(from, to, kwh, origin);
  }

  /** What flowed as power says, whatever lies between. */
  flowed(from: number, to: number, kwh: number): void {
    if (this.rules.kind === 'total') this.powered += kwh;
    if (this.trial !== null) this.trial.evidence.flowed(from, to, kwh);
  }

  notePower(kilowatts: number): void {
    this.reading.stage.notePower(kilowatts);
    if (this.trial !== null) this.trial.other.stage.notePower(kilowatts);
  }

  declare(kwh: number): void {
    this.reading.stage.declare(kwh);
    this.trial?.other.stage.declare(kwh);
  }

  /** True while the counter itself counts, and not what lies below. */
  isCounting(): boolean {
    return this.reading.stage.isCounting();
  }

  /** True while it is read in both units. */
  isOnTrial(): boolean {
    return this.trial !== null;
  }

  /** True while what it says is not understood: it waits for other values, or for its unit. */
  isOpen(): boolean {
    return this.trial !== null || this.reading.stage.isInDoubt();
  }

  /** What lies below since it last moved. */
  held(): readonly Piece[] {
    return this.reading.stage.held();
  }

  /** Takes what lies below of the time of which nothing was told. */
  fill(pieces: readonly Piece[]): void {
    const { stage } = this.reading;
    const since = stage.toldTo();
    for (const piece of pieces) {
      const open = clipped(piece, since, Number.POSITIVE_INFINITY);
      if (open) this.book(open.from, open.to, open.kwh, open.origin);
    }
  }

  /** True if it has said nothing for longer than is usual. */
  isBridged(time: number): boolean {
    return this.rules.isGap(time - (this.reading.stage.base()?.time ?? time));
  }

  /** True before the first value. */
  isNew(): boolean {
    return this.reading.stage.base() === null;
  }

  /** The counter says a value, in its unit. */
  speak(time: number, value: number): void {
    const before = this.reading.stage.base()?.value;
    this.take(time, value);
    if (this.reading.stage.base()?.value !== before) this.powered = 0;
  }

  private take(time: number, value: number): void {
    if (this.trial?.hasFallen(value, this.rules.kind)) this.endAsItLooks(time);
    if (this.trial !== null) this.judge(this.trial, time, value);
    else if (value === 0 || !this.isSpecial(time, value)) this.reading.stage.speak(time, value);
    else this.look(time, value);
  }

  /** True if there is reason to look at a value: nearly all are but a little more than those before. */
  private isSpecial(time: number, value: number): boolean {
    const { stage } = this.reading;
    const base = stage.base();
    if (base === null) return false;
    const rise = value * stage.unit() - base.value;
    if (rise === 0) return false;
    const isUsual = rise > 0 && rise < SUSPECT_KWH && base.value !== 0 && time - base.time <= HOUR;
    return (!isUsual || this.isUnproven || stage.unit() !== 1 || stage.isInDoubt()) && this.canTell(time);
  }

  private canTell(time: number): boolean {
    return this.rules.ratedKw !== null || this.rules.hearsPower(time);
  }

  private look(time: number, value: number): void {
    const { stage } = this.reading;
    const unit = stage.unit();
    const base = stage.base();
    const rise = value * unit - (base?.value ?? 0);
    const isKnown = (unit === 1 || unit === WH) && !isWideSentinel(value) && !isNarrowSentinel(value);
    if (isKnown && (this.isUnproven || mayBeOther(stage, this.rules, { time, value, rise, powered: this.powered }))) {
      this.begin(time, this.isUnproven || isTooLittle(stage, rise));
      if (this.trial !== null) this.judge(this.trial, time, value);
    } else if (isKnown && unit === WH && rise < 0) this.speakWatched(time, value);
    else {
      stage.speak(time, value);
      if (stage.isInDoubt()) this.begin(time, this.isUnproven);
    }
  }

  /** A counter of Wh that now seems to count kWh may as well have begun anew in Wh. */
  private speakWatched(time: number, value: number): void {
    const { stage, gate } = this.reading;
    const before = stage.state();
    stage.turnTo(gate);
    stage.speak(time, value);
    if (before !== null && stage.unit() !== WH) {
      this.fork(time, before, before);
      this.trial?.other.stage.speak(time, value);
      return;
    }
    gate.release();
    gate.tell();
    stage.turnTo(this.output);
    if (stage.isInDoubt()) this.begin(time, false);
  }

  /** Read in the other unit, too; `isAll`: with all that it showed before. */
  private begin(time: number, isAll: boolean): void {
    const { stage } = this.reading;
    const state = stage.state();
    const isKnown = stage.unit() === 1 || stage.unit() === WH;
    if (state !== null && isKnown) this.fork(time, state, inUnit(state, stage.unit() === 1 ? WH : 1, isAll), isAll);
  }

  /** From now on it is read in both ways: as so far, and as the other state says. */
  private fork(time: number, state: StageState, otherState: StageState, isAll = true): void {
    const { reading, rules } = this;
    const other = this.newReading();
    other.stage.restore(otherState);
    // What a counter shows that began anew, or after a silence, was counted at times of which power says nothing.
    // Nor is a step from a value in the one unit to one in the other held against it: it looks like a counter that began anew.
    const isOn =
      isAll && state !== otherState && state.chain === undefined && time - (state.base?.[0] ?? time) <= HOUR / 4;
    const since = isOn ? (state.base?.[2] ?? time) : time;
    const below = { kwh: isOn ? reading.stage.knownBelow() : 0, peakKw: reading.stage.peakBelow() };
    const evidence = UnitEvidence.begin(time, since, below, rules);
    const facts = {
      isShape: rules.isOnlyShape(),
      isOpen: this.isUnproven,
      last: 0,
    };
    this.trial = new UnitTrial(reading, other, evidence, facts);
  }

  private judge(trial: UnitTrial, time: number, value: number): void {
    const decided = trial.speak(time, value);
    if (decided?.isSure) this.isUnproven = false;
    if (decided) this.end(decided.unit, time);
  }

  private endAsItLooks(time: number): void {
    if (this.trial) this.end(this.trial.looksLike(time), time);
  }

  private end(unit: Unit, time: number): void {
    this.reading = this.trial?.end(unit, time, this.output) ?? this.reading;
    this.trial = null;
  }

  /** Called with the time of every reading: a counter that says nothing more is decided as it looks. */
  age(time: number): void {
    this.reading.stage.age(time);
    if (this.trial?.age(time)) this.endAsItLooks(time);
  }

  /** Before a better counter says its first value: what is known up to then counts. */
  giveWay(time: number): void {
    // Where power was about to tell its unit, a little is missed sooner than a thousand times as much told.
    if (this.trial?.evidence.isUntold() && this.rules.hearsPower(time)) this.reading.gate.forget();
    this.endAsItLooks(time);
  }

  /** At the end of the data: decides as it looks now. */
  finish(): void {
    this.endAsItLooks(this.reading.stage.base()?.time ?? 0);
    this.reading.stage.finish();
  }

  state(): UnitsState | null {
    const state = this.reading.stage.state();
    if (state === null) return null;
    return {
      ...state,
      ...(this.isUnproven && { isOpen: true }),
      ...(this.powered > 0 && { powered: this.powered }),
      ...(this.trial && { trial: this.trial.state() }),
    };
  }

  restore(state: UnitsState): void {
    this.isUnproven = state.isOpen ?? false;
    this.powered = state.powered ?? 0;
    this.reading.stage.restore(state);
    const { trial } = state;
    if (trial) this.trial = UnitTrial.from(trial, this.reading, this.newReading(), this.rules);
  }
}

/** A counter between two readings, as plain values. */
export interface UnitsState extends StageState {
  isOpen?: boolean;
  powered?: number;
  trial?: TrialState;
}
