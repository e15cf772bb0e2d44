import type { Database } from 'bun:sqlite';
import type { Clock } from '../core/clock.ts';
import { seconds } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import type { Mailer } from '../core/mail.ts';
import type { Feature } from '../platform/feature.ts';
import { ArgonPasswords, type HashCost } from '../platform/passwords.ts';
import { inTransaction } from '../platform/sqlite.ts';
import type { WebRoutes } from '../web/routes.ts';
import { addAccountRoutes } from './account.web.tsx';
import { addAccountsApi } from './accounts-api.web.ts';
import { SqliteSettings } from './appliance-settings.sqlite.ts';
import { SqliteAudit } from './audit.sqlite.ts';
import { sha256Hex } from './digest.sqlite.ts';
import { addPasswordRoutes } from './password.web.tsx';
import { SqlitePasswordLinks } from './password-links.sqlite.ts';
import type { ApplianceSettings, AuditLog, FirstSource, SiteReader } from './ports.ts';
import { addRegistrationRoutes } from './registration.web.tsx';
import { createResolveViewer, type ResolveViewer } from './resolve-viewer.web.ts';
import { AccountsService } from './service.ts';
import { SqliteSessions } from './sessions.sqlite.ts';
import { addSetUpRoutes, type SetUpConnection } from './set-up.web.tsx';
import { addSignInRoutes } from './sign-in.web.tsx';
import { SqliteTokens } from './tokens.sqlite.ts';
import { SqliteUsers } from './users.sqlite.ts';
import { addUsersRoutes } from './users.web.tsx';

export interface AccountsFeatureDeps {
  db: Database;
  clock: Clock;
  log: Log;
  jobs: JobQueue;
  /** Null when no mail server is configured. */
  mailer: Mailer | null;
  /** `publicUrl` of the configuration. */
  publicUrl: string;
  /** A command as the owner types it on this machine. */
  commandLine(command: string): string;
  /** Where devices reach this appliance, for the wizard's last page; asked when it is shown. */
  connection(): SetUpConnection;
  /** Cheaper hashes for tests only. */
  hashCost?: HashCost;
}

export interface Accounts extends Feature<WebRoutes> {
  /** Every use case; also the directory of users, the token verifier and the bell for changes. */
  service: AccountsService;
  auditLog: AuditLog;
  site: SiteReader;
  /** Settings of the appliance itself; each feature names its own with `feature.`. */
  settings: ApplianceSettings;
  resolveViewer: ResolveViewer;
  /** `/setup` while nobody looks after this Ampra, else null. */
  onboarding(): string | null;
  /** The code to print at the start, or null when it is not needed (any more). */
  setUpCode(): string | null;
  onUserDelete(remove: (userId: string) => Promise<void>): void;
  plugFirstSource(firstSource: FirstSource): void;
}

/** Builds accounts; nothing is touched before `start`. */
export function createAccounts(deps: AccountsFeatureDeps): Accounts {
  const { db, clock, jobs, mailer, publicUrl } = deps;
  const log = deps.log.for('accounts');
  const audit = new SqliteAudit(db, clock);
  const settings = new SqliteSettings(db);
  const service = new AccountsService({
    ...{ users: new SqliteUsers(db), sessions: new SqliteSessions(db, clock), tokens: new SqliteTokens(db) },
    ...{ links: new SqlitePasswordLinks(db), settings, audit },
    ...{ passwords: new ArgonPasswords(deps.hashCost), digest: sha256Hex, jobs, mailer, clock, log, publicUrl },
    commandLine: deps.commandLine,
    atomically: (work) => inTransaction(db, work),
  });
  service.defineJobs();
  let expiry: ReturnType<typeof setInterval> | null = null;
  return {
    name: 'accounts',
    service,
    auditLog: audit,
    site: service.setUp,
    settings,
    resolveViewer: createResolveViewer(service.viewers),
    onboarding: () => (service.setUp.stepFor(null) === 'account' ? '/setup' : null),
    setUpCode: () => service.setUp.setUpCode(),
    onUserDelete: (remove) => service.users.onUserDelete(remove),
    plugFirstSource: (firstSource) => service.setUp.plugFirstSource(firstSource),
    routes(web) {
      addSignInRoutes(web, service);
      addSetUpRoutes(web, service, { connection: () => deps.connection() });
      addRegistrationRoutes(web, service);
      addPasswordRoutes(web, service);
      addAccountRoutes(web, service);
      addUsersRoutes(web, service);
      addAccountsApi(web, service);
    },
    async start() {
      // What a cut-off deletion left goes as soon as the others, who hold it, have started.
      jobs.enqueue('accounts.tidy', { dedupeKey: 'accounts.tidy' });
      expiry = setInterval(() => service.tokens.endExpired(), seconds(5));
    },
    async stop() {
      if (expiry) clearInterval(expiry);
      expiry = null;
    },
  };
}
