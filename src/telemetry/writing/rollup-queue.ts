const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;
/** Failing once can happen; so often in a row, the owner should hear of it. */
const PERSISTS_AFTER = 3;

interface Failure {
  count: number;
  retryAt: number;
  message: string;
}

/** Sources with readings that rollups were not asked about yet. One that fails waits longer and longer; others go on. */
export class RollupQueue {
  private readonly waiting = new Set<string>();
  private readonly failures = new Map<string, Failure>();

  add(sourceId: string): void {
    this.waiting.add(sourceId);
  }

  /** True if the source waits for its turn and may have it now [ms]. */
  isDue(sourceId: string, now: number): boolean {
    const leftMs = (this.failures.get(sourceId)?.retryAt ?? 0) - now;
    // What is longer than any wait comes of a clock that was set back.
    return this.waiting.has(sourceId) && (leftMs <= 0 || leftMs > LONGEST_WAIT_MS);
  }

  /** The sources whose turn it is. */
  due(now: number): string[] {
    return [...this.waiting].filter((sourceId) => this.isDue(sourceId, now));
  }

  /** Forgets a source that is rolled up, or gone. */
  done(sourceId: string): void {
    this.waiting.delete(sourceId);
    this.failures.delete(sourceId);
  }

  /** Puts a source off. Gives the wait [ms]. */
  failed(sourceId: string, message: string, now: number): number {
    const count = (this.failures.get(sourceId)?.count ?? 0) + 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - 1));
    this.failures.set(sourceId, { count, retryAt: now + wait, message });
    return wait;
  }

  /** What keeps failing, or null. */
  problem(): string | null {
    for (const { count, message } of this.failures.values()) if (count >= PERSISTS_AFTER) return message;
    return null;
  }
}
