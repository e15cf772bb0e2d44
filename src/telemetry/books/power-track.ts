import type { NumericMetric } from '../../core/metrics.ts';
import { isUnknown, mayBeUnknown } from '../../core/register-limits.ts';
import type { PowerStep } from './power-step.ts';
import { Rhythm, type RhythmState } from './rhythm.ts';

/**
 * One power [W] as it comes: between which values energy is to be booked. A value that stands for "unknown" is none, and a
 * single one far above all that is known waits for the next: where that is far below again, it is left out.
 */

/** A single value this many times the one before and the one after it stands alone. */
const ALONE = 3;
/** So many times the largest power that stayed, or what is installed, is far above all that is known. */
const FAR = 3;
/** Below these nothing is far above [W]: what panels may give of which nothing is stated, and of which something is ... */
const LEAST_SOLAR_W = 5000;
const LEAST_STATED_W = 1000;
/** ... and what a house may switch on at once: an oven, a heater, a car. */
const LEAST_OTHER_W = 30_000;
const MOST_SWITCHED_W = 25_000;

export interface PowerRules {
  metric: NumericMetric;
  /** W; null when unknown. */
  installedCapacityW: number | null;
  /** Longest time between two values that is no gap [ms], while the power's own rhythm is not known. */
  longestStep: () => number;
  /** A value that is believed [W]. */
  believe: (watts: number) => void;
  /** Two believed values that follow each other; `isGap` where too much time lies between them. */
  step: (step: PowerStep, isGap: boolean) => void;
  /** A value that is left out; `believable` is the last that was believed, or what is believed at most [W]. */
  leaveOut: (time: number, kind: PowerOddity, believable: number, watts: number) => void;
}

export type PowerOddity = 'wild' | 'sentinel';

export class PowerTrack {
  private readonly rhythm: Rhythm;
  /** The last believed value, and the size of the one before it. */
  private watts: number;
  private before: number;
  /** The largest power that three values in a row reached. */
  private largest: number;
  /** What is believed of a single value [W]. */
  private limit = 0;
  /** The newest value, while it waits for the next, and the time of the last believed one; null nearly always. */
  private doubt: { since: number | null; watts: number } | null;
  private isExpected = false;

  constructor(
    private readonly rules: PowerRules,
    state: PowerState | null,
  ) {
    const [watts = 0, rhythm = [], largest = 0, before = 0, since = null, doubtful] = state ?? [];
    this.rhythm = Rhythm.from(rhythm);
    this.watts = watts;
    this.before = before;
    this.largest = largest;
    this.doubt = doubtful === undefined ? null : { since, watts: doubtful };
    this.limit = limitOf(rules, largest);
  }

  /** A first value is about to come: what is said before it need not do without it. */
  expect(): void {
    this.isExpected = true;
  }

  /** True if the last value is not longer ago than usual. */
  isHeard(time: number): boolean {
    const { last, longestStep } = this.rhythm;
    if (last === null) return this.isExpected;
    return time - last <= Math.max(longestStep, this.rules.longestStep());
  }

  /** The largest power that stayed, in either direction [kW]. */
  peakKw(): number {
    return this.largest / 1000;
  }

  /** Takes a value later than all before. */
  take(time: number, watts: number): void {
    if (mayBeUnknown(watts) && this.isUnknown(watts)) {
      this.rules.leaveOut(time, 'sentinel', this.watts, watts);
      return;
    }
    const { rhythm } = this;
    let since = rhythm.last;
    if (this.doubt) since = this.settle(this.doubt, rhythm.last as number, watts);
    if (this.isWild(watts)) this.doubt = { since, watts };
    else this.believe(since, time, watts);
    rhythm.add(time);
  }

  /** Decides about the value that waited, as the next one says. Gives the time of the last believed value. */
  private settle({ since, watts }: { since: number | null; watts: number }, time: number, next: number): number | null {
    this.doubt = null;
    if (ALONE * Math.abs(next) >= Math.abs(watts)) {
      this.believe(since, time, watts);
      return time;
    }
    this.rules.leaveOut(time, 'wild', this.limit, watts);
    return since;
  }

  private isUnknown(watts: number): boolean {
    return isUnknown(this.rules.metric, watts, () => (this.rhythm.last === null ? undefined : this.watts));
  }

  private isWild(watts: number): boolean {
    const size = Math.abs(watts);
    return size > this.limit && size > ALONE * Math.abs(this.watts);
  }

  private believe(since: number | null, time: number, watts: number): void {
    const { rhythm, rules } = this;
    const longest = rhythm.isKnown() ? rhythm.longestStep : rules.longestStep();
    rules.believe(watts);
    if (since !== null && time > since)
      rules.step({ from: since, to: time, start: this.watts, end: watts }, time - since > longest);
    const last = Math.abs(this.watts);
    const stayed = Math.min(Math.abs(watts), last, this.before);
    if (stayed > this.largest) {
      this.largest = stayed;
      this.limit = limitOf(rules, stayed);
    }
    this.before = last;
    this.watts = watts;
  }

  /** Null before the first value. */
  state(): PowerState | null {
    const { rhythm, watts, largest, before, doubt } = this;
    if (rhythm.last === null) return null;
    const usual = [watts, rhythm.state(), largest, before] as const;
    return doubt ? [...usual, doubt.since, doubt.watts] : [...usual];
  }
}

/** What a single value may be without being far above all that is known [W]. */
function limitOf({ metric, installedCapacityW }: PowerRules, largest: number): number {
  const installed = installedCapacityW ?? 0;
  const known = FAR * Math.max(largest, installed);
  if (metric === 'solarPower') return Math.max(known, installed > 0 ? LEAST_STATED_W : LEAST_SOLAR_W);
  return Math.max(known, largest + MOST_SWITCHED_W, LEAST_OTHER_W);
}

/** As plain values; states of earlier versions end after the rhythm. */
export type PowerState = [
  watts: number,
  rhythm: RhythmState,
  largest?: number,
  before?: number,
  since?: number | null,
  doubtful?: number,
];
