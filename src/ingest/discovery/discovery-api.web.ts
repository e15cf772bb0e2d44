import { z } from '@hono/zod-openapi';
import { unwrap } from '../../core/result.ts';
import { sourceRoles } from '../../sources/source.ts';
import { viewerOf } from '../../web/asking.ts';
import { body, describing, iso, json, list, moment } from '../../web/describe.ts';
import { notFoundProblem } from '../../web/problem-schema.ts';
import type { WebRoutes } from '../../web/routes.ts';
import type { Claim } from '../ports.ts';
import type { Discovery } from './discovery-service.ts';
import type { HeardDevice } from './heard.ts';

const role = z.enum(sourceRoles as [(typeof sourceRoles)[number], ...(typeof sourceRoles)[number][]]);
const filter = z.string().openapi({
  example: 'tele/washer/#',
  description: 'MQTT filter of the topics that are taken to be the device’s.',
});
const deviceSchema = z
  .object({
    filter,
    name: z.string().openapi({ description: 'Proposed for the source.' }),
    role: role.openapi({ description: 'Proposed for the source.' }),
    dialect: z.string().nullable().openapi({ description: 'Null while nobody knows how it writes.' }),
    sureness: z.number().nullable().openapi({ minimum: 0, maximum: 1 }),
    reason: z.string().nullable().openapi({ description: 'By what it was recognised.' }),
    values: z.record(z.string(), z.union([z.number(), z.string(), z.array(z.string())])),
    problems: z.array(z.string()).openapi({ description: 'Why something was not understood, the newest first.' }),
    topics: z.int(),
    messages: z.int(),
    firstAt: moment,
    lastAt: moment,
    sample: z.object({ topic: z.string(), text: z.string() }).openapi({ description: 'The newest message, cut.' }),
  })
  .openapi('HeardDevice');
const claimSchema = z
  .object({
    filter,
    sourceId: z.string(),
    createdAt: moment,
    isReplayed: z.boolean().openapi({ description: 'False while kept messages are on their way to the source.' }),
  })
  .openapi('Claim');
const problemSchema = z.object({ topic: z.string(), reason: z.string(), count: z.int(), lastAt: moment });
const heardSchema = z
  .object({
    isOpen: z.boolean().openapi({ description: 'Clients of the private network need no login.' }),
    sources: z
      .array(z.object({ sourceId: z.string(), devices: z.array(deviceSchema), problems: z.array(problemSchema) }))
      .openapi({ description: 'Your sources that sent in the last 24 hours, and what they sent.' }),
    waiting: z
      .array(deviceSchema)
      .nullable()
      .openapi({ description: 'Devices without a login that nobody claimed; null for whoever may not see them.' }),
  })
  .openapi('Heard');
const wishSchema = z
  .strictObject({
    filter,
    sourceId: z.string().optional().openapi({ description: 'A source that it becomes a part of; absent: a new one.' }),
    name: z.string().optional().openapi({ description: 'Of the new source.' }),
    role: role.optional(),
  })
  .openapi('ClaimWish');

const route = describing('Discovery');
const query = z.object({ filter });
const routes = {
  heard: route('get /api/v1/discovery', 'listHeard', {
    summary: 'What was heard, grouped into devices, with proposals',
    responses: { 200: json(heardSchema, 'Of your sources, and for Overseers of devices without a login.') },
  }),
  inbox: route('get /api/v1/inbox', 'listInbox', {
    summary: 'Devices without a login of which messages are kept',
    responses: { 200: list(deviceSchema, 'The newest device first.') },
  }),
  dismiss: route('delete /api/v1/inbox', 'dismissDevice', {
    summary: 'Remove what is kept of a device; it is listed again when it sends again',
    request: { query },
    responses: { 204: { description: 'Nothing is kept of it any more.' }, ...notFoundProblem },
  }),
  claims: route('get /api/v1/inbox/claims', 'listClaims', {
    summary: 'Which topics of devices without a login belong to which source',
    responses: { 200: list(claimSchema, 'The claims.') },
  }),
  claim: route('post /api/v1/inbox/claims', 'claimDevice', {
    summary: 'Add a device: its topics belong to a source, what was kept follows at its own time',
    request: { body: body(wishSchema) },
    responses: { 201: json(claimSchema, 'The claim.'), ...notFoundProblem },
  }),
  replay: route('post /api/v1/inbox/claims/replay', 'replayClaim', {
    summary: 'Hand what is kept of a claim’s topics to its source once more',
    request: { query },
    responses: { 202: json(claimSchema, 'It goes on in the background; see `isReplayed`.'), ...notFoundProblem },
  }),
  release: route('delete /api/v1/inbox/claims', 'releaseClaim', {
    summary: 'End a claim; later messages wait in the inbox again',
    request: { query },
    responses: { 204: { description: 'It has ended.' }, ...notFoundProblem },
  }),
};

/** `/api/v1/discovery` and `/api/v1/inbox`. What has no login is for Overseers only: until it is claimed it is nobody's. */
export function addDiscoveryApi(web: WebRoutes, discovery: Discovery): void {
  web.api('user', routes.heard, async (c) => {
    const { isOpen, own, unclaimed } = await discovery.heardNow(viewerOf(c));
    const sources = own.map(({ source, devices, problems }) => ({
      sourceId: source.id,
      devices: devices.map(deviceJson),
      problems: problems.map(({ receivedAt, ...problem }) => ({ ...problem, lastAt: iso(receivedAt) })),
    }));
    return c.json({ isOpen, sources, waiting: unclaimed?.map(deviceJson) ?? null }, 200);
  });
  web.api('overseer', routes.inbox, (c) => c.json({ items: discovery.waiting(viewerOf(c)).map(deviceJson) }, 200));
  web.api('overseer', routes.dismiss, async (c) => {
    unwrap(await discovery.dismiss(viewerOf(c), c.req.valid('query').filter));
    return c.body(null, 204);
  });
  web.api('overseer', routes.claims, (c) => c.json({ items: discovery.claimsFor(viewerOf(c)).map(claimJson) }, 200));
  web.api('overseer', routes.claim, async (c) => {
    const { sourceId = '', name = '', role: wanted = '', ...wish } = c.req.valid('json');
    const added = unwrap(await discovery.add(viewerOf(c), { ...wish, sourceId, name, role: wanted }));
    return c.json(claimJson(added), 201);
  });
  web.api('overseer', routes.replay, (c) =>
    c.json(claimJson(unwrap(discovery.replay(viewerOf(c), c.req.valid('query').filter))), 202),
  );
  web.api('overseer', routes.release, (c) => {
    unwrap(discovery.release(viewerOf(c), c.req.valid('query').filter));
    return c.body(null, 204);
  });
}

function deviceJson(device: HeardDevice): z.infer<typeof deviceSchema> {
  const { recognition, firstAt, lastAt, values, ...rest } = device;
  return {
    ...rest,
    sureness: recognition?.sureness ?? null,
    reason: recognition?.reason ?? null,
    values: values as Record<string, number | string | string[]>,
    firstAt: iso(firstAt),
    lastAt: iso(lastAt),
  };
}

const claimJson = ({ filter: of, sourceId, createdAt, isReplayed }: Claim): z.infer<typeof claimSchema> => ({
  ...{ filter: of, sourceId, isReplayed },
  createdAt: iso(createdAt),
});
