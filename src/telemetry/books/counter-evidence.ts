/**
 * In which unit a counter counts, by what cannot be mistaken: the power beside it, or what the panels can give. Both are told
 * how much it counts when it is read in Wh.
 */

const HOUR = 3_600_000;
/** So much must flow by power before it is held against what was counted [kWh]. */
const ENOUGH_KWH = 0.3;
/** After so much, what makes no sense is compared anew [kWh]. */
const MOST_KWH = 1.5;
const LATE_KWH = 5;
/** Read in the right unit a counter and a power are at most so many times apart. */
const NEAR = 3;
/** A counter in kWh that is read in Wh counts far less than this of what power says. */
const FAR = 0.03;
/** And it counts something, if only in coarse steps. */
const LEAST = 1e-4;
/** Where power is not heard for so long, there is nothing to compare with. */
const GAP_MS = HOUR / 4;
/** Power may come after the counter, message by message. */
const LATE_MS = HOUR / 12;
/** After so long it is decided as it looks. */
const PATIENCE_MS = 12 * HOUR;
/** And of what hardly moved, later: nothing waits. */
const QUIET_PATIENCE_MS = 72 * HOUR;
const QUIET_RISES = 2;
/** A power that is never more is likelier one in kW than its counter one in Wh [kW]. */
const LEAST_PEAK_KW = 0.02;
/** Panels do not give so many times their rated power; a display that stood still shows half a day of it at once. */
const MOST_TIMES = 3;
const MOST_HOURS = 10;
const LEAST_RISES = 4;
/** What a counter in kWh shows of a bright half hour; and after so long, panels have given more than a few Wh. */
const BRIGHT_HOURS = 0.5;
const LONG_MS = 4 * HOUR;

export type Unit = 'kWh' | 'Wh';

export class UnitEvidence {
  /** Since when power is known without a gap [ms], up to when, and what of both is compared [kWh]. */
  private since: number;
  private poweredTo: number;
  private byPower: number;
  /** The largest power [kW]. */
  private peakKw = 0;
  private counted = 0;
  /** Counted since the start, read in Wh [kWh], and in how many steps. */
  private inAll = 0;
  private rises = 0;
  /** When it last rose, and for how long it has been rising; a night between two rises is no such time [ms]. */
  private roseAt: number;
  private rising = 0;
  private lastInAll = 0;

  constructor(
    private readonly start: number,
    /** Rated power of panels whose production it is [kW]; null for other quantities, and where it is not known. */
    private readonly ratedKw: number | null,
    /** From when on what is counted is compared [ms], and what power says of the time from then to the start [kWh]. */
    since = start,
    byPower = 0,
  ) {
    this.since = since;
    this.poweredTo = start;
    this.roseAt = start;
    this.byPower = byPower;
  }

  /** So much flowed, as power says. */
  flowed(from: number, to: number, kwh: number): void {
    // What was counted in a gap of power is held against nothing.
    if (from - this.poweredTo > GAP_MS) this.since = from;
    this.poweredTo = to;
    this.peakKw = Math.max(this.peakKw, (kwh * HOUR) / (to - from));
    if (from >= this.since) this.byPower += kwh;
  }

  /** Read in Wh, so much was counted. */
  count(from: number, to: number, kwh: number): void {
    if (from >= this.start) this.inAll += kwh;
    if (from >= this.since && to - this.poweredTo <= LATE_MS) this.counted += kwh;
  }

  /** Null while nothing is sure. Called once for each value of the counter. */
  verdict(time: number): Unit | null {
    if (this.inAll > this.lastInAll) {
      this.rises++;
      this.rising += Math.min(HOUR, time - this.roseAt);
      this.roseAt = time;
      this.lastInAll = this.inAll;
    }
    if (this.byPower > 0 && time - this.poweredTo <= GAP_MS) return this.byPowerAlone();
    return this.ratedKw === null ? null : this.byRatedPower(this.ratedKw);
  }

  /** True once nothing better is to be expected. */
  isOver(time: number): boolean {
    const isQuiet = this.byPower === 0 && this.rises <= QUIET_RISES;
    return time - this.start >= (isQuiet ? QUIET_PATIENCE_MS : PATIENCE_MS);
  }

  /** As it looks so far, to one that took it for `unit`. */
  looksLike(time: number, unit: Unit): Unit {
    if (this.byPower > 0 && !(this.isOver(time) && this.peakKw < LEAST_PEAK_KW)) return this.nearer() ?? unit;
    if (unit === 'Wh' || this.ratedKw === null) return unit;
    return this.inAll * 1000 > 1 + (this.ratedKw * this.rising) / HOUR ? 'Wh' : 'kWh';
  }

  /** In which unit what was counted is nearer to what power says, however far; null where it is out of all proportion. */
  private nearer(): Unit | null {
    const { byPower, counted } = this;
    if (counted > byPower * FAR) return counted <= byPower / FAR ? 'Wh' : null;
    return counted >= byPower * LEAST ? 'kWh' : null;
  }

  private byPowerAlone(): Unit | null {
    if (this.byPower < ENOUGH_KWH) return null;
    const unit = this.nearest();
    if (unit !== null || this.byPower < MOST_KWH) return unit;
    // A display of whole kWh may be late, but not so much.
    if (this.counted < this.byPower * LEAST) return this.byPower < LATE_KWH ? null : 'kWh';
    // Something else was counted, too: what follows is compared without it.
    this.beginAnew(this.poweredTo);
    return null;
  }

  private beginAnew(since: number): void {
    this.since = since;
    this.byPower = 0;
    this.counted = 0;
  }

  /** The unit in which what was counted is near to what power says; null where neither is. */
  nearest(): Unit | null {
    const { byPower, counted } = this;
    if (counted >= byPower / NEAR && counted <= byPower * NEAR) return 'Wh';
    return counted <= byPower * FAR && counted >= byPower * LEAST ? 'kWh' : null;
  }

  private byRatedPower(ratedKw: number): Unit | null {
    const shown = this.inAll * 1000;
    const hours = this.rising / HOUR;
    if (shown > 1 + ratedKw * (MOST_TIMES * hours + MOST_HOURS)) return this.rises >= LEAST_RISES ? 'Wh' : null;
    const isLikely = shown >= BRIGHT_HOURS * ratedKw && shown <= 1 + ratedKw * hours;
    return isLikely && this.rising >= LONG_MS ? 'kWh' : null;
  }

  state(): EvidenceState {
    const { start, since, poweredTo, byPower, counted, inAll, rises, roseAt, rising, lastInAll, peakKw } = this;
    return [start, since, poweredTo, byPower, counted, inAll, rises, roseAt, rising, lastInAll, peakKw];
  }

  static from(state: EvidenceState, ratedKw: number | null): UnitEvidence {
    const evidence = new UnitEvidence(state[0], ratedKw);
    [, evidence.since, evidence.poweredTo, evidence.byPower, evidence.counted] = state;
    [, , , , , evidence.inAll, evidence.rises, evidence.roseAt, evidence.rising, evidence.lastInAll] = state;
    evidence.peakKw = state[10];
    return evidence;
  }
}

export type EvidenceState = [
  ...[start: number, since: number, poweredTo: number, byPower: number, counted: number],
  ...[inAll: number, rises: number, roseAt: number, rising: number, lastInAll: number, peakKw: number],
];
