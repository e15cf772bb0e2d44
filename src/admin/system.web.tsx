import type { Context } from 'hono';
import { SystemAudit } from '../../views/admin/audit.tsx';
import { SystemClients } from '../../views/admin/clients.tsx';
import { SystemJobs } from '../../views/admin/jobs.tsx';
import { SystemLogs, SystemLogTable } from '../../views/admin/logs.tsx';
import { SystemOverview, SystemOverviewBody } from '../../views/admin/overview.tsx';
import { type SystemTab, SystemTabs, systemTitle } from '../../views/admin/tabs.tsx';
import type { AuditEntry } from '../accounts/audit.ts';
import type { AuditRecord } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Job } from '../core/jobs.ts';
import type { BrokerClient } from '../mqtt/ports.ts';
import { flash } from '../web/cookies.ts';
import { refused } from '../web/errors.tsx';
import { renderPage } from '../web/page.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import { jobAbout } from './job-about.ts';
import type { Diagnostics, LogReader, SystemReader } from './ports.ts';
import { type ClientRow, isLogLevel, type LogLevelName } from './system.ts';

export interface SystemPageDeps {
  system: SystemReader;
  logs: LogReader;
  jobs: { list(options?: { limit?: number }): Job[]; retry(id: string): boolean; titleOf(kind: string): string };
  clients: () => readonly BrokerClient[];
  /** Name of a source that this viewer may see, else undefined. */
  sourceName: (viewer: Viewer, id: string) => string | undefined;
  /** Who did what, as this viewer may read it. */
  audit: (viewer: Viewer, options: { limit?: number; before?: number }) => AuditEntry[];
  /** Writes down who did what. */
  record: (entry: AuditRecord) => void;
  diagnostics: Diagnostics;
  /** IANA zone in which times are written. */
  timeZone: () => string;
}

const SHOWN_LOGS = 300;
const AUDIT_PAGE = 50;
/** The overview is drawn anew this often while somebody looks. ms. */
const EVENT_GAP_MS = 5000;

/** The pages under /system, for Admins and Overseers. */
export function registerSystemPages(web: WebRoutes, deps: SystemPageDeps): void {
  web.page('get', '/system', 'admin', async (c) =>
    show(c, 'overview', <SystemOverview {...(await overviewOf(deps))} />),
  );
  web.page('get', '/system/events', 'admin', (c) =>
    web.events.stream(c, {
      topics: ['system'],
      minIntervalMs: EVENT_GAP_MS - 500,
      render: async () => <SystemOverviewBody {...(await overviewOf(deps))} />,
    }),
  );
  registerLogs(web, deps);
  registerJobs(web, deps);
  web.page('get', '/system/clients', 'admin', (c) => {
    const viewer = c.var.viewer as Viewer;
    const rows = deps.clients().map((client) => clientRow(client, (id) => deps.sourceName(viewer, id)));
    return show(c, 'clients', <SystemClients clients={rows} timeZone={deps.timeZone()} />);
  });
  web.page('get', '/system/audit', 'admin', (c) => showAudit(c, deps));
  web.page('get', '/system/diagnostics', 'admin', async (c) => {
    const bytes = await deps.diagnostics.bundle();
    deps.record({ actor: c.var.viewer, address: c.var.clientAddress, action: 'diagnostics.taken' });
    const day = new Date().toISOString().slice(0, 10);
    return c.body(bytes.slice().buffer, 200, {
      'content-type': 'application/gzip',
      'content-disposition': `attachment; filename="ampra-diagnostics-${day}.tar.gz"`,
      'cache-control': 'no-store',
    });
  });
}

/** Tells open System pages to draw themselves anew; call every few seconds. Nothing happens when nobody looks. */
export const systemTopic = 'system';

async function overviewOf(deps: SystemPageDeps) {
  const { system, timeZone } = deps;
  return { state: await system.state(), parts: system.parts(), timeZone: timeZone() };
}

