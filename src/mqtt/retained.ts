import type { BrokerLimits, Usage } from './limits.ts';
import { isExpired, keepable, type Message, weight } from './message.ts';
import { matches } from './topics.ts';

/** A retained message and what of it is on disk. */
export interface RetainedEntry {
  message: Message;
  /** When it was last written, ms UTC; 0 when it never was. */
  writtenAt: number;
  /** Grows with each topic that is new. */
  order: number;
}

/** How many topics may still be looked at before others have their turn. */
export interface Looks {
  left: number;
}

/** Retained messages of one topic space: the newest of each topic, within bounds. */
export class RetainedMessages {
  private readonly entries = new Map<string, RetainedEntry>();
  private bytes = 0;
  private nextOrder = 0;

  constructor(
    private readonly limits: Pick<BrokerLimits, 'retainedMessages' | 'retainedBytes' | 'totalRetainedBytes'>,
    private readonly usage: Usage,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /**
   * Keeps the message, or removes the topic's when the payload is empty. False when there is no room for it: then the topic has
   * none, for the one before is not what it would be taken for [MQTT-3.3.1-5].
   */
  keep(message: Message): boolean {
    const old = this.entries.get(message.topic);
    if (message.payload.length === 0) {
      this.remove(message.topic);
      return true;
    }
    const grown = weight(message) - (old ? weight(old.message) : 0);
    const isFull = !old && this.entries.size >= this.limits.retainedMessages;
    const { retainedBytes, totalRetainedBytes } = this.limits;
    if (isFull || this.bytes + grown > retainedBytes || this.usage.retainedBytes + grown > totalRetainedBytes) {
      this.remove(message.topic);
      return false;
    }
    this.count(grown);
    const { writtenAt = 0, order = this.nextOrder++ } = old ?? {};
    this.entries.set(message.topic, { message: keepable(message), writtenAt, order });
    return true;
  }

  remove(topic: string): void {
    const old = this.entries.get(topic);
    if (!old) return;
    this.count(-weight(old.message));
    this.entries.delete(topic);
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.usage.retainedBytes += bytes;
  }

  clear(): void {
    for (const topic of [...this.entries.keys()]) this.remove(topic);
  }

  entry(topic: string): RetainedEntry | undefined {
    return this.entries.get(topic);
  }

  /** The topic's message unless its time is over. */
  get(topic: string, now: number): Message | undefined {
    const entry = this.entries.get(topic);
    return entry && !isExpired(entry.message, now) ? entry.message : undefined;
  }

  /** A look for the topics of now that match the filter. */
  search(filter: string): TopicSearch {
    return new TopicSearch(this.entries, filter, this.nextOrder);
  }

  /** Removes what has expired and answers the topics. */
  dropExpired(now: number): string[] {
    const gone = [...this.entries.values()].filter((e) => isExpired(e.message, now)).map((e) => e.message.topic);
    for (const topic of gone) this.remove(topic);
    return gone;
  }

  all(): Iterable<RetainedEntry> {
    return this.entries.values();
  }
}

/**
 * Finds the topics that match a filter one by one, as they are wanted: it costs no memory, however many there are, and goes on
 * where it was. Topics that came after its beginning are not found.
 */
export class TopicSearch {
  private readonly rest: Iterator<RetainedEntry>;
  isOver = false;

  constructor(
    entries: ReadonlyMap<string, RetainedEntry>,
    private readonly filter: string,
    private readonly until: number,
  ) {
    const only = /[+#]/.test(filter) ? undefined : entries.get(filter);
    this.rest = /[+#]/.test(filter) ? entries.values() : (only ? [only] : []).values();
  }

  /** The next one; null when there is none any more, or none was found with the looks that were left. */
  next(looks: Looks): string | null {
    while (!this.isOver && looks.left > 0) {
      looks.left--;
      const { done, value } = this.rest.next();
      if (done || value.order >= this.until) this.isOver = true;
      else if (matches(this.filter, value.message.topic)) return value.message.topic;
    }
    return null;
  }
}
