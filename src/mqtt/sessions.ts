import type { BrokerLimits, Usage } from './limits.ts';
import type { Principal } from './ports.ts';
import { Session } from './session.ts';
import type { Spaces } from './spaces.ts';
import type { BrokerStore } from './store.sqlite.ts';
import type { StoredSession } from './stored-state.ts';
import type { Subscription } from './subscription.ts';

export interface SessionsOptions {
  limits: BrokerLimits;
  usage: Usage;
  spaces: Spaces;
  store: BrokerStore;
  now(): number;
  onDropped(count: number): void;
  /** A session is over: its delayed will is due. */
  onEnded(session: Session): void;
}

/** What a connecting client asks of its session. */
export interface SessionWish {
  id: string;
  clientId: string;
  space: string;
  principal: Principal;
  isCleanStart: boolean;
  expiryS: number;
}

/** The sessions of all clients, connected or away. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();
  constructor(private readonly options: SessionsOptions) {}

  get size(): number {
    return this.sessions.size;
  }

  all(): Iterable<Session> {
    return this.sessions.values();
  }

  find(id: string): Session | undefined {
    return this.sessions.get(id);
  }

  /** Takes up the client's session or makes a new one. */
  attach(wish: SessionWish): { session: Session; isPresent: boolean } {
    const old = this.sessions.get(wish.id);
    if (old && (wish.isCleanStart || !old.isPersistent || this.isOver(old))) this.end(old);
    const present = this.sessions.get(wish.id);
    const session = present ?? this.make(wish);
    session.principal = wish.principal;
    session.detachedAt = null;
    session.expiryS = wish.expiryS;
    this.sessions.set(wish.id, session);
    if (session.isPersistent) this.options.store.saveSession(session);
    else if (present) this.forgetOnDisk(session);
    return { session, isPresent: present !== undefined };
  }

  private make(wish: Omit<SessionWish, 'isCleanStart' | 'expiryS'>): Session {
    const { limits, usage, store, now, onDropped } = this.options;
    const { id, clientId, space, principal } = wish;
    return new Session({ id, clientId, space, principal, limits, usage, store, now, onDropped });
  }

  /** A session that was kept and now ends with its connection: nothing of it stays on disk. */
  private forgetOnDisk(session: Session): void {
    this.options.store.forgetSession(session);
    for (const delivery of session.undelivered()) delivery.isStored = false;
  }

  /** The connection is gone: the session ends, or waits as long as the client asked. */
  detach(session: Session, expiryS: number): void {
    const wasPersistent = session.isPersistent;
    session.detach(this.options.now());
    session.expiryS = expiryS;
    if (expiryS <= 0) {
      session.expiryS = wasPersistent ? 1 : 0;
      this.end(session);
      return;
    }
    this.options.store.saveSession(session);
    this.limitDetached(session);
  }

  /** When too many wait, of one login or of all together, the one of them that waits longest goes. */
  private limitDetached(newest: Session): void {
    const { maxSessions, maxSessionsOfOne } = this.options.limits;
    const waiting = [...this.sessions.values()].filter((s) => s.detachedAt !== null);
    const login = loginOf(newest);
    const same = waiting.filter((s) => loginOf(s) === login);
    if (same.length > maxSessionsOfOne) this.endOldest(same);
    else if (waiting.length > maxSessions) this.endOldest(waiting);
  }

  private endOldest(waiting: readonly Session[]): void {
    const oldest = waiting.reduce((a, b) => ((a.detachedAt ?? 0) <= (b.detachedAt ?? 0) ? a : b));
    this.end(oldest);
  }

  /** Removes a session and all that belongs to it. */
  end(session: Session): void {
    this.sessions.delete(session.id);
    const { tree } = this.options.spaces.of(session.space);
    for (const subscription of session.subscriptions.values()) tree.remove(session, subscription);
    session.subscriptions.clear();
    if (session.isPersistent) this.options.store.forgetSession(session);
    session.expiryS = 0;
    session.clear();
    this.options.onEnded(session);
  }

  /** Ends the sessions whose time is over. */
  expire(): void {
    for (const session of this.sessions.values()) if (this.isOver(session)) this.end(session);
  }

  private isOver(session: Session): boolean {
    return session.detachedAt !== null && this.options.now() - session.detachedAt >= session.expiryS * 1000;
  }

  subscribe(session: Session, key: string, subscription: Subscription): boolean {
    const { tree } = this.options.spaces.of(session.space);
    const isNew = tree.add(session, subscription);
    session.subscriptions.set(key, subscription);
    if (session.isPersistent) this.options.store.saveSession(session);
    return isNew;
  }

  /** False if there was no such subscription. */
  unsubscribe(session: Session, key: string): boolean {
    const subscription = session.subscriptions.get(key);
    if (!subscription) return false;
    session.subscriptions.delete(key);
    session.dropRetained(key);
    this.options.spaces.of(session.space).tree.remove(session, subscription);
    if (session.isPersistent) this.options.store.saveSession(session);
    return true;
  }

  /** Puts back what was on disk. A client that was connected when the power went is away since now. */
  restore(stored: readonly StoredSession[]): void {
    for (const s of stored) {
      const session = this.make(s);
      session.expiryS = s.expiryS;
      session.detachedAt = s.detachedAt ?? this.options.now();
      session.restore(s.deliveries, s.incoming);
      this.sessions.set(s.id, session);
      for (const subscription of s.subscriptions) {
        const key =
          subscription.group === null ? subscription.filter : `$share/${subscription.group}/${subscription.filter}`;
        session.subscriptions.set(key, subscription);
        this.options.spaces.of(session.space).tree.add(session, subscription);
      }
    }
  }
}

/** What a session's name begins with: the same for all clients of one source, of one owner's tokens, of all without a login. */
function loginOf(session: Session): string {
  return session.id.slice(0, session.id.length - session.clientId.length);
}
