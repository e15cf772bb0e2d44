import type { WillRequest } from './decode-connect.ts';
import type { BrokerPolicy, PublishedMessage } from './ports.ts';
import type { Spaces } from './spaces.ts';
import type { BrokerStore } from './store.sqlite.ts';
import type { StoredWill } from './stored-state.ts';
import { messageOf, type Testator, willOf } from './wills.ts';

export interface WillKeeperOptions {
  policy: BrokerPolicy;
  spaces: Spaces;
  store: BrokerStore;
  now(): number;
}

/** After a restart, clients get this long to come back before they are taken for lost. */
const GRACE_MS = 30_000;

/**
 * Keeps the wills of connected clients and of those whose delay runs. A will is published when the connection is lost
 * and the delay is over, or the session ended before; not when the client came back or left in good order
 * (MQTT 5.0, sections 3.1.2.5 and 3.1.3.2.2).
 */
export class WillKeeper {
  private readonly wills = new Map<string, StoredWill>();
  private readonly due = new Map<string, number>();

  constructor(private readonly options: WillKeeperOptions) {}

  /** Wills of clients that were connected when the broker stopped or died. */
  restore(stored: readonly StoredWill[]): void {
    for (const will of stored) {
      this.wills.set(will.sessionId, will);
      this.due.set(will.sessionId, this.options.now() + Math.max(will.delayS * 1000, GRACE_MS));
    }
  }

  clientConnected(testator: Testator, will: WillRequest | null): void {
    const { sessionId } = testator;
    this.due.delete(sessionId);
    const hadOne = this.wills.delete(sessionId);
    if (will) {
      const kept = willOf(testator, will);
      this.wills.set(sessionId, kept);
      this.options.store.saveWill(sessionId, kept);
    } else if (hadOne) this.options.store.saveWill(sessionId, null);
  }

  /** The client said good-bye: its will is void. */
  clientLeft(sessionId: string): void {
    this.due.delete(sessionId);
    if (this.wills.delete(sessionId)) this.options.store.saveWill(sessionId, null);
  }

  /** The connection broke. While the broker stops, the will is kept for the next start. */
  clientLost(sessionId: string, delayS: number, isStopping: boolean): void {
    if (isStopping || !this.wills.has(sessionId)) return;
    if (delayS > 0) this.due.set(sessionId, this.options.now() + delayS * 1000);
    else this.publish(sessionId);
  }

  /** A will whose delay still runs is published with the end of its session. */
  sessionEnded(sessionId: string): void {
    if (this.due.has(sessionId)) this.publish(sessionId);
  }

  publishDue(): void {
    const now = this.options.now();
    for (const [sessionId, at] of this.due) if (at <= now) this.publish(sessionId);
  }

  private publish(sessionId: string): void {
    const will = this.wills.get(sessionId);
    this.due.delete(sessionId);
    this.wills.delete(sessionId);
    if (!will) return;
    const { policy, spaces, store, now } = this.options;
    if (!policy.mayPublish(will.principal, will.topic)) {
      store.saveWill(sessionId, null);
      return;
    }
    const message = messageOf(will, now());
    const published: PublishedMessage = { ...message, isRetained: will.retain, clientId: will.clientId, pending: 1 };
    policy.receive(will.principal, published, (error) => {
      if (error) return;
      spaces.route(spaces.of(will.space), message);
      if (!this.wills.has(sessionId)) store.saveWill(sessionId, null);
    });
  }
}
