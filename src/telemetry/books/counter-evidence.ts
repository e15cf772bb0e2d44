/**
 * In which unit a counter counts, by what cannot be mistaken: the power beside it, or what the panels can give. Both are told
 * how much it counts when it is read in Wh.
 */

const HOUR = 3_600_000;
/** So much must flow by power before it is held against what was counted [kWh]. */
const ENOUGH_KWH = 0.3;
/** A display of whole kWh may be late, but not by more than this [kWh]. */
const LATE_KWH = 5;
/** Read in the right unit a counter and a power are at most so many times apart. */
const NEAR = 3;
/** A counter in kWh that is read in Wh counts far less than this of what power says, and something, if only in coarse steps. */
const FAR = 0.03;
const LEAST = 1e-4;
const LITTLE_KWH = 0.05;
/** Less than a Wh no display of Wh counts: it is what a display of kWh rounds. */
const LEAST_WH_KWH = 0.0005;
/** Where power is not heard for so long, there is nothing to compare with. */
const GAP_MS = HOUR / 4;
/** Power may come after the counter, message by message. */
const LATE_MS = HOUR / 12;
/** After so long it is decided as it looks; of what hardly moved, later: nothing waits. */
const PATIENCE_MS = 12 * HOUR;
const QUIET_PATIENCE_MS = 72 * HOUR;
const QUIET_RISES = 2;
const QUIET_KWH = 0.02;
/** A power that was never more, in either direction, is likelier one in kW than its counter one in Wh [kW]. */
const LEAST_PEAK_KW = 0.02;
/**
 * Panels do not give so many times their rated power, even where somebody stated that of one for all of them; a display that
 * stood still shows half a day of it at once. As it looks, less is enough.
 */
const MOST_TIMES = 30;
const MOST_HOURS = 10;
const LIKELY_TIMES = 5;
const LEAST_RISES = 4;
/** What a counter in kWh shows of a bright half hour; and after so long, panels have given more than a few Wh. */
const BRIGHT_HOURS = 0.5;
const LONG_MS = 4 * HOUR;

export type Unit = 'kWh' | 'Wh';

/** All that was seen, as plain numbers. */
export interface EvidenceState {
  /** When the trial began [ms]. */
  start: number;
  /** Since when power is known without a gap, and up to when [ms]. */
  since: number;
  poweredTo: number;
  /** What flowed by power, and what was counted of the same time, read in Wh and in kWh [kWh]. */
  byPower: number;
  counted: number;
  inKwh: number;
  /** The largest power [kW]. */
  peakKw: number;
  /** Counted since the start, read in Wh [kWh], now and at the last value, and in how many steps. */
  inAll: number;
  lastInAll: number;
  rises: number;
  /** When it last said something and when it rose, and for how long it has been rising, without the nights between [ms]. */
  spokeAt: number;
  roseAt: number;
  rising: number;
}

export interface EvidenceRules {
  /** Rated power of panels whose production it is [kW]; null for other quantities, and where it is not known. */
  ratedKw: number | null;
  /** The largest power that stayed, in either direction [kW]. */
  powerPeakKw: () => number;
}

export class UnitEvidence {
  private readonly seen: EvidenceState;

  private constructor(
    seen: EvidenceState,
    private readonly rules: EvidenceRules,
  ) {
    this.seen = { ...seen };
  }

  /**
   * `since`: from when on what is counted is compared [ms]; `below`: what power says of the time from then to the start, in
   * all and at most at a time.
   */
  static begin(
    start: number,
    since: number,
    below: { kwh: number; peakKw: number },
    rules: EvidenceRules,
  ): UnitEvidence {
    const nothing = { counted: 0, inKwh: 0, inAll: 0, lastInAll: 0, rises: 0, rising: 0 };
    const { kwh: byPower, peakKw } = below;
    const seen = { start, since, poweredTo: start, byPower, peakKw, ...nothing, spokeAt: start, roseAt: start };
    return new UnitEvidence(seen, rules);
  }

  static from(state: EvidenceState, rules: EvidenceRules): UnitEvidence {
    return new UnitEvidence(state, rules);
  }

  state(): EvidenceState {
    return { ...this.seen };
  }

  /** So much flowed, as power says. */
  flowed(from: number, to: number, kwh: number): void {
    const { seen } = this;
    // What was counted in a gap of power is held against nothing.
    if (from - seen.poweredTo > GAP_MS) seen.since = from;
    seen.poweredTo = to;
    seen.peakKw = Math.max(seen.peakKw, (kwh * HOUR) / (to - from));
    if (from >= seen.since) seen.byPower += kwh;
  }

