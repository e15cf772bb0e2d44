import type { Clock } from '../core/clock.ts';
import { days, minutes } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Mailer } from '../core/mail.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import { inPairs, newReadableCode, typedCode } from './codes.ts';
import { parseEmail } from './email.ts';
import type { GuessLimits } from './guess-limits.ts';
import { passwordChangedMail, resetMail } from './mails.ts';
import { normalisedPassword, passwordProblem } from './password-rules.ts';
import type { AccountChange, AuditLog, PasswordHasher, PasswordLinkStore, SessionStore, UserStore } from './ports.ts';
import { badFields } from './registration-service.ts';
import { actorOf } from './sign-in-service.ts';
import type { User } from './user.ts';
import type { Viewer } from './viewer.ts';

export interface PasswordDeps {
  users: UserStore;
  sessions: SessionStore;
  links: PasswordLinkStore;
  passwords: PasswordHasher;
  audit: AuditLog;
  limits: GuessLimits;
  jobs: JobQueue;
  mailer: Mailer | null;
  clock: Clock;
  /** Address that owners type, for links in mails; '' when nobody said. The request's Host is a guest's word. */
  publicUrl: string;
  /** All writes of `work` in one commit. */
  atomically<T>(work: () => T): T;
  emit(change: AccountChange): void;
}

const sendJob = 'accounts.sendReset';
export const resetLifetimeMs = minutes(30);
export const inviteLifetimeMs = days(7);

/** Changing a password, and choosing one without knowing the old. */
export class PasswordService {
  constructor(private readonly deps: PasswordDeps) {}

  defineJobs(): void {
    this.deps.jobs.define({
      kind: sendJob,
      title: 'Send a password reset',
      maxAttempts: 5,
      run: (context) => this.sendReset((context.job.payload as { email: string }).email),
    });
  }

  /** True if a forgotten password can be helped by mail. */
  get canMail(): boolean {
    return this.deps.mailer !== null;
  }

  /** Checks the viewer's own password again, before something that a borrowed browser should not do. */
  async confirm(viewer: Viewer, password: string, field = 'password'): Promise<Result<void>> {
    const limit = this.deps.limits.password(viewer.userId);
    if (!limit.ok) return limit;
    const hash = this.deps.users.passwordHash(viewer.userId);
    const typed = password.length > 400 ? '' : normalisedPassword(password);
    if (!(await this.deps.passwords.verify(typed, hash)))
      return refuse('invalid', 'This is not your password.', { field });
    this.deps.limits.rightPassword(viewer.userId);
    return ok(undefined);
  }

  /** Changes the viewer's own password; every other session ends. */
  async change(viewer: Viewer, typed: { current: string; next: string }, address: string): Promise<Result<void>> {
    if (viewer.via.kind === 'token') return refuse('forbidden', 'A password is changed by a person, not by a program.');
    const problem = passwordProblem(typed.next, viewer);
    if (problem) return { ok: false, error: badFields([{ field: 'next', message: problem }]) };
    const confirmed = await this.confirm(viewer, typed.current, 'current');
    if (!confirmed.ok) return confirmed;
    const user = this.deps.users.find(viewer.userId);
    if (!user) return refuse('not_found', 'This account is gone.');
    const kept = viewer.via.kind === 'session' ? viewer.via.sessionId : undefined;
    await this.set(user, typed.next, kept);
    this.deps.audit.record({ actor: viewer, address, action: 'password.changed' });
    this.deps.mailer?.enqueue(passwordChangedMail(user));
    return ok(undefined);
  }

  /** Asks for a reset mail. Known or not, the same is done here and the same is answered; the job finds out. */
  forgot(typedEmail: string, address: string): Result<void> {
    if (!this.deps.mailer) return refuse('unavailable', 'This Ampra cannot send mail.');
    const email = parseEmail(typedEmail);
    if (!email) return refuse('invalid', 'This is not an e-mail address.', { field: 'email' });
    const limit = this.deps.limits.mail(email.normalised, address);
    if (!limit.ok) return limit;
    this.deps.atomically(() => {
      this.deps.jobs.enqueue(sendJob, { payload: { email: email.normalised } });
      this.deps.audit.record({ actor: null, address, action: 'password.resetAsked' });
    });
    return ok(undefined);
  }

  /** Whose password a link is for; it stays good. */
  inspect(secret: string, address: string): Result<{ email: string; name: string; kind: 'reset' | 'invite' }> {
    const limit = this.deps.limits.link(address);
    if (!limit.ok) return limit;
    const link = this.deps.links.find(typedCode(secret), this.deps.clock.now());
    const user = link && this.deps.users.find(link.userId);
    if (!link || !user?.isActive || user.deletedAt !== null) return linkIsGone();
    return ok({ email: user.email, name: user.name, kind: link.kind });
  }

  /** Chooses a password by a mailed code or an admin's link, once; every session ends. */
  async reset(secret: string, next: string, address: string): Promise<Result<User>> {
    const limit = this.deps.limits.link(address);
    if (!limit.ok) return limit;
    const { users, links, clock, audit } = this.deps;
    const code = typedCode(secret);
    const link = links.find(code, clock.now());
    const user = link && users.find(link.userId);
    if (!link || !user?.isActive || user.deletedAt !== null) return linkIsGone();
    const problem = passwordProblem(next, user);
    if (problem) return { ok: false, error: badFields([{ field: 'next', message: problem }]) };
    if (!links.consume(code, clock.now())) return linkIsGone();
    await this.set(user, next);
    // Either way to the link proved who it is: the mailbox, or the word of an admin.
    if (user.verifiedAt === null) users.update(user.id, { verifiedAt: clock.now() }, clock.now());
    audit.record({ actor: actorOf(user), address, action: 'password.reset' });
    return ok(user);
  }

  /** Sets a password for somebody, by the command line or an admin. */
  async set(user: User, password: string, keptSessionId?: string): Promise<void> {
    const hash = await this.deps.passwords.hash(normalisedPassword(password));
    this.deps.users.setPasswordHash(user.id, hash, this.deps.clock.now());
    // Codes and links that are on their way were for the old one; whoever has one may be who this is against.
    this.deps.links.removeAllOf(user.id);
    const sessionIds = this.deps.sessions.endAll(user.id, keptSessionId);
    this.deps.emit({ kind: 'sessionsEnded', userId: user.id, sessionIds });
  }

  /** A one-time link for somebody, good for a week; gives its secret. */
  makeInvite(user: User): string {
    const now = this.deps.clock.now();
    const secret = newReadableCode(32);
    this.deps.links.put({ secret, userId: user.id, kind: 'invite', createdAt: now, expiresAt: now + inviteLifetimeMs });
    return secret;
  }

  private async sendReset(normalised: string): Promise<void> {
    const { users, links, mailer, clock, publicUrl } = this.deps;
    const user = users.findByEmail(normalised);
    if (!user?.isActive || user.deletedAt !== null || !mailer) return;
    const now = clock.now();
    const secret = newReadableCode(12);
    links.put({ secret, userId: user.id, kind: 'reset', createdAt: now, expiresAt: now + resetLifetimeMs });
    const link = publicUrl === '' ? null : `${publicUrl.replace(/\/$/, '')}/reset?code=${secret}`;
    await mailer.send(resetMail(user, inPairs(secret), link));
  }
}

function linkIsGone(): Result<never> {
  return refuse('invalid', 'This code or link is not good any more: it was used, is too old, or was mistyped.', {
    field: 'code',
    hint: 'Ask for a new one.',
  });
}
