import { unwrap } from '../../core/result.ts';
import { viewerOf } from '../../web/asking.ts';
import { body, describing, idParams, json, list } from '../../web/describe.ts';
import type { WebRoutes } from '../../web/routes.ts';
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

const route = describing('Connections');
const params = idParams('connection');

const routes = {
  list: route('get /api/v1/connections', 'listConnections', {
    summary: 'List the connections to other brokers you may see, by name',
    responses: { 200: list(connectionSchema, 'The connections and how they are.') },
  }),
  create: route('post /api/v1/connections', 'createConnection', {
    summary: 'Connect to a broker that already exists; it feeds one source',
    request: { body: body(newConnectionSchema) },
    responses: { 201: json(connectionSchema, 'The connection; it is being tried.') },
  }),
  trial: route('post /api/v1/connections/try', 'tryConnection', {
    summary: 'Connect for up to 10 s and say what was heard; nothing is kept',
    request: { body: body(trialSchema) },
    responses: { 200: json(trialOutcomeSchema, 'What was heard, or why nothing was.') },
  }),
  read: route('get /api/v1/connections/{id}', 'getConnection', {
    summary: 'Get a connection and how it is',
    request: { params },
    responses: { 200: json(connectionSchema, 'The connection.') },
  }),
  change: route('patch /api/v1/connections/{id}', 'changeConnection', {
    summary: 'Change what the body names; it is tried again at once',
    request: { params, body: body(connectionChangeSchema) },
    responses: { 200: json(connectionSchema, 'The connection as it is now.') },
  }),
  remove: route('delete /api/v1/connections/{id}', 'deleteConnection', {
    summary: 'End a connection; its source and readings stay',
    request: { params },
    responses: { 204: { description: 'It is gone.' } },
  }),
};

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
