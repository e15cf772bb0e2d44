import type { Clock } from '../core/clock.ts';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import type { WrittenBytesStore, WrittenDay } from './system.ts';

/**
 * Adds up what the process hands to the disk, a day at a time. The kernel's counter starts at zero with each process, so
 * only differences count. `save` is called seldom: counting writes must not be a reason to write.
 */
export class WrittenMeter {
  private last: number | null = null;
  private unsaved = 0;
  private day = '';

  constructor(
    private readonly deps: {
      store: WrittenBytesStore;
      clock: Clock /** Bytes since the process began, null when the system does not say. */;
      read: () => number | null;
    },
  ) {}

  /** Takes the counter; what was written before midnight goes to the day before. */
  sample(): void {
    const today = dayOf(this.deps.clock.now());
    if (this.day !== '' && this.day !== today) this.save();
    this.day = today;
    const counter = this.deps.read();
    if (counter === null) return;
    this.unsaved += Math.max(0, counter - (this.last ?? 0));
    this.last = counter;
  }

  save(): void {
    if (this.unsaved === 0 || this.day === '') return;
    const { day, unsaved } = this;
    if (unlessDiskTrouble(() => this.deps.store.add(day, unsaved))) this.unsaved = 0;
  }

  /** Newest first, with what is not saved yet. */
  days(count: number): WrittenDay[] {
    this.sample();
    const saved = this.deps.store.list(count);
    const [first, ...rest] = saved;
    if (first?.day === this.day) return [{ day: first.day, bytes: first.bytes + this.unsaved }, ...rest];
    return [{ day: this.day, bytes: this.unsaved }, ...saved].slice(0, count);
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
