import type { Clock } from '../core/clock.ts';
import { newSecretHex } from '../core/ids.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Mailer } from '../core/mail.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import { newVerificationCode, typedCode } from './codes.ts';
import type { GuessLimits } from './guess-limits.ts';
import { tooMany } from './guess-limits.ts';
import { alreadyRegisteredMail, codeMail } from './mails.ts';
import type { AccountChange, AuditLog, Digest, PasswordLinkStore, UserStore } from './ports.ts';
import { actorOf } from './sign-in-service.ts';
import type { User } from './user.ts';
import {
  askedForCode,
  codeLifetimeMs,
  noVerification,
  resendWaitS,
  tryCode,
  type Verification,
} from './verification.ts';

export interface VerificationDeps {
  users: UserStore;
  links: Pick<PasswordLinkStore, 'removeAllOf'>;
  audit: AuditLog;
  limits: GuessLimits;
  jobs: JobQueue;
  mailer: Mailer | null;
  clock: Clock;
  digest: Digest;
  /** All writes of `work` in one commit. It also makes a taken and a free address cost the same. */
  atomically<T>(work: () => T): T;
  emit(change: AccountChange): void;
}

const sendJob = 'accounts.sendVerification';
const mostDecoys = 1000;

/**
 * Proves that an e-mail address is its owner's: a mailed code, good only together with the ticket that the asking
 * browser holds. So nobody can plant a password on an address and wait for its owner to type the code.
 */
export class VerificationService {
  /** Tickets that stand for no account: who registers a taken address meets the same answers. */
  private readonly decoys = new Map<string, Verification>();
  constructor(private readonly deps: VerificationDeps) {}

  /** Defines the job that makes the code and mails it, so that no code ever lies in the job table. */
  defineJobs(): void {
    this.deps.jobs.define({
      kind: sendJob,
      title: 'Send a verification code',
      maxAttempts: 5,
      run: (context) => this.send((context.job.payload as { userId: string }).userId),
    });
  }

  /** Asks for a code and gives the ticket. Within a minute of the last code, or locked out, only the ticket is new. */
  startFor(user: User): string {
    const { users, clock, digest } = this.deps;
    const ticket = newSecretHex();
    const state = users.verification(user.id);
    const now = clock.now();
    if (resendWaitS(state, now) > 0) users.setVerification(user.id, { ...state, ticketHash: digest(ticket) });
    else this.ask(user, digest(ticket), state);
    return ticket;
  }

  /** The same for a new registration, whose old codes must not count. */
  startAnew(user: User): string {
    const ticket = newSecretHex();
    this.ask(user, this.deps.digest(ticket), this.deps.users.verification(user.id));
    return ticket;
  }

  /** A ticket without an account. The owner of the address is told by mail. */
  startDecoy(user: User): string {
    const ticket = newSecretHex();
    this.keepDecoy(ticket, askedForCode(noVerification, '', this.deps.clock.now()));
    this.deps.jobs.enqueue(sendJob, { payload: { userId: user.id } });
    return ticket;
  }

  /** Another code by the same ticket, once a minute. */
  resend(ticket: string, address: string): Result<void> {
    const { users, limits, clock, digest, jobs } = this.deps;
    const limit = limits.code(address);
    if (!limit.ok) return limit;
    const user = users.findByTicket(ticket);
    const state = user ? users.verification(user.id) : this.decoys.get(ticket);
    if (!state) return ended();
    const waitS = resendWaitS(state, clock.now());
    if (waitS > 0) return tooMany(waitS);
    if (user) return ok(this.ask(user, digest(ticket), state));
    this.keepDecoy(ticket, askedForCode(state, '', clock.now()));
    jobs.enqueue(sendJob, { payload: { userId: '' } });
    return ok(undefined);
  }

