import { Bus } from '../core/bus.ts';
import type { Clock } from '../core/clock.ts';
import { days } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import type { Mailer } from '../core/mail.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { AuditEntry } from './audit.ts';
import { auditEntryFor } from './audit-view.ts';
import { parseEmail } from './email.ts';
import { GuessLimits } from './guess-limits.ts';
import { passwordProblem } from './password-rules.ts';
import { PasswordService } from './password-service.ts';
import type {
  AccountChange,
  AccountChanges,
  ApplianceSettings,
  AuditLog,
  Digest,
  PasswordHasher,
  PasswordLinkStore,
  SessionStore,
  TokenStore,
  TokenVerifier,
  UserDirectory,
  UserStore,
} from './ports.ts';
import { ProfileService } from './profile-service.ts';
import { badFields, RegistrationService, readPerson } from './registration-service.ts';
import { isRole } from './roles.ts';
import { SetUpService } from './set-up-service.ts';
import { SignInService } from './sign-in-service.ts';
import { TokensService } from './tokens-service.ts';
import type { User, UserSettings } from './user.ts';
import { UsersService } from './users-service.ts';
import { VerificationService } from './verification-service.ts';
import type { TokenScope, Viewer } from './viewer.ts';
import { ViewerService, viewerOf } from './viewer-service.ts';

export interface AccountsDeps {
  users: UserStore;
  sessions: SessionStore;
  tokens: TokenStore;
  links: PasswordLinkStore;
  settings: ApplianceSettings;
  audit: AuditLog & { removeOlderThan(time: number): void };
  passwords: PasswordHasher;
  jobs: JobQueue;
  mailer: Mailer | null;
  clock: Clock;
  log: Log;
  digest: Digest;
  atomically<T>(work: () => T): T;
  /** Address that owners type, for links in mails; '' when nobody said. */
  publicUrl: string;
  /** A command as it is typed on this machine. */
  commandLine(command: string): string;
}

/** How long the record of who did what is kept. */
export const auditRetentionMs = days(400);
/** Where the command line stands in the record. */
const commandLine = 'command line';

/** Everything that accounts can do, in parts that share their stores and limits. */
export class AccountsService implements UserDirectory, AccountChanges, TokenVerifier {
  readonly signIn: SignInService;
  readonly viewers: ViewerService;
  readonly verification: VerificationService;
  readonly registration: RegistrationService;
  readonly passwords: PasswordService;
  readonly users: UsersService;
  readonly tokens: TokensService;
  readonly profile: ProfileService;
  readonly setUp: SetUpService;
  readonly audit: AuditLog;
  readonly hasMail: boolean;
  private readonly bus: Bus<{ change: AccountChange }>;

  constructor(private readonly deps: AccountsDeps) {
    const { log, clock, mailer } = deps;
    this.bus = new Bus((error) => log.error('a listener to account changes failed', { error }));
    this.hasMail = mailer !== null;
    this.audit = deps.audit;
    const emit = (change: AccountChange) => this.bus.emit('change', change);
    const limits = new GuessLimits(clock);
    const shared = { ...deps, limits, emit, hasMail: this.hasMail };
    this.verification = new VerificationService(shared);
    this.signIn = new SignInService({
      ...shared,
      startVerification: (user) => (mailer ? this.verification.startFor(user) : null),
    });
    this.viewers = new ViewerService(shared);
    this.registration = new RegistrationService({ ...shared, verification: this.verification });
    this.passwords = new PasswordService(shared);
    this.users = new UsersService({ ...shared, passwordService: this.passwords });
    this.tokens = new TokensService(shared);
    this.profile = new ProfileService({ ...shared, passwordService: this.passwords, verification: this.verification });
    this.setUp = new SetUpService({ ...shared, signIn: this.signIn });
  }

  /** Tells the job table which work is ours; before it starts. */
  defineJobs(): void {
    this.verification.defineJobs();
    this.passwords.defineJobs();
    this.deps.jobs.define({
      kind: 'accounts.tidy',
      title: 'Remove expired sessions and old records',
      cron: '17 3 * * *',
      run: () => this.tidy(),
    });
  }