function registerLogs(web: WebRoutes, deps: SystemPageDeps): void {
  const logsOf = (level: LogLevelName) => {
    const entries = deps.logs.newest({ level, limit: SHOWN_LOGS });
    return { level, entries, least: deps.logs.least, timeZone: deps.timeZone() };
  };
  web.page('get', '/system/logs', 'admin', (c) => {
    const level = levelOf(c);
    if (level === null) return refused(c, noSuchLevel);
    return show(c, 'logs', <SystemLogs {...logsOf(level)} />);
  });
  web.page('get', '/system/logs/events', 'admin', (c) => {
    const level = levelOf(c);
    if (level === null) return refused(c, noSuchLevel);
    return web.events.stream(c, {
      topics: ['system:logs'],
      minIntervalMs: 1000,
      render: (changed) => (changed === null ? null : <SystemLogTable {...logsOf(level)} />),
    });
  });
  deps.logs.onLine(() => web.events.publish('system:logs'));
}

const transports = { tcp: 'TCP', tls: 'TLS', ws: 'WebSocket' } as const;

/** An Admin looks after people, not after their houses: devices of others have no name here. */
function clientRow(client: BrokerClient, sourceName: (id: string) => string | undefined): ClientRow {
  const { principal, protocol, transport } = client;
  const name = principal.kind === 'source' ? sourceName(principal.sourceId) : undefined;
  const isNamed = name !== undefined || principal.kind !== 'source';
  const who =
    principal.kind === 'token' ? 'A program with an access token' : principal.kind === 'anonymous' ? 'Anonymous' : name;
  return {
    who: who ?? 'A device of another owner',
    clientId: isNamed ? client.clientId : '',
    address: client.address,
    protocol: `MQTT ${protocol} over ${transports[transport]}`,
    connectedAt: client.connectedAt,
    messagesIn: client.messagesIn,
    messagesOut: client.messagesOut,
    lastMessageAt: client.lastMessageAt,
  };
}

const noSuchLevel = {
  code: 'invalid',
  message: 'There are the levels debug, info, warn and error only.',
  field: 'level',
} as const;

/** The usual level where the address names none; null where what it names is none. */
function levelOf(c: Context<AppEnv>): LogLevelName | null {
  const level = c.req.query('level') || 'info';
  return isLogLevel(level) ? level : null;
}

function registerJobs(web: WebRoutes, deps: SystemPageDeps): void {
  const { jobs, timeZone } = deps;
  web.page('get', '/system/jobs', 'admin', (c) => {
    const nameOf = (id: string) => deps.sourceName(c.var.viewer as Viewer, id);
    const rows = jobs
      .list({ limit: 100 })
      .map((job) => ({ ...job, title: jobs.titleOf(job.kind), about: jobAbout(job.payload, nameOf) }));
    return show(c, 'jobs', <SystemJobs jobs={rows} timeZone={timeZone()} />);
  });
  web.page('post', '/system/jobs/:id/retry', 'admin', (c) => {
    if (!jobs.retry(c.req.param('id') ?? ''))
      return refused(c, { code: 'not_found', message: 'There is no such job to retry.' });
    flash(c, { kind: 'done', text: 'The job runs again.' });
    return c.redirect('/system/jobs', 303);
  });
}

function showAudit(c: Context<AppEnv>, { audit, timeZone }: SystemPageDeps): Response | Promise<Response> {
  const before = Number(c.req.query('before')) || undefined;
  const entries = audit(c.var.viewer as Viewer, { limit: AUDIT_PAGE + 1, ...(before ? { before } : {}) });
  const shown = entries.slice(0, AUDIT_PAGE);
  const last = entries.length > AUDIT_PAGE ? shown.at(-1) : undefined;
  const next = last ? `/system/audit?before=${last.id}` : undefined;
  return show(c, 'audit', <SystemAudit entries={shown} timeZone={timeZone()} next={next} isFirst={!before} />);
}

function show(c: Context<AppEnv>, tab: SystemTab, body: unknown): Response | Promise<Response> {
  return renderPage(
    c,
    { title: systemTitle(tab), heading: 'System', active: 'system', width: 'wide' },
    <>
      <SystemTabs active={tab} />
      {body as never}
    </>,
  );
}
