import { formatAge, formatPower, joinShown } from '../../src/core/format.ts';
import type { PowerGroup, Source } from '../../src/sources/source.ts';
import type { SourceState } from '../../src/sources/source-state.ts';
import { Badge, Card, EmptyState, LinkButton, Notice } from '../parts/index.ts';
import { connectionWords, roleWords, stateWords } from './words.ts';

/** A source as lists show it. */
export interface SourceItem {
  source: Source;
  state: SourceState;
  /** ms since its newest reading; null when there is none. */
  ageMs: number | null;
  iconUrl: string | null;
  /** Whose it is, when it is not the viewer's own. */
  owner: string | null;
  /** How much of what it sent was not understood, and since when; null when all was. */
  refused: string | null;
  /** Why its device was not let in of late, in a few words; null where it was. */
  turnedAway: string | null;
}

export interface GroupItem {
  group: PowerGroup;
  logoUrl: string | null;
  owner: string | null;
  sources: readonly SourceItem[];
}

export interface SourcesPageProps {
  groups: readonly GroupItem[];
  alone: readonly SourceItem[];
  /** Devices that are heard and could be added. */
  waiting: number;
  eventsUrl: string;
}

/** Sources and groups: what reports, and since when not. */
export function SourcesPage(props: SourcesPageProps) {
  return (
    <div id="sources" class="stack" hx-sse:connect={props.eventsUrl} hx-swap="innerMorph" hx-target="this">
      <SourcesBody {...props} />
    </div>
  );
}

/** What an event replaces. */
export function SourcesBody({ groups, alone, waiting }: Omit<SourcesPageProps, 'eventsUrl'>) {
  const isEmpty = groups.length === 0 && alone.length === 0;
  return (
    <div class="stack">
      {waiting > 0 && <Waiting count={waiting} />}
      {isEmpty && <NoSources />}
      {groups.map((item) => (
        <GroupCard item={item} />
      ))}
      {alone.length > 0 && (
        <Card {...(groups.length > 0 ? { title: 'On their own' } : {})} id="alone">
          <SourceList items={alone} />
        </Card>
      )}
    </div>
  );
}

function Waiting({ count }: { count: number }) {
  return (
    <Notice>
      {count === 1 ? 'A device was heard and waits' : `${count} devices were heard and wait`} to be added:{' '}
      <a href="/sources/discover">look what they say</a>.
    </Notice>
  );
}

function NoSources() {
  return (
    <EmptyState
      title="No sources yet"
      action={
        <LinkButton kind="primary" icon="plus" href="/sources/new">
          Add a source
        </LinkButton>
      }
    >
      A source is whatever reports: an inverter, a charge controller, a meter, a plug. Add one, and you get what the
      device needs to connect.
    </EmptyState>
  );
}

function GroupCard({ item }: { item: GroupItem }) {
  const { group, logoUrl, sources, owner } = item;
  return (
    <section class="card group-card" id={`group-${group.id}`}>
      <header class="group-head">
        {logoUrl && <img class="group-logo" src={logoUrl} alt="" width="48" height="48" />}
        <div class="group-name">
          <h2 class="card-title">{group.name}</h2>
          {group.description && <p class="card-lead">{group.description}</p>}
          {owner && <p class="hint">{owner}</p>}
        </div>
        <LinkButton
          kind="quiet"
          small
          icon="edit"
          href={`/groups/${group.id}/edit`}
          aria-label={`Edit group ${group.name}`}
        >
          Edit
        </LinkButton>
      </header>
      {sources.length > 0 ? (
        <SourceList items={sources} />
      ) : (
        <p class="hint">Nothing in it yet. Edit it to choose what stands in it.</p>
      )}
    </section>
  );
}

function SourceList({ items }: { items: readonly SourceItem[] }) {
  return (
    <ul class="source-list">
      {items.map((item) => (
        <SourceRow item={item} />
      ))}
    </ul>
  );
}

function SourceRow({ item }: { item: SourceItem }) {
  const { source, iconUrl, owner, refused, turnedAway } = item;
  const about = [
    roleWords[source.role],
    connectionWords[source.connectionType],
    ...(source.installedCapacityW ? [`${joinShown(formatPower(source.installedCapacityW))} installed`] : []),
    ...(owner ? [owner] : []),
  ];
  return (
    <li>
      <a class="source-row" href={`/sources/${source.id}`} id={`source-${source.id}`}>
        <SourceIcon source={source} iconUrl={iconUrl} />
        <span class="source-name">
          <strong>{source.name}</strong>
          <span class="hint">{about.join(' · ')}</span>
          {turnedAway && (
            <span>
              <Badge kind="alert">{turnedAway}</Badge>
            </span>
          )}
          {refused && (
            <span>
              <Badge kind="waiting">{refused}</Badge>
            </span>
          )}
        </span>
        <StateMark {...item} />
      </a>
    </li>
  );
}

/** The uploaded icon, or a quiet mark in its place. */
export function SourceIcon({ source, iconUrl }: { source: Pick<Source, 'role' | 'name'>; iconUrl: string | null }) {
  if (iconUrl) return <img class="source-icon" src={iconUrl} alt="" width="44" height="44" />;
  return (
    <span class="source-icon source-initial" aria-hidden="true">
      {[...source.name][0]?.toUpperCase()}
    </span>
  );
}

/** How a source is doing, and how old its newest reading is. */
export function StateMark({ state, ageMs }: Pick<SourceItem, 'state' | 'ageMs'>) {
  const { label, badge } = stateWords[state];
  return (
    <span class="source-state">
      <Badge kind={badge}>{label}</Badge>
      {ageMs !== null && <span class="hint num">{formatAge(ageMs)}</span>}
      {state === 'unknown' && <span class="hint">while the telemetry database is not open</span>}
    </span>
  );
}
