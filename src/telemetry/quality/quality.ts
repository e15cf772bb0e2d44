import type { RejectedValue } from '../../core/reading.ts';
import type { CounterEvent } from '../books/energy-sheet.ts';
import type { EnergyQuantity } from '../energy/energy.ts';

/** How well a source's readings come, by its local days: counted as they arrive, since nothing of it can be seen later. */

/** What was counted of readings of one day. Delays are time of arrival minus the device's own time [ms]. */
export interface ArrivalCounts {
  /** Readings that came again and said nothing new. */
  again: number;
  /** Readings that came more than five minutes after their time, how much after, and the most of that [ms]. */
  late: number;
  lateMs: number;
  latestMs: number;
  /**
   * Readings with a time of their own that came at once, and their delays: the clock of the device against ours. Of readings
   * that came together each counts with the delay of the newest, since the others had waited for it.
   */
  timed: number;
  delayMs: number;
  leastDelayMs: number;
  mostDelayMs: number;
}

export const noArrivals: ArrivalCounts = {
  ...{ again: 0, late: 0, lateMs: 0, latestMs: 0, timed: 0, delayMs: 0 },
  ...{ leastDelayMs: Number.POSITIVE_INFINITY, mostDelayMs: Number.NEGATIVE_INFINITY },
};

/** Later than this is a reading that was kept somewhere, not a clock that is wrong or a slow line. */
export const LATE_MS = 5 * 60_000;

export function addArrivals(a: ArrivalCounts, b: ArrivalCounts): ArrivalCounts {
  return {
    again: a.again + b.again,
    late: a.late + b.late,
    lateMs: a.lateMs + b.lateMs,
    latestMs: Math.max(a.latestMs, b.latestMs),
    timed: a.timed + b.timed,
    delayMs: a.delayMs + b.delayMs,
    leastDelayMs: Math.min(a.leastDelayMs, b.leastDelayMs),
    mostDelayMs: Math.max(a.mostDelayMs, b.mostDelayMs),
  };
}

/** Readings that came within so long of the first of them were sent together. */
const TOGETHER_MS = 5000;

/** Readings that were sent together, so far. */
interface Burst {
  /** When the first of them came, ms UTC. */
  startedAt: number;
  /** Delay of the newest of them [ms]. */
  leastDelayMs: number;
  /** How many of them, by local day. */
  days: Map<number, number>;
}

/** Reasons of a day that are kept by their words; what else is refused counts as "other". */
const MOST_REASONS = 20;
const LONGEST_REASON = 160;
const OTHER = 'other';

/** What was counted of one source's day since it was last stored. */
export interface DayTally {
  arrivals: ArrivalCounts;
  /** Values that were not taken, by reason. */
  refused: Map<string, number>;
}

/** Counts of one source, by local day (days since 1970). */
export class QualityTally {
  private days = new Map<number, DayTally>();
  private burst: Burst | null = null;

  /** A reading was added. `receivedAt` only where the device gave the time itself. */
  arrived(day: number, reading: { time: number; receivedAt?: number }, isAgain: boolean): void {
    if (!isAgain && reading.receivedAt === undefined) return;
    const { arrivals } = this.of(day);
    if (isAgain) arrivals.again++;
    if (reading.receivedAt === undefined) return;
    const delay = reading.receivedAt - reading.time;
    if (delay > LATE_MS) {
      arrivals.late++;
      arrivals.lateMs += delay;
      arrivals.latestMs = Math.max(arrivals.latestMs, delay);
    } else this.cameAtOnce(day, reading.receivedAt, delay);
  }

  private cameAtOnce(day: number, receivedAt: number, delayMs: number): void {
    const age = receivedAt - (this.burst?.startedAt ?? Number.NaN);
    if (!(age >= 0 && age < TOGETHER_MS)) this.endBurst();
    this.burst ??= { startedAt: receivedAt, leastDelayMs: delayMs, days: new Map() };
    this.burst.leastDelayMs = Math.min(this.burst.leastDelayMs, delayMs);
    this.burst.days.set(day, (this.burst.days.get(day) ?? 0) + 1);
  }

