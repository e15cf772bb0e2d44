import type { Database } from 'bun:sqlite';
import { join } from 'node:path';
import type { AuditLog, FirstSource, SiteReader, UserDirectory } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { seconds } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import { ok } from '../core/result.ts';
import type { Feature, PartHealth } from '../platform/feature.ts';
import type { LiveEvents } from '../web/events.ts';
import type { WebRoutes } from '../web/routes.ts';
import { MemoryDirectory } from './directory-service.ts';
import { Groups } from './group-service.ts';
import { createGroupStore } from './groups.sqlite.ts';
import { addGroupPages } from './groups.web.tsx';
import { addGroupsApi } from './groups-api.web.tsx';
import { FileImageStore } from './images.fs.ts';
import { SourceKeyVault } from './key-vault.fs.ts';
import type {
  ReadingNotes,
  RecentMessages,
  RefusedMessages,
  SourceActivity,
  SourceFeeds,
  TurnedAwayNotes,
} from './ports.ts';
import { Prices } from './price-service.ts';
import { createPriceStore } from './prices.sqlite.ts';
import { addRefusedPages } from './refused.web.tsx';
import { addRefusedApi } from './refused-api.web.tsx';
import { SourceRemoval } from './removal-service.ts';
import { SourceService } from './service.ts';
import { LIST_TOPIC } from './source-list.web.tsx';
import { createSourceStore } from './sources.sqlite.ts';
import { addSourcePages, topicOf } from './sources.web.tsx';
import { addSourcesApi } from './sources-api.web.tsx';
import type { ConnectionFacts, NewestCard, SourceCard, SourcesWebDeps } from './web-context.web.tsx';

export interface SourcesDeps {
  /** The relational database, migrated. */
  db: Database;
  /** Folder that holds all state: `secrets.key` and `images/` are made in it. */
  dataDir: string;
  clock: Clock;
  log: Log;
  jobs: JobQueue;
  /** Where new sources stand unless they say otherwise. */
  site?: SiteReader;
  audit?: Pick<AuditLog, 'record'>;
  users?: Pick<UserDirectory, 'user'>;
  /** Where devices reach this appliance; asked for each page, since ports may be chosen at start. */
  connection?: () => ConnectionFacts;
}

const NO_CONNECTION: ConnectionFacts = {
  mqttPort: 1883,
  mqttTlsPort: null,
  mqttWsPath: '/mqtt',
  publicUrl: '',
  lanAddress: null,
};
/** How often ages on open pages are brought up to date when nothing happens. */
const REFRESH_MS = seconds(20);

/** What later features know about sources; plugged in by `app.ts` once they are built. */
export interface SourcePlugs {
  activity?: SourceActivity;
  messages?: RecentMessages;
  refused?: RefusedMessages;
  /** What a later feature has to say about how a source's messages are read. */
  reading?: ReadingNotes;
  /** The brokers through which sources are heard. */
  feeds?: SourceFeeds;
  /** Devices that were not let in. */
  turnedAway?: TurnedAwayNotes;
  newest?: NewestCard;
  /** How many devices are heard that somebody could add. */
  waiting?: (viewer: Viewer) => number;
  /** What later features show on a source's page. */
  cards?: readonly SourceCard[];
  /** Pages of a later feature beside those of one source (`/sources/discover`): known first, or they would be taken for an id. */
  earlyPages?: (web: WebRoutes) => void;
}

