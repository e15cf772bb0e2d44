import { z } from '@hono/zod-openapi';
import { unwrap } from '../../core/result.ts';
import { viewerOf } from '../../web/asking.ts';
import { body, describing, idParams, isoOrNull, json, moment } from '../../web/describe.ts';
import { unavailableProblem } from '../../web/problem-schema.ts';
import type { WebRoutes } from '../../web/routes.ts';
import { balanceMetrics } from './balance.ts';
import type { Balance, BalanceVerdict, BalanceView, SourceCorrection } from './balance-service.ts';

const metric = z.enum(balanceMetrics);
const share = z.number().openapi({ minimum: 0, maximum: 1 });
const moments = z.int().openapi({ description: 'Moments in which enough was measured.' });
const correctionSchema = z
  .object({
    sourceId: z.string(),
    metric,
    factor: z.number().openapi({ description: 'Multiplies what comes in; -1 turns the sign.', example: -1 }),
  })
  .openapi('BalanceCorrection');

const resultSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('unknown'),
      reason: z.enum(['few', 'little', 'missing']).openapi({
        description: 'Too few moments, too little power, or too few of the four powers.',
      }),
    }),
    z.object({ kind: z.literal('balanced'), fit: share, points: moments }),
    z.object({ kind: z.literal('unexplained'), fit: share, points: moments }),
    z.object({
      kind: z.literal('wrong'),
      corrections: z.array(correctionSchema).openapi({ description: 'What would put it right.' }),
      sureness: share,
      fit: share.openapi({ description: 'Share of the moments that would add up.' }),
      fitBefore: share,
      points: moments,
    }),
  ])
  .openapi('BalanceResult');

const verdict = { checkedAt: moment.nullable(), result: resultSchema };
const corrections = z
  .array(correctionSchema)
  .openapi({ description: 'What is put right as it comes in, because the owner agreed.' });
const balanceSchema = z
  .object({
    ...verdict,
    corrections,
    house: z
      .object({ ...verdict, sourceIds: z.array(z.string()), corrections })
      .nullable()
      .openapi({ description: 'The sources at the same place together; null where the source stands alone.' }),
  })
  .openapi('Balance');

const wishSchema = z
  .strictObject({
    metric,
    factor: z.number().openapi({ description: '-1, 1000, 0.001, 10 ... or 1 to take a correction away.', example: -1 }),
  })
  .openapi('BalanceCorrectionWish');

const route = describing('Discovery');
const params = idParams('source');
const path = '/api/v1/sources/{id}/balance';
const responses = { 200: json(balanceSchema, 'Of the source and of its house.') };
const routes = {
  read: route(`get ${path}`, 'getBalance', {
    summary: 'Whether the figures of a source, and of its house, add up',
    description: 'Load = solar + bought - charged. Looked at when a source is new, and once a day.',
    request: { params },
    responses,
  }),
  check: route(`post ${path}/check`, 'checkBalance', {
    summary: 'Look now',
    request: { params },
    responses: { ...responses, ...unavailableProblem },
  }),
  correct: route(`post ${path}/corrections`, 'correctBalance', {
    summary: 'Multiply one power of a source from now on',
    description: 'A second correction goes on top of the first. What was stored stays.',
    request: { params, body: body(wishSchema) },
    responses,
  }),
};

/** `/api/v1/sources/{id}/balance`. */
export function addBalanceApi(web: WebRoutes, balance: Balance): void {
  web.api('user', routes.read, (c) =>
    c.json(balanceJson(unwrap(balance.view(viewerOf(c), c.req.valid('param').id))), 200),
  );
  web.api('user', routes.check, async (c) =>
    c.json(balanceJson(unwrap(await balance.checkFor(viewerOf(c), c.req.valid('param').id))), 200),
  );
  web.api('user', routes.correct, (c) => {
    const { metric: name, factor } = c.req.valid('json');
    return c.json(balanceJson(unwrap(balance.correct(viewerOf(c), c.req.valid('param').id, name, factor))), 200);
  });
}

function balanceJson(view: BalanceView): z.infer<typeof balanceSchema> {
  const { corrections: own, house } = view;
  return {
    ...verdictJson(view),
    corrections: own.map(correctionJson),
    house: house && {
      ...verdictJson(house),
      sourceIds: house.sources.map(({ id }) => id),
      corrections: house.corrections.map(correctionJson),
    },
  };
}

const verdictJson = ({ checkedAt, result }: BalanceVerdict) => ({ checkedAt: isoOrNull(checkedAt), result });
const correctionJson = ({ sourceId, metric, factor }: SourceCorrection) =>
  ({ sourceId, metric, factor }) as z.infer<typeof correctionSchema>;
