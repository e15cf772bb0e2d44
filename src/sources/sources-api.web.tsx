import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { unwrap } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { body, describing, idParams, json, list } from '../web/describe.ts';
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
import { factsOf, type SourcesWebDeps } from './web-context.web.tsx';

const route = describing('Sources');
const params = idParams('source');
const priceParams = params.extend({
  effectiveFrom: z.string().openapi({ format: 'date', description: 'First day of the price.' }),
});

const routes = {
  create: route('post /api/v1/sources', 'createSource', {
    summary: 'Create a source; its keys are in this answer only',
    request: { body: body(newSourceSchema) },
    responses: { 201: json(sourceWithSecretsSchema, 'The source and its keys.') },
  }),
  list: route('get /api/v1/sources', 'listSources', {
    summary: 'List the sources you may see, by name',
    responses: { 200: list(sourceSchema, 'The sources.') },
  }),
  read: route('get /api/v1/sources/{id}', 'getSource', {
    summary: 'Get a source',
    request: { params },
    responses: { 200: json(sourceSchema, 'The source.') },
  }),
  change: route('patch /api/v1/sources/{id}', 'changeSource', {
    summary: 'Change what the body names; the rest stays',
    request: { params, body: body(sourceChangeSchema) },
    responses: { 200: json(sourceSchema, 'The source as it is now.') },
  }),
  remove: route('delete /api/v1/sources/{id}', 'deleteSource', {
    summary: 'Delete a source with all its readings',
    request: { params },
    responses: { 204: { description: 'It is gone; its readings are being removed.' } },
  }),
  rotate: route('post /api/v1/sources/{id}/rotate-keys', 'rotateSourceKeys', {
    summary: 'Make new keys; the old ones end at once',
    request: { params },
    responses: { 200: json(sourceWithSecretsSchema, 'The source and its new keys.') },
  }),
  prices: route('get /api/v1/sources/{id}/prices', 'listPrices', {
    summary: 'List what a kWh cost and earned, by first day',
    request: { params },
    responses: { 200: list(priceSchema, 'The prices.') },
  }),
  addPrice: route('post /api/v1/sources/{id}/prices', 'putPrice', {
    summary: 'Add a price, or replace the one of the same first day',
    request: { params, body: body(newPriceSchema) },
    responses: { 201: json(priceSchema, 'The price.') },
  }),
  removePrice: route('delete /api/v1/sources/{id}/prices/{effectiveFrom}', 'deletePrice', {
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