  private endBurst(): void {
    const { leastDelayMs, days } = this.burst ?? { leastDelayMs: 0, days: [] };
    this.burst = null;
    for (const [day, timed] of days) {
      const tally = this.of(day);
      const delays = { delayMs: timed * leastDelayMs, leastDelayMs, mostDelayMs: leastDelayMs };
      tally.arrivals = addArrivals(tally.arrivals, { ...noArrivals, timed, ...delays });
    }
  }

  /** Readings of a day that were stored before came again. */
  cameAgain(day: number, count: number): void {
    this.of(day).arrivals.again += count;
  }

  refused(day: number, values: readonly RejectedValue[]): void {
    const { refused } = this.of(day);
    for (const { field, message } of values) {
      const words = (field === '' ? message : `${field} ${message}`).slice(0, LONGEST_REASON);
      const reason = refused.has(words) || refused.size < MOST_REASONS ? words : OTHER;
      refused.set(reason, (refused.get(reason) ?? 0) + 1);
    }
  }

  /** Takes what was counted away, to be stored. */
  take(): Map<number, DayTally> {
    this.endBurst();
    const taken = this.days;
    this.days = new Map();
    return taken;
  }

  /** Puts back what could not be stored. */
  putBack(days: ReadonlyMap<number, DayTally>): void {
    for (const [day, tally] of days) {
      const here = this.of(day);
      here.arrivals = addArrivals(here.arrivals, tally.arrivals);
      for (const [reason, count] of tally.refused) here.refused.set(reason, (here.refused.get(reason) ?? 0) + count);
    }
  }

  isEmpty(): boolean {
    return this.days.size === 0 && this.burst === null;
  }

  private of(day: number): DayTally {
    let tally = this.days.get(day);
    if (!tally) {
      tally = { arrivals: { ...noArrivals }, refused: new Map() };
      this.days.set(day, tally);
    }
    return tally;
  }
}

/** Quality of one local day of a source. */
export interface QualityDay {
  /** `2026-03-29`. */
  day: string;
  readings: number;
  /** Share of the day that lies between readings close enough together, 0..1. */
  coverage: number;
  /** Mean time between readings that follow each other without a gap [ms]; null where there are none. */
  intervalMs: number | null;
  arrivals: ArrivalCounts;
  /** Values that were not taken, by reason, most first. */
  refused: { reason: string; values: number }[];
  /** What counters did other than counting on, and what was done about it. */
  events: (CounterEvent & { done: string })[];
  /** Share of the day for which each energy is known, 0..1; absent where nothing is. */
  known: Partial<Record<EnergyQuantity, number>>;
}

/** Share of readings that came late, 0..1. */
export function lateShare({ arrivals: { late, timed } }: QualityDay): number {
  return late + timed === 0 ? 0 : late / (late + timed);
}

const done: Record<CounterEvent['kind'], string> = {
  reset: 'It began anew: what it showed was counted since.',
  rollover: 'It went over its highest value: what was counted on both sides counts.',
  jump: 'It went on from somewhere else, as another device does: the step is no energy.',
  catchUp: 'It had stood still and showed what was counted meanwhile: that counts since then.',
  return: 'What looked like a new beginning was none: it went on where it had been, and nothing counts twice.',
  unit: 'Its energy is read in that unit (Wh, kWh, MWh). Charts, and what is passed on, show it as it came until the mapping names the unit.',
  glitch: 'It said something wild for a moment: that is left out.',
  dip: 'It showed a little less than before: the higher value stands until it is passed.',
  zero: 'It showed zero after a real value: that says nothing.',
  sentinel: 'It showed a number that stands for “unknown”: that is left out.',
  wild: 'It is no energy. Charts show it as it was received.',
  declared: 'It counted what you said.',
  stuck: 'It stood still while energy flowed: power counts since it stopped.',
  moves: 'It moves again, and counts.',
  bridge: 'It knew of time in which nothing was heard: that energy counts, evenly over the gap.',
};

/** What was done about an event, for people. */
export function doneAbout(kind: CounterEvent['kind']): string {
  return done[kind];
}
