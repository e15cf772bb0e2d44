import type { Context } from 'hono';
import { LinkButton } from '../../views/parts/index.ts';
import { SourcesBody, SourcesPage } from '../../views/sources/list.tsx';
import { viewerOf } from '../web/asking.ts';
import { renderPage } from '../web/page.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import { itemOf, ownerLabel } from './source-items.web.tsx';
import { logoUrl } from './source-schemas.web.tsx';
import type { SourcesWebDeps } from './web-context.web.tsx';

/** What an event says when the list may have changed. */
export const LIST_TOPIC = 'sources';

/** The page that lists groups and sources, and its events. */
export function addSourceList(web: WebRoutes, deps: SourcesWebDeps): void {
  web.page('get', '/sources', 'user', (c) => showList(c, deps));
  web.page('get', '/sources/events', 'user', (c) =>
    web.events.stream(c, {
      topics: [LIST_TOPIC],
      minIntervalMs: 2000,
      render: () => <SourcesBody {...listProps(c, deps)} />,
    }),
  );
}

function showList(c: Context<AppEnv>, deps: SourcesWebDeps): Response | Promise<Response> {
  const props = listProps(c, deps);
  const isEmpty = props.groups.length === 0 && props.alone.length === 0;
  const actions = (
    <>
      {!isEmpty && (
        <LinkButton kind="primary" icon="plus" href="/sources/new">
          Add a source
        </LinkButton>
      )}
      <LinkButton href="/sources/discover">Discover devices</LinkButton>
      <LinkButton href="/connections">Connections</LinkButton>
      <LinkButton href="/groups/new">New group</LinkButton>
    </>
  );
  const options = { title: 'Sources', active: 'sources', actions, styles: ['sources.css'] } as const;
  return renderPage(c, options, <SourcesPage {...props} eventsUrl="/sources/events" />);
}

function listProps(c: Context<AppEnv>, deps: SourcesWebDeps) {
  const viewer = viewerOf(c);
  const items = deps.directory.listFor(viewer).map((source) => itemOf(c, deps, source));
  const groups = deps.groups.listGroupsFor(viewer).map((group) => ({
    group,
    logoUrl: logoUrl(group),
    owner: ownerLabel(viewer, group.ownerId, deps),
    sources: items.filter((item) => item.source.groupId === group.id),
  }));
  const alone = items.filter((item) => item.source.groupId === null);
  return { groups, alone, waiting: deps.waiting?.(viewer) ?? 0 };
}
