import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { type DeviceOriginFacts, deviceOrigin } from '../web/device-origin.ts';
import type { AppEnv } from '../web/routes.ts';
import type { MemoryDirectory } from './directory-service.ts';
import type { Groups } from './group-service.ts';
import type {
  ReadingNotes,
  RecentMessages,
  RefusedMessages,
  SourceActivity,
  SourceFeeds,
  TurnedAwayNotes,
} from './ports.ts';
import type { Prices } from './price-service.ts';
import type { SourceService } from './service.ts';
import type { Source } from './source.ts';
import type { SourceFacts } from './source-schemas.web.tsx';
import { sourceState } from './source-state.ts';

/** Where devices reach this appliance. */
export interface ConnectionFacts extends DeviceOriginFacts {
  /** Ports as devices see them; the TLS one only when there is TLS. */
  mqttPort: number;
  mqttTlsPort: number | null;
  mqttWsPath: string;
}

/** A card about a source that another feature adds to its page; whoever asks may see the source. */
export type SourceCard = (c: Context<AppEnv>, source: Source) => Child;

/** The card that tells what a source last said: opened with a page, or with its events, and drawn anew with each. */
export type NewestCard = (c: Context<AppEnv>, source: Source) => () => Child;

/** What the pages and the API of sources work with. */
export interface SourcesWebDeps {
  service: SourceService;
  directory: MemoryDirectory;
  groups: Groups;
  prices: Prices;
  clock: Clock;
  connection(): ConnectionFacts;
  /** How a person is called, for the Overseer who sees what is not their own. */
  ownerName?(userId: string): string | undefined;
  /** Plugged in later than the routes are registered. */
  activity(): SourceActivity | undefined;
  messages(): RecentMessages | undefined;
  refused(): RefusedMessages | undefined;
  reading?(): ReadingNotes | undefined;
  feeds?(): SourceFeeds | undefined;
  turnedAway?(): TurnedAwayNotes | undefined;
  newest?(): NewestCard | undefined;
  /** How many devices are heard that this person could add. */
  waiting?(viewer: Viewer): number;
  /** Cards of later features on a source's page. */
  cards?(): readonly SourceCard[];
}

export function factsOf(c: Context<AppEnv>, deps: SourcesWebDeps, source: Source): SourceFacts {
  const activity = deps.activity();
  const lastReadingAt = activity?.lastReadingAt(source.id) ?? null;
  return {
    state: sourceState(source, lastReadingAt, deps.clock.now(), {
      isReadable: activity?.isReadable?.() ?? true,
      isAsleep: activity?.isAsleep?.(source) ?? false,
    }),
    lastReadingAt,
    webhookUrl: `${deviceOrigin(c, deps.connection()).origin.origin}/hooks/${source.id}`,
  };
}
