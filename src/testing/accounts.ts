import type { Database } from 'bun:sqlite';
import { relationalMigrations } from '../../migrations/relational/index.ts';
import { SqliteSettings } from '../accounts/appliance-settings.sqlite.ts';
import { SqliteAudit } from '../accounts/audit.sqlite.ts';
import { sha256Hex } from '../accounts/digest.sqlite.ts';
import { SqlitePasswordLinks } from '../accounts/password-links.sqlite.ts';
import type { PasswordHasher } from '../accounts/ports.ts';
import { AccountsService } from '../accounts/service.ts';
import { SqliteSessions } from '../accounts/sessions.sqlite.ts';
import { SqliteTokens } from '../accounts/tokens.sqlite.ts';
import type { User } from '../accounts/user.ts';
import { SqliteUsers } from '../accounts/users.sqlite.ts';
import type { Role, Viewer } from '../accounts/viewer.ts';
import { viewerOf } from '../accounts/viewer-service.ts';
import type { Job, JobDefinition, JobQueue } from '../core/jobs.ts';
import type { Mail, Mailer } from '../core/mail.ts';
import { unwrap } from '../core/result.ts';
import { silentLog } from '../platform/log.ts';
import { migrateSqlite } from '../platform/migrate.ts';
import { ArgonPasswords } from '../platform/passwords.ts';
import { inTransaction, openSqlite } from '../platform/sqlite.ts';
import { FakeClock } from './app.ts';

/** The cheapest argon2id there is; tests count hashes, they do not wait for them. */
export const testHashCost = { memoryKib: 8, passes: 1 };

/** Real argon2id that counts its work. */
export class CountingPasswords implements PasswordHasher {
  hashes = 0;
  verifications = 0;
  private readonly real = new ArgonPasswords(testHashCost);
  hash(password: string): Promise<string> {
    this.hashes += 1;
    return this.real.hash(password);
  }
  verify(password: string, hash: string | null): Promise<boolean> {
    this.verifications += 1;
    return this.real.verify(password, hash);
  }
  isOutdated(hash: string): boolean {
    return this.real.isOutdated(hash);
  }
}

/** Runs what is queued when the test says so, in order. */
export class TestJobs implements JobQueue {
  readonly queued: { kind: string; payload: unknown }[] = [];
  private readonly definitions = new Map<string, JobDefinition>();
  define(definition: JobDefinition): void {
    this.definitions.set(definition.kind, definition);
  }
  enqueue(kind: string, options: { payload?: unknown } = {}): string {
    this.queued.push({ kind, payload: options.payload ?? null });
    return String(this.queued.length);
  }
  async runAll(): Promise<void> {
    for (const { kind, payload } of this.queued.splice(0)) {
      const job = { payload } as Job;
      const context = { job, signal: new AbortController().signal, progress: () => undefined };
      await this.definitions.get(kind)?.run(context);
    }
  }
  find(): undefined {
    return undefined;
  }
  list(): Job[] {
    return [];
  }
  retry(): boolean {
    return false;
  }
}

/** A mailbox instead of a mail server. */
export class Mailbox implements Mailer {
  readonly mails: Mail[] = [];
  async send(mail: Mail): Promise<void> {
    this.mails.push(mail);
  }
  enqueue(mail: Mail): void {
    this.mails.push(mail);
  }
  /** The six digits of the newest mail to that address. */
  codeFor(address: string): string {
    return /\b\d{6}\b/.exec(this.mails.findLast((m) => m.to === address)?.text ?? '')?.[0] ?? '';
  }
}

export interface AccountsWorld {
  service: AccountsService;
  db: Database;
  clock: FakeClock;
  passwords: CountingPasswords;
  jobs: TestJobs;
  mailbox: Mailbox;
  /** Makes somebody with `goodPassword`. */
  person(email: string, role?: Role): Promise<{ user: User; viewer: Viewer }>;
}

export const goodPassword = 'kettle garden seven';
export const visitor = {
  address: '192.168.1.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

/** Accounts on a real SQLite database in memory. */
export function accountsWorld(options: { hasMail?: boolean } = {}): AccountsWorld {
  const db = openSqlite(':memory:');
  const clock = new FakeClock();
  migrateSqlite(db, relationalMigrations, () => clock.now());
  const passwords = new CountingPasswords();
  const jobs = new TestJobs();
  const mailbox = new Mailbox();
  const service = new AccountsService({
    ...{ users: new SqliteUsers(db), sessions: new SqliteSessions(db, clock), tokens: new SqliteTokens(db) },
    ...{ links: new SqlitePasswordLinks(db), settings: new SqliteSettings(db), audit: new SqliteAudit(db, clock) },
    ...{ passwords, digest: sha256Hex, jobs, mailer: options.hasMail ? mailbox : null, clock, log: silentLog },
    publicUrl: '',
    commandLine: (command) => `ampra ${command}`,
    atomically: (work) => inTransaction(db, work),
  });
  service.defineJobs();
  const person = async (email: string, role: Role = 'user') => {
    const user = unwrap(await service.addUser({ email, password: goodPassword, role }));
    return { user, viewer: viewerOf(user, { kind: 'session', sessionId: `session of ${email}` }) };
  };
  return { service, db, clock, passwords, jobs, mailbox, person };
}
