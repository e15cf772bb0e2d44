import type { Clock } from '../core/clock.ts';
import { ok, type Refusal, type Result, refuse } from '../core/result.ts';
import { type Email, parseEmail } from './email.ts';
import type { GuessLimits } from './guess-limits.ts';
import { normalisedPassword, passwordProblem } from './password-rules.ts';
import type { ApplianceSettings, AuditLog, PasswordHasher, UserStore } from './ports.ts';
import { parseName } from './user.ts';
import type { VerificationService } from './verification-service.ts';
import type { Viewer } from './viewer.ts';

export interface RegistrationDeps {
  users: UserStore;
  passwords: PasswordHasher;
  settings: ApplianceSettings;
  verification: VerificationService;
  audit: AuditLog;
  limits: GuessLimits;
  clock: Clock;
  /** Without mail no address can be proved, so that nobody registers by themselves. */
  hasMail: boolean;
  /** All writes of `work` in one commit. */
  atomically<T>(work: () => T): T;
}

export interface PersonTyped {
  name: string;
  email: string;
  password: string;
}

const settingName = 'registration';

/** People who make their own account, when an admin has switched that on. */
export class RegistrationService {
  constructor(private readonly deps: RegistrationDeps) {}

  /** True if somebody may register now. Off until an admin switches it on. */
  isOpen(): boolean {
    return this.deps.hasMail && this.isSwitchedOn();
  }

  isSwitchedOn(): boolean {
    return (this.deps.settings.get(settingName)?.value as { isOpen?: boolean } | undefined)?.isOpen === true;
  }

  setOpen(viewer: Viewer, isOpen: boolean, address: string): Result<void> {
    if (viewer.role === 'user') return refuse('forbidden', 'Only administrators decide who may register.');
    if (isOpen && !this.deps.hasMail)
      return refuse('conflict', 'Registration needs a mail server, to prove that addresses are real.', {
        hint: 'Set smtpUrl (AMPRA_SMTP_URL) and start Ampra again, or make the accounts here.',
      });
    this.deps.settings.set(settingName, { isOpen }, this.deps.clock.now());
    const detail = isOpen ? 'Registration is open' : 'Registration is closed';
    this.deps.audit.record({ actor: viewer, address, action: 'settings.changed', detail });
    return ok(undefined);
  }

  /**
   * Registers and gives the ticket for the code. A taken address gets the same answer, one hash and one write too; its
   * owner is told by mail.
   */
  async register(typed: PersonTyped, address: string): Promise<Result<{ ticket: string; email: string }>> {
    if (!this.isOpen())
      return refuse('not_found', 'Nobody can register here by themselves. Ask whoever looks after this Ampra.');
    const read = readPerson(typed);
    if (!read.ok) return read;
    const { name, email } = read.value;
    const limit = this.deps.limits.mail(email.normalised, address);
    if (!limit.ok) return limit;
    const passwordHash = await this.deps.passwords.hash(normalisedPassword(typed.password));
    const ticket = this.deps.atomically(() => {
      this.deps.audit.record({ actor: null, address, action: 'user.registration' });
      return this.place(name, email, passwordHash);
    });
    return ok({ ticket, email: email.typed });
  }

  private place(name: string, email: Email, passwordHash: string): string {
    const { users, verification, clock } = this.deps;
    const now = clock.now();
    const holder = users.findByEmail(email.normalised);
    if (holder && (holder.verifiedAt !== null || holder.deletedAt !== null)) return verification.startDecoy(holder);
    if (holder) {
      users.replaceUnverified(holder.id, { name, email: email.typed, passwordHash }, now);
      return verification.startAnew(holder);
    }
    const fresh = { name, email: email.typed, emailNormalised: email.normalised, passwordHash };
    const made = users.insert({ ...fresh, role: 'user', verifiedAt: null }, now);
    if (!made) throw new Error('the address was taken between two statements of one thread');
    return verification.startAnew(made);
  }
}

/** Name, e-mail and password as typed, every field at fault at once. */
export function readPerson(typed: PersonTyped): Result<{ name: string; email: Email }> {
  const name = parseName(typed.name);
  const email = parseEmail(typed.email);
  const about = { email: typed.email, name: typed.name };
  const fields = [
    name === undefined && { field: 'name', message: 'Give a name of 1 to 100 characters.' },
    email === undefined && { field: 'email', message: 'This is not an e-mail address.' },
    problemAt('password', passwordProblem(typed.password, about)),
  ].filter((f) => f !== false && f !== undefined);
  if (name === undefined || email === undefined || fields.length > 0) return { ok: false, error: badFields(fields) };
  return ok({ name, email });
}

export function problemAt(field: string, message: string | undefined): { field: string; message: string } | undefined {
  return message === undefined ? undefined : { field, message };
}

export function badFields(fields: { field: string; message: string }[]): Refusal {
  const [first] = fields;
  const message = fields.length === 1 && first ? first.message : 'Some fields need another look.';
  return { code: 'invalid', message, fields, ...(first && fields.length === 1 ? { field: first.field } : {}) };
}
