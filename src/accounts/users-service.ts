import type { Clock } from '../core/clock.ts';
import { minutes } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import { parseEmail } from './email.ts';
import { normalisedPassword } from './password-rules.ts';
import type { PasswordService } from './password-service.ts';
import type {
  AccountChange,
  AuditLog,
  PasswordHasher,
  PasswordLinkStore,
  SessionStore,
  TokenStore,
  UserConflict,
  UserStore,
} from './ports.ts';
import { badFields, readPerson } from './registration-service.ts';
import { isRole, mayManage, rolesToGive } from './roles.ts';
import { parseName, type User } from './user.ts';
import type { Role, Viewer } from './viewer.ts';

export interface UsersDeps {
  users: UserStore;
  sessions: SessionStore;
  tokens: TokenStore;
  links: PasswordLinkStore;
  passwords: PasswordHasher;
  passwordService: PasswordService;
  audit: AuditLog;
  clock: Clock;
  log: Log;
  jobs: JobQueue;
  emit(change: AccountChange): void;
  atomically<T>(work: () => T): T;
}

export interface NewUserTyped {
  name: string;
  email: string;
  role: string;
  /** Empty: they choose one by the link. */
  password: string;
}

/** What an admin changes of somebody; `version` is that of the page that was open. */
export interface UserEdit {
  name?: string;
  role?: string;
  isActive?: boolean;
  version?: number;
}

const notThere = (): Result<never> => refuse('not_found', 'There is no such user.');

/** Accounts as admins see them. An Admin sees and changes everybody but Overseers; for the rest they are not there. */
export class UsersService {
  private readonly hooks: ((userId: string) => Promise<void>)[] = [];
  constructor(private readonly deps: UsersDeps) {}

  onUserDelete(remove: (userId: string) => Promise<void>): void {
    this.hooks.push(remove);
  }

  list(viewer: Viewer): User[] {
    return this.deps.users.list().filter((user) => mayManage(person(viewer), user));
  }

  get(viewer: Viewer, id: string): Result<User> {
    const user = this.deps.users.find(id);
    return user && user.deletedAt === null && mayManage(person(viewer), user) ? ok(user) : notThere();
  }

  /** Makes an account; without a password also the secret of a one-time link, to be shown once. */
  async create(
    viewer: Viewer,
    typed: NewUserTyped,
    address: string,
  ): Promise<Result<{ user: User; inviteSecret: string | null }>> {
    if (!isRole(typed.role) || !rolesToGive(viewer.role).includes(typed.role))
      return refuse('invalid', 'You cannot give this role.', { field: 'role' });
    const made = await this.add({ ...typed, role: typed.role });
    if (!made.ok) return made;
    const { user } = made.value;
    const detail = `As ${user.role}`;
    this.deps.audit.record({ actor: viewer, address, action: 'user.created', subject: subjectOf(user), detail });
    return made;
  }

  /** The same without a viewer, for the command line. Such an account counts as verified. */
  async add(typed: NewUserTyped & { role: Role }): Promise<Result<{ user: User; inviteSecret: string | null }>> {
    const { users, passwords, passwordService, clock } = this.deps;
    const hasPassword = typed.password !== '';
    const read = readPerson(hasPassword ? typed : { ...typed, password: 'chosen later by its owner' });
    if (!read.ok) return read;
    const { name, email } = read.value;
    const passwordHash = hasPassword ? await passwords.hash(normalisedPassword(typed.password)) : null;
    const now = clock.now();
    const identity = { name, email: email.typed, emailNormalised: email.normalised };
    const user = users.insert({ ...identity, passwordHash, role: typed.role, verifiedAt: now }, now);
    if (!user) return refuse('conflict', 'This e-mail address has an account already.', { field: 'email' });
    return ok({ user, inviteSecret: hasPassword ? null : passwordService.makeInvite(user) });
  }

  /** Changes name, role or whether somebody may sign in. Refused as stale when somebody else was quicker. */
  update(viewer: Viewer, id: string, edit: UserEdit, address: string): Result<User> {
    const found = this.get(viewer, id);
    if (!found.ok) return found;
    const user = found.value;
    const name = edit.name === undefined ? user.name : parseName(edit.name);
    if (name === undefined)
      return { ok: false, error: badFields([{ field: 'name', message: 'Give a name of 1 to 100 characters.' }]) };
    const role = edit.role ?? user.role;
    const isActive = edit.isActive ?? user.isActive;
    if (!isRole(role) || (role !== user.role && !rolesToGive(viewer.role).includes(role)))
      return refuse('invalid', 'You cannot give this role.', { field: 'role' });
    if (user.id === viewer.userId && (role !== user.role || !isActive))
      return refuse('conflict', 'You cannot take rights from yourself; another administrator can.', { field: 'role' });
    const changed = this.deps.users.update(id, { name, role, isActive }, this.deps.clock.now(), edit.version);
    if (typeof changed === 'string') return conflict(changed);
    this.afterUpdate(viewer, user, changed, address);
    return ok(changed);
  }