  /** Tries a code. The right one proves the address (or makes the new address the account's). */
  confirm(ticket: string, code: string, address: string): Result<User> {
    const limit = this.deps.limits.code(address);
    if (!limit.ok) return limit;
    const { users, clock, digest } = this.deps;
    const now = clock.now();
    const user = users.findByTicket(ticket);
    const state = user ? users.verification(user.id) : this.decoys.get(ticket);
    if (!state) return ended();
    const isRight = user !== undefined && state.codeHash === digest(`${user.id}|${typedCode(code)}`);
    const { outcome, next } = tryCode(state, isRight, now);
    this.deps.atomically(() => {
      if (user) users.setVerification(user.id, next);
      else this.keepDecoy(ticket, next);
      if (outcome !== 'right') this.deps.audit.record({ actor: null, address, action: 'user.wrongCode' });
    });
    if (outcome === 'locked') return lockedOut(next, now);
    if (outcome === 'expired')
      return refuse('invalid', 'This code has expired.', { field: 'code', hint: 'Ask for a new one below.' });
    if (outcome === 'wrong' || !user) return refuse('invalid', 'This is not the code.', { field: 'code' });
    return this.proved(user, address);
  }

  private proved(user: User, address: string): Result<User> {
    const { users, links, clock, audit, emit } = this.deps;
    const now = clock.now();
    const normalised = users.pendingEmailNormalised(user.id);
    const email = user.pendingEmail && normalised ? { typed: user.pendingEmail, normalised } : undefined;
    const change = email ? { email, pendingEmail: null, verifiedAt: now } : { verifiedAt: now };
    const changed = users.update(user.id, change, now);
    if (typeof changed === 'string') return refuse('conflict', 'This address cannot be used any more. Start again.');
    // A code in the mailbox that one has left opens nothing any more.
    if (email) links.removeAllOf(user.id);
    audit.record({ actor: actorOf(changed), address, action: email ? 'email.changed' : 'user.verified' });
    emit({ kind: 'userChanged', userId: user.id, isActive: changed.isActive });
    return ok(changed);
  }

  private ask(user: User, ticketHash: string, state: Verification): void {
    this.deps.atomically(() => {
      this.deps.users.setVerification(user.id, askedForCode(state, ticketHash, this.deps.clock.now()));
      this.deps.jobs.enqueue(sendJob, { payload: { userId: user.id } });
    });
  }

  private async send(userId: string): Promise<void> {
    const { users, mailer, digest } = this.deps;
    const user = users.find(userId);
    if (!user || !mailer) return;
    const pending = users.pendingEmailNormalised(userId);
    if (user.verifiedAt !== null && !user.pendingEmail) return mailer.send(alreadyRegisteredMail(user));
    const holder = pending === null ? undefined : users.findByEmail(pending);
    if (holder) return mailer.send(alreadyRegisteredMail(holder));
    const code = newVerificationCode();
    const state = users.verification(userId);
    // A mail server that was busy must not cost the reader's time: the code's life begins when it goes out.
    const expiresAt = this.deps.clock.now() + codeLifetimeMs;
    users.setVerification(userId, { ...state, codeHash: digest(`${userId}|${code}`), expiresAt });
    return mailer.send(codeMail(user.pendingEmail ?? user.email, user.name, code));
  }

  private keepDecoy(ticket: string, state: Verification): void {
    this.decoys.delete(ticket);
    this.decoys.set(ticket, state);
    if (this.decoys.size <= mostDecoys) return;
    for (const oldest of this.decoys.keys()) {
      this.decoys.delete(oldest);
      return;
    }
  }
}

function ended(): Result<never> {
  return refuse('not_found', 'This try has ended. Start again.');
}

function lockedOut(state: Verification, now: number): Result<never> {
  const retryAfterS = Math.ceil(((state.lockedUntil ?? now) - now) / 1000);
  return refuse(
    'rate_limited',
    `Too many wrong codes. In ${Math.ceil(retryAfterS / 60)} minutes you can ask for a new one.`,
    {
      field: 'code',
      retryAfterS,
    },
  );
}
