import { z } from '@hono/zod-openapi';
import { unwrap } from '../../core/result.ts';
import { sourceRoles } from '../../sources/source.ts';
import { viewerOf } from '../../web/asking.ts';
import { body, describing, idParams, iso, json, list, moment } from '../../web/describe.ts';
import { notFoundProblem } from '../../web/problem-schema.ts';
import type { WebRoutes } from '../../web/routes.ts';
import type { TopicRoute } from '../ports.ts';
import type { TopicRoutes } from './topic-routes-service.ts';

const filter = z.string().openapi({ example: 'zigbee2mqtt/washer/#', description: 'MQTT filter of the topics.' });
const routeSchema = z
  .object({
    filter,
    toSourceId: z.string().openapi({ description: 'The source whose they are.' }),
    createdAt: moment,
  })
  .openapi('TopicRoute');
const wishSchema = z
  .strictObject({
    filter,
    toSourceId: z.string().optional().openapi({ description: 'Of the same owner; absent: a new source.' }),
    name: z.string().optional().openapi({ description: 'Of the new source.' }),
    role: z.enum(sourceRoles as [(typeof sourceRoles)[number], ...(typeof sourceRoles)[number][]]).optional(),
  })
  .openapi('TopicRouteWish');

const route = describing('Discovery');
const params = idParams('source as which the topics are heard');
const routes = {
  list: route('get /api/v1/sources/{id}/routes', 'listTopicRoutes', {
    summary: 'Topics that are heard as this source and belong to others',
    request: { params },
    responses: { 200: list(routeSchema, 'In the order in which they were made.'), ...notFoundProblem },
  }),
  add: route('post /api/v1/sources/{id}/routes', 'addTopicRoute', {
    summary: 'Make a device that is heard as this source a source of its own',
    request: { params, body: body(wishSchema) },
    responses: { 201: json(routeSchema, 'From now on; what came before stays where it is.'), ...notFoundProblem },
  }),
  end: route('delete /api/v1/sources/{id}/routes', 'endTopicRoute', {
    summary: 'End it: what comes on these topics stays with this source again',
    request: { params, query: z.object({ filter }) },
    responses: { 204: { description: 'It has ended.' }, ...notFoundProblem },
  }),
};

/** `/api/v1/sources/{id}/routes`: the devices behind one broker or login as sources of their own. */
export function addTopicRoutesApi(web: WebRoutes, service: TopicRoutes): void {
  web.api('user', routes.list, (c) => {
    const found = unwrap(service.view(viewerOf(c), c.req.valid('param').id));
    return c.json({ items: found.map(routeJson) }, 200);
  });
  web.api('user', routes.add, async (c) => {
    const { toSourceId = '', name = '', role = '', ...wish } = c.req.valid('json');
    const { id } = c.req.valid('param');
    const made = unwrap(await service.add(viewerOf(c), id, { ...wish, toSourceId, name, role }));
    return c.json(routeJson(made), 201);
  });
  web.api('user', routes.end, (c) => {
    unwrap(service.end(viewerOf(c), c.req.valid('param').id, c.req.valid('query').filter));
    return c.body(null, 204);
  });
}

const routeJson = ({ filter: of, toSourceId, createdAt }: TopicRoute): z.infer<typeof routeSchema> => ({
  ...{ filter: of, toSourceId },
  createdAt: iso(createdAt),
});
