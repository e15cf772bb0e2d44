import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Viewer } from '../../accounts/viewer.ts';
import { AmpraError, unwrap } from '../../core/result.ts';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import {
  connectionChangeSchema,
  connectionJson,
  connectionSchema,
  newConnectionSchema,
  trialOutcomeSchema,
  trialSchema,
} from './connection-schemas.web.tsx';
import type { Connections } from './connection-service.ts';
import type { ConnectionTrials } from './trial-service.ts';

const tags = ['Connections'];
const params = z.object({ id: z.string().openapi({ description: 'Id of the connection.' }) });
const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } });

const routes = {
  list: createRoute({
    method: 'get',
    path: '/api/v1/connections',
    operationId: 'listConnections',
    tags,
    summary: 'List the connections to other brokers you may see, by name',
    responses: { 200: json(z.object({ items: z.array(connectionSchema) }), 'The connections and how they are.') },
  }),
  create: createRoute({
    method: 'post',
    path: '/api/v1/connections',
    operationId: 'createConnection',
    tags,
    summary: 'Connect to a broker that already exists; it feeds one source',
    request: { body: body(newConnectionSchema) },
    responses: { 201: json(connectionSchema, 'The connection; it is being tried.') },
  }),
  trial: createRoute({
    method: 'post',
    path: '/api/v1/connections/try',
    operationId: 'tryConnection',
    tags,
    summary: 'Connect for up to 10 s and say what was heard; nothing is kept',
    request: { body: body(trialSchema) },
    responses: { 200: json(trialOutcomeSchema, 'What was heard, or why nothing was.') },
  }),
  read: createRoute({
    method: 'get',
    path: '/api/v1/connections/{id}',
    operationId: 'getConnection',
    tags,
    summary: 'Get a connection and how it is',
    request: { params },
    responses: { 200: json(connectionSchema, 'The connection.') },
  }),
  change: createRoute({
    method: 'patch',
    path: '/api/v1/connections/{id}',
    operationId: 'changeConnection',
    tags,
    summary: 'Change what the body names; it is tried again at once',
    request: { params, body: body(connectionChangeSchema) },
    responses: { 200: json(connectionSchema, 'The connection as it is now.') },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/api/v1/connections/{id}',
    operationId: 'deleteConnection',
    tags,
    summary: 'End a connection; its source and readings stay',
    request: { params },
    responses: { 204: { description: 'It is gone.' } },
  }),
};

/** Who asks. The route's access has let nobody else in. */
export function viewerOf(c: Context<AppEnv>): Viewer {
  if (!c.var.viewer) throw new AmpraError({ code: 'unauthenticated', message: 'Sign in first.' });
  return c.var.viewer;
}

/** `/api/v1/connections`. */
export function addConnectionsApi(web: WebRoutes, deps: { service: Connections; trials: ConnectionTrials }): void {
  const { service, trials } = deps;
  web.api('user', routes.list, (c) => c.json({ items: service.listFor(viewerOf(c)).map(connectionJson) }, 200));
  web.api('user', routes.create, async (c) => {
    const made = unwrap(await service.create(viewerOf(c), c.req.valid('json')));
    c.header('Location', `/api/v1/connections/${made.connection.id}`);
    return c.json(connectionJson(made), 201);
  });
  web.api('user', routes.trial, async (c) => {
    const { id, ...input } = c.req.valid('json');
    return c.json(unwrap(await trials.run(viewerOf(c), input, id)), 200);
  });
  web.api('user', routes.read, (c) =>
    c.json(connectionJson(unwrap(service.findFor(viewerOf(c), c.req.valid('param').id))), 200),
  );
  web.api('user', routes.change, (c) => {
    const { version, ...input } = c.req.valid('json');
    return c.json(connectionJson(unwrap(service.update(viewerOf(c), c.req.valid('param').id, input, version))), 200);
  });
  web.api('user', routes.remove, (c) => {
    unwrap(service.remove(viewerOf(c), c.req.valid('param').id));
    return c.body(null, 204);
  });
}
