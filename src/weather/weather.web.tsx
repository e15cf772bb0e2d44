import type { Context } from 'hono';
import { WeatherBody, WeatherPage, WeatherWithoutSources } from '../../views/weather/weather.tsx';
import { idOf, viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { refused } from '../web/errors.tsx';
import type { LiveEvents } from '../web/events.ts';
import { renderPage } from '../web/page.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import type { WeatherPermission } from './access-service.ts';
import type { WeatherPages } from './pages-service.ts';
import type { WeatherRefresher } from './ports.ts';

export interface WeatherPageDeps {
  pages: WeatherPages;
  refresher: WeatherRefresher;
  permission: WeatherPermission;
}

export const topicOf = (sourceId: string): string => `weather:${sourceId}`;
const noSuchChoice = { code: 'not_found', message: 'There is no such source.' } as const;

/** The Weather page, its events, and its two buttons. */
export function addWeatherPages(web: WebRoutes, deps: WeatherPageDeps): void {
  web.page('get', '/weather', 'user', (c) => showWeather(c, deps));
  web.page('get', '/weather/events', 'user', (c) => streamEvents(c, deps, web.events));
  web.page('post', '/sources/:id/weather/refresh', 'user', (c) => refresh(c, deps));
  web.page('post', '/weather/internet', 'overseer', (c) => decide(c, deps));
}

function showWeather(c: Context<AppEnv>, { pages }: WeatherPageDeps): Response | Promise<Response> {
  const viewer = viewerOf(c);
  const page = { title: 'Weather', heading: null, active: 'weather', width: 'wide', styles: ['weather.css'] } as const;
  const show = c.req.query('show');
  const frame = pages.frame(viewer, show);
  if (frame) return renderPage(c, page, <WeatherPage frame={frame} />);
  const isEmpty = pages.choices(viewer).length === 0 && !show;
  return isEmpty ? renderPage(c, page, <WeatherWithoutSources />) : refused(c, noSuchChoice);
}

function streamEvents(
  c: Context<AppEnv>,
  { pages }: WeatherPageDeps,
  events: LiveEvents,
): Response | Promise<Response> {
  const viewer = viewerOf(c);
  const show = c.req.query('show');
  const frame = pages.frame(viewer, show);
  if (!frame && show) return refused(c, noSuchChoice);
  return events.stream(c, {
    topics: frame?.choice.sources.map((source) => topicOf(source.id)) ?? [],
    // Asked anew each time: a source that was taken away is not in the next event.
    render: () => {
      const now = pages.frame(viewer, show);
      return now ? <WeatherBody frame={now} /> : null;
    },
  });
}

function refresh(c: Context<AppEnv>, { refresher }: WeatherPageDeps): Response | Promise<Response> {
  const id = idOf(c);
  const asked = refresher.refreshNow(viewerOf(c), id);
  if (!asked.ok && asked.error.code === 'not_found') return refused(c, asked.error);
  if (asked.ok) flash(c, { kind: 'note', text: 'The weather is being fetched.' });
  else flash(c, { kind: 'problem', text: [asked.error.message, asked.error.hint].filter(Boolean).join(' ') });
  return c.redirect(`/weather?show=source:${id}`, 303);
}

async function decide(c: Context<AppEnv>, { permission }: WeatherPageDeps): Promise<Response> {
  const form = await c.req.parseBody();
  const isAllowed = form.isAllowed === 'yes';
  const decided = permission.decide(viewerOf(c), isAllowed, c.var.clientAddress);
  if (!decided.ok) return refused(c, decided.error);
  flash(c, {
    kind: 'done',
    text: isAllowed ? 'The weather is fetched from now on.' : 'Nothing is asked of the internet for weather.',
  });
  return c.redirect('/weather', 303);
}
