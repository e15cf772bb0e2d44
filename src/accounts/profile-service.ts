import type { Clock } from '../core/clock.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import { parseEmail } from './email.ts';
import type { GuessLimits } from './guess-limits.ts';
import type { PasswordService } from './password-service.ts';
import type { AccountChange, AuditLog, PasswordLinkStore, UserStore } from './ports.ts';
import { badFields } from './registration-service.ts';
import { parseName, type User, type UserSettings } from './user.ts';
import { conflict } from './users-service.ts';
import type { VerificationService } from './verification-service.ts';
import type { Viewer } from './viewer.ts';

export interface ProfileDeps {
  users: UserStore;
  links: Pick<PasswordLinkStore, 'removeAllOf'>;
  passwordService: PasswordService;
  verification: VerificationService;
  audit: AuditLog;
  limits: GuessLimits;
  clock: Clock;
  hasMail: boolean;
  emit(change: AccountChange): void;
}

export type ProfileEdit = Partial<UserSettings> & { name?: string; version?: number };

/** What everybody changes of themselves. */
export class ProfileService {
  constructor(private readonly deps: ProfileDeps) {}

  get(viewer: Viewer): Result<User> {
    const user = this.deps.users.find(viewer.userId);
    return user ? ok(user) : refuse('not_found', 'This account is gone.');
  }

  /** Name and settings; refused as stale when another browser was quicker. */
  update(viewer: Viewer, edit: ProfileEdit, address: string): Result<User> {
    const { version, name: typedName, ...settings } = edit;
    const name = typedName === undefined ? undefined : parseName(typedName);
    if (typedName !== undefined && name === undefined)
      return { ok: false, error: badFields([{ field: 'name', message: 'Give a name of 1 to 100 characters.' }]) };
    const change = { ...settings, ...(name === undefined ? {} : { name }) };
    const changed = this.deps.users.update(viewer.userId, change, this.deps.clock.now(), version);
    if (typeof changed === 'string') return conflict(changed);
    this.deps.audit.record({
      actor: viewer,
      address,
      action: 'user.changed',
      subject: { id: changed.id, label: changed.email },
    });
    this.deps.emit({ kind: 'userChanged', userId: changed.id, isActive: changed.isActive });
    return ok(changed);
  }

  /**
   * Changes the address one signs in with. With mail the new one is proved first (the ticket's code); without, it
   * counts at once.
   */
  async changeEmail(
    viewer: Viewer,
    typed: { email: string; password: string },
    address: string,
  ): Promise<Result<{ ticket: string | null }>> {
    const email = parseEmail(typed.email);
    if (!email) return refuse('invalid', 'This is not an e-mail address.', { field: 'email' });
    const confirmed = await this.deps.passwordService.confirm(viewer, typed.password);
    if (!confirmed.ok) return confirmed;
    const { users, limits, clock, audit, verification, hasMail } = this.deps;
    const limit = limits.mail(email.normalised, address);
    if (!limit.ok) return limit;
    const change = hasMail ? { pendingEmail: email } : { email };
    const changed = users.update(viewer.userId, change, clock.now());
    if (typeof changed === 'string') return conflict(changed);
    if (hasMail) return ok({ ticket: verification.startAnew(changed) });
    this.deps.links.removeAllOf(viewer.userId);
    audit.record({ actor: viewer, address, action: 'email.changed' });
    return ok({ ticket: null });
  }
}
