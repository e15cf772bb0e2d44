import type { Looks, RetainedMessages, TopicSearch } from './retained.ts';
import type { Subscription } from './subscription.ts';

/** A subscription whose retained messages are wanted. */
export interface RetainedWish {
  /** The subscription as its session knows it. */
  key: string;
  subscription: Subscription;
  retained: RetainedMessages;
  mayReceive(topic: string): boolean;
}

interface Waiting extends RetainedWish {
  search: TopicSearch;
}

/** Topics that one session looks at in one turn of the loop; a thousand take less than a millisecond. */
const LOOKS = 1000;

/**
 * Retained messages that a session is still to be told, subscription by subscription in the order in which they were
 * asked for. Nothing is gathered: topics are looked for as there is room to send them, so that subscribing costs no memory, and
 * whoever asks again for the same begins again.
 */
export class RetainedBacklog {
  private readonly waiting = new Map<string, Waiting>();
  private readonly looks: Looks = { left: LOOKS };
  private isTurnPlanned = false;

  /** `goOn` is called when others had their turn. */
  constructor(private readonly goOn: () => void) {}

  add(wish: RetainedWish): void {
    this.waiting.delete(wish.key);
    this.waiting.set(wish.key, { ...wish, search: wish.retained.search(wish.subscription.filter) });
  }

  drop(key: string): void {
    this.waiting.delete(key);
  }

  clear(): void {
    this.waiting.clear();
  }

  /** The next topic to be told; null when there is none now. */
  next(): { topic: string; wish: RetainedWish } | null {
    for (const [key, wish] of this.waiting) {
      for (let topic = wish.search.next(this.looks); topic !== null; topic = wish.search.next(this.looks))
        if (wish.mayReceive(topic)) return { topic, wish };
      if (!wish.search.isOver) {
        this.planTurn();
        return null;
      }
      this.waiting.delete(key);
    }
    return null;
  }

  private planTurn(): void {
    if (this.isTurnPlanned) return;
    this.isTurnPlanned = true;
    setImmediate(() => {
      this.isTurnPlanned = false;
      this.looks.left = LOOKS;
      this.goOn();
    });
  }
}
