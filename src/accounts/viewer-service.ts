import type { Clock } from '../core/clock.ts';
import { hasPassed, minutes } from '../core/durations.ts';
import type { GuessLimits } from './guess-limits.ts';
import type { SessionStore, TokenStore, UserStore } from './ports.ts';
import type { User } from './user.ts';
import type { Viewer } from './viewer.ts';

/** How exactly "last used" is known: writing it at each request would wear the card. */
const touchEveryMs = minutes(5);

export interface ViewerDeps {
  users: UserStore;
  sessions: SessionStore;
  tokens: TokenStore;
  limits: GuessLimits;
  clock: Clock;
}

/** Who is asking: from a session's cookie or an access token to a viewer. */
export class ViewerService {
  constructor(private readonly deps: ViewerDeps) {}

  /** `renewedUntil` (ms UTC) is set when the session's end moved, so that the cookie's should too. */
  async fromCookie(
    cookie: string,
    address: string,
  ): Promise<{ viewer: Viewer; renewedUntil: number | null } | undefined> {
    const opened = await this.deps.sessions.open(cookie, address);
    const user = opened && this.activeUser(opened.session.userId);
    if (!opened || !user || user.verifiedAt === null) return undefined;
    const viewer = viewerOf(user, { kind: 'session', sessionId: opened.session.id });
    return { viewer, renewedUntil: opened.renewedUntil };
  }

  /** Wrong tokens are limited by address; a right one costs nothing. */
  fromToken(secret: string, address: string): Viewer | undefined {
    const { tokens, limits, clock } = this.deps;
    if (!/^amp_[A-Za-z0-9_-]{20,100}$/.test(secret) || !limits.token(address)) return undefined;
    const token = tokens.findBySecret(secret);
    const now = clock.now();
    const user = token && this.activeUser(token.userId);
    if (!token || !user || (token.expiresAt !== null && token.expiresAt <= now)) return undefined;
    limits.rightToken(address);
    if (hasPassed(token.lastUsedAt ?? 0, touchEveryMs, now)) tokens.touch(token.id, now, address);
    return viewerOf(user, { kind: 'token', tokenId: token.id, scope: token.scope });
  }

  /** For work done in somebody's name. */
  forUser(userId: string): Viewer | undefined {
    const user = this.activeUser(userId);
    return user && viewerOf(user, { kind: 'system' });
  }

  private activeUser(id: string): User | undefined {
    const user = this.deps.users.find(id);
    return user?.isActive && user.deletedAt === null ? user : undefined;
  }
}

/** The viewer that a user is. */
export function viewerOf(user: User, via: Viewer['via']): Viewer {
  const { id, role, name, email, temperatureUnit } = user;
  return { userId: id, role, name, email, temperatureUnit, via };
}
