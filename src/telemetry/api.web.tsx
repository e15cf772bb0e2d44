import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Clock } from '../core/clock.ts';
import { days } from '../core/durations.ts';
import { metrics } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import { unwrap } from '../core/result.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { instant } from '../web/api-times.ts';
import { viewerOf } from '../web/asking.ts';
import { describing, idParams, iso, json } from '../web/describe.ts';
import { unavailableProblem } from '../web/problem-schema.ts';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import {
  energySchema,
  historySchema,
  latestSchema,
  metricListSchema,
  metricsQuery,
  readingsSchema,
  roundedEnergy,
} from './api-schemas.web.tsx';
import { type AskedRange, readRange } from './asked-range.ts';
import type { HistorySeries, TelemetryReader, TimeRange } from './ports.ts';

export interface TelemetryApiDeps {
  reader: TelemetryReader;
  sources: Pick<SourceDirectory, 'findFor'>;
  clock: Clock;
}

const route = describing('Telemetry');
const params = idParams('source');
const from = (without: string) => instant(`First moment that counts; when left out ${without}.`).optional();
const period = z
  .enum(['day', 'month', 'year'])
  .default('day')
  .openapi({ description: "Days, months or years of the source's time zone." });
const to = instant('First moment that no longer counts; now when left out.').optional();
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const routes = {
  metrics: route('get /api/v1/metrics', 'listMetrics', {
    summary: 'The metric catalogue: names, units, kinds and possible values',
    responses: { 200: json(metricListSchema, 'Every metric.') },
  }),
  latest: route('get /api/v1/sources/{id}/latest', 'getLatest', {
    summary: 'The newest value of each metric',
    request: { params },
    responses: { 200: json(latestSchema, 'The values; `time` is null before the first reading.') },
  }),
  readings: route('get /api/v1/sources/{id}/readings', 'listReadings', {
    summary: 'Readings as the device sent them, ascending by time',
    description:
      'Without `from` and `to` from the first reading to now, a page at a time: ask again with `cursor` until `nextCursor` is null.',
    request: {
      params,
      query: z.object({
        from: from('the first reading of the source'),
        to,
        limit: whole(1, 10_000).default(1000).openapi({ description: 'Most readings in one answer.' }),
        cursor: z
          .string()
          .regex(/^\d{1,16}$/, 'is not a cursor of an answer before')
          .optional()
          .openapi({ description: '`nextCursor` of the answer before.' }),
      }),
    },
    responses: { 200: json(readingsSchema, 'A page of readings.'), ...unavailableProblem },
  }),
  history: route('get /api/v1/sources/{id}/history', 'getHistory', {
    summary: 'Series in even buckets, for charts; gaps are null',
    request: {
      params,
      query: z.object({
        metrics: metricsQuery,
        from: from('24 hours before `to`'),
        to,
        points: whole(1, 5000).default(500).openapi({ description: 'Most buckets in the answer.' }),
      }),
    },
    responses: { 200: json(historySchema, 'The series.'), ...unavailableProblem },
  }),
  energy: route('get /api/v1/sources/{id}/energy', 'getEnergy', {
    summary: "Energy by day, month or year of the source's time zone",
    request: {
      params,
      query: z.object({
        period,
        from: from('30 days, 12 months or all years before `to`, from the first reading on'),
        to,
      }),
    },
    responses: {
      200: json(energySchema, 'Every period that shares time with the range, whole; kWh to the Wh.'),
      ...unavailableProblem,
    },
  }),
};

/** What a range is when the question leaves it open. ms. */
const usualRange = { history: days(1), day: days(30), month: days(365), year: Number.POSITIVE_INFINITY };

/** `/api/v1/sources/{id}/...`: what a source measured. */
export function registerTelemetryApi(web: WebRoutes, deps: TelemetryApiDeps): void {
  const { reader } = deps;
  const sourceOf = (c: Context<AppEnv>, id: string): Source => unwrap(deps.sources.findFor(viewerOf(c), id));
  const rangeOf = (query: AskedRange, usual: number) => readRange(query, usual, deps.clock.now());

  /** Where the question leaves the start open: so long before the end, but not before there was anything. */
  const sinceFirst = async (id: string, asked: AskedRange, usual: number): Promise<TimeRange> => {
    if (asked.from !== undefined) return rangeOf(asked, 0);
    const first = (await reader.span(id))?.from;
    const to = asked.to ?? deps.clock.now() + 1;
    return { from: Math.min(to - 1, Math.max(first ?? to - 1, to - usual)), to };
  };

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
    const range = await sinceFirst(source.id, asked, Number.POSITIVE_INFINITY);
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
    const items = await reader.energy(source.id, period, await sinceFirst(source.id, asked, usualRange[period]));
    return c.json({ items: items.map(roundedEnergy) }, 200);
  });
}

/** The catalogue's optional properties as the plain record that JSON has. */
const plain = (values: MetricValues) => values as Record<string, number | string | string[]>;
const plainSeries = (history: HistorySeries) => history.series as Record<string, (number | null)[]>;

function metricJson({ name, label, group, kind, unit, min, max }: (typeof metrics)[number]) {
  return { name, label, group, kind, unit, min: min ?? null, max: max ?? null };
}
