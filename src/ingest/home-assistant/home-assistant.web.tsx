import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { HomeAssistantCard } from '../../../views/ingest/home-assistant.tsx';
import { unwrap } from '../../core/result.ts';
import type { Source } from '../../sources/source.ts';
import { idOf, viewerOf } from '../../web/asking.ts';
import { flash } from '../../web/cookies.ts';
import { body, describing, idParams, isoOrNull, json, moment } from '../../web/describe.ts';
import { type DeviceOriginFacts, deviceOrigin } from '../../web/device-origin.ts';
import { refusalPage } from '../../web/errors.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import { availabilityTopic, configTopic, latestTopic } from './announced-device.ts';
import type { Announcing, AnnouncingView } from './announcing-service.ts';

export interface HomeAssistantWebDeps {
  announcing: Announcing;
  /** Where programs reach the broker. */
  connection(): DeviceOriginFacts & { mqttPort: number };
}

const wishSchema = z.strictObject({ isAnnounced: z.boolean() }).openapi('HomeAssistantWish');
const stateSchema = z
  .object({
    isAnnounced: z.boolean(),
    since: moment.nullable(),
    entities: z.int().nullable().openapi({ description: 'Null before the first reading.' }),
    configTopic: z.string(),
    stateTopic: z.string(),
    availabilityTopic: z.string(),
  })
  .openapi('HomeAssistantState');

const route = describing('Sources');
const params = idParams('source');
const path = '/api/v1/sources/{id}/home-assistant';
const routes = {
  read: route(`get ${path}`, 'getHomeAssistant', {
    summary: 'Whether a source is announced to Home Assistant, and on which topics',
    request: { params },
    responses: { 200: json(stateSchema, 'How it is announced.') },
  }),
  change: route(`put ${path}`, 'announceToHomeAssistant', {
    summary: 'Announce a source to Home Assistant by MQTT discovery, or take it back',
    request: { params, body: body(wishSchema) },
    responses: { 200: json(stateSchema, 'How it is announced now.') },
  }),
};

/** Announcing to Home Assistant: the form of the card on a source's page, and the API. */
export function addHomeAssistant(web: WebRoutes, { announcing }: HomeAssistantWebDeps): void {
  web.page('post', '/sources/:id/home-assistant', 'user', async (c) => {
    const isWanted = (await c.req.parseBody()).announce === 'yes';
    const changed = announcing.set(viewerOf(c), idOf(c), isWanted);
    if (!changed.ok) return refusalPage(c, changed.error);
    const text = isWanted ? 'It is announced to Home Assistant.' : 'It is taken back from Home Assistant.';
    flash(c, { kind: 'done', text });
    return c.redirect(`/sources/${idOf(c)}#home-assistant`, 303);
  });
  web.api('user', routes.read, (c) => {
    const { id } = c.req.valid('param');
    return c.json(stateJson(unwrap(announcing.view(viewerOf(c), id))), 200);
  });
  web.api('user', routes.change, (c) => {
    const { isAnnounced } = c.req.valid('json');
    return c.json(stateJson(unwrap(announcing.set(viewerOf(c), c.req.valid('param').id, isAnnounced))), 200);
  });
}

function stateJson({ source: { id }, since, entities }: AnnouncingView): z.infer<typeof stateSchema> {
  return {
    isAnnounced: since !== null,
    since: isoOrNull(since),
    entities,
    configTopic: configTopic(id),
    stateTopic: latestTopic(id),
    availabilityTopic: availabilityTopic(id),
  };
}

/** The card on a source's page. */
export function homeAssistantCard(deps: HomeAssistantWebDeps): (c: Context<AppEnv>, source: Source) => Child {
  return (c, source) => {
    const { mqttPort, ...where } = deps.connection();
    const { hostname } = deviceOrigin(c, where).origin;
    const view = deps.announcing.shown(source);
    return <HomeAssistantCard {...view} host={hostname.replace(/^\[|\]$/g, '')} mqttPort={mqttPort} />;
  };
}
