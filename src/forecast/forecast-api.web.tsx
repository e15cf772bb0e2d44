import { z } from '@hono/zod-openapi';
import type { Clock } from '../core/clock.ts';
import { days } from '../core/durations.ts';
import { AmpraError, unwrap } from '../core/result.ts';
import { instant } from '../web/api-times.ts';
import { viewerOf } from '../web/asking.ts';
import { body, describing, idParams, iso, json, list, moment } from '../web/describe.ts';
import { jobJson } from '../web/job-schema.ts';
import type { WebRoutes } from '../web/routes.ts';
import {
  accuracyJson,
  accuracySchema,
  forecastJson,
  forecastSchema,
  jobSchema,
  modelsJson,
  modelsSchema,
  quantity,
} from './forecast-schemas.web.tsx';
import type { ForecastDesk } from './ports.ts';

const route = describing('Forecast');
const params = idParams('source');
const about = { quantity: quantity.default('solar') };
const MOST_DAYS = 400;
const USUAL_QUANTILES = [0.1, 0.5, 0.9];

/** `0.1,0.5,0.9`, ascending. */
const quantiles = z
  .string()
  .transform((text, context) => {
    const levels = text.split(',').map(Number);
    const isGood = levels.length <= 25 && levels.every((level) => level > 0 && level < 1);
    if (isGood) return levels.sort((a, b) => a - b);
    context.addIssue({
      code: 'custom',
      message: 'is not a list of at most 25 numbers between 0 and 1, like 0.1,0.5,0.9',
    });
    return z.NEVER;
  })
  .openapi({ type: 'string', example: '0.1,0.5,0.9', description: 'Any quantiles; p10, p50 and p90 when left out.' });

const routes = {
  forecast: route('get /api/v1/sources/{id}/forecast', 'getForecast', {
    summary: 'What comes, with its odds; the newest forecast, or as it was issued at a time',
    request: {
      params,
      query: z.object({
        ...about,
        at: instant('The newest forecast that was issued at or before this moment; now when left out.').optional(),
        quantiles: quantiles.optional(),
      }),
    },
    responses: { 200: json(forecastSchema, 'The forecast; null while there is none.') },
  }),
  issues: route('get /api/v1/sources/{id}/forecast/issues', 'listForecastIssues', {
    summary: 'Moments at which a forecast was issued; call one back with forecast?at',
    request: {
      params,
      query: z.object({
        ...about,
        from: instant('First moment that counts; 14 days before `to` when left out.').optional(),
        to: instant('First moment that no longer counts; now when left out.').optional(),
      }),
    },
    responses: {
      200: list(
        z.object({ issuedAt: moment }),
        'Ascending. Older forecasts are thinned out: six-hourly after two weeks, daily after 400 days.',
      ),
    },
  }),
  accuracy: route('get /api/v1/sources/{id}/forecast/accuracy', 'getForecastAccuracy', {
    summary: 'How forecasts did: by lead time, against doing without them, and how often the bands held',
    request: {
      params,
      query: z.object({
        ...about,
        days: z.coerce.number().int().min(1).max(MOST_DAYS).default(60).openapi({ description: 'So many days back.' }),
      }),
    },
    responses: { 200: json(accuracySchema, 'The scores.') },
  }),
  models: route('get /api/v1/sources/{id}/forecast/models', 'listForecastModels', {
    summary: 'The model that serves, those before and those that did not make it, with their cards',
    request: { params, query: z.object(about) },
    responses: { 200: json(modelsSchema, 'The models.') },
  }),
  job: route('get /api/v1/sources/{id}/forecast/training', 'getForecastTraining', {
    summary: 'The newest training of a source that was asked for, and how far it is',
    request: { params },
    responses: { 200: json(z.object({ job: jobSchema.nullable() }), 'The job; null when there was none of late.') },
  }),
  train: route('post /api/v1/sources/{id}/forecast/training', 'trainForecast', {
    summary: 'Learn anew now; the new model serves only if it scores better',
    request: { params, body: body(z.object({ quantity: quantity.optional() })) },
    responses: {
      202: json(z.object({ jobId: z.string() }), 'It is queued.'),
    },
  }),
  putBack: route('post /api/v1/sources/{id}/forecast/models/{version}/serve', 'putBackForecastModel', {
    summary: 'Let a model serve again that served before',
    request: {
      params: params.extend({ version: z.string().openapi({ description: 'As `GET .../forecast/models` names it.' }) }),
      query: z.object(about),
    },
    responses: {
      200: json(z.object({ version: z.string() }), 'It serves from now on.'),
      409: { description: 'There is none, it serves already, or only its card was kept.' },
    },
  }),
  refresh: route('post /api/v1/sources/{id}/forecast/refresh', 'refreshForecast', {
    summary: 'Make a new forecast now, unless one was made a moment ago',
    request: { params },
    responses: {
      200: json(
        z.object({ issuedAt: moment.nullable() }),
        'When the newest forecast was issued; null where nothing is forecast yet.',
      ),
    },
  }),
};

