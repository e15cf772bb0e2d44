import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { LiveBody, LivePage, type LiveScope, LiveWithoutSources } from '../../../views/telemetry/live.tsx';
import type { Viewer } from '../../accounts/viewer.ts';
import type { Source } from '../../sources/source.ts';
import { refused } from '../../web/errors.tsx';
import type { LiveEvents } from '../../web/events.ts';
import { renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import type { BatteryNow } from '../battery/battery-now.ts';
import type { Choices } from '../choice-service.ts';
import type { LiveService } from './live-service.ts';

/**
 * What a later feature says beside the sums of the day, about the sources that are shown; `show` is how they are called in
 * addresses, `battery` theirs as it stands, null while that is not known.
 */
export type LiveCard = (sources: readonly Source[], show: string, battery: BatteryNow | null) => Child;

export interface LivePageDeps {
  live: LiveService;
  choices: Pick<Choices, 'now'>;
  /** Plugged in later than the routes are registered. */
  cards?(): readonly LiveCard[];
  /** Where this person's set-up goes on; null once it is over. */
  setUpOf?(viewer: Viewer): string | null;
}

/** At most one picture a second to each browser. ms. */
const EVENT_GAP_MS = 900;
/** Sums of the day that are not there by then follow with the first event. ms. */
const FIRST_BYTE_PATIENCE_MS = 12;

/** Registers `/` and the stream of events behind it. */
export function registerLive(web: WebRoutes, deps: LivePageDeps): void {
  web.page('get', '/', 'user', (c) => showLive(c, deps));
  web.page('get', '/live/events', 'user', (c) => streamEvents(c, deps, web.events));
  deps.live.tellOf((sourceId) => web.events.publish(topicOf(sourceId)));
}

async function showLive(c: Context<AppEnv>, { live, choices: of, cards, setUpOf }: LivePageDeps): Promise<Response> {
  const viewer = c.var.viewer as Viewer;
  const choices = of.now(viewer);
  const key = c.req.query('show') ?? 'house';
  const choice = choices.find((one) => one.key === key);
  if (!choice) return refused(c, { code: 'not_found', message: 'There is no such source or group.' });
  const options = { title: 'Live', heading: null, active: 'live', width: 'wide' } as const;
  const assets = { styles: ['flow.css'], scripts: ['flow.js'] } as const;
  if (choice.sources.length === 0) {
    // Whoever left the set-up in its midst has nothing to see here yet.
    const setUp = setUpOf?.(viewer) ?? null;
    if (setUp !== null) return c.redirect(setUp, 303);
    return renderPage(c, { ...options, styles: assets.styles }, <LiveWithoutSources />);
  }
  const view = await live.view(choice, FIRST_BYTE_PATIENCE_MS);
  const hasChoice = choices.length > 2;
  const scopes: LiveScope[] = hasChoice
    ? choices.map(({ key, label }) => ({ key, label, isActive: key === choice.key }))
    : [];
  return renderPage(
    c,
    { ...options, ...assets, ...(c.req.query('kiosk') ? { width: 'bare' as const } : {}) },
    <LivePage
      view={view}
      show={key}
      cards={(cards?.() ?? []).map((card) => card(choice.sources, key, view.battery))}
      scopes={scopes}
      isWhole={live.isWhole()}
      isAdmin={viewer.role !== 'user'}
      isKiosk={Boolean(c.req.query('kiosk'))}
      eventsUrl={`/live/events?show=${encodeURIComponent(key)}`}
    />,
  );
}

const topicOf = (sourceId: string): string => `live:${sourceId}`;

function streamEvents(c: Context<AppEnv>, deps: LivePageDeps, events: LiveEvents): Response | Promise<Response> {
  const { live } = deps;
  const viewer = c.var.viewer as Viewer;
  const key = c.req.query('show') ?? 'house';
  const chosen = () => deps.choices.now(viewer).find((choice) => choice.key === key);
  const choice = chosen();
  if (!choice) return refused(c, { code: 'not_found', message: 'There is no such source or group.' });
  return events.stream(c, {
    topics: choice.sources.map((source) => topicOf(source.id)),
    minIntervalMs: EVENT_GAP_MS,
    render: async () => {
      // Asked anew each time: a source that was taken away is not in the next event.
      const now = chosen();
      if (!now || now.sources.length === 0) return null;
      const view = await live.view(now, 500);
      const cards = (deps.cards?.() ?? []).map((card) => card(now.sources, key, view.battery));
      return <LiveBody view={view} show={key} cards={cards} isWhole={live.isWhole()} />;
    },
  });
}
