import type { Database } from 'bun:sqlite';
import type { AccountChanges, ApplianceSettings, AuditLog, UserDirectory } from '../accounts/ports.ts';
import type { Clock } from '../core/clock.ts';
import { minutes } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import { isPrivateAddress } from '../core/private-address.ts';
import { type Config, weatherArchiveUrl } from '../platform/config.ts';
import type { Feature } from '../platform/feature.ts';
import type { MetricSample } from '../platform/metrics.ts';
import type { SourceDeletionHooks, SourceDirectory } from '../sources/ports.ts';
import type { TelemetryReader } from '../telemetry/ports.ts';
import type { LiveEvents } from '../web/events.ts';
import type { WebRoutes } from '../web/routes.ts';
import { WeatherPermission } from './access-service.ts';
import { WeatherArchive } from './archive-service.ts';
import { WeatherAsking } from './asking-service.ts';
import { WeatherKnowledge } from './knowledge-service.ts';
import { OpenMeteo } from './open-meteo.http.ts';
import { WeatherPages } from './pages-service.ts';
import { PanelLightService } from './panel-light-service.ts';
import { WeatherPlaces } from './places-service.ts';
import type { WeatherReader, WeatherRefresher, WeatherWriter } from './ports.ts';
import { WeatherRefresh } from './refresh-service.ts';
import { WeatherService } from './service.ts';
import { supplierAt } from './supplier.ts';
import { createWeatherStores } from './weather.sqlite.ts';
import { addWeatherPages, topicOf } from './weather.web.tsx';
import { addWeatherApi } from './weather-api.web.tsx';

export interface WeatherFeatureDeps {
  /** The relational database, migrated. */
  db: Database;
  clock: Clock;
  log: Log;
  jobs: JobQueue;
  config: Pick<Config, 'weather' | 'weatherUrl' | 'weatherArchiveUrl' | 'weatherApiKey'>;
  settings: ApplianceSettings;
  audit: Pick<AuditLog, 'record'>;
  accounts: AccountChanges & Pick<UserDirectory, 'settingsOf' | 'user'>;
  sources: SourceDirectory;
  deletion: SourceDeletionHooks;
  telemetry: Pick<TelemetryReader, 'span'>;
  /** Shorter times for tests. */
  timing?: { timeoutMs?: number; firstWaitMs?: number; restMs?: number; offsetMs?: number };
}

const DECISION = 'weather.internet';
const LONGEST_OFFSET_MS = minutes(50);
/** Open pages get their ages anew. */
const REFRESH_MS = minutes(1);

