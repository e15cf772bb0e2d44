import type { BrokerLimits, Usage } from './limits.ts';
import { isExpired, keepable, type Message, weight } from './message.ts';
import { matches } from './topics.ts';

/** A retained message and what of it is on disk. */
export interface RetainedEntry {
  message: Message;
  /** When it was last written, ms UTC; 0 when it never was. */
  writtenAt: number;
}

/** Retained messages of one topic space: the newest of each topic, within bounds. */
export class RetainedMessages {
  private readonly entries = new Map<string, RetainedEntry>();
  private bytes = 0;

  constructor(
    private readonly limits: Pick<BrokerLimits, 'retainedMessages' | 'retainedBytes' | 'totalRetainedBytes'>,
    private readonly usage: Usage,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** Keeps the message, or removes the topic's when the payload is empty. False when there is no room for it. */
  keep(message: Message): boolean {
    const old = this.entries.get(message.topic);
    if (message.payload.length === 0) {
      this.remove(message.topic);
      return true;
    }
    const grown = weight(message) - (old ? weight(old.message) : 0);
    const isFull = !old && this.entries.size >= this.limits.retainedMessages;
    if (isFull || this.bytes + grown > this.limits.retainedBytes) return false;
    if (this.usage.retainedBytes + grown > this.limits.totalRetainedBytes) return false;
    this.count(grown);
    this.entries.set(message.topic, { message: keepable(message), writtenAt: old?.writtenAt ?? 0 });
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

  /** Topics with a retained message that match the filter. */
  topicsFor(filter: string): string[] {
    if (!filter.includes('+') && !filter.includes('#')) return this.entries.has(filter) ? [filter] : [];
    const found: string[] = [];
    for (const topic of this.entries.keys()) if (matches(filter, topic)) found.push(topic);
    return found;
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
