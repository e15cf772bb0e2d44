import type { Delivery } from './delivery.ts';
import type { Message } from './message.ts';
import type { Session } from './session.ts';
import type { StoredWill } from './stored-state.ts';

interface PendingRetained {
  space: string;
  topic: string;
  message: Message | null;
  dueAt: number;
}

/** What changed since the last write, by what it changes: of several changes to one thing only the last is written. */
export class PendingChanges {
  /** By id; null for a session that ended. */
  readonly sessions = new Map<string, Session | null>();
  readonly deliveries = new Map<Delivery, Session>();
  readonly incoming = new Map<string, { session: Session; packetId: number; isKept: boolean }>();
  readonly retained = new Map<string, PendingRetained>();
  /** By session; null for a will that is no more. */
  readonly wills = new Map<string, StoredWill | null>();

  get size(): number {
    return this.sessions.size + this.deliveries.size + this.incoming.size + this.retained.size + this.wills.size;
  }

  clear(): void {
    for (const map of [this.sessions, this.deliveries, this.incoming, this.retained, this.wills]) map.clear();
  }

  forgetSession(session: Session): void {
    this.sessions.set(session.id, null);
    for (const delivery of session.undelivered()) this.deliveries.delete(delivery);
    for (const packetId of session.incoming.keys()) this.incoming.delete(`${session.id} ${packetId}`);
  }

  setIncoming(session: Session, packetId: number, isKept: boolean): void {
    this.incoming.set(`${session.id} ${packetId}`, { session, packetId, isKept });
  }

  /** Of two times by which it is due the earlier counts. */
  setRetained(change: PendingRetained): void {
    const key = `${change.space} ${change.topic}`;
    const dueAt = Math.min(change.dueAt, this.retained.get(key)?.dueAt ?? Number.POSITIVE_INFINITY);
    this.retained.set(key, { ...change, dueAt });
  }

  /** Takes retained messages out while none is due by `time`, so that a hurried write does not carry them along. */
  takeRetainedDueAfter(time: number): PendingRetained[] {
    if (this.retained.values().some((change) => change.dueAt <= time)) return [];
    const later = [...this.retained.values()];
    this.retained.clear();
    return later;
  }
}
