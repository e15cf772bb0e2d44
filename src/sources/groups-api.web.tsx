import type { Context } from 'hono';
import { unwrap } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { body, describing, idParams, json, list } from '../web/describe.ts';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import type { PowerGroup } from './source.ts';
import { groupChangeSchema, groupJson, groupSchema, newGroupSchema } from './source-schemas.web.tsx';
import type { SourcesWebDeps } from './web-context.web.tsx';

const route = describing('Groups');
const params = idParams('group');

const routes = {
  create: route('post /api/v1/groups', 'createGroup', {
    summary: 'Create a group',
    request: { body: body(newGroupSchema) },
    responses: { 201: json(groupSchema, 'The group.') },
  }),
  list: route('get /api/v1/groups', 'listGroups', {
    summary: 'List the groups you may see, by name',
    responses: { 200: list(groupSchema, 'The groups.') },
  }),
  read: route('get /api/v1/groups/{id}', 'getGroup', {
    summary: 'Get a group',
    request: { params },
    responses: { 200: json(groupSchema, 'The group.') },
  }),
  change: route('patch /api/v1/groups/{id}', 'changeGroup', {
    summary: 'Change what the body names; the rest stays',
    request: { params, body: body(groupChangeSchema) },
    responses: { 200: json(groupSchema, 'The group as it is now.') },
  }),
  remove: route('delete /api/v1/groups/{id}', 'deleteGroup', {
    summary: 'Delete a group; its sources stay and stand alone',
    request: { params },
    responses: { 204: { description: 'It is gone.' } },
  }),
};

/** `/api/v1/groups`. A source is put into a group by its own `groupId`. */
export function addGroupsApi(web: WebRoutes, deps: SourcesWebDeps): void {
  const { groups, directory } = deps;
  const shown = (c: Context<AppEnv>, group: PowerGroup) => groupJson(group, directory.listFor(viewerOf(c)));

  web.api('user', routes.create, async (c) => {
    const group = unwrap(await groups.create(viewerOf(c), c.req.valid('json')));
    c.header('Location', `/api/v1/groups/${group.id}`);
    return c.json(shown(c, group), 201);
  });
  web.api('user', routes.list, (c) => {
    const items = groups.listGroupsFor(viewerOf(c)).map((group) => shown(c, group));
    return c.json({ items }, 200);
  });
  web.api('user', routes.read, (c) => {
    return c.json(shown(c, unwrap(groups.findGroupFor(viewerOf(c), c.req.valid('param').id))), 200);
  });
  web.api('user', routes.change, async (c) => {
    const { version, ...input } = c.req.valid('json');
    const group = unwrap(await groups.update(viewerOf(c), c.req.valid('param').id, input, { version }));
    return c.json(shown(c, group), 200);
  });
  web.api('user', routes.remove, async (c) => {
    unwrap(await groups.remove(viewerOf(c), c.req.valid('param').id));
    return c.body(null, 204);
  });
}