/** Builds weather. Nothing is asked before `start`, and nothing ever without permission. */
export function createWeather(deps: WeatherFeatureDeps) {
  const { clock, config, jobs, sources, accounts, timing = {} } = deps;
  const log = deps.log.for('weather');
  const stores = createWeatherStores(deps.db);
  const host = new URL(config.weatherUrl).hostname;
  const supplier = supplierAt(host);
  const provider = new OpenMeteo({
    forecastUrl: config.weatherUrl,
    archiveUrl: weatherArchiveUrl(config),
    ...{ apiKey: config.weatherApiKey, clock, ...timing },
  });
  const places = new WeatherPlaces({ store: stores.places, sources });
  const knowledge = new WeatherKnowledge({ stores, places, sources, log });
  const permission = new WeatherPermission({
    ...{ mode: config.weather, isInternet: !isOfTheHouse(host), audit: deps.audit },
    decision: {
      read: () => (deps.settings.get(DECISION)?.value as { isAllowed?: boolean } | undefined)?.isAllowed ?? null,
      write: (isAllowed) => void deps.settings.set(DECISION, { isAllowed }, clock.now()),
    },
  });
  const asking = new WeatherAsking({ provider, places, knowledge, clock, log });
  const refresh = new WeatherRefresh({
    ...{ asking, permission, places, provider, sources, users: accounts, jobs, clock },
    offsetMs: timing.offsetMs ?? Math.round(Math.random() * LONGEST_OFFSET_MS),
  });
  const archive = new WeatherArchive({
    ...{ asking, permission, places, knowledge, provider, past: stores.past, telemetry: deps.telemetry },
    ...{ jobs, clock, log, automatic: () => refresh.automatic() },
    ...(timing.restMs === undefined ? {} : { restMs: timing.restMs }),
  });
  refresh.defineJobs();
  archive.defineJobs();
  const service = new WeatherService({
    ...{ places, knowledge, asking, permission, refresh, archive, days: stores.days, sources, accounts, clock },
    deletion: deps.deletion,
  });

  const reader: WeatherReader = {
    hourly: (id, range) => knowledge.hourly(id, range),
    hourlyAsTold: (id, range, knownAt) => knowledge.hourlyAsTold(id, range, knownAt),
    issueAt: (id, time) => knowledge.issueAt(id, time),
    issuedTimes: (id, range) => knowledge.issuedTimes(id, range),
    daily: (id, range) => knowledge.daily(id, range),
    state: (id) => service.state(id),
    onWeather: (listener) => knowledge.onWeather(listener),
  };
  const panelLight = new PanelLightService({
    ...{ stores, hourly: reader.hourly, onWeather: reader.onWeather, sources, clock, log },
  });
  const writer: WeatherWriter = knowledge;
  const refresher: WeatherRefresher = refresh;
  const pages = new WeatherPages({
    ...{ reader, permission, supplier, sources, clock },
    ownerName: (id) => accounts.user(id)?.name,
  });
  let events: LiveEvents | undefined;
  let ticker: ReturnType<typeof setInterval> | undefined;
  const touch = (ids: Iterable<string>) => {
    for (const id of ids) events?.publish(topicOf(id));
  };

  const feature: Feature<WebRoutes> = {
    name: 'weather',
    routes(web) {
      events = web.events;
      addWeatherApi(web, { reader, refresher, permission, supplier, sources, clock });
      addWeatherPages(web, { pages, refresher, permission });
    },
    async start() {
      service.start();
      panelLight.start();
      ticker = setInterval(() => touch(sources.all().map((source) => source.id)), REFRESH_MS);
      ticker.unref?.();
    },
    async stop() {
      clearInterval(ticker);
      service.stop();
      await panelLight.stop();
    },
    metrics: () => samples(places, provider, clock.now()),
  };
  knowledge.onWeather(({ sourceIds }) => touch(sourceIds));
  refresh.onAsking((ids) => touch(ids.flatMap((id) => sourceIdsAt(places, id))));
  return { ...feature, reader, writer, refresher, permission, archive, panelLight };
}

/** This machine or the private network, by its address or by a name that says so. */
function isOfTheHouse(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, '');
  return plain === 'localhost' || /\.(local|lan|home\.arpa|localhost)$/.test(plain) || isPrivateAddress(plain);
}

function sourceIdsAt(places: WeatherPlaces, placeId: number): string[] {
  const place = places.byId(placeId);
  return place ? places.sourcesAt(place).map((source) => source.id) : [];
}

function samples(places: WeatherPlaces, provider: OpenMeteo, now: number): MetricSample[] {
  const answered = places.all().flatMap((place) => place.fetchedAt ?? []);
  const oldest = answered.length > 0 ? (now - Math.min(...answered)) / 1000 : Number.NaN;
  const gauge = (name: string, help: string, value: number): MetricSample => ({ name, help, type: 'gauge', value });
  return [
    gauge('ampra_weather_places', 'Places whose weather is wanted.', places.all().length),
    gauge('ampra_weather_failing_places', 'Places whose last question had no answer.', failing(places)),
    gauge('ampra_weather_age_seconds', 'Age of the oldest weather in use; NaN while there is none.', oldest),
    ...Object.entries(provider.counts()).map(([outcome, value]) => ({
      ...{ name: 'ampra_weather_questions_total', help: 'Questions to the weather service by outcome.' },
      ...{ type: 'counter' as const, value, labels: { outcome } },
    })),
  ];
}

function failing(places: WeatherPlaces): number {
  return places.all().filter((place) => place.trouble !== null).length;
}
