import type { Context } from 'hono';
import { ForecastWithoutSources } from '../../../views/forecast/empty.tsx';
import { ForecastNews, ForecastPage, ForecastWhy } from '../../../views/forecast/forecast.tsx';
import { seconds } from '../../core/durations.ts';
import { dayKey, localDayOf } from '../../core/zone.ts';
import { viewerOf } from '../../web/asking.ts';
import { flash } from '../../web/cookies.ts';
import { refused } from '../../web/errors.tsx';
import { renderFragment, renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import type { ForecastDesk } from '../ports.ts';
import { forecastCsv } from './forecast-csv.ts';
import { forecastUrl, readForecastRequest } from './page-query.ts';
import type { ForecastPages } from './pages-service.ts';

export interface ForecastPageDeps {
  pages: ForecastPages;
  desk: ForecastDesk;
}

export const topicOf = (sourceId: string): string => `forecast:${sourceId}`;
export const noSuchChoice = { code: 'not_found', message: 'There is no such source.' } as const;
/** A training tells of its progress more often than an open page needs to know. */
const EVENT_GAP_MS = seconds(3);

/** The Forecast page, its events, the CSV of what is shown, and the button for a new forecast. */
export function addForecastPages(web: WebRoutes, deps: ForecastPageDeps): void {
  web.page('get', '/forecast', 'user', (c) => showForecast(c, deps));
  web.page('get', '/forecast.csv', 'user', (c) => downloadCsv(c, deps));
  web.page('get', '/forecast/events', 'user', (c) => streamForecast(c, deps, web));
  web.page('post', '/forecast/refresh', 'user', (c) => refresh(c, deps));
  deps.desk.onChange((sourceId) => web.events.publish(topicOf(sourceId)));
}

async function showForecast(c: Context<AppEnv>, { pages }: ForecastPageDeps): Promise<Response> {
  const request = readForecastRequest(c.req.query());
  if (!request.ok) return refused(c, request.error);
  const viewer = viewerOf(c);
  const frame = await pages.frame(viewer, request.value);
  const page = { title: 'Forecast', heading: null, active: 'forecast', width: 'wide' } as const;
  const assets = { styles: ['chart.css', 'forecast.css'], scripts: ['forecast.js'] } as const;
  if (!frame) {
    const isEmpty = pages.choices(viewer).length === 0 && request.value.show === null;
    return isEmpty ? renderPage(c, page, <ForecastWithoutSources />) : refused(c, noSuchChoice);
  }
  if (c.req.header('HX-Request') === 'true' && c.req.query('part') === 'why')
    return renderFragment(c, <ForecastWhy frame={frame} />);
  return renderPage(c, { ...page, ...assets }, <ForecastPage frame={frame} />);
}

async function streamForecast(c: Context<AppEnv>, { pages }: ForecastPageDeps, web: WebRoutes): Promise<Response> {
  const request = readForecastRequest(c.req.query());
  if (!request.ok) return refused(c, request.error);
  const viewer = viewerOf(c);
  const first = await pages.frame(viewer, request.value);
  if (!first && request.value.show !== null) return refused(c, noSuchChoice);
  return web.events.stream(c, {
    topics: first?.choice.sources.map(({ id }) => topicOf(id)) ?? [],
    minIntervalMs: EVENT_GAP_MS,
    // Asked anew each time: a source that was taken away is not in the next event.
    render: async () => {
      const frame = await pages.frame(viewer, request.value);
      return frame ? <ForecastNews frame={frame} /> : null;
    },
  });
}

async function downloadCsv(c: Context<AppEnv>, { pages }: ForecastPageDeps): Promise<Response> {
  const request = readForecastRequest(c.req.query());
  if (!request.ok) return refused(c, request.error);
  const viewer = viewerOf(c);
  const frame = await pages.frame(viewer, request.value);
  const isEmpty = !frame && pages.choices(viewer).length === 0 && request.value.show === null;
  if (!frame && !isEmpty) return refused(c, noSuchChoice);
  const { shown, place, timeZone } = frame ?? { shown: null, place: null, timeZone: 'UTC' };
  const date = dayKey(localDayOf(shown?.model.range.from ?? 0, timeZone));
  const name = shown && place ? `ampra-forecast-${place.quantity}-${date}` : 'ampra-forecast';
  return c.body(shown ? forecastCsv(shown.model, shown.view) : '', 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}.csv"`,
    'Cache-Control': 'no-store',
  });
}

async function refresh(c: Context<AppEnv>, { pages, desk }: ForecastPageDeps): Promise<Response> {
  const form = await c.req.parseBody();
  const text = (name: string): string | undefined => (typeof form[name] === 'string' ? form[name] : undefined);
  const request = readForecastRequest({ show: text('show'), of: text('of'), span: text('span') });
  if (!request.ok) return refused(c, request.error);
  const viewer = viewerOf(c);
  const frame = await pages.frame(viewer, request.value);
  if (!frame) return request.value.show ? refused(c, noSuchChoice) : c.redirect('/forecast', 303);
  const shown = frame.choice.subjects[frame.place.quantity].map(({ sourceId }) => sourceId);
  const made = await desk.refreshNow(viewer, shown);
  if (!made.ok) {
    flash(c, { kind: 'problem', text: [made.error.message, made.error.hint].filter(Boolean).join(' ') });
    return c.redirect(forecastUrl(frame.place, { span: request.value.span }), 303);
  }
  flash(c, { kind: 'done', text: 'This is the forecast as of now.' });
  return c.redirect(forecastUrl(frame.place, { span: request.value.span }), 303);
}
