const LATE_MS = 900_000;
const GAP_MS = 3_600_000;
/** Nobody keeps sums of days that were over for less than this. */
const LONG_AGO_MS = 86_400_000;

let revisions = 0;

/**
 * Tells when the energy of days that are over may have changed at a stroke. Readings that follow each other leave it as it
 * is, but for what the books still doubt; one that is late, or that ends a gap which a counter may bridge, does not.
 */
export class PastWatch {
  private current = ++revisions;
  constructor(private newestMs: number) {}

  /** Grows with each such change; of no two sources the same. */
  revision(): number {
    return this.current;
  }

  /** A reading of this moment [ms] came; `now` [ms]. */
  heard(time: number, now: number): void {
    const { newestMs } = this;
    if (time < newestMs - LATE_MS || time > newestMs + GAP_MS || time < now - LONG_AGO_MS) this.changed();
    if (time > this.newestMs) this.newestMs = time;
  }

  /** What was measured before is read otherwise now, or gone. */
  changed(): void {
    this.current = ++revisions;
  }
}
