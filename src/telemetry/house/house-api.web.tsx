import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Clock } from '../../core/clock.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import { unwrap } from '../../core/result.ts';
import type { GroupDirectory } from '../../sources/ports.ts';
import { instant } from '../../web/api-times.ts';
import { viewerOf } from '../../web/asking.ts';
import { describing, idParams, iso, json } from '../../web/describe.ts';
import { unavailableProblem } from '../../web/problem-schema.ts';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import {
  energyStepQuery,
  houseEnergySchema,
  houseHistorySchema,
  metricsQuery,
  roundedEnergy,
} from '../api-schemas.web.tsx';
import { readEnergyRange, readRange, usualRange } from '../asked-range.ts';
import type { Choices } from '../choice-service.ts';
import type { TelemetryReader } from '../ports.ts';
import { leastRemade } from '../remaking-words.ts';
import { type HouseScope, summariseEnergy } from './house.ts';
import type { HouseService } from './house-service.ts';

export interface HouseApiDeps {
  house: HouseService;
  choices: Pick<Choices, 'past'>;
  groups: Pick<GroupDirectory, 'findGroupFor'>;
  reader: Pick<TelemetryReader, 'span' | 'remadeShare'>;
  clock: Clock;
}

const params = idParams('group');
const to = instant('First moment that no longer counts; now when left out.').optional();
const energyQuery = z.object({
  period: energyStepQuery,
  from: instant(
    'First moment that counts; when left out 2 days, 30 days, 12 months or all years before `to`, from the first reading on.',
  ).optional(),
  to,
});
const historyQuery = z.object({
  metrics: metricsQuery,
  from: instant('First moment that counts; when left out 24 hours before `to`.').optional(),
  to,
  points: z.coerce.number().int().min(1).max(5000).default(500).openapi({ description: 'Most buckets in the answer.' }),
});

const whatCounts =
  'Each quantity comes from the sources whose role it is, on days on which they say nothing from those that see the whole house; nothing counts twice.';
const energyAnswer = {
  200: json(houseEnergySchema, 'Every period that shares time with the range, whole; kWh to the Wh.'),
  ...unavailableProblem,
};
const historyAnswer = {
  200: json(houseHistorySchema, 'The series; powers of several sources are added, everything else is averaged.'),
  ...unavailableProblem,
};

const house = describing('House');
const group = describing('Groups');
const routes = {
  houseEnergy: house('get /api/v1/house/energy', 'getHouseEnergy', {
    summary: 'Energy of the whole house by hour, day, month or year',
    description: `The house is all that is yours. ${whatCounts}`,
    request: { query: energyQuery },
    responses: energyAnswer,
  }),
  houseHistory: house('get /api/v1/house/history', 'getHouseHistory', {
    summary: 'Series of the whole house in even buckets, for charts; gaps are null',
    description: whatCounts,
    request: { query: historyQuery },
    responses: historyAnswer,
  }),
  groupEnergy: group('get /api/v1/groups/{id}/energy', 'getGroupEnergy', {
    summary: 'Energy of the sources of a group by hour, day, month or year',
    description: whatCounts,
    request: { params, query: energyQuery },
    responses: energyAnswer,
  }),
  groupHistory: group('get /api/v1/groups/{id}/history', 'getGroupHistory', {
    summary: 'Series of the sources of a group in even buckets, for charts; gaps are null',
    description: whatCounts,
    request: { params, query: historyQuery },
    responses: historyAnswer,
  }),
};

/** `/api/v1/house/...` and `/api/v1/groups/{id}/...`: what several sources measured together. */
export function registerHouseApi(web: WebRoutes, deps: HouseApiDeps): void {
  const houseOf = (c: Context<AppEnv>): HouseScope => scopeOf(c, 'house');
  const groupOf = (c: Context<AppEnv>, id: string): HouseScope =>
    scopeOf(c, `group:${unwrap(deps.groups.findGroupFor(viewerOf(c), id)).id}`);

  function scopeOf(c: Context<AppEnv>, key: string): HouseScope {
    const choice = deps.choices.past(viewerOf(c)).find((one) => one.key === key);
    return choice?.scope ?? { sources: [], timeZone: 'UTC' };
  }

  async function energy(scope: HouseScope, { period, ...asked }: z.output<typeof energyQuery>) {
    const spans = await Promise.all(scope.sources.map(({ id }) => deps.reader.span(id)));
    const first = Math.min(...spans.map((span) => span?.from ?? Number.POSITIVE_INFINITY));
    const range = readEnergyRange(period, asked, Number.isFinite(first) ? first : undefined, deps.clock.now());
    const periods = scope.sources.length > 0 ? await deps.house.energy(scope, period, range) : [];
    const hasGrid = periods.some(({ importKwh, exportKwh }) => importKwh !== null || exportKwh !== null);
    const items = periods.map(({ from, to, together, ...one }) => {
      const rounded = roundedEnergy({ ...one, ...summariseEnergy({ ...one, together }, hasGrid) });
      return { ...rounded, from: iso(from), to: iso(to), origins: rounded.origins ?? {}, shares: rounded.shares };
    });
    return { timeZone: scope.timeZone, remadeShare: leastRemade(deps.reader, scope.sources), items };
  }

  async function history(scope: HouseScope, { metrics, points, ...asked }: z.output<typeof historyQuery>) {
    const range = readRange(asked, usualRange.history, deps.clock.now());
    const { times, series, madeOf } = await deps.house.history(scope, metrics, range, points, 'means');
    return { times: times.map(iso), series: plain(series), madeOf: plain(madeOf) };
  }

  web.api('user', routes.houseEnergy, async (c) => c.json(await energy(houseOf(c), c.req.valid('query')), 200));
  web.api('user', routes.houseHistory, async (c) => c.json(await history(houseOf(c), c.req.valid('query')), 200));
  web.api('user', routes.groupEnergy, async (c) =>
    c.json(await energy(groupOf(c, c.req.valid('param').id), c.req.valid('query')), 200),
  );
  web.api('user', routes.groupHistory, async (c) =>
    c.json(await history(groupOf(c, c.req.valid('param').id), c.req.valid('query')), 200),
  );
}

/** The catalogue's optional properties as the plain record that JSON has. */
const plain = <T,>(record: Partial<Record<NumericMetric, T>>) => record as Record<string, T>;
