import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Clock } from '../core/clock.ts';
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
  energyStepQuery,
  historySchema,
  latestSchema,
  metricListSchema,
  metricsQuery,
  readingsSchema,
  roundedEnergy,
} from './api-schemas.web.tsx';
import { readEnergyRange, readRange, readRangeSince, usualRange } from './asked-range.ts';
import type { EnergyPeriod } from './figures.ts';
import { aloneOf } from './house/house.ts';
import type { HousePeriod } from './house/house-energy.ts';
import type { HouseService } from './house/house-service.ts';
import type { HistorySeries, TelemetryReader } from './ports.ts';

export interface TelemetryApiDeps {
  reader: TelemetryReader;
  house: Pick<HouseService, 'energy'>;
  sources: Pick<SourceDirectory, 'findFor'>;
  clock: Clock;
}

const route = describing('Telemetry');
const params = idParams('source');
const from = (without: string) => instant(`First moment that counts; when left out ${without}.`).optional();
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
    summary: 'Readings, ascending by time, with the corrections that are in force',
    description:
      'Without `from` and `to` from the first reading to now, a page at a time: ask again with `cursor` until `nextCursor` is null. `asReceived=true` gives what the device sent, whatever was corrected since.',
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
        asReceived: z.enum(['true', 'false']).optional().openapi({ description: 'Without corrections.' }),
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
    summary: "Energy by hour, day, month or year of the source's time zone",
    request: {
      params,
      query: z.object({
        period: energyStepQuery,
        from: from('2 days, 30 days, 12 months or all years before `to`, from the first reading on'),
        to,
      }),
    },
    responses: {
      200: json(energySchema, 'Every period that shares time with the range, whole; kWh to the Wh.'),
      ...unavailableProblem,
    },
  }),
};

/** `/api/v1/sources/{id}/...`: what a source measured. */
export function registerTelemetryApi(web: WebRoutes, deps: TelemetryApiDeps): void {
  const { reader, house } = deps;
  const sourceOf = (c: Context<AppEnv>, id: string): Source => unwrap(deps.sources.findFor(viewerOf(c), id));
  const firstOf = async (id: string) => (await reader.span(id))?.from;

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
    const { limit, cursor, asReceived, ...asked } = c.req.valid('query');
    const range = readRangeSince(asked, Number.POSITIVE_INFINITY, await firstOf(source.id), deps.clock.now());
    const which = { limit, isAsReceived: asReceived === 'true', ...(cursor === undefined ? {} : { cursor }) };
    const page = await reader.readings(source.id, range, which);
    const items = page.items.map(({ time, values }) => ({ time: iso(time), values: plain(values) }));
    return c.json({ items, nextCursor: page.nextCursor }, 200);
  });

  web.api('user', routes.history, async (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const { metrics: names, points, ...asked } = c.req.valid('query');
    const range = readRange(asked, usualRange.history, deps.clock.now());
    const history = await reader.history(source.id, names, range, points, 'means');
    return c.json({ times: history.times.map(iso), series: plainSeries(history) }, 200);
  });

  web.api('user', routes.energy, async (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const { period, ...asked } = c.req.valid('query');
    const range = readEnergyRange(period, asked, await firstOf(source.id), deps.clock.now());
    const items = (await house.energy(aloneOf(source), period, range)).map(periodJson);
    return c.json({ items, remadeShare: reader.remadeShare(source.id) }, 200);
  });
}

const periodJson = ({ from: _from, to: _to, shares: _shares, together: _together, ...energy }: HousePeriod) =>
  roundedEnergy<EnergyPeriod>(energy);

/** The catalogue's optional properties as the plain record that JSON has. */
const plain = (values: MetricValues) => values as Record<string, number | string | string[]>;
const plainSeries = (history: HistorySeries) => history.series as Record<string, (number | null)[]>;

function metricJson({ name, label, group, kind, unit, min, max }: (typeof metrics)[number]) {
  return { name, label, group, kind, unit, min: min ?? null, max: max ?? null };
}