  /** A fresh one-time link for somebody who lost theirs or their password. The old password works until it is used. */
  invite(viewer: Viewer, id: string, address: string): Result<{ user: User; inviteSecret: string }> {
    const found = this.get(viewer, id);
    if (!found.ok) return found;
    const user = found.value;
    if (!user.isActive) return refuse('conflict', 'Switch the account on first.');
    const inviteSecret = this.deps.passwordService.makeInvite(user);
    this.deps.audit.record({ actor: viewer, address, action: 'user.invited', subject: subjectOf(user) });
    return ok({ user, inviteSecret });
  }

  /** Deletes somebody and all that is theirs. `confirmation` is their e-mail address, typed. */
  async delete(viewer: Viewer, id: string, confirmation: string, address: string): Promise<Result<void>> {
    const found = this.get(viewer, id);
    if (!found.ok) return found;
    const user = found.value;
    const typed = parseEmail(confirmation)?.normalised;
    if (typed === undefined || typed !== parseEmail(user.email)?.normalised)
      return refuse('invalid', `Type ${user.email} to delete this account.`, { field: 'confirmation' });
    return this.remove(user, { viewer, address });
  }

  /** Takes up deletions that the end of the appliance cut off. */
  async finishDeletions(): Promise<void> {
    for (const user of this.deps.users.listBeingDeleted()) await this.removeEverything(user.id);
  }

  private async remove(user: User, by: { viewer: Viewer; address: string }): Promise<Result<void>> {
    const { users, sessions, tokens, links, audit, clock, emit, log } = this.deps;
    const isMarked = this.deps.atomically(() => {
      if (!users.markDeleted(user.id, clock.now())) return false;
      sessions.endAll(user.id);
      tokens.removeAllOf(user.id);
      links.removeAllOf(user.id);
      audit.record({
        actor: by.viewer,
        address: by.address,
        action: 'user.deleted',
        subject: { id: user.id, label: roleLabel(user) },
      });
      return true;
    });
    if (!isMarked) return conflict('lastOverseer');
    emit({ kind: 'userDeleted', userId: user.id });
    try {
      await this.removeEverything(user.id);
    } catch (error) {
      log.error('what a deleted user left is not all removed yet; it is tried again', { userId: user.id, error });
      this.deps.jobs.enqueue('accounts.tidy', { runAt: clock.now() + minutes(1), dedupeKey: 'accounts.tidy' });
    }
    return ok(undefined);
  }

  private async removeEverything(userId: string): Promise<void> {
    for (const remove of this.hooks) await remove(userId);
    this.deps.users.remove(userId);
  }

  private afterUpdate(viewer: Viewer, before: User, after: User, address: string): void {
    const { audit, emit, sessions } = this.deps;
    const entry = { actor: viewer, address, subject: subjectOf(after) };
    if (before.role !== after.role)
      audit.record({ ...entry, action: 'user.roleChanged', detail: `From ${before.role} to ${after.role}` });
    if (before.isActive !== after.isActive)
      audit.record({ ...entry, action: after.isActive ? 'user.activated' : 'user.deactivated' });
    if (before.name !== after.name) audit.record({ ...entry, action: 'user.changed' });
    if (!after.isActive) emit({ kind: 'sessionsEnded', userId: after.id, sessionIds: sessions.endAll(after.id) });
    emit({ kind: 'userChanged', userId: after.id, isActive: after.isActive });
  }
}

/** A refusal for a change that did not happen. */
export function conflict(why: UserConflict): Result<never> {
  if (why === 'missing') return notThere();
  if (why === 'emailTaken')
    return refuse('conflict', 'This e-mail address has an account already.', { field: 'email' });
  if (why === 'lastOverseer')
    return refuse('conflict', 'This is the last Overseer: without one nobody could look after this Ampra.', {
      hint: 'Make somebody else an Overseer first.',
    });
  return refuse('stale', 'Somebody else changed this meanwhile. Nothing of yours was stored.', {
    hint: 'Look at what it is now, then change it again.',
  });
}

function person(viewer: Viewer): { id: string; role: Role } {
  return { id: viewer.userId, role: viewer.role };
}

function subjectOf(user: User): { id: string; label: string } {
  return { id: user.id, label: user.email };
}

/** A deleted person's address does not stay in the record. */
function roleLabel(user: User): string {
  return `a deleted ${user.role}`;
}
