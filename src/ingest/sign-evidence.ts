type Sign = 1 | -1;
/** Quantities whose sign a maker chooses. */
export type SignedMetric = 'gridPower' | 'batteryPower' | 'batteryCurrent';

/** What makes the catalogue's sign of the device's, and by how many moments that is proven. */
export interface SignFinding {
  sign: Sign;
  metric: SignedMetric;
  proving: number;
  /** Those that prove it, and those that do not add up or say something else. */
  moments: number;
}

const LEAST_PROVING = 3;
/** Of so many moments one may speak against it: not all meters are read at the same time. */
const ONE_STRAY_IN = 20;
const MOST_COUNTED = 500;
const LEAST_NEGATIVE = { gridPower: 50, batteryPower: 50, batteryCurrent: 1 };

/** What different moments said of the sign of one quantity. */
export class SignEvidence {
  private plus = 0;
  private minus = 0;
  /** Moments that add up with no sign. */
  private neither = 0;
  /** What was never below zero may be an amount without a direction. */
  private wasNegative = false;

  constructor(private readonly metric: SignedMetric) {}

  /** Takes what a moment says: which sign makes it add up (null: either), and whether any does. `value` in W or A. */
  count(value: number, sign: Sign | null, holds: boolean): void {
    this.wasNegative ||= value <= -LEAST_NEGATIVE[this.metric];
    if (!holds) this.neither++;
    else if (sign === 1) this.plus++;
    else if (sign === -1) this.minus++;
    if (this.moments <= MOST_COUNTED) return;
    this.plus = Math.floor(this.plus / 2);
    this.minus = Math.floor(this.minus / 2);
    this.neither = Math.floor(this.neither / 2);
  }

  get finding(): SignFinding | null {
    const [proving, against] = [Math.max(this.plus, this.minus), Math.min(this.plus, this.minus)];
    if (!this.wasNegative || proving < LEAST_PROVING) return null;
    if (against * ONE_STRAY_IN > proving || this.neither > proving) return null;
    return { sign: this.plus > this.minus ? 1 : -1, metric: this.metric, proving, moments: this.moments };
  }

  private get moments(): number {
    return this.plus + this.minus + this.neither;
  }
}