/** `/api/v1/sources/{id}/forecast`. */
export function addForecastApi(web: WebRoutes, { desk, clock }: { desk: ForecastDesk; clock: Clock }): void {
  web.api('user', routes.forecast, async (c) => {
    const { quantity: of, at, quantiles: levels = USUAL_QUANTILES } = c.req.valid('query');
    const subject = { sourceId: c.req.valid('param').id, quantity: of };
    const view = unwrap(await desk.forecast(viewerOf(c), subject, at));
    const waiting = unwrap(desk.waiting(viewerOf(c), subject));
    return c.json(forecastJson(view, waiting, { quantity: of, quantiles: levels }), 200);
  });

  web.api('user', routes.issues, (c) => {
    const { quantity: of, ...query } = c.req.valid('query');
    const to = query.to ?? clock.now() + 1;
    const range = { from: query.from ?? to - days(14), to };
    const issues = unwrap(
      desk.issues(viewerOf(c), { sourceId: c.req.valid('param').id, quantity: of }, checked(range)),
    );
    return c.json({ items: issues.map(({ issuedAt }) => ({ issuedAt: iso(issuedAt) })) }, 200);
  });

  web.api('user', routes.accuracy, (c) => {
    const { quantity: of, days: count } = c.req.valid('query');
    const view = unwrap(desk.accuracy(viewerOf(c), { sourceId: c.req.valid('param').id, quantity: of }, count));
    return c.json(accuracyJson(view), 200);
  });

  web.api('user', routes.models, async (c) => {
    const subject = { sourceId: c.req.valid('param').id, quantity: c.req.valid('query').quantity };
    return c.json(modelsJson(unwrap(await desk.models(viewerOf(c), subject))), 200);
  });

  web.api('user', routes.job, async (c) => {
    const subject = { sourceId: c.req.valid('param').id, quantity: 'solar' as const };
    const { job } = unwrap(await desk.models(viewerOf(c), subject));
    return c.json({ job: job && jobJson(job) }, 200);
  });

  web.api('user', routes.train, (c) => {
    const asked = { address: c.var.clientAddress };
    const { quantity: of } = c.req.valid('json');
    const { jobId } = unwrap(desk.trainNow(viewerOf(c), c.req.valid('param').id, of, asked));
    return c.json({ jobId }, 202);
  });

  web.api('user', routes.putBack, async (c) => {
    const { id, version } = c.req.valid('param');
    const subject = { sourceId: id, quantity: c.req.valid('query').quantity };
    const put = unwrap(await desk.putBack(viewerOf(c), subject, version, { address: c.var.clientAddress }));
    return c.json({ version: put.version }, 200);
  });

  web.api('user', routes.refresh, async (c) => {
    const { id } = c.req.valid('param');
    unwrap(await desk.refreshNow(viewerOf(c), [id]));
    const [first] = desk.choices(viewerOf(c)).find(({ sourceId }) => sourceId === id)?.quantities ?? [];
    const view = first && unwrap(await desk.forecast(viewerOf(c), { sourceId: id, quantity: first }));
    return c.json({ issuedAt: view ? iso(view.issuedAt) : null }, 200);
  });
}

function checked(range: { from: number; to: number }): { from: number; to: number } {
  if (range.from < range.to && range.to - range.from <= days(MOST_DAYS)) return range;
  const message = `must be later than from, by at most ${MOST_DAYS} days`;
  throw new AmpraError({ code: 'invalid', message: `to ${message}.`, field: 'to', fields: [{ field: 'to', message }] });
}
