const MOST_TOPICS = 512;
/** A value that stays away for so many times the patience has gone; nobody asks for it any more. */
const GONE_AFTER = 10;

/**
 * Topics that gave a reading, and when. A device that publishes only what changes says nothing of what stays as it is, a
 * battery that is full, a sun that is down: those values are asked for, so that they neither look old nor leave a gap.
 */
export class QuietValues {
  private readonly heardAt = new Map<string, number>();

  constructor(private readonly patienceMs: number) {}

  /** A message of the topic came; `isMeasured` when it gave a reading. */
  heard(topic: string, isMeasured: boolean, now: number): void {
    if (!isMeasured) this.heardAt.delete(topic);
    else if (this.heardAt.has(topic) || this.heardAt.size < MOST_TOPICS) this.heardAt.set(topic, now);
  }

  /** What has said nothing for longer than the patience. */
  quiet(now: number): string[] {
    const topics: string[] = [];
    for (const [topic, at] of this.heardAt) {
      const silentMs = now - at;
      // The clock was set back: it is counted from now on.
      if (silentMs < 0) this.heardAt.set(topic, now);
      if (silentMs >= GONE_AFTER * this.patienceMs) this.heardAt.delete(topic);
      else if (silentMs >= this.patienceMs) topics.push(topic);
    }
    return topics;
  }

  clear(): void {
    this.heardAt.clear();
  }
}
