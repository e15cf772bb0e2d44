import { z } from '@hono/zod-openapi';
import type { Clock } from '../../core/clock.ts';
import { stepsIn } from '../../core/local-steps.ts';
import { unwrap } from '../../core/result.ts';
import type { GroupDirectory, SourceDirectory } from '../../sources/ports.ts';
import { instant } from '../../web/api-times.ts';
import { viewerOf } from '../../web/asking.ts';
import { describing, idParams, iso, json } from '../../web/describe.ts';
import { unavailableProblem } from '../../web/problem-schema.ts';
import type { WebRoutes } from '../../web/routes.ts';
import { readEnergyRange } from '../asked-range.ts';
import type { Choices, PastChoice } from '../choice-service.ts';
import type { HouseService } from '../house/house-service.ts';
import type { TelemetryReader } from '../ports.ts';
import { type Performance, performanceIn } from './performance.ts';
import type { PerformanceService } from './performance-service.ts';

export interface PerformanceApiDeps {
  performance: PerformanceService;
  house: Pick<HouseService, 'energy'>;
  choices: Pick<Choices, 'past'>;
  groups: Pick<GroupDirectory, 'findGroupFor'>;
  sources: Pick<SourceDirectory, 'findFor'>;
  reader: Pick<TelemetryReader, 'span'>;
  clock: Clock;
}

const query = z.object({
  period: z
    .enum(['day', 'month', 'year'])
    .default('month')
    .openapi({ description: 'Days, months or years of the time zone.' }),
  from: instant('First moment that counts; when left out 30 days, 12 months or all years before `to`.').optional(),
  to: instant('First moment that no longer counts; now when left out.').optional(),
});

const kwh = z.number().nullable();
const time = z.string().openapi({ format: 'date-time' });
const performanceSchema = z
  .object({
    timeZone: z.string().openapi({ description: 'The zone whose days, months and years these are.' }),
    items: z.array(
      z.object({
        period: z.string().openapi({ example: '2026-06' }),
        from: time,
        to: time,
        performanceRatio: z.number().nullable().openapi({
          description:
            'What was produced over what the light on the panels gives at their rated power (IEC 61724-1); null where too little is known.',
        }),
        coverage: z.number().min(0).max(1).openapi({
          description:
            'Share of the daylight of days that are over of which light and production are known; from 0.75 on the ratio is told.',
        }),
        solarKwh: kwh.openapi({ description: 'Produced on the days that count.' }),
        referenceKwh: kwh.openapi({ description: 'What the light of these days gives at rated power.' }),
        ratedKwp: kwh.openapi({ description: 'Rated power of the panels that count.' }),
        without: z.array(z.object({ sourceId: z.string(), lack: z.enum(['panels', 'weather']) })).openapi({
          description: 'Sources that are left out: nobody stated their panels, or nothing is known of the light.',
        }),
      }),
    ),
  })
  .openapi('Performance');

const answer = {
  200: json(performanceSchema, 'Every period that shares time with the range, whole.'),
  ...unavailableProblem,
};
const params = { source: idParams('source'), group: idParams('group') };
const summary = 'Performance ratio by day, month or year';
const routes = {
  source: describing('Telemetry')('get /api/v1/sources/{id}/performance', 'getPerformance', {
    ...{
      summary: `${summary} of the source's time zone`,
      request: { params: params.source, query },
      responses: answer,
    },
  }),
  house: describing('House')('get /api/v1/house/performance', 'getHousePerformance', {
    ...{ summary: `${summary} of all plants of the house`, request: { query }, responses: answer },
  }),
  group: describing('Groups')('get /api/v1/groups/{id}/performance', 'getGroupPerformance', {
    ...{ summary: `${summary} of the plants of a group`, request: { params: params.group, query }, responses: answer },
  }),
};

/** `/api/v1/.../performance`: how much plants gave of what their light would have given. */
export function registerPerformanceApi(web: WebRoutes, deps: PerformanceApiDeps): void {
  const { performance, house, choices, groups, sources: directory, reader, clock } = deps;

  async function items(choice: PastChoice | undefined, { period, ...asked }: z.output<typeof query>) {
    if (!choice) return { timeZone: 'UTC', items: [] };
    const { scope, sources } = choice;
    const spans = await Promise.all(sources.map(({ id }) => reader.span(id)));
    const first = Math.min(...spans.map((span) => span?.from ?? Number.POSITIVE_INFINITY));
    const range = readEnergyRange(period, asked, Number.isFinite(first) ? first : undefined, clock.now());
    const steps = stepsIn(period, range, scope.timeZone);
    const whole = { from: steps[0]?.from ?? range.from, to: steps[steps.length - 1]?.to ?? range.to };
    const energy = await house.energy(scope, period, range);
    const producing = new Set(energy.flatMap(({ shares }) => Object.keys(shares.solar ?? {})));
    const plants = await performance.plants(
      sources.filter(({ id }) => producing.has(id)),
      whole,
    );
    const found = performanceIn(plants, steps);
    return {
      timeZone: scope.timeZone,
      items: steps.map((step, i) => ({
        period: step.key,
        from: iso(step.from),
        to: iso(step.to),
        ...shown(found[i] ?? null),
      })),
    };
  }

  const named = (viewer: Parameters<Choices['past']>[0], key: string) =>
    choices.past(viewer).find((one) => one.key === key);

  web.api('user', routes.source, async (c) => {
    const viewer = viewerOf(c);
    const choice = named(viewer, `source:${unwrap(directory.findFor(viewer, c.req.valid('param').id)).id}`);
    return c.json(await items(choice, c.req.valid('query')), 200);
  });
  web.api('user', routes.house, async (c) =>
    c.json(await items(named(viewerOf(c), 'house'), c.req.valid('query')), 200),
  );
  web.api('user', routes.group, async (c) => {
    const viewer = viewerOf(c);
    const choice = named(viewer, `group:${unwrap(groups.findGroupFor(viewer, c.req.valid('param').id)).id}`);
    return c.json(await items(choice, c.req.valid('query')), 200);
  });
}

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

function shown(found: Performance | null) {
  const isTold = found !== null && found.referenceKwh > 0;
  return {
    performanceRatio: found?.ratio == null ? null : round(found.ratio, 4),
    coverage: round(found?.share ?? 0, 4),
    solarKwh: isTold ? round(found.solarKwh, 3) : null,
    referenceKwh: isTold ? round(found.referenceKwh, 3) : null,
    ratedKwp: found && found.ratedKwp > 0 ? round(found.ratedKwp, 3) : null,
    without: (found?.without ?? []).map(({ id, lack }) => ({ sourceId: id, lack })),
  };
}
