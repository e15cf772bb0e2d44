import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { days } from '../core/durations.ts';
import { metrics } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import { AmpraError, unwrap } from '../core/result.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import {
  energySchema,
  historySchema,
  instant,
  latestSchema,
  metricListSchema,
  metricsQuery,
  readingsSchema,
} from './api-schemas.web.tsx';
import type { HistorySeries, TelemetryReader, TimeRange } from './ports.ts';

export interface TelemetryApiDeps {
  reader: TelemetryReader;
  sources: Pick<SourceDirectory, 'findFor'>;
  clock: Clock;
}

const tags = ['Telemetry'];
const params = z.object({ id: z.string().openapi({ description: 'Id of the source.' }) });
const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const from = instant('First moment that counts.').optional();
const to = instant('First moment that no longer counts; now when left out.').optional();
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const routes = {
  metrics: createRoute({
    method: 'get',
    path: '/api/v1/metrics',
    operationId: 'listMetrics',
    tags,
    summary: 'The metric catalogue: names, units, kinds and possible values',
    responses: { 200: json(metricListSchema, 'Every metric.') },
  }),
  latest: createRoute({
    method: 'get',
    path: '/api/v1/sources/{id}/latest',
    operationId: 'getLatest',
    tags,
    summary: 'The newest value of each metric',
    request: { params },
    responses: { 200: json(latestSchema, 'The values; `time` is null before the first reading.') },
  }),
  readings: createRoute({
    method: 'get',
    path: '/api/v1/sources/{id}/readings',
    operationId: 'listReadings',
    tags,
    summary: 'Readings as the device sent them, ascending by time',
    request: {
      params,
      query: z.object({
        from,
        to,
        limit: whole(1, 10_000).default(1000),
        cursor: z
          .string()
          .regex(/^\d{1,16}$/, 'is not a cursor of an answer before')
          .optional()
          .openapi({ description: '`nextCursor` of the answer before.' }),
      }),
    },
    responses: { 200: json(readingsSchema, 'A page of readings.') },
  }),
  history: createRoute({
    method: 'get',
    path: '/api/v1/sources/{id}/history',
    operationId: 'getHistory',
    tags,
    summary: 'Series in even buckets, for charts; gaps are null',
    request: {
      params,
      query: z.object({ metrics: metricsQuery, from, to, points: whole(1, 5000).default(500) }),
    },
    responses: { 200: json(historySchema, 'The series.') },
  }),
  energy: createRoute({
    method: 'get',
    path: '/api/v1/sources/{id}/energy',
    operationId: 'getEnergy',
    tags,
    summary: "Energy by day, month or year of the source's time zone",
    request: { params, query: z.object({ period: z.enum(['day', 'month', 'year']).default('day'), from, to }) },
    responses: { 200: json(energySchema, 'Every period that shares time with the range, whole.') },
  }),
};

/** What a range is when the question leaves it open. ms. */
const usualRange = { readings: days(1), history: days(1), day: days(30), month: days(365), year: days(3650) };
const LONGEST_RANGE = days(366 * 60);

/** `/api/v1/sources/{id}/...`: what a source measured. */
export function registerTelemetryApi(web: WebRoutes, deps: TelemetryApiDeps): void {
  const { reader } = deps;
  const sourceOf = (c: Context<AppEnv>, id: string): Source => unwrap(deps.sources.findFor(c.var.viewer as Viewer, id));
  const rangeOf = (query: Asked, usual: number) => readRange(query, usual, deps.clock.now());

  web.api('user', routes.metrics, (c) => c.json({ items: metrics.map(metricJson) }, 200));

  web.api('user', routes.latest, (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const latest = reader.latest(source.id);
    if (!latest) return c.json({ time: null, values: {}, times: {}, derived: [] }, 200);
    const times = Object.fromEntries(Object.entries(latest.times).map(([name, time]) => [name, iso(time)]));
    return c.json({ time: iso(latest.time), values: plain(latest.values), times, derived: latest.derived }, 200);
  });

  web.api('user', routes.readings, async (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const { limit, cursor, ...asked } = c.req.valid('query');
    const range = rangeOf(asked, usualRange.readings);
    const page = await reader.readings(source.id, range, { limit, ...(cursor === undefined ? {} : { cursor }) });
    const items = page.items.map(({ time, values }) => ({ time: iso(time), values: plain(values) }));
    return c.json({ items, nextCursor: page.nextCursor }, 200);
  });

  web.api('user', routes.history, async (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const { metrics: names, points, ...asked } = c.req.valid('query');
    const history = await reader.history(source.id, names, rangeOf(asked, usualRange.history), points);
    return c.json({ times: history.times.map(iso), series: plainSeries(history) }, 200);
  });

  web.api('user', routes.energy, async (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const { period, ...asked } = c.req.valid('query');
    const items = await reader.energy(source.id, period, rangeOf(asked, usualRange[period]));
    return c.json({ items }, 200);
  });
}

interface Asked {
  from?: number | undefined;
  to?: number | undefined;
}

/** The half-open range that was asked for; throws a refusal that names the field. */
function readRange(asked: Asked, usual: number, now: number): TimeRange {
  const to = asked.to ?? Math.max(now, asked.from ?? 0) + (asked.to === undefined ? 1 : 0);
  const from = asked.from ?? to - usual;
  if (from >= to) throw wrong('to', 'must be later than from');
  if (to - from > LONGEST_RANGE) throw wrong('from', 'is more than 60 years before to');
  return { from, to };
}

function wrong(field: string, message: string): AmpraError {
  return new AmpraError({ code: 'invalid', message: `${field} ${message}.`, field, fields: [{ field, message }] });
}

/** The catalogue's optional properties as the plain record that JSON has. */
const plain = (values: MetricValues) => values as Record<string, number | string | string[]>;
const plainSeries = (history: HistorySeries) => history.series as Record<string, (number | null)[]>;

const iso = (time: number): string => new Date(time).toISOString();

function metricJson({ name, label, group, kind, unit, min, max }: (typeof metrics)[number]) {
  return { name, label, group, kind, unit, min: min ?? null, max: max ?? null };
}
