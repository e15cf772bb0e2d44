import type { Clock } from '../core/clock.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import { parseEmail } from './email.ts';
import type { GuessLimits } from './guess-limits.ts';
import { longestPassword, normalisedPassword } from './password-rules.ts';
import type { AccountChange, AuditLog, OpenedSession, PasswordHasher, SessionStore, UserStore } from './ports.ts';
import type { Session } from './session.ts';
import type { User } from './user.ts';
import type { Viewer } from './viewer.ts';

export interface SignInDeps {
  users: UserStore;
  sessions: SessionStore;
  passwords: PasswordHasher;
  audit: AuditLog;
  limits: GuessLimits;
  clock: Clock;
  emit(change: AccountChange): void;
  /** Starts proving the address of somebody who gave the right password; gives the ticket, or null when there is no mail. */
  startVerification(user: User): string | null;
}

export interface Visitor {
  address: string;
  userAgent: string;
}

export type SignedIn =
  | { kind: 'signedIn'; session: OpenedSession; user: User }
  | { kind: 'unverified'; ticket: string };

/** Signing in and out, and the list of places where one is signed in. */
export class SignInService {
  constructor(private readonly deps: SignInDeps) {}

  /**
   * The answer to an unknown address, an account without a password and a wrong password is one and the same, and costs
   * one hash each. `previousCookie` ends: a session never survives a sign-in (no fixation).
   */
  async signIn(
    typed: { email: string; password: string },
    visitor: Visitor,
    previousCookie?: string,
  ): Promise<Result<SignedIn>> {
    const { users, passwords, limits, audit } = this.deps;
    const email = parseEmail(typed.email);
    const account = email?.normalised ?? typed.email.slice(0, 254).toLowerCase();
    const limit = limits.signIn(account, visitor.address);
    if (!limit.ok) return limit;
    const before = email && users.findByEmail(email.normalised);
    const isTooLong = typed.password.length > longestPassword * 2;
    const hash = before && !isTooLong ? users.passwordHash(before.id) : null;
    const isRight = await passwords.verify(isTooLong ? '' : normalisedPassword(typed.password), hash);
    const typedHash =
      isRight && hash && passwords.isOutdated(hash) ? await passwords.hash(normalisedPassword(typed.password)) : null;
    // What was changed while the password was looked at counts: who lost access then gets no session, and no old password comes back.
    const user = before && users.find(before.id);
    const isUnchanged = user && (hash === null || users.passwordHash(user.id) === hash);
    if (!user || !isRight || !isUnchanged || user.deletedAt !== null) {
      // Who is not known is not written down: people type passwords into the wrong field.
      const subject = before ? { id: before.id, label: before.email } : {};
      audit.record({ actor: null, address: visitor.address, action: 'signIn.failed', subject });
      return refuse('unauthenticated', 'This e-mail address and password do not belong together.');
    }
    limits.signedIn(account, visitor.address);
    if (!user.isActive)
      return refuse('forbidden', 'This account is switched off.', {
        hint: 'An administrator of this Ampra can switch it on.',
      });
    if (user.verifiedAt === null) return this.toVerification(user);
    if (typedHash) users.setPasswordHash(user.id, typedHash, this.deps.clock.now());
    return ok({ kind: 'signedIn', user, session: await this.openFor(user, visitor, previousCookie) });
  }

  /** Opens a session for somebody who was just proved to be there (sign-in, the wizard's first step). */
  async openFor(user: User, visitor: Visitor, previousCookie?: string): Promise<OpenedSession> {
    if (previousCookie) this.deps.sessions.endByCookie(previousCookie);
    const session = await this.deps.sessions.create({ userId: user.id, ...visitor });
    this.deps.users.touch(user.id, this.deps.clock.now());
    this.deps.audit.record({ actor: actorOf(user), address: visitor.address, action: 'signIn' });
    return session;
  }

  signOut(cookie: string, address: string): void {
    const ended = this.deps.sessions.endByCookie(cookie);
    const user = ended && this.deps.users.find(ended.userId);
    if (!ended || !user) return;
    this.deps.audit.record({ actor: actorOf(user), address, action: 'signOut' });
    this.deps.emit({ kind: 'sessionsEnded', userId: user.id, sessionIds: [ended.id] });
  }

  /** Where the viewer is signed in, newest use first. */
  sessionsOf(viewer: Viewer): Session[] {
    return this.deps.sessions.listOf(viewer.userId);
  }

  endSession(viewer: Viewer, sessionId: string, address: string): Result<void> {
    if (!this.deps.sessions.end(viewer.userId, sessionId))
      return refuse('not_found', 'This session has ended already.');
    this.deps.audit.record({ actor: viewer, address, action: 'session.ended' });
    this.deps.emit({ kind: 'sessionsEnded', userId: viewer.userId, sessionIds: [sessionId] });
    return ok(undefined);
  }

  /** Ends every session but the one that asks; gives how many. */
  endOthers(viewer: Viewer, address: string): number {
    const kept = viewer.via.kind === 'session' ? viewer.via.sessionId : undefined;
    const sessionIds = this.deps.sessions.endAll(viewer.userId, kept);
    this.deps.audit.record({ actor: viewer, address, action: 'sessions.ended', detail: `${sessionIds.length} ended` });
    this.deps.emit({ kind: 'sessionsEnded', userId: viewer.userId, sessionIds });
    return sessionIds.length;
  }

  private toVerification(user: User): Result<SignedIn> {
    const ticket = this.deps.startVerification(user);
    if (ticket !== null) return ok({ kind: 'unverified', ticket });
    return refuse('forbidden', 'This address was never confirmed, and this Ampra sends no mail any more.', {
      hint: 'An administrator can make you a one-time link.',
    });
  }
}

/** A user as the audit log names an actor. */
export function actorOf(user: User): { userId: string; email: string } {
  return { userId: user.id, email: user.email };
}
