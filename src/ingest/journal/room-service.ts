import type { Clock } from '../../core/clock.ts';
import { days } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { TelemetryAdmin } from '../../telemetry/ports.ts';

export interface RoomDeps {
  /** How much is free on the disk, and how much of it no reading may take, bytes. */
  room(): Promise<{ freeBytes: number; reserveBytes: number }>;
  /** Removes the oldest raw messages that the database holds; false when there are none. */
  dropOldestMessages(): Promise<boolean>;
  telemetry: Pick<TelemetryAdmin, 'forget'>;
  /** Time of a source's oldest reading of a day that is over; null when there is none. */
  oldestReading(sourceId: string): number | null;
  sources: Pick<SourceDirectory, 'all'>;
  /** Minutes stay in the place of readings. */
  leavesMinutes: boolean;
  clock: Clock;
  log: Log;
}

/** Room is made before readings would have to be refused: while less than so many times the reserve is free. */
const SPARE = 2;
/** The newest readings are never given up. */
const KEPT_MS = days(7);
const DAY_MS = days(1);
/** Share of the time that goes at once: a full disk of ten years is not emptied day by day. */
const SHARE_AT_ONCE = 0.01;

/**
 * Keeps a disk from filling up, for owners who allow it: the oldest raw messages go first, then the oldest readings of all
 * sources. Charts and energy stay as they are.
 */
export class RoomKeeper {
  private running: Promise<void> | null = null;

  constructor(private readonly deps: RoomDeps) {}

  /** Looks once, and makes room until there is enough or nothing is left to give. */
  look(): Promise<void> {
    this.running ??= this.makeRoom().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async makeRoom(): Promise<void> {
    while (await this.isTight()) {
      if (await this.deps.dropOldestMessages()) continue;
      if (!(await this.forgetOldest())) return;
    }
  }

  private async isTight(): Promise<boolean> {
    const { freeBytes, reserveBytes } = await this.deps.room();
    return freeBytes < SPARE * reserveBytes;
  }

  private async forgetOldest(): Promise<boolean> {
    const { sources, oldestReading, telemetry, leavesMinutes, clock, log } = this.deps;
    const all = sources.all().flatMap(({ id }) => {
      const time = oldestReading(id);
      return time === null ? [] : [{ id, time }];
    });
    const first = all.reduce((oldest, { time }) => Math.min(oldest, time), Number.POSITIVE_INFINITY);
    const end = clock.now() - KEPT_MS;
    // Not before the next midnight after it, so that each look takes at least a day.
    const before = Math.floor(Math.max(first + DAY_MS, first + (end - first) * SHARE_AT_ONCE) / DAY_MS) * DAY_MS;
    if (!(before <= end)) return false;
    const until = new Date(before).toISOString().slice(0, 10);
    log.warn('The disk is nearly full: the oldest readings were removed, as the configuration allows', { until });
    for (const { id, time } of all)
      if (time < before) await telemetry.forget(id, { level: 'readings', before, leavesMinutes });
    return true;
  }
}
