/**
 * How often values come, judged by those that came last: what is further apart than three times that, and than a quarter
 * of an hour, leaves a gap between.
 */

/** Shorter is no gap, whatever the rhythm [ms]. */
export const QUARTER_HOUR = 900_000;
const WINDOW = 9;
/** Up to here three times the usual interval is less than a quarter of an hour: no need to tell intervals apart. */
const SHORTEST = QUARTER_HOUR / 3;
/** Values of one burst say nothing about the rhythm. */
const BURST = 1000;
/** So many intervals are believed. */
const ENOUGH = 3;

export class Rhythm {
  /** Time of the newest value [ms]; null before the first. */
  last: number | null = null;
  /** Longest time between two values that is no gap [ms]. */
  longestStep = QUARTER_HOUR;
  private recent: number[] = [];
  /** The latest of them, and how many in a row are alike. */
  private newest = 0;
  private alike = 0;

  /** True as soon as the rhythm can be judged by what came. */
  isKnown(): boolean {
    return this.recent.length >= ENOUGH;
  }

  add(time: number): void {
    if (this.last !== null) this.note(time - this.last);
    this.last = time;
  }

  private note(interval: number): void {
    if (interval < BURST) return;
    const clamped = Math.max(SHORTEST, interval);
    const { recent } = this;
    this.alike = clamped === this.newest ? this.alike + 1 : 1;
    // Nearly always: the same comes in the place of the same.
    if (this.alike > WINDOW) return;
    this.newest = clamped;
    const isFull = recent.length === WINDOW;
    recent.push(clamped);
    const gone = isFull ? recent.shift() : undefined;
    if (gone !== clamped) this.longestStep = 3 * median(recent);
  }

  /** For what is to be judged by the rhythm of values that came after it. */
  static of(times: readonly number[]): Rhythm {
    const rhythm = new Rhythm();
    for (const time of times) rhythm.add(time);
    rhythm.last = null;
    return rhythm;
  }

  /** Equal intervals in a row are written once, with their number: nearly always they are. */
  state(): RhythmState {
    const runs: number[] = [];
    for (const interval of this.recent) {
      if (runs.at(-2) === interval) runs[runs.length - 1] = (runs.at(-1) as number) + 1;
      else runs.push(interval, 1);
    }
    return [this.last, ...runs];
  }

  static from([last = null, ...runs]: RhythmState): Rhythm {
    const rhythm = new Rhythm();
    rhythm.last = last;
    for (let i = 0; i < runs.length; i += 2)
      rhythm.recent.push(...new Array<number>(runs[i + 1] as number).fill(runs[i] as number));
    if (runs.length > 0) rhythm.longestStep = 3 * median(rhythm.recent);
    rhythm.newest = rhythm.recent.at(-1) ?? 0;
    return rhythm;
  }
}

/** The newest time, then the intervals that are remembered, each with how often it came in a row. */
export type RhythmState = (number | null)[];

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? SHORTEST;
}
