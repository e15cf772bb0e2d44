/** How much can have been counted: what is more is another counter, another unit or nonsense. */

export interface Point {
  time: number;
  value: number;
}

const HOUR = 3_600_000;
/** Resolution of coarse counters: a step of this size needs no time. */
export const STEP_KWH = 1;
/** More than one step of a counter that shows parts of a kWh. */
export const DIGIT_KWH = STEP_KWH / 4;
/** Mean power that no house exceeds for an hour, unless it is known to have more, or so little; and for longer. */
const HIGHEST_KW = 200;
const SUSTAINED_KW = 16;
/** The largest power of panels lasts for so long, and for longer it is a quarter of that [ms]. */
const LONG_MS = 6 * HOUR;
/** Stated panels give at most so many times their rated power: somebody may have stated a part of them. */
const MOST_TIMES = 3;

export class CounterLimits {
  /** Mean power that is not exceeded for an hour [kW]. */
  private highestKw: number;
  /** What is possible before anything was seen [kW]. */
  private readonly leastPeak: number;
  /** Largest mean power that was seen, doubled as often as it was exceeded [kW]. */
  private peak: number;

  constructor(
    /** W; null when unknown. */
    private readonly installedCapacityW: number | null,
    peak: number | undefined,
    /** Rated power of the panels whose production is counted [kW]; null for other quantities, and where it is not known. */
    private readonly ratedKw: number | null,
  ) {
    this.leastPeak = ratedKw === null ? SUSTAINED_KW : Math.min(SUSTAINED_KW, Math.max(1, MOST_TIMES * ratedKw));
    this.peak = peak ?? this.leastPeak;
    this.highestKw = this.highest();
  }

  /** A mean power of this size is possible here, as the power itself or the counter shows. */
  notePower(kilowatts: number): void {
    if (kilowatts <= this.peak) return;
    while (this.peak < kilowatts && kilowatts < 1e5) this.peak *= 2;
    this.highestKw = this.highest();
  }

  /** True if the value can have been counted from the one before on, which was first said at `since`. */
  follows(before: Point, after: Point, since = before.time): boolean {
    const rise = after.value - before.value;
    return rise >= 0 && rise <= STEP_KWH + this.mostWithin(after.time - this.startOf(before, after, since));
  }

  /** Where little can flow, a display that moves once an hour shows all of the hour. */
  private startOf(before: Point, after: Point, since: number): number {
    return this.ratedKw === null ? before.time : Math.min(before.time, Math.max(since, after.time - HOUR));
  }

  /** True if a counter that began anew has counted that, by the power that was seen here: another device shows anything. */
  canHaveCounted(start: number, point: Point): boolean {
    return point.value <= STEP_KWH + this.usuallyWithin(Math.max(0, point.time - start));
  }

  /** What may have been counted in a time [kWh]. */
  mostWithin(ms: number): number {
    return (this.highestKw * Math.min(ms, HOUR)) / HOUR + this.usuallyWithin(Math.max(0, ms - HOUR));
  }

  private highest(): number {
    const { ratedKw, installedCapacityW, peak } = this;
    if (ratedKw !== null) return Math.max(MOST_TIMES * ratedKw, peak);
    return Math.max(HIGHEST_KW, (MOST_TIMES * (installedCapacityW ?? 0)) / 1000);
  }

  /** What may have been counted in a time by the power that was seen here [kWh]. */
  usuallyWithin(ms: number): number {
    return this.atPeak(this.ratedKw === null ? ms : lasting(ms));
  }

  /** The same of a display that stood still for so long: what goes on at its peak does not stand still. */
  caughtUpWithin(ms: number): number {
    return this.atPeak(lasting(ms));
  }

  private atPeak(ms: number): number {
    return (Math.max(this.peak, (1.5 * (this.installedCapacityW ?? 0)) / 1000) * ms) / HOUR;
  }

  /** The largest power that was seen; null while it is nothing special. */
  peakKw(): number | null {
    return this.peak === this.leastPeak ? null : this.peak;
  }
}

const lasting = (ms: number): number => Math.min(ms, LONG_MS) + Math.max(0, ms - LONG_MS) / 4;
