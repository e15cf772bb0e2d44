import type { Reading } from '../../core/reading.ts';

/** Metadata waits so long for something measured to stand beside. ms. */
const LONGEST_WAIT_MS = 60_000;

/** True when the reading says something of the catalogue; one that holds metadata alone measures nothing. */
export function measures({ values }: Reading): boolean {
  for (const _ in values) return true;
  return false;
}

/** How many of them measure something. */
export function measuredCount(readings: readonly Reading[]): number {
  let count = 0;
  for (const reading of readings) if (measures(reading)) count++;
  return count;
}

/**
 * Metadata of a source that came without a measured value: a message about the second string, a signal strength. It makes
 * no reading, for that would look like something measured; it joins the next one that comes within a minute.
 */
export class Unmeasured {
  private time = Number.NEGATIVE_INFINITY;
  private metadata: Record<string, unknown> | null = null;

  /** Keeps the metadata; of one name the later word counts. */
  keep({ time, metadata }: Reading): void {
    if (metadata === undefined) return;
    const isOfNow = this.metadata !== null && Math.abs(time - this.time) <= LONGEST_WAIT_MS;
    this.metadata = isOfNow ? { ...this.metadata, ...metadata } : metadata;
    this.time = time;
  }

  /** The reading with what waited for it; what it says itself counts more. */
  join(reading: Reading): Reading {
    const waiting = this.metadata;
    if (waiting === null) return reading;
    if (Math.abs(reading.time - this.time) > LONGEST_WAIT_MS) {
      if (reading.time > this.time) this.metadata = null;
      return reading;
    }
    this.metadata = null;
    return { ...reading, metadata: { ...waiting, ...reading.metadata } };
  }
}
