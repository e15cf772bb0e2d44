import type { Session } from './session.ts';

/** More would only come from somebody who signs in again and again. */
const MOST = 200;

/**
 * What a full or failing disk did not take of signing in and out: new sessions, and those that ended. It holds in memory
 * until the disk takes it or the appliance stops, so that one may sign in and see what is wrong.
 */
export class SpareSessions {
  private readonly sessions = new Map<string, Session>();
  /** Stored still, and good for nothing any more. */
  readonly ended = new Set<string>();

  get(id: string): Session | undefined {
    return this.sessions.get(id);
  }

  put(session: Session): void {
    this.sessions.set(session.id, session);
    const [oldest] = this.sessions.keys();
    if (this.sessions.size > MOST && oldest !== undefined) this.sessions.delete(oldest);
  }

  remove(id: string): boolean {
    return this.sessions.delete(id);
  }

  of(userId: string): Session[] {
    return [...this.sessions.values()].filter((s) => s.userId === userId);
  }

  removeExpired(now: number): void {
    for (const { id, expiresAt } of this.sessions.values()) if (expiresAt <= now) this.sessions.delete(id);
  }
}
