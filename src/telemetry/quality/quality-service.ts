import { hasPassed } from '../../core/durations.ts';
import type { Reading, RejectedValue } from '../../core/reading.ts';
import { localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { type DayTally, QualityTally } from './quality.ts';

/** So often what was counted is stored; a crash loses what was counted since, of the counts alone. */
const SAVE_EVERY_MS = 10 * 60_000;

export interface QualityWatchDeps {
  timeZoneOf: (sourceId: string) => string;
  save: (tallies: ReadonlyMap<string, ReadonlyMap<number, DayTally>>) => Promise<void>;
}

/** Counts how readings come, in memory, and has it stored now and then. */
export class QualityWatch {
  private readonly tallies = new Map<string, QualityTally>();
  /** The local day that was asked for last, by source: the next reading is nearly always of the same. */
  private readonly days = new Map<string, { from: number; to: number; day: number; timeZone: string }>();
  private savedAt: number | null = null;

  constructor(private readonly deps: QualityWatchDeps) {}

  arrived(reading: Reading, isAgain: boolean): void {
    if (!isAgain && reading.receivedAt === undefined) return;
    this.tallyOf(reading.sourceId).arrived(this.dayOf(reading.sourceId, reading.time), reading, isAgain);
  }

  /** Readings that were stored before came again, by source. */
  cameAgain(times: ReadonlyMap<string, readonly number[]>): void {
    for (const [sourceId, of] of times)
      for (const time of of) this.tallyOf(sourceId).cameAgain(this.dayOf(sourceId, time), 1);
  }

  /** Values that were not taken count on the day of their reading, where it says one, else on that of their arrival. */
  refused(sourceId: string, receivedAt: number, values: readonly RejectedValue[]): void {
    const tally = this.tallyOf(sourceId);
    for (const value of values) tally.refused(this.dayOf(sourceId, value.time ?? receivedAt), [value]);
  }

  /** Has what was counted stored if it is time for it. What cannot be stored is counted on. */
  async saveIfDue(now: number): Promise<void> {
    this.savedAt ??= now;
    if (hasPassed(this.savedAt, SAVE_EVERY_MS, now)) await this.save(now);
  }

  async save(now: number): Promise<void> {
    this.savedAt = now;
    const taken = new Map([...this.tallies].flatMap(([id, tally]) => (tally.isEmpty() ? [] : [[id, tally.take()]])));
    if (taken.size === 0) return;
    try {
      await this.deps.save(taken);
    } catch (error) {
      for (const [id, days] of taken) this.tallyOf(id).putBack(days);
      throw error;
    }
  }

  forget(sourceId: string): void {
    this.tallies.delete(sourceId);
    this.days.delete(sourceId);
  }

  private tallyOf(sourceId: string): QualityTally {
    let tally = this.tallies.get(sourceId);
    if (!tally) {
      tally = new QualityTally();
      this.tallies.set(sourceId, tally);
    }
    return tally;
  }

  private dayOf(sourceId: string, time: number): number {
    const timeZone = this.deps.timeZoneOf(sourceId);
    const known = this.days.get(sourceId);
    if (known && known.timeZone === timeZone && time >= known.from && time < known.to) return known.day;
    const day = localDayOf(time, timeZone);
    const [from, to] = [startOfLocalDay(day, timeZone), startOfLocalDay(day + 1, timeZone)];
    this.days.set(sourceId, { from, to, day, timeZone });
    return day;
  }
}
