type Sign = 1 | -1;
/** Quantities whose sign a maker chooses. */
export type SignedMetric = 'gridPower' | 'batteryPower' | 'batteryCurrent';
export const isSigned = (metric: string): metric is SignedMetric => Object.hasOwn(LEAST_NEGATIVE, metric);

/**
 * By what a sign is told: what flows at one time adds up, a level or counter moves the way that something flows, or a battery
 * alone can give or take what is left.
 */
export type Proof = 'balance' | 'trend' | 'supply';

/** What makes the catalogue's sign of the device's, and by how many moments that is proven. */
export interface SignFinding {
  sign: Sign;
  metric: SignedMetric;
  by: Proof;
  proving: number;
  /** Those that prove it, and those that do not add up or say something else. */
  moments: number;
}

/** Whether a device's powers add up at all, as far as one can say: what it says at one time may do so by chance. */
export type Trust = 'unknown' | 'sound' | 'doubtful';

const LEAST_TRUSTED = 8;
/** Of the moments, so many that add up with no sign: hardly any, and too many. */
const [FEW, MANY] = [0.05, 0.2];
const LEAST_PROVING: Record<Proof, number> = { balance: 4, trend: 3, supply: 4 };
/** So many more than those that add up with no sign must prove one: of a device that hides something, some do by chance. */
const AHEAD = 3;
/** Of so many moments one may speak against it: not all meters are read at the same time. */
const ONE_STRAY_IN = 20;
const MOST_COUNTED = 500;
const LEAST_NEGATIVE: Record<SignedMetric, number> = { gridPower: 50, batteryPower: 50, batteryCurrent: 1 };

/**
 * What flowed in the moments that prove a sign by their balance must differ by this share: a wrong sign is out by twice what flows,
 * and where that is ever the same, as of a battery at its limit, something hidden of that size makes it up.
 */
const LEAST_SPREAD = 0.2;

/**
 * With a wrong sign what is left over grows by twice what flows more, with the right one hardly: where it varies by more than what
 * flows does, something hidden makes these moments add up.
 */
const MOST_LEFT = 1;

/** The least and most of what was seen. */
class Range {
  private least = Number.POSITIVE_INFINITY;
  private most = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
  }

  /** By how much they differ. */
  get width(): number {
    return Math.max(0, this.most - this.least);
  }

  /** By which share of the most the least is smaller. */
  get spread(): number {
    return this.most > 0 ? 1 - this.least / this.most : 0;
  }
}

/** What different moments said of the sign of one quantity. */
class SignEvidence {
  private plus = 0;
  private minus = 0;
  /** Moments that add up with no sign. */
  private neither = 0;
  /** What flowed in those that prove a sign. */
  private readonly amounts = { '1': new Range(), '-1': new Range() };
  /** And what was left over in them. */
  private readonly left = { '1': new Range(), '-1': new Range() };

  constructor(
    private readonly metric: SignedMetric,
    private readonly by: Proof,
  ) {}

  /**
   * Takes what a moment says: which sign makes it add up (null: either), and whether any does; `amount` is what flowed, W or A, of
   * whatever sign, and `leftW` what is left over then.
   */
  count(sign: Sign | null, holds: boolean, amount: number, leftW: number): void {
    if (holds && sign !== null) {
      this.amounts[sign].add(amount);
      this.left[sign].add(leftW);
    }
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
    if (proving < LEAST_PROVING[this.by]) return null;
    if (against * ONE_STRAY_IN > proving || this.neither > proving - AHEAD) return null;
    const { metric, by, moments } = this;
    const sign = this.plus > this.minus ? 1 : -1;
    if (by === 'balance' && !this.isTelling(sign)) return null;
    return { sign, metric, by, proving, moments };
  }

  /** True where nothing hidden of one size makes the moments up that prove a sign. */
  private isTelling(sign: Sign): boolean {
    const [amounts, left] = [this.amounts[sign], this.left[sign]];
    return amounts.spread >= LEAST_SPREAD && left.width <= MOST_LEFT * amounts.width;
  }

  get trust(): Trust {
    if (this.neither > MANY * this.moments) return 'doubtful';
    return this.moments < LEAST_TRUSTED || this.neither > FEW * this.moments ? 'unknown' : 'sound';
  }

  /** True when more than a stray moment says the opposite. */
  speaksAgainst(sign: Sign): boolean {
    const [same, opposite] = sign === 1 ? [this.plus, this.minus] : [this.minus, this.plus];
    return opposite > 1 && opposite * ONE_STRAY_IN > same;
  }

  private get moments(): number {
    return this.plus + this.minus + this.neither;
  }
}

const PROOFS: readonly Proof[] = ['balance', 'trend', 'supply'];

/** What was found out of the signs of one device, by metric and rank. */
export class SignEvidences {
  private readonly all = new Map<string, SignEvidence>();
  /** By metric and rank: what was never below zero may be an amount without a direction. */
  private readonly negative = new Set<string>();

  /** Takes what one moment says of an open sign; its value is in W or A. `leftW` is left over where the moment adds up. */
  count(
    metric: SignedMetric,
    whole: { value: number; rank: number; isSignOpen: boolean } | undefined,
    { sign, holds, leftW = 0 }: { sign: Sign | null; holds: boolean; leftW?: number },
    by: Proof = 'balance',
  ): void {
    if (!whole?.isSignOpen) return;
    const key = `${metric} ${whole.rank} ${by}`;
    const evidence = this.all.get(key) ?? new SignEvidence(metric, by);
    this.all.set(key, evidence);
    if (whole.value <= -LEAST_NEGATIVE[metric]) this.negative.add(`${metric} ${whole.rank}`);
    evidence.count(sign, holds, Math.abs(whole.value), leftW);
  }

  /** What is proven one way, and not refuted the other. */
  finding(metric: SignedMetric, rank: number): SignFinding | null {
    if (!this.negative.has(`${metric} ${rank}`)) return null;
    const known = PROOFS.flatMap((by) => this.all.get(`${metric} ${rank} ${by}`) ?? []);
    const found = known.flatMap(({ finding }) => finding ?? []).at(0);
    return found && !known.some((one) => one.speaksAgainst(found.sign)) ? found : null;
  }

  /** Whether what this device says at one time means something. */
  trust(metric: SignedMetric, rank: number, by: Proof = 'balance'): Trust {
    return this.all.get(`${metric} ${rank} ${by}`)?.trust ?? 'unknown';
  }

  /** True when something else than a stray moment says that a sign is wrong. */
  opposes(metric: SignedMetric, rank: number, sign: Sign): boolean {
    return PROOFS.some((by) => this.all.get(`${metric} ${rank} ${by}`)?.speaksAgainst(sign) === true);
  }

  findings(): [key: string, finding: SignFinding][] {
    const keys = new Set([...this.all.keys()].map((key) => key.slice(0, key.lastIndexOf(' '))));
    return [...keys].flatMap((key): [string, SignFinding][] => {
      const [metric, rank] = key.split(' ');
      const finding = this.finding(metric as SignedMetric, Number(rank));
      return finding ? [[key, finding]] : [];
    });
  }

  clear(): void {
    this.all.clear();
    this.negative.clear();
  }
}
