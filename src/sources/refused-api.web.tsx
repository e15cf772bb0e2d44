import { z } from '@hono/zod-openapi';
import { unwrap } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { describing, idParams, iso, json, moment } from '../web/describe.ts';
import type { WebRoutes } from '../web/routes.ts';
import { viewMessage } from './message-view.ts';
import type { RefusedGroup } from './ports.ts';
import type { SourcesWebDeps } from './web-context.web.tsx';

const params = idParams('source');
const MOST = 100;

const refusedSchema = z
  .object({
    reason: z.string().openapi({ example: 'stateOfCharge must be a number' }),
    count: z.int().openapi({ description: 'How many messages were refused for it.' }),
    since: moment.openapi({ description: 'When the first of them came.' }),
    newestAt: moment,
    example: z
      .object({
        channel: z.enum(['mqtt', 'webhook']),
        topic: z.string(),
        text: z.string().openapi({ description: 'The beginning of the payload, readable; hex for what is no text.' }),
        bytes: z.int().openapi({ description: 'Length of the payload as received.' }),
        kept: z.int().nullable().openapi({ description: 'Readings that were stored of it; null when unknown.' }),
        rejected: z.array(z.object({ index: z.int(), field: z.string(), message: z.string() })),
      })
      .openapi({ description: 'The newest of them.' }),
  })
  .openapi('RefusedMessages');

const listSchema = z.object({
  items: z.array(refusedSchema),
  total: z.int().openapi({ description: 'How many reasons there are.' }),
  messages: z.int().openapi({ description: 'How many messages in all.' }),
  since: moment.nullable(),
  nextCursor: z.string().nullable(),
});

const route = describing('Sources');
const list = route('get /api/v1/sources/{id}/refused', 'listRefusedMessages', {
  summary: 'List what a source sent that was not, or not wholly, stored; by reason, the newest first',
  request: {
    params,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(MOST).default(MOST).openapi({ description: 'Default 100.' }),
      cursor: z
        .string()
        .regex(/^\d{1,6}$/, 'is no cursor of this list')
        .optional()
        .openapi({ description: '`nextCursor` of the page before.' }),
    }),
  },
  responses: {
    200: json(listSchema, 'The reasons.'),
  },
});

const dismiss = route('delete /api/v1/sources/{id}/refused', 'dismissRefusedMessages', {
  summary: 'Dismiss what was refused for one reason, or all of it',
  request: {
    params,
    query: z.object({ reason: z.string().optional().openapi({ description: 'All reasons unless given.' }) }),
  },
  responses: { 204: { description: 'They are no longer listed.' } },
});

/** `/api/v1/sources/{id}/refused`. */
export function addRefusedApi(web: WebRoutes, deps: SourcesWebDeps): void {
  web.api('user', list, (c) => {
    const { id } = unwrap(deps.directory.findFor(viewerOf(c), c.req.valid('param').id));
    const { limit, cursor } = c.req.valid('query');
    const offset = Number(cursor ?? 0);
    const { groups, total } = deps.refused()?.groupsOf(id, { offset, limit }) ?? { groups: [], total: 0 };
    const summary = deps.refused()?.summaryOf(id) ?? null;
    const end = offset + groups.length;
    const about = { total, messages: summary?.count ?? 0, since: summary && iso(summary.firstAt) };
    return c.json({ items: groups.map(groupJson), ...about, nextCursor: end < total ? String(end) : null }, 200);
  });
  web.api('user', dismiss, (c) => {
    const { id } = unwrap(deps.directory.findFor(viewerOf(c), c.req.valid('param').id));
    deps.refused()?.dismiss(id, c.req.valid('query').reason);
    return c.body(null, 204);
  });
}

function groupJson({ reason, count, firstAt, newestAt, example }: RefusedGroup): z.infer<typeof refusedSchema> {
  const { channel, topic, outcome, payloadBytes } = example;
  return {
    ...{ reason, count },
    since: iso(firstAt),
    newestAt: iso(newestAt),
    example: {
      ...{ channel, topic },
      text: viewMessage(example).text,
      bytes: payloadBytes,
      kept: outcome?.kept ?? null,
      rejected: outcome?.refused ?? [],
    },
  };
}
