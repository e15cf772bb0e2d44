import type { Context } from 'hono';
import {
  ConnectionForm,
  type ConnectionFormProps,
  type ConnectionFormValues,
  TrialCard,
} from '../../../views/ingest/connection-form.tsx';
import { ConnectionsBody, ConnectionsPage, DeleteConnectionPage } from '../../../views/ingest/connections.tsx';
import { differences, LinkButton } from '../../../views/parts/index.ts';
import type { Clock } from '../../core/clock.ts';
import { seconds } from '../../core/durations.ts';
import type { Refusal } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import { upToSources } from '../../sources/source-page.ts';
import { idOf, viewerOf } from '../../web/asking.ts';
import { flash } from '../../web/cookies.ts';
import { refusalPage, refusalStatus } from '../../web/errors.tsx';
import { renderFragment, renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import type { Connection } from './connection.ts';
import type { Connections, NewConnection } from './connection-service.ts';
import type { TrialOutcome } from './shown.ts';
import type { ConnectionTrials } from './trial-service.ts';

export const CONNECTIONS_TOPIC = 'connections';

export interface ConnectionsWebDeps {
  service: Connections;
  trials: ConnectionTrials;
  sources: SourceDirectory;
  clock: Clock;
}

type Answer = Response | Promise<Response>;

/** Pages of connections: list, form with a trial, deletion. */
export function addConnectionPages(web: WebRoutes, deps: ConnectionsWebDeps): void {
  const pages = new ConnectionPages(web, deps);
  web.page('get', '/connections', 'user', (c) => pages.list(c));
  web.page('get', '/connections/events', 'user', (c) => pages.events(c));
  web.page('get', '/connections/new', 'user', (c) => pages.render(c, { before: null, values: emptyValues }));
  web.page('post', '/connections', 'user', (c) => pages.create(c));
  web.page('post', '/connections/try', 'user', (c) => pages.tryOut(c));
  web.page('get', '/connections/:id/edit', 'user', (c) => pages.edit(c));
  web.page('post', '/connections/:id', 'user', (c) => pages.change(c));
  web.page('post', '/connections/:id/try', 'user', (c) => pages.tryOut(c));
  web.page('get', '/connections/:id/delete', 'user', (c) => pages.askDelete(c));
  web.page('post', '/connections/:id/delete', 'user', (c) => pages.remove(c));
}

interface Draft {
  before: Connection | null;
  values: ConnectionFormValues;
  version?: number;
  error?: Refusal;
  trial?: TrialOutcome;
}

class ConnectionPages {
  constructor(
    private readonly web: WebRoutes,
    private readonly deps: ConnectionsWebDeps,
  ) {}

  list(c: Context<AppEnv>): Answer {
    const items = this.deps.service.listFor(viewerOf(c));
    const actions = items.length > 0 && (
      <LinkButton kind="primary" icon="plus" href="/connections/new">
        Add a connection
      </LinkButton>
    );
    const lead = 'Brokers in the house to which Ampra listens.';
    return renderPage(
      c,
      { title: 'Connections', up: upToSources, lead, active: 'sources', actions, styles: ['sources.css'] },
      <ConnectionsPage items={items} now={this.deps.clock.now()} eventsUrl="/connections/events" />,
    );
  }

  events(c: Context<AppEnv>): Response {
    return this.web.events.stream(c, {
      topics: [CONNECTIONS_TOPIC],
      minIntervalMs: seconds(1),
      render: () => <ConnectionsBody items={this.deps.service.listFor(viewerOf(c))} now={this.deps.clock.now()} />,
    });
  }

  async create(c: Context<AppEnv>): Promise<Response> {
    const form = await readForm(c);
    if (form.wantsTrial) return this.showTrial(c, form, null);
    const made = await this.deps.service.create(viewerOf(c), { ...form.input, sourceId: form.values.sourceId });
    if (!made.ok) return this.render(c, { before: null, values: form.values, error: made.error });
    flash(c, { kind: 'done', text: `“${made.value.connection.name}” is added. Ampra is connecting.` });
    return c.redirect('/connections', 303);
  }

  edit(c: Context<AppEnv>): Answer {
    const found = this.deps.service.findFor(viewerOf(c), idOf(c));
    if (!found.ok) return refusalPage(c, found.error);
    const { connection } = found.value;
    return this.render(c, { before: connection, values: valuesOf(connection) });
  }

  async change(c: Context<AppEnv>): Promise<Response> {
    const viewer = viewerOf(c);
    const before = this.deps.service.findFor(viewer, idOf(c));
    if (!before.ok) return refusalPage(c, before.error);
    const form = await readForm(c);
    if (form.wantsTrial) return this.showTrial(c, form, before.value.connection);
    const saved = this.deps.service.update(viewer, idOf(c), form.input, form.version);
    if (!saved.ok) {
      const now = this.deps.service.findFor(viewer, idOf(c));
      if (!now.ok) return refusalPage(c, now.error);
      const { connection } = now.value;
      // Only a clash moves the form on to the version that its editor is now shown.
      const version = saved.error.code === 'stale' ? connection.version : (form.version ?? connection.version);
      return this.render(c, { before: connection, values: form.values, version, error: saved.error });
    }
    flash(c, { kind: 'done', text: `“${saved.value.connection.name}” is saved. Ampra tries it now.` });
    return c.redirect('/connections', 303);
  }

  /** For scripts: only what was heard, under a form that stays as it is. */
  async tryOut(c: Context<AppEnv>): Promise<Response> {
    const form = await readForm(c);
    const id = c.req.param('id');
    const heard = await this.deps.trials.run(viewerOf(c), form.input, id);
    if (heard.ok) return renderFragment(c, <TrialCard trial={heard.value} />);
    if (heard.error.code === 'not_found') return refusalPage(c, heard.error);
    return renderFragment(c, <TrialCard trial={notTried(heard.error)} />);
  }

  private async showTrial(c: Context<AppEnv>, form: PostedConnection, before: Connection | null): Promise<Response> {
    const heard = await this.deps.trials.run(viewerOf(c), form.input, before?.id);
    const draft = { before, values: form.values, ...(form.version === undefined ? {} : { version: form.version }) };
    return this.render(c, heard.ok ? { ...draft, trial: heard.value } : { ...draft, error: heard.error });
  }

  askDelete(c: Context<AppEnv>): Answer {
    const found = this.deps.service.findFor(viewerOf(c), idOf(c));
    if (!found.ok) return refusalPage(c, found.error);
    const title = `Delete ${found.value.connection.name}`;
    return renderPage(
      c,
      { title, up: upToConnections, active: 'sources' },
      <DeleteConnectionPage item={found.value} />,
    );
  }

  remove(c: Context<AppEnv>): Answer {
    const removed = this.deps.service.remove(viewerOf(c), idOf(c));
    if (!removed.ok) return refusalPage(c, removed.error);
    flash(c, { kind: 'done', text: `“${removed.value.name}” is gone. Its source stays.` });
    return c.redirect('/connections', 303);
  }

  render(c: Context<AppEnv>, { before, values, version, error, trial }: Draft): Answer {
    const status = error ? refusalStatus[error.code] : 200;
    const props: ConnectionFormProps = {
      id: before?.id ?? null,
      version: before ? (version ?? before.version) : null,
      values,
      errors: error ? fieldErrors(error) : {},
      problem: error ? problemOf(error, values, before) : null,
      hasPassword: before?.hasPassword ?? false,
      feeds: (before && this.deps.sources.byId(before.sourceId)) ?? null,
      sources: this.freeSources(c),
      trial: trial ?? null,
    };
    const title = before ? `Edit ${before.name}` : 'Add a connection';
    return renderPage(
      c,
      { title, up: upToConnections, active: 'sources', status, styles: ['sources.css'] },
      <ConnectionForm {...props} />,
    );
  }

  /** Own sources that nothing feeds yet. */
  private freeSources(c: Context<AppEnv>): [string, string][] {
    return this.deps.sources
      .ownedBy(viewerOf(c).userId)
      .filter((source) => this.deps.service.ofSource(source.id) === undefined)
      .map((source) => [source.id, source.name]);
  }
}

const upToConnections = { href: '/connections', label: 'Connections' } as const;

const emptyValues: ConnectionFormValues = {
  ...{ name: '', host: '', port: '', userName: '', clientId: '', kind: 'auto', topicFilters: '', sourceId: '' },
  ...{ usesTls: false, verifiesCertificate: true, authorityPem: '', isOn: true },
};

function valuesOf(connection: Connection): ConnectionFormValues {
  const { name, host, port, usesTls, verifiesCertificate, userName, clientId, kind, sourceId, isOn } = connection;
  return {
    ...{ name, host, usesTls, verifiesCertificate, userName, clientId, kind, sourceId, isOn },
    port: String(port),
    authorityPem: connection.authorityPem ?? '',
    topicFilters: connection.topicFilters.join('\n'),
  };
}

interface PostedConnection {
  values: ConnectionFormValues;
  input: NewConnection;
  version: number | undefined;
  wantsTrial: boolean;
}

async function readForm(c: Context<AppEnv>): Promise<PostedConnection> {
  const form = await c.req.parseBody();
  const text = (name: string): string => {
    const value = form[name];
    return typeof value === 'string' ? value : '';
  };
  const isNew = text('version') === '';
  const values: ConnectionFormValues = {
    name: text('name'),
    host: text('host'),
    port: text('port'),
    usesTls: text('usesTls') !== '',
    verifiesCertificate: text('acceptsAny') === '',
    authorityPem: text('authorityPem'),
    userName: text('userName'),
    clientId: text('clientId'),
    kind: text('kind') || 'auto',
    topicFilters: text('topicFilters'),
    sourceId: text('sourceId'),
    isOn: isNew || text('isOn') !== '',
  };
  const { sourceId: _, ...fields } = values;
  const typed = text('password');
  const password = typed !== '' ? typed : text('dropPassword') !== '' ? null : undefined;
  const input: NewConnection = {
    ...fields,
    // Left empty it is the usual one, also where another was before.
    port: values.port.trim() || (values.usesTls ? 8883 : 1883),
    topicFilters: values.topicFilters.split('\n'),
    ...(password === undefined ? {} : { password }),
  };
  const version = Number(text('version'));
  const isVersion = Number.isInteger(version) && version > 0;
  return { values, input, version: isVersion ? version : undefined, wantsTrial: text('do') === 'try' };
}

const words: Record<string, string> = {
  name: 'Name',
  host: 'Address',
  port: 'Port',
  usesTls: 'TLS',
  verifiesCertificate: 'Checks the certificate',
  authorityPem: 'Certificate of its authority',
  userName: 'User name',
  password: 'Password',
  clientId: 'Client id',
  kind: 'What runs there',
  topicFilters: 'Topics',
  isOn: 'Switched on',
};

function fieldErrors(error: Refusal): Record<string, string> {
  const fields = error.fields ?? (error.field ? [{ field: error.field, message: error.message }] : []);
  return Object.fromEntries(
    fields.map(({ field, message }) => {
      const isPart = /^[a-z]/.test(message);
      const whole = [message, error.fields ? '' : error.hint].filter(Boolean).join(' ');
      return [field, isPart ? `${words[field] ?? field} ${message}.` : whole];
    }),
  );
}

function problemOf(
  error: Refusal,
  typed: ConnectionFormValues,
  now: Connection | null,
): ConnectionFormProps['problem'] {
  if (error.code === 'stale' && now) {
    const shown = (values: ConnectionFormValues) =>
      Object.fromEntries(
        Object.entries(values).map(([name, v]) => [name, v === true ? 'yes' : v === false ? 'no' : v]),
      );
    return { message: error.message, differences: differences(words, shown(valuesOf(now)), shown(typed)) };
  }
  return error.field || error.fields ? null : { message: error.message, hint: error.hint };
}

function notTried(error: Refusal): TrialOutcome {
  const reason = Object.values(fieldErrors(error)).join(' ') || error.message;
  const trouble = { reason, hint: error.hint ?? 'Mend it above and try again.' };
  return { isConnected: false, trouble, messages: 0, dialects: [], topics: [], topicCount: 0 };
}
