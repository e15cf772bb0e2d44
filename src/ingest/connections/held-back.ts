import { matchesFilter } from '../discovery/device-topic.ts';

const MOST_TOPICS = 10_000;

/** Topics of which only a value of an unknown age was heard so far: another broker had kept it. */
export class HeldBack {
  private readonly topics = new Set<string>();

  get count(): number {
    return this.topics.size;
  }

  /** A kept value was left out. */
  note(topic: string): void {
    if (this.topics.size < MOST_TOPICS) this.topics.add(topic);
  }

  /** A value of now came: nothing is missing any more. True if one was. */
  cameAnew(topic: string): boolean {
    return this.topics.delete(topic);
  }

  /** From now on only what these filters cover is listened to: the rest was never meant. */
  narrow(filters: readonly string[]): void {
    const levels = filters.map((filter) => filter.split('/'));
    for (const topic of this.topics)
      if (!levels.some((of) => matchesFilter(of, topic.split('/')))) this.topics.delete(topic);
  }
}
