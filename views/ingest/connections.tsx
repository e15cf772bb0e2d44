import { formatAge, formatDuration, formatNumber } from '../../src/core/format.ts';
import { type ConnectionState, filtersOf, kindOf } from '../../src/ingest/connections/connection.ts';
import type { ShownConnection } from '../../src/ingest/connections/shown.ts';
import { Button, Card, EmptyState, Facts, Form, FormActions, LinkButton, Notice } from '../parts/index.ts';
import { PhaseMark } from '../sources/feed.tsx';
import { kindWords } from './connection-words.ts';

export interface ConnectionsPageProps {
  items: readonly ShownConnection[];
  /** ms UTC; ages count from it. */
  now: number;
}

/** Brokers that Ampra connects to, and how each is. */
export function ConnectionsPage(props: ConnectionsPageProps & { eventsUrl: string }) {
  return (
    <div id="connections" class="stack" hx-sse:connect={props.eventsUrl} hx-swap="innerMorph" hx-target="this">
      <ConnectionsBody {...props} />
    </div>
  );
}

/** What an event replaces. */
export function ConnectionsBody({ items, now }: ConnectionsPageProps) {
  if (items.length === 0) return <NoConnections />;
  return (
    <div class="stack">
      {items.map((item) => (
        <ConnectionCard item={item} now={now} />
      ))}
    </div>
  );
}

function NoConnections() {
  return (
    <EmptyState
      title="No connections yet"
      action={
        <LinkButton kind="primary" icon="plus" href="/connections/new">
          Add a connection
        </LinkButton>
      }
    >
      A Victron GX, SolarAssistant or a Mosquitto in the house has a broker of its own. Ampra connects to it and
      listens; nothing has to be changed there.
    </EmptyState>
  );
}

function ConnectionCard({ item, now }: { item: ShownConnection; now: number }) {
  const { connection, source, state, traffic } = item;
  const { host, port, usesTls } = connection;
  const isToAll = kindOf(connection) === 'other' && filtersOf(connection).includes('#');
  const facts: [string, string | ReturnType<typeof SourceLink>][] = [
    ['Feeds', <SourceLink id={source.id} name={source.name} />],
    ['Broker', `${host.includes(':') ? `[${host}]` : host}:${port}${usesTls ? ', TLS' : ''}`],
    ['Kind', kindWords[kindOf(connection)]],
    ['Last message', traffic.lastMessageAt === null ? '-' : formatAge(now - traffic.lastMessageAt)],
    ['Messages since the start', formatNumber(traffic.messages)],
  ];
  return (
    <Card
      id={`connection-${connection.id}`}
      title={connection.name}
      lead={<PhaseLine state={state} now={now} />}
      actions={
        <LinkButton
          small
          icon="edit"
          href={`/connections/${connection.id}/edit`}
          aria-label={`Edit connection ${connection.name}`}
        >
          Edit
        </LinkButton>
      }
    >
      {state.phase === 'broken' && (
        <Notice kind="problem" title={state.reason}>
          <p>{state.hint}</p>
        </Notice>
      )}
      <Facts items={facts} />
      {traffic.heldBack > 0 && <p class="hint">{heldBackText(traffic.heldBack)}</p>}
      {isToAll && (
        <Notice>
          <p>
            It listens to everything on that broker. Name the topics under Edit, so that only one device feeds “
            {source.name}”.
          </p>
        </Notice>
      )}
    </Card>
  );
}

function heldBackText(topics: number): string {
  const what = topics === 1 ? '1 topic has' : `${formatNumber(topics)} topics have`;
  return `${what} sent nothing new since Ampra connected. The value that the broker had kept may be of any age, so the next one counts.`;
}

function SourceLink({ id, name }: { id: string; name: string }) {
  return <a href={`/sources/${id}`}>{name}</a>;
}

function PhaseLine({ state, now }: { state: ConnectionState; now: number }) {
  return (
    <>
      <PhaseMark phase={state.phase} /> <span class="num">{phaseText(state, now)}</span>
    </>
  );
}

function phaseText(state: ConnectionState, now: number): string {
  if (state.phase === 'off') return state.reason ?? '';
  const age = now - state.since;
  const since = age < 1000 ? 'just now' : `for ${formatDuration(age)}`;
  if (state.phase !== 'broken') return since;
  if (state.retryAt === null) return since;
  return `${since}; tried again by itself, at least once a minute`;
}

/** Asks before a connection goes. */
export function DeleteConnectionPage({ item }: { item: ShownConnection }) {
  const { connection, source } = item;
  return (
    <Card kind="danger">
      <p>
        Ampra will no longer listen to {connection.host}. “{source.name}” and its readings stay.
      </p>
      <Form action={`/connections/${connection.id}/delete`}>
        <FormActions>
          <Button kind="danger">Delete the connection</Button>
          <LinkButton href="/connections">Keep it</LinkButton>
        </FormActions>
      </Form>
    </Card>
  );
}
