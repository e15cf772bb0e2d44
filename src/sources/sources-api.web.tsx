import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { unwrap } from '../core/result.ts';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import type { NewKeys } from './service.ts';
import type { Source } from './source.ts';
import {
  newPriceSchema,
  newSourceSchema,
  priceJson,
  priceSchema,
  sourceChangeSchema,
  sourceJson,
  sourceSchema,
  sourceWithSecretsSchema,
} from './source-schemas.web.tsx';
import { factsOf, type SourcesWebDeps, viewerOf } from './web-context.web.tsx';

const tags = ['Sources'];
const params = z.object({ id: z.string().openapi({ description: 'Id of the source.' }) });
const priceParams = params.extend({
  effectiveFrom: z.string().openapi({ format: 'date', description: 'First day of the price.' }),
});

/** The description of one JSON answer or body. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
export const body = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

const routes = {
  create: createRoute({
    method: 'post',
    path: '/api/v1/sources',
    operationId: 'createSource',
    tags,
    summary: 'Create a source; its keys are in this answer only',
    request: { body: body(newSourceSchema) },
    responses: { 201: json(sourceWithSecretsSchema, 'The source and its keys.') },
  }),
  list: createRoute({
    method: 'get',
    path: '/api/v1/sources',
    operationId: 'listSources',
    tags,
    summary: 'List the sources you may see, by name',
    responses: { 200: json(z.object({ items: z.array(sourceSchema) }), 'The sources.') },
  }),
  read: createRoute({
    method: 'get',
    path: '/api/v1/sources/{id}',
    operationId: 'getSource',
    tags,
    summary: 'Get a source',
    request: { params },
    responses: { 200: json(sourceSchema, 'The source.') },
  }),
  change: createRoute({
    method: 'patch',
    path: '/api/v1/sources/{id}',
    operationId: 'changeSource',
    tags,
    summary: 'Change what the body names; the rest stays',
    request: { params, body: body(sourceChangeSchema) },
    responses: { 200: json(sourceSchema, 'The source as it is now.') },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/api/v1/sources/{id}',
    operationId: 'deleteSource',
    tags,
    summary: 'Delete a source with all its readings',
    request: { params },
    responses: { 204: { description: 'It is gone; its readings are being removed.' } },
  }),
  rotate: createRoute({
    method: 'post',
    path: '/api/v1/sources/{id}/rotate-keys',
    operationId: 'rotateSourceKeys',
    tags,
    summary: 'Make new keys; the old ones end at once',
    request: { params },
    responses: { 200: json(sourceWithSecretsSchema, 'The source and its new keys.') },
  }),
  prices: createRoute({
    method: 'get',
    path: '/api/v1/sources/{id}/prices',
    operationId: 'listPrices',
    tags,
    summary: 'List what a kWh cost and earned, by first day',
    request: { params },
    responses: { 200: json(z.object({ items: z.array(priceSchema) }), 'The prices.') },
  }),
  addPrice: createRoute({
    method: 'post',
    path: '/api/v1/sources/{id}/prices',
    operationId: 'putPrice',
    tags,
    summary: 'Add a price, or replace the one of the same first day',
    request: { params, body: body(newPriceSchema) },
    responses: { 201: json(priceSchema, 'The price.') },
  }),
  removePrice: createRoute({
    method: 'delete',
    path: '/api/v1/sources/{id}/prices/{effectiveFrom}',
    operationId: 'deletePrice',
    tags,
    summary: 'Remove a price',
    request: { params: priceParams },
    responses: { 204: { description: 'It is gone.' } },
  }),
};

/** `/api/v1/sources`: the contract that programs rely on. */
export function addSourcesApi(web: WebRoutes, deps: SourcesWebDeps): void {
  const { service, directory, prices } = deps;
  const shown = (c: Context<AppEnv>, source: Source) => sourceJson(source, factsOf(c, deps, source));
  const withSecrets = (c: Context<AppEnv>, { source, mqttApiKey, webhookSecret }: NewKeys) => {
    c.header('Cache-Control', 'no-store');
    return { ...shown(c, source), mqttApiKey, webhookSecret };
  };

  web.api('user', routes.create, async (c) => {
    const made = unwrap(await service.create(viewerOf(c), c.req.valid('json')));
    c.header('Location', `/api/v1/sources/${made.source.id}`);
    return c.json(withSecrets(c, made), 201);
  });
  web.api('user', routes.list, (c) => {
    const items = directory.listFor(viewerOf(c)).map((source) => shown(c, source));
    return c.json({ items }, 200);
  });
  web.api('user', routes.read, (c) => {
    const source = unwrap(directory.findFor(viewerOf(c), c.req.valid('param').id));
    return c.json(shown(c, source), 200);
  });
  web.api('user', routes.change, async (c) => {
    const { version, isActive, ...input } = c.req.valid('json');
    const { id } = c.req.valid('param');
    const source = unwrap(await service.update(viewerOf(c), id, input, { version, isActive }));
    return c.json(shown(c, source), 200);
  });
  web.api('user', routes.remove, (c) => {
    unwrap(service.remove(viewerOf(c), c.req.valid('param').id));
    return c.body(null, 204);
  });
  web.api('user', routes.rotate, (c) => {
    const made = unwrap(service.rotateKeys(viewerOf(c), c.req.valid('param').id));
    return c.json(withSecrets(c, made), 200);
  });
  web.api('user', routes.prices, (c) => {
    const items = unwrap(prices.list(viewerOf(c), c.req.valid('param').id)).map(priceJson);
    return c.json({ items }, 200);
  });
  web.api('user', routes.addPrice, (c) => {
    const price = unwrap(prices.put(viewerOf(c), c.req.valid('param').id, c.req.valid('json')));
    return c.json(priceJson(price), 201);
  });
  web.api('user', routes.removePrice, (c) => {
    const { id, effectiveFrom } = c.req.valid('param');
    unwrap(prices.remove(viewerOf(c), id, effectiveFrom));
    return c.body(null, 204);
  });
}
