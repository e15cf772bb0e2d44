import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Clock } from '../core/clock.ts';
import { days } from '../core/durations.ts';
import { AmpraError, unwrap } from '../core/result.ts';
import type { TimeSpan } from '../core/time-range.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { instant } from '../web/api-times.ts';
import { viewerOf } from '../web/asking.ts';
import { body, describing, idParams, iso, json, list, moment } from '../web/describe.ts';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import type { WeatherPermission } from './access-service.ts';
import type { WeatherReader, WeatherRefresher } from './ports.ts';
import type { Supplier } from './supplier.ts';
import { dailyJson, dailySchema, hourlyJson, hourlySchema, stateJson, stateSchema } from './weather-schemas.web.tsx';

export interface WeatherApiDeps {
  reader: WeatherReader;
  refresher: WeatherRefresher;
  permission: WeatherPermission;
  supplier: Supplier;
  sources: Pick<SourceDirectory, 'findFor'>;
  clock: Clock;
}

const route = describing('Weather');
const params = idParams('source');
const from = instant('First moment that counts; now when left out.').optional();
const until = (usual: string) => instant(`First moment that no longer counts; when left out ${usual}.`).optional();
const access = z.enum(['allowed', 'undecided', 'declined', 'off']);

const routes = {
  state: route('get /api/v1/sources/{id}/weather', 'getWeatherState', {
    summary: 'How fresh the weather of a source is, and where it comes from',
    request: { params },
    responses: { 200: json(stateSchema, 'The state.') },
  }),
  daily: route('get /api/v1/sources/{id}/weather/daily', 'listDailyWeather', {
    summary: "Weather by the day of the source's time zone",
    request: { params, query: z.object({ from, to: until('seven days after from') }) },
    responses: { 200: json(dailySchema, 'Every day that shares time with the range; unknown figures are null.') },
  }),
  hourly: route('get /api/v1/sources/{id}/weather/hourly', 'getHourlyWeather', {
    summary: 'Weather by the hour',
    request: {
      params,
      query: z.object({
        from,
        to: until('two days after from'),
        toldBefore: instant(
          'Only what forecasts learned before this moment told: how a day looked the evening before. Left out: the best that is known now.',
        ).optional(),
      }),
    },
    responses: { 200: json(hourlySchema, 'One entry for each whole hour of the range; unknown figures are null.') },
  }),
  forecasts: route('get /api/v1/sources/{id}/weather/forecasts', 'listWeatherForecasts', {
    summary: 'Moments at which a forecast was learned; call one back with hourly?toldBefore',
    request: {
      params,
      query: z.object({
        from: instant('First moment that counts; 14 days before `to` when left out.').optional(),
        to: until('now'),
      }),
    },
    responses: {
      200: list(
        z.object({ issuedAt: moment }),
        'The moments, ascending. Older forecasts are thinned out: six-hourly after two weeks, daily after 400 days.',
      ),
    },
  }),
  refresh: route('post /api/v1/sources/{id}/weather/refresh', 'refreshWeather', {
    summary: 'Ask the weather service now; at most a few times in an hour',
    request: { params },
    responses: {
      202: json(z.object({ jobId: z.string() }), 'It is being asked; the state says when the answer is there.'),
      409: { description: 'This appliance does not fetch weather from the internet.' },
    },
  }),
  access: route('get /api/v1/weather/access', 'getWeatherAccess', {
    summary: 'Whether this appliance may ask the weather service',
    responses: { 200: json(z.object({ access }), 'The decision.') },
  }),
  decide: route('put /api/v1/weather/access', 'setWeatherAccess', {
    summary: 'Decide whether this appliance may ask the weather service over the internet',
    request: { body: body(z.object({ isAllowed: z.boolean() })) },
    responses: {
      200: json(z.object({ access }), 'The decision.'),
      409: { description: 'The configuration says it, and not the people.' },
    },
  }),
};

const MOST_DAILY = days(366 * 12);
const MOST_HOURLY = days(400);

/** `/api/v1/sources/{id}/weather`, and the appliance's decision about the internet. */
export function addWeatherApi(web: WebRoutes, deps: WeatherApiDeps): void {
  const { reader, refresher, permission, supplier, clock } = deps;
  const sourceOf = (c: Context<AppEnv>, id: string): Source => unwrap(deps.sources.findFor(viewerOf(c), id));

  web.api('user', routes.state, (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const state = reader.state(source.id);
    if (!state) throw new AmpraError({ code: 'not_found', message: 'There is no such source.' });
    return c.json(stateJson(state, supplier), 200);
  });

  web.api('user', routes.daily, (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const range = ahead(c.req.valid('query'), days(7), MOST_DAILY, clock.now());
    return c.json({ items: reader.daily(source.id, range).map(dailyJson) }, 200);
  });

  web.api('user', routes.hourly, (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const { toldBefore, ...asked } = c.req.valid('query');
    const range = ahead(asked, days(2), MOST_HOURLY, clock.now());
    const hours =
      toldBefore === undefined
        ? reader.hourly(source.id, range)
        : reader.hourlyAsTold(source.id, range, () => toldBefore - 1);
    return c.json(hourlyJson(hours), 200);
  });

  web.api('user', routes.forecasts, (c) => {
    const source = sourceOf(c, c.req.valid('param').id);
    const query = c.req.valid('query');
    const to = query.to ?? clock.now() + 1;
    const times = reader.issuedTimes(source.id, checked({ from: query.from ?? to - days(14), to }, MOST_DAILY));
    return c.json({ items: times.map((at) => ({ issuedAt: iso(at) })) }, 200);
  });

  web.api('user', routes.refresh, (c) => {
    const { jobId } = unwrap(refresher.refreshNow(viewerOf(c), c.req.valid('param').id));
    return c.json({ jobId }, 202);
  });

  web.api('user', routes.access, (c) => c.json({ access: permission.access() }, 200));

  web.api('overseer', routes.decide, (c) => {
    const { isAllowed } = c.req.valid('json');
    return c.json({ access: unwrap(permission.decide(viewerOf(c), isAllowed, c.var.clientAddress)) }, 200);
  });
}

/** The range that was asked for, from now on where the question leaves its start open. */
function ahead(
  asked: { from?: number | undefined; to?: number | undefined },
  usual: number,
  most: number,
  now: number,
): TimeSpan {
  const start = asked.from ?? Math.min(now, (asked.to ?? now + usual) - 1);
  return checked({ from: start, to: asked.to ?? start + usual }, most);
}

function checked(range: TimeSpan, most: number): TimeSpan {
  if (range.from >= range.to) throw wrong('to', 'must be later than from');
  if (range.to - range.from > most) throw wrong('from', `is more than ${Math.round(most / days(1))} days before to`);
  return range;
}

function wrong(field: string, message: string): AmpraError {
  return new AmpraError({ code: 'invalid', message: `${field} ${message}.`, field, fields: [{ field, message }] });
}
