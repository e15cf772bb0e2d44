import { HouseClock } from '../platform/house-clock.ts';
import { silentLog } from '../platform/log.ts';
import type { TimeSources } from '../platform/time-sources.ts';

/** A computer whose clock a test sets, and that it switches off and on. */
export class FakeComputer implements TimeSources {
  private boot = 1;
  private upMs = 30_000;
  private offMs: number;
  isSynced: boolean | null = false;
  isWithoutBattery = false;

  /** `systemMs`: what its clock says half a minute after it was switched on. */
  constructor(systemMs: number) {
    this.offMs = systemMs - this.upMs;
  }

  system(): number {
    return this.offMs + this.upMs;
  }

  uptime(): number {
    return this.upMs;
  }

  quickLead(): number {
    return this.offMs;
  }

  bootId(): string {
    return `boot ${this.boot}`;
  }

  isSynchronised(): boolean | null {
    return this.isSynced;
  }

  hasNoBattery(): boolean {
    return this.isWithoutBattery;
  }

  /** Time goes by. */
  run(ms: number): void {
    this.upMs += ms;
  }

  /** Somebody or something sets its clock. */
  set(systemMs: number): void {
    this.offMs = systemMs - this.upMs;
  }

  /** Switches it off and on again; its clock says so half a minute later. */
  restart(systemMs: number): void {
    this.boot++;
    this.upMs = 30_000;
    this.isSynced = this.isSynced === null ? null : false;
    this.set(systemMs);
  }

  clock(path: string): HouseClock {
    return new HouseClock({ path, sources: this, log: silentLog });
  }
}
