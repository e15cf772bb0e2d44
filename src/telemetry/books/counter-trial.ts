import { type EvidenceRules, type EvidenceState, type Unit, UnitEvidence } from './counter-evidence.ts';
import type { CounterGate, GateState } from './counter-gate.ts';
import type { CounterStage, StageState } from './counter-stage.ts';
import type { StageOutput } from './stage-output.ts';

/** A counter that is read in kWh and in Wh at once: what either would book is kept back until something tells which it was. */

/** kWh of a Wh. */
export const WH = 0.001;
/** After a lower share of the last value it has fallen. */
const FALL_SHARE = 0.9;
const SAME_KWH = 1e-6;

/** One way to read the counter. */
export interface Reading {
  stage: CounterStage;
  gate: CounterGate;
}

export interface TrialFacts {
  /** True if a better counter asks only when it flowed, and cannot wait. */
  isShape: boolean;
  /** True if nothing told its unit before. */
  isOpen: boolean;
  /** What it showed last, in its unit. */
  last: number;
  /** True if it counted more than flowed here before, read in kWh. */
  isTooMuch?: true;
}

/** What is decided, and whether it is proven. */
export interface Decision {
  unit: Unit;
  isSure: boolean;
}

export class UnitTrial {
  private readonly wh: Reading;

  constructor(
    /** As it was read so far. */
    private readonly reading: Reading,
    readonly other: Reading,
    readonly evidence: UnitEvidence,
    private readonly facts: TrialFacts,
    isOtherWh = other.stage.unit() === WH,
  ) {
    this.wh = isOtherWh ? other : reading;
    for (const { gate, stage } of [reading, other]) {
      stage.turnTo(gate);
      stage.tryUnit(stage === this.wh.stage ? WH : 1);
    }
    const { kwh } = this;
    this.wh.gate.onCounted = (from, to, counted) => evidence.count(from, to, counted);
    kwh.gate.onCounted = (from, to, counted) => {
      evidence.countInKwh(from, to, counted);
      if (!kwh.stage.isUsual(to - from, counted)) facts.isTooMuch = true;
    };
  }

  /** The one that reads it in kWh. */
  private get kwh(): Reading {
    return this.wh === this.reading ? this.other : this.reading;
  }

  /** It fell: the unit in which it goes on is a question of its own. */
  hasFallen(value: number, kind: 'total' | 'daily'): boolean {
    // Wh among kWh fall back to kWh.
    if (this.kwh.stage.unit() !== 1) return false;
    return value < FALL_SHARE * this.facts.last && (value > 0 || kind === 'daily');
  }

  /** Both take the value. Null while nothing is decided. */
  speak(time: number, value: number): Decision | null {
    const { reading, other, evidence, facts } = this;
    const { stage } = reading;
    if (value > 0) facts.last = value;
    stage.speak(time, value);
    other.stage.speak(time, value);
    // Read in Wh it has turned to kWh: what went on in kWh all the time is likelier.
    if (this.areOne() && stage.unit() === 1) return { unit: 'kWh', isSure: false };
    const verdict = evidence.verdict(time);
    if (verdict !== null) return { unit: verdict, isSure: true };
    if (this.areOne()) return { unit: evidence.nearest() ?? 'kWh', isSure: false };
    if (evidence.isOver(time)) return { unit: this.looksLike(time), isSure: false };
    this.tellShape();
    return null;
  }

  /** Both have come to say the same: from here on nothing can tell them apart. */
  private areOne(): boolean {
    const [a, b] = [this.reading.stage, this.other.stage];
    const apart = Math.abs((a.base()?.value ?? 0) - (b.base()?.value ?? 0));
    return a.unit() === b.unit() && apart < SAME_KWH && !a.isInDoubt() && !b.isInDoubt();
  }

  /** The counter said nothing; true once nothing better is to be expected. */
  age(time: number): boolean {
    this.other.stage.age(time);
    this.tellShape();
    return this.evidence.isOver(time);
  }

  looksLike(time: number): Unit {
    const likely = this.facts.isTooMuch ? 'Wh' : this.unitSoFar();
    return this.evidence.looksLike(time, likely, this.facts.isOpen);
  }

  private unitSoFar(): Unit {
    return this.wh === this.reading ? 'Wh' : 'kWh';
  }

  /** A better counter is told when it flowed as power has it, and nothing while that tells nothing. */
  private tellShape(): void {
    if (!this.facts.isShape) return;
    const { reading, other } = this;
    const unit = this.evidence.nearest();
    if (unit !== null) ((unit === 'Wh') === (this.wh === reading) ? reading : other).gate.release();
    for (const { gate } of [reading, other]) gate.forget();
  }

  /** What is read in the unit counts, and books at `output` from now on; nothing of the other. */
  end(unit: Unit, time: number, output: StageOutput): Reading {
    const { reading, other, wh } = this;
    const winner = (unit === 'Wh') === (wh === reading) ? reading : other;
    winner.gate.onCounted = null;
    if (winner === other) {
      const before = reading.stage.base()?.value ?? 0;
      winner.gate.onOddity(time, 'unit', { before, after: winner.stage.base()?.value ?? 0 }, 0);
    }
    winner.stage.tryUnit(null);
    winner.gate.release();
    winner.gate.tell();
    winner.stage.turnTo(output);
    return winner;
  }

  state(): TrialState {
    const { reading, other, evidence, facts, wh } = this;
    return {
      other: other.stage.state() as StageState,
      evidence: evidence.state(),
      isOtherWh: wh === other,
      ...facts,
      held: reading.gate.state(),
      otherHeld: other.gate.state(),
    };
  }

  static from(state: TrialState, reading: Reading, other: Reading, rules: EvidenceRules): UnitTrial {
    other.stage.restore(state.other);
    reading.gate.restore(state.held);
    other.gate.restore(state.otherHeld);
    const { isShape, isOpen, last, isTooMuch } = state;
    const facts = { isShape, isOpen, last, ...(isTooMuch && { isTooMuch }) };
    return new UnitTrial(reading, other, UnitEvidence.from(state.evidence, rules), facts, state.isOtherWh);
  }
}

/** A trial between two readings, as plain values. */
export interface TrialState extends TrialFacts {
  other: StageState;
  evidence: EvidenceState;
  isOtherWh: boolean;
  held: GateState;
  otherHeld: GateState;
}
