import { CHUNK_MS, type EnergyReadings } from '../energy/energy.ts';
import { type CounterJump, EnergyFold, type EnergyRules } from './energy-fold.ts';
import { EnergySheet } from './energy-sheet.ts';

/** The fold cut into fixed stretches of time, so that each can be booked anew from the state at its start. */

/** All that was booked while the readings of one stretch were taken, and the state after them. */
export interface ClosedChunk {
  /** Start of the stretch [ms]. */
  chunk: number;
  sheet: EnergySheet;
  state: string;
}

export const chunkOf = (time: number): number => Math.floor(time / CHUNK_MS) * CHUNK_MS;

export class ChunkedFold {
  private readonly fold: EnergyFold;
  /** Start of the stretch that is being filled; null before the first reading. */
  private chunk: number | null = null;
  private sheet = new EnergySheet();
  /** Stretches that are full, for whoever stores them. */
  readonly closed: ClosedChunk[] = [];

  constructor(
    private readonly rules: EnergyRules,
    /** The state at the start; null before the first reading of all. */
    private readonly start: string | null,
    private readonly jumps: readonly CounterJump[] = [],
  ) {
    this.fold = new EnergyFold(rules, this.sheet, start);
  }

  /** Time of the newest reading taken, or that of the state it began with. */
  newest(): number {
    return this.fold.newest();
  }

  /** Takes readings in order. */
  take(readings: EnergyReadings): void {
    const { times } = readings;
    for (let from = 0; from < times.length; ) {
      const chunk = chunkOf(times[from] as number);
      if (this.chunk !== null && chunk !== this.chunk) this.close();
      this.chunk = chunk;
      let to = from;
      while (to < times.length && (times[to] as number) < chunk + CHUNK_MS) to++;
      this.fold.take(readings, from, to, this.jumps);
      from = to;
    }
  }

  /** Ends the stretch that is being filled. */
  close(): void {
    if (this.chunk === null) return;
    this.closed.push({ chunk: this.chunk, sheet: this.sheet, state: this.fold.state() });
    this.chunk = null;
    this.sheet = new EnergySheet();
    this.fold.turnTo(this.sheet);
  }

  /** The state after all that was taken. */
  state(): string | null {
    return this.chunk === null ? (this.closed.at(-1)?.state ?? this.start) : this.fold.state();
  }

  /** All that is booked and not stored yet, and what is still open as it looks now, with readings that follow. */
  sheets(more?: EnergyReadings): EnergySheet[] {
    const ahead = new EnergySheet();
    const fold = new EnergyFold(this.rules, ahead, this.state());
    if (more) fold.take(more, 0, more.times.length, this.jumps);
    fold.finish();
    return [...this.closed.map((c) => c.sheet), this.sheet, ahead];
  }
}
