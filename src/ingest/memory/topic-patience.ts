import { minutes } from '../../core/durations.ts';

/** By then a device has said everything that it says at all, or nearly so. */
const LONG_MS = minutes(30);
const OFTEN = 3;
const MOST_TOPICS = 128;
const MOST_LEVELS = 256;

/** How long topics have been heard: what a device says beside decides what some of them mean. Bounded. */
export class TopicPatience {
  private readonly heard = new Map<string, { since: number; at: number; times: number }>();

  /** Levels under which somebody spoke of a battery. */
  private readonly levels = new Set<string>();

  noteBattery(levels: readonly string[]): void {
    for (const level of levels) if (this.levels.size < MOST_LEVELS) this.levels.add(level);
  }

  /** True where a battery was heard of under one of these levels, or may have been. */
  hasBattery(levels: readonly string[]): boolean {
    return this.levels.size >= MOST_LEVELS || levels.some((level) => this.levels.has(level));
  }

  /** True once a topic has been heard often, and for long. */
  hasWaited(topic: string, at: number): boolean {
    const known = this.heard.get(topic);
    if (known === undefined) {
      if (this.heard.size >= MOST_TOPICS) this.heard.clear();
      this.heard.set(topic, { since: at, at, times: 1 });
      return false;
    }
    if (at > known.at) known.times++;
    known.at = Math.max(known.at, at);
    return known.times >= OFTEN && at - known.since >= LONG_MS;
  }
}