  /** ms UTC, for pages that say how long ago something was. */
  now(): number {
    return this.deps.clock.now();
  }

  /** A command as the owner types it on the machine, for pages that name one. */
  commandLine(command: string): string {
    return this.deps.commandLine(command);
  }

  onChange(listener: (change: AccountChange) => void): () => void {
    return this.bus.on('change', listener);
  }

  /** The record, newest first, as this viewer may read it. */
  auditFor(viewer: Viewer, options: { limit?: number; before?: number } = {}): AuditEntry[] {
    return this.audit.list(options).map((entry) => auditEntryFor(viewer, entry, (id) => this.deps.users.find(id)));
  }

  verifyToken(token: string, address: string): Viewer | undefined {
    return this.viewers.fromToken(token, address);
  }

  user(id: string): User | undefined {
    const user = this.deps.users.find(id);
    return user?.deletedAt === null ? user : undefined;
  }

  settingsOf(id: string): UserSettings {
    const { temperatureUnit = 'celsius', weatherAutoUpdate = true, predictionAutoRun = true } = this.user(id) ?? {};
    return { temperatureUnit, weatherAutoUpdate, predictionAutoRun };
  }

  viewerFor(id: string): Viewer | undefined {
    return this.viewers.forUser(id);
  }

  /** Removes what has expired and takes up deletions that were cut off. */
  async tidy(): Promise<void> {
    const now = this.deps.clock.now();
    await this.deps.sessions.removeExpired();
    this.deps.links.removeExpired(now);
    this.deps.audit.removeOlderThan(now - auditRetentionMs);
    await this.users.finishDeletions();
  }

  // ---- For the command line: whoever reaches it owns the machine ---------------------------------------------------

  /** `ampra user add`. The name defaults to the part before the @. */
  async addUser(typed: { email: string; password: string; role: string; name?: string }): Promise<Result<User>> {
    const name = typed.name ?? (typed.email.split('@')[0] || typed.email);
    const { role } = typed;
    const read = readPerson({ ...typed, name });
    if (!isRole(role)) {
      const field = { field: 'role', message: 'The role is overseer, admin or user.' };
      return { ok: false, error: badFields([...(read.ok ? [] : (read.error.fields ?? [])), field]) };
    }
    if (!read.ok) return read;
    const made = await this.users.add({ ...typed, role, name });
    if (!made.ok) return made;
    const { user } = made.value;
    const subject = { id: user.id, label: user.email };
    this.audit.record({
      actor: null,
      address: commandLine,
      action: 'user.created',
      subject,
      detail: `As ${user.role}`,
    });
    return ok(user);
  }

  /** `ampra user list`: by name. */
  listUsers(): User[] {
    return this.deps.users.list();
  }

  /** `ampra user reset-password`: sets the password and ends every session. */
  async resetPassword(typed: { email: string; password: string }): Promise<Result<User>> {
    const found = this.byEmail(typed.email);
    if (!found.ok) return found;
    const problem = passwordProblem(typed.password, found.value);
    if (problem) return { ok: false, error: badFields([{ field: 'password', message: problem }]) };
    await this.passwords.set(found.value, typed.password);
    const subject = { id: found.value.id, label: found.value.email };
    this.audit.record({ actor: null, address: commandLine, action: 'password.reset', subject });
    return found;
  }

  /** `ampra token add`: gives the token itself, to be printed alone. */
  addToken(typed: { email: string; name: string; scope: TokenScope; expiresInDays?: number }): Result<string> {
    const found = this.byEmail(typed.email);
    if (!found.ok) return found;
    const { name, scope, expiresInDays = null } = typed;
    const viewer = viewerOf(found.value, { kind: 'system' });
    const made = this.tokens.create(viewer, { name, scope, expiresInDays }, commandLine);
    return made.ok ? ok(made.value.secret) : made;
  }

  private byEmail(text: string): Result<User> {
    const email = parseEmail(text);
    const user = email && this.deps.users.findByEmail(email.normalised);
    return user && user.deletedAt === null
      ? ok(user)
      : refuse('not_found', `No account has the e-mail address ${text}.`);
  }
}
