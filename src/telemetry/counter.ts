/**
 * What an energy counter counted between its readings. Real counters reset (daily, weekly, by accident), show zero or a
 * sentinel while a device wakes up, step down by one digit, jump when a device is replaced or mixes Wh and kWh. The
 * rules, with the cases they come from, are in docs/energy.md.
 */

export interface CounterRules {
  kind: 'total' | 'daily';
  /** Largest mean power that is believed between two values of a counter [kW]. */
  limitKw: number;
  /** Start of the source's local day of a moment [ms]; a daily counter that began anew counted from there. */
  dayStart: (time: number) => number;
}

/** Energy counted between two moments; ascending and without overlap. */
export interface CountedInterval {
  from: number;
  to: number;
  kwh: number;
}

export interface CounterOutcome {
  intervals: CountedInterval[];
  /** Last value that is believed. */
  lastGoodMs: number | null;
  /** Since when a drop or jump waits for more values to be understood; null when nothing is open. */
  openSinceMs: number | null;
  /** Resets, replacements and glitches that were seen. */
  oddities: number;
}

interface Point {
  time: number;
  value: number;
}

const HOUR = 3_600_000;
/** Resolution of coarse counters: a step of this size needs no time. */
const STEP_KWH = 1;
/** A value below this share of the last one is a new beginning, above it a dip (as Home Assistant's statistics do). */
const RESET_SHARE = 0.9;
/** A new beginning is believed after so many values over so long, or two values over an hour. */
const CONFIRM_POINTS = 3;
const CONFIRM_MS = 5 * 60_000;

/** Highest values of 32-bit registers in any decimal scale, which devices send for "unknown". */
function isSentinel(value: number): boolean {
  for (let scale = 1; scale <= 1000; scale *= 10) {
    const register = Math.round(value * scale * 1000) / 1000;
    if (register === 2_147_483_647 || register === 4_294_967_295) return true;
  }
  return false;
}

class CounterReader {
  readonly intervals: CountedInterval[] = [];
  oddities = 0;
  base: Point | null = null;
  /** Values that do not follow from the base, but from each other. */
  chain: Point[] = [];

  constructor(private readonly rules: CounterRules) {}

  take(point: Point): void {
    if (!Number.isFinite(point.value) || point.value < 0 || isSentinel(point.value)) return;
    const base = this.base;
    if (!base) {
      this.base = point;
      return;
    }
    // A total of zero after a real value says nothing: either way no energy, and the next value tells which it was.
    if (this.rules.kind === 'total' && point.value === 0 && base.value > 0) return;
    if (this.beganAnewUnseen(base, point)) this.restart(base, [point]);
    else if (this.follows(base, point) && !this.goesOnAbove(base, point)) {
      if (this.chain.length > 0) this.oddities++;
      this.chain = [];
      this.count(base, point);
    } else if (!this.isDip(base, point)) this.doubt(base, point);
  }

  /** Believes what is still in doubt, for showing; called at the end of the data. */
  settle(): void {
    if (this.base && this.chain.length > 0) this.restart(this.base, this.chain);
  }

  private follows(before: Point, after: Point): boolean {
    const rise = after.value - before.value;
    return rise >= 0 && rise <= STEP_KWH + (this.rules.limitKw * (after.time - before.time)) / HOUR;
  }

  /** After a jump that nothing explains, a value that goes on from there says that the jump was real, however long ago. */
  private goesOnAbove(base: Point, point: Point): boolean {
    const last = this.chain[this.chain.length - 1];
    return last !== undefined && last.value > base.value && this.follows(last, point);
  }

  /** One step lower, as rounding does: the higher value stays until it is passed. */
  private isDip(base: Point, point: Point): boolean {
    const drop = base.value - point.value;
    return drop > 0 && drop <= STEP_KWH && point.value >= base.value * RESET_SHARE;
  }

  /** A daily counter that was silent over midnight and came back higher has begun anew all the same. */
  private beganAnewUnseen(base: Point, point: Point): boolean {
    if (this.rules.kind !== 'daily' || point.value <= base.value) return false;
    const midnight = this.rules.dayStart(point.time);
    return point.time - base.time > HOUR && base.time < midnight && this.isPlausibleSince(midnight, point);
  }

  private isPlausibleSince(start: number, point: Point): boolean {
    return point.value <= STEP_KWH + (this.rules.limitKw * Math.max(0, point.time - start)) / HOUR;
  }

  private count(from: Point, to: Point): void {
    if (to.time > from.time) this.intervals.push({ from: from.time, to: to.time, kwh: to.value - from.value });
    this.base = to;
  }

  private doubt(base: Point, point: Point): void {
    const last = this.chain[this.chain.length - 1];
    if (last && this.follows(last, point)) this.chain.push(point);
    else this.chain = [point];
    const first = this.chain[0] ?? point;
    const span = point.time - first.time;
    const isConfirmed =
      (this.chain.length >= CONFIRM_POINTS && span >= CONFIRM_MS) || (this.chain.length >= 2 && span >= HOUR);
    if (isConfirmed) this.restart(base, this.chain);
  }

  /** Goes on from the chain. After a reset its first value was counted from zero; after a jump nobody knows. */
  private restart(base: Point, chain: readonly Point[]): void {
    this.oddities++;
    const first = chain[0] ?? base;
    const from = this.rules.kind === 'daily' ? Math.max(base.time, this.dayStartWithin(base, first)) : base.time;
    const isReset = first.value < base.value * RESET_SHARE || this.rules.kind === 'daily';
    if (isReset && first.time > from && this.isPlausibleSince(from, first))
      this.intervals.push({ from, to: first.time, kwh: first.value });
    this.base = first;
    this.chain = [];
    for (const point of chain.slice(1)) this.count(this.base, point);
  }

  private dayStartWithin(base: Point, point: Point): number {
    const midnight = this.rules.dayStart(point.time);
    return midnight < point.time ? midnight : base.time;
  }
}

/**
 * Reads a counter: `times` ascending [ms], `values` [kWh] with NaN where it said nothing. With `isFinal` an open doubt at
 * the end is decided as it looks now.
 */
export function readCounter(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  rules: CounterRules,
  options: { prior?: { time: number; value: number } | undefined; isFinal?: boolean } = {},
): CounterOutcome {
  const reader = new CounterReader(rules);
  if (options.prior) reader.take(options.prior);
  for (let i = 0; i < times.length; i++) {
    const value = values[i] as number;
    if (!Number.isNaN(value)) reader.take({ time: times[i] as number, value });
  }
  const openSinceMs = reader.chain.length > 0 ? (reader.base?.time ?? null) : null;
  const lastGoodMs = reader.base?.time ?? null;
  if (options.isFinal) reader.settle();
  return { intervals: reader.intervals, lastGoodMs, openSinceMs, oddities: reader.oddities };
}