/** Builds sources, groups and prices. Nothing is read before `start`. */
export function createSources(deps: SourcesDeps) {
  const log = deps.log.for('sources');
  const vault = new SourceKeyVault(join(deps.dataDir, 'secrets.key'));
  const images = new FileImageStore(join(deps.dataDir, 'images'));
  const store = createSourceStore(deps.db);
  const directory = new MemoryDirectory(vault, log);
  const removal = new SourceRemoval({ store, images, jobs: deps.jobs });
  const groups = new Groups({ store: createGroupStore(deps.db), directory, images, clock: deps.clock });
  const prices = new Prices({ store: createPriceStore(deps.db), directory });
  const site = { place: () => deps.site?.site() ?? null };
  const { clock, audit } = deps;
  const parts = { directory, store, groups, vault, images, removal, clock, site };
  const service = new SourceService({ ...parts, ...(audit ? { audit } : {}) });
  const plugs: SourcePlugs = {};
  const health: PartHealth = { part: 'sources', state: 'starting' };
  deps.jobs.define(removal.job());

  async function load(): Promise<void> {
    const rows = store.loadAll();
    directory.load(rows.filter((row) => row.deletedAt === null));
    groups.load();
    prices.load();
    // Even with a damaged key file devices may log in: API keys need no secret of ours.
    vault.start();
    for (const row of rows) if (row.deletedAt !== null) removal.condemn(row.source);
    const icons = directory.all().flatMap((source) => source.iconFile ?? []);
    await images.sweep(new Set([...icons, ...removal.iconsInUse(), ...groups.logosInUse()]));
    log.info('sources loaded', { sources: directory.all().length });
    health.state = 'ok';
  }

  /** For accounts: removes what a person has here, and returns once it is gone. */
  async function removeAllOf(userId: string): Promise<void> {
    await service.removeAllOf(userId);
    await groups.removeAllOf(userId);
  }

  const webDeps: SourcesWebDeps = {
    ...{ service, directory, groups, prices, clock },
    connection: deps.connection ?? (() => NO_CONNECTION),
    ownerName: (id) => deps.users?.user(id)?.name,
    activity: () => plugs.activity,
    messages: () => plugs.messages,
    refused: () => plugs.refused,
    reading: () => plugs.reading,
    feeds: () => plugs.feeds,
    turnedAway: () => plugs.turnedAway,
    newest: () => plugs.newest,
    waiting: (viewer) => plugs.waiting?.(viewer) ?? 0,
    cards: () => plugs.cards ?? [],
  };
  let events: LiveEvents | undefined;
  let refresh: ReturnType<typeof setInterval> | undefined;
  const endings: (() => void)[] = [];

  function routes(web: WebRoutes): void {
    events = web.events;
    plugs.earlyPages?.(web);
    addSourcesApi(web, webDeps);
    addGroupsApi(web, webDeps);
    addRefusedApi(web, webDeps);
    addSourcePages(web, webDeps);
    addRefusedPages(web, webDeps);
    addGroupPages(web, webDeps);
  }

  function touch(ids: Iterable<string>): void {
    events?.publish(LIST_TOPIC);
    for (const id of ids) events?.publish(topicOf(id));
  }

  const touchOne = (id: string): void => touch([id]);

  function watch(): void {
    endings.push(directory.onChange(({ source }) => touch([source.id])));
    const ofReadings = plugs.activity?.onReadings?.(touch);
    if (ofReadings) endings.push(ofReadings);
    const ofMessages = plugs.messages?.onMessage?.(touchOne);
    if (ofMessages) endings.push(ofMessages);
    const ofRefused = plugs.refused?.onRefused?.(touchOne);
    if (ofRefused) endings.push(ofRefused);
    const ofFeeds = plugs.feeds?.onChange(touchOne);
    if (ofFeeds) endings.push(ofFeeds);
    const ofTurnedAway = plugs.turnedAway?.onChange(touchOne);
    if (ofTurnedAway) endings.push(ofTurnedAway);
    refresh = setInterval(() => touch(directory.all().map((source) => source.id)), REFRESH_MS);
  }

  /** For the set-up wizard: the first source of a new house. */
  const firstSource: FirstSource = {
    async create(viewer, { name, connectionType, installedCapacityW, latitude, longitude, timeZone }) {
      const wish = { name, connectionType, installedCapacityW, latitude, longitude, timeZone };
      const made = await service.create(viewer, wish);
      if (!made.ok) return made;
      const { source, mqttApiKey, webhookSecret } = made.value;
      const { id, mqttTopic } = source;
      return ok({ id, name, connectionType, mqttTopic, mqttApiKey, webhookPath: `/hooks/${id}`, webhookSecret });
    },
  };

  const feature: Feature<WebRoutes> = {
    name: 'sources',
    routes,
    async start() {
      await load();
      watch();
    },
    async stop() {
      clearInterval(refresh);
      for (const end of endings.splice(0)) end();
    },
    health: () => [health],
  };
  return {
    ...feature,
    directory,
    service,
    groups,
    prices,
    deletion: removal,
    firstSource,
    removeAllOf,
    /** For other secrets that must be known again, bound to a name of their own. */
    vault,
    /** For telemetry and ingest, which are built later. */
    plugIn: (more: SourcePlugs) => void Object.assign(plugs, more),
  };
}

export type Sources = ReturnType<typeof createSources>;