  /** True while no power was heard. */
  isUntold(): boolean {
    return this.seen.poweredTo === this.seen.start;
  }

  /** Read in Wh, so much was counted. */
  count(from: number, to: number, kwh: number): void {
    const { seen } = this;
    if (from >= seen.start) seen.inAll += kwh;
    if (this.isPowered(from, to)) seen.counted += kwh;
  }

  /** And so much, read in kWh. */
  countInKwh(from: number, to: number, kwh: number): void {
    if (this.isPowered(from, to)) this.seen.inKwh += kwh;
  }

  private isPowered(from: number, to: number): boolean {
    return from >= this.seen.since && to - this.seen.poweredTo <= LATE_MS;
  }

  /** Null while nothing is sure. Called once for each value of the counter. */
  verdict(time: number): Unit | null {
    const { seen } = this;
    const { ratedKw } = this.rules;
    if (seen.inAll > seen.lastInAll) {
      seen.rises++;
      seen.rising += Math.max(time - seen.spokeAt, Math.min(HOUR, time - seen.roseAt));
      seen.roseAt = time;
      seen.lastInAll = seen.inAll;
    }
    seen.spokeAt = time;
    if (seen.byPower > 0 && time - seen.poweredTo <= GAP_MS) return this.byPowerAlone();
    return ratedKw === null ? null : this.byRatedPower(ratedKw);
  }

  /** True once nothing better is to be expected. */
  isOver(time: number): boolean {
    const isQuiet = this.seen.byPower < QUIET_KWH && this.seen.rises <= QUIET_RISES;
    return time - this.seen.start >= (isQuiet ? QUIET_PATIENCE_MS : PATIENCE_MS);
  }

  /** As it looks so far, to one that took it for `unit`; `isOpen`: without any proof. */
  looksLike(time: number, unit: Unit, isOpen: boolean): Unit {
    const { byPower, inAll, rising, since, poweredTo, peakKw } = this.seen;
    const { ratedKw, powerPeakKw } = this.rules;
    const isInWatts = Math.max(peakKw, powerPeakKw()) >= LEAST_PEAK_KW;
    const isCompared = isInWatts ? poweredTo > since : byPower > 0 && !(isOpen && this.isOver(time));
    if (isCompared) return this.nearer() ?? unit;
    if (unit === 'Wh' || ratedKw === null) return unit;
    return inAll * 1000 > 1 + (LIKELY_TIMES * ratedKw * rising) / HOUR ? 'Wh' : 'kWh';
  }

  /** In which unit what was counted is nearer to what power says, however far; null where it is out of all proportion. */
  private nearer(): Unit | null {
    const { byPower, counted, inKwh } = this.seen;
    if (inKwh > byPower / FAR + LITTLE_KWH) return 'Wh';
    if (counted >= LEAST_WH_KWH && counted > byPower * FAR) return counted <= byPower / FAR ? 'Wh' : null;
    return counted >= byPower * LEAST ? 'kWh' : null;
  }

  /** The unit in which what was counted is near to what power says, by far the nearer one of two; null where neither is. */
  nearest(): Unit | null {
    const { byPower, counted, inKwh } = this.seen;
    if (byPower === 0) return null;
    const isNear = counted >= LEAST_WH_KWH && timesApart(counted, byPower) <= NEAR;
    if (isNear) return timesApart(inKwh, byPower) ** 2 < timesApart(counted, byPower) ? 'kWh' : 'Wh';
    return counted <= byPower * FAR && counted >= byPower * LEAST ? 'kWh' : null;
  }

  private byPowerAlone(): Unit | null {
    const { seen } = this;
    if (seen.byPower < ENOUGH_KWH) return null;
    const isLate = seen.byPower >= LATE_KWH && seen.counted < seen.byPower * LEAST;
    return this.nearest() ?? (isLate ? 'kWh' : null);
  }

  private byRatedPower(ratedKw: number): Unit | null {
    const shown = this.seen.inAll * 1000;
    const hours = this.seen.rising / HOUR;
    if (shown > 1 + ratedKw * (MOST_TIMES * hours + MOST_HOURS)) return this.seen.rises >= LEAST_RISES ? 'Wh' : null;
    const isLikely = shown >= BRIGHT_HOURS * ratedKw && shown <= 1 + ratedKw * hours;
    return isLikely && this.seen.rising >= LONG_MS ? 'kWh' : null;
  }
}

const timesApart = (a: number, b: number): number => Math.max(a / b, b / a);
