import type { Viewer } from '../accounts/viewer.ts';
import type { Result } from '../core/result.ts';
import type { MessageOutcome } from './message-outcome.ts';
import type { Price } from './price.ts';
import type { PowerGroup, Source } from './source.ts';
import type { SourceFeed } from './source-feed.ts';
import type { SourceTrouble } from './trouble.ts';
import type { TurnedAway } from './turned-away.ts';

export type { SourceFeed };

/** What later features may ask about sources. Answers come from memory, so that a broker can ask for each message. */
export interface SourceDirectory {
  /** The source, active or not; undefined when there is none. For use inside the appliance only. */
  byId(id: string): Source | undefined;
  all(): readonly Source[];
  ownedBy(userId: string): readonly Source[];
  /** The source if the viewer may see it, else `not_found`: what is not yours is not there. */
  findFor(viewer: Viewer, id: string): Result<Source>;
  /** Sources the viewer may see, by name. */
  listFor(viewer: Viewer): readonly Source[];
  /** True if `apiKey` is the source's key, compared in constant time; false for a source that is not active. */
  checkApiKey(id: string, apiKey: string): boolean;
  /** The webhook secret as shown to the owner, or undefined. Whether the source is active is the caller's to check. */
  webhookSecret(id: string): string | undefined;
  /** Called after a source was created, changed or removed; returns the way to stop. */
  onChange(listener: (change: SourceChange) => void): () => void;
}

export type SourceChange =
  | { kind: 'created' | 'updated'; source: Source }
  /** Its key was made anew: open connections with the old one end. */
  | { kind: 'keyRotated' | 'deactivated'; source: Source }
  | { kind: 'deleted'; source: Source };

/** Features that keep something of a source hand in how to remove it; called before the source itself goes. */
export interface SourceDeletionHooks {
  /** `remove` may be called again for the same source, when the appliance stopped half-way. */
  onDelete(remove: (sourceId: string) => Promise<void>): void;
}

/** Groups as later features see them. */
export interface GroupDirectory {
  /** The group if the viewer may see it, else `not_found`. */
  findGroupFor(viewer: Viewer, id: string): Result<PowerGroup>;
  /** Groups the viewer may see, by name. */
  listGroupsFor(viewer: Viewer): readonly PowerGroup[];
  /** True if the group is this person's. */
  isGroupOf(ownerId: string, id: string): boolean;
}

/** What a kWh cost, for the features that count money. */
export interface PriceHistory {
  /** Ascending by `effectiveFrom`; empty when the owner gave none. The caller has checked that it may be seen. */
  pricesOf(sourceId: string): readonly Price[];
}

/** How a source is doing; plugged in by those who know (telemetry, broker). */
export interface SourceActivity {
  /** Time of the newest reading, ms UTC; null when there never was one. */
  lastReadingAt(sourceId: string): number | null;
  /** False while what was measured before cannot be read, so that null above says nothing. */
  isReadable?(): boolean;
  /** True where a source may be silent now: its inverter lives of the sun alone, and the sun is down. */
  isAsleep?(source: Source): boolean;
  /** True while a device is connected with the source's key; null when that says nothing (webhook). */
  isConnected?(sourceId: string): boolean | null;
  /** Called after readings arrived; returns the way to stop. */
  onReadings?(listener: (sourceIds: ReadonlySet<string>) => void): () => void;
}

/** A message as the device sent it. */
export interface ReceivedMessage {
  /** ms UTC. */
  receivedAt: number;
  channel: 'mqtt' | 'webhook';
  topic: string;
  payload: Uint8Array;
  /** Why it was not understood; absent when it was. */
  problem?: string;
  /** What was kept of it and what not, where there is a problem. */
  outcome?: MessageOutcome;
}

/** Messages of a source that were not (or not wholly) stored, in one number. */
export interface RefusedSummary {
  count: number;
  /** When the first and the newest of them came, ms UTC. */
  firstAt: number;
  newestAt: number;
}

/** Those that were refused for the same reason. */
export interface RefusedGroup extends RefusedSummary {
  reason: string;
  /** The newest of them. Of a large payload only the beginning is kept. */
  example: ReceivedMessage & { payloadBytes: number };
}

/** What was refused, until its owner has seen to it: bounded, by reason; plugged in by ingest. */
export interface RefusedMessages {
  /** Null when nothing was refused. */
  summaryOf(sourceId: string): RefusedSummary | null;
  /** The newest reason first. */
  groupsOf(sourceId: string, page: { offset: number; limit: number }): { groups: RefusedGroup[]; total: number };
  /** Forgets those of one reason, or all; gives how many messages that were. */
  dismiss(sourceId: string, reason?: string): number;
  /** Called when one was refused or dismissed; returns the way to stop. */
  onRefused?(listener: (sourceId: string) => void): () => void;
}

/** The newest raw messages of a source; plugged in by ingest. */
export interface RecentMessages {
  /** Newest first. */
  newestOf(sourceId: string, limit: number): Promise<ReceivedMessage[]>;
  /** Called when a message came, understood or not; returns the way to stop. */
  onMessage?(listener: (sourceId: string) => void): () => void;
}

/** How the messages of a source are read; plugged in by ingest. */
export interface ReadingNotes {
  /** What is wrong with what it measures, in a sentence, and what was put right; null when there is nothing to say. */
  noteOf(sourceId: string): { problem: string | null; corrections: readonly string[] } | null;
}

/** Plugged in by connections. */
export interface SourceFeeds {
  /** Undefined for a source whose device logs in here. */
  feedOf(sourceId: string): SourceFeed | undefined;
  /** Called with a source's id when that changed; returns the way to stop. */
  onChange(listener: (sourceId: string) => void): () => void;
}

/** Devices that were not let in; plugged in by ingest. */
export interface TurnedAwayNotes {
  /** The last of the past hour; null when there was none, or it came in since. */
  noteOf(sourceId: string): TurnedAway | null;
  /** Called with a source's id when that changed; returns the way to stop. */
  onChange(listener: (sourceId: string) => void): () => void;
}

/** Why sources that should report do not. */
export interface SourceTroubles {
  /** Null where nothing is known to be wrong. */
  troubleOf(source: Source): SourceTrouble | null;
  /** Called with a source's id when that changed; returns the way to stop. */
  onChange(listener: (sourceId: string) => void): () => void;
}

/** Where the house stands, as the set-up wizard was told; prefills new sources. */
export interface SitePlace {
  latitude: number;
  longitude: number;
  timeZone: string;
}

export interface SiteDefaults {
  /** Null while nobody said. */
  place(): SitePlace | null;
}

/** A stored source with what only the appliance may know. */
export interface StoredSource {
  source: Source;
  apiKeyHash: Uint8Array;
  sealedWebhookSecret: Uint8Array;
  /** ms UTC while its data is being removed, else null. */
  deletedAt: number | null;
}

/** Sources on disk. Every change is durable when the call returns. */
export interface SourceStore {
  loadAll(): StoredSource[];
  insert(stored: StoredSource): void;
  /** Replaces the row if it still has `expectedVersion`; false when somebody was quicker. */
  update(source: Source, expectedVersion: number): boolean;
  replaceKeys(source: Source, keys: Pick<StoredSource, 'apiKeyHash' | 'sealedWebhookSecret'>): void;
  markDeleted(id: string, at: number): void;
  /** The row and everything that hangs on it in the same database. */
  remove(id: string): void;
}

export interface GroupStore {
  loadAll(): PowerGroup[];
  insert(group: PowerGroup): void;
  update(group: PowerGroup, expectedVersion: number): boolean;
  /** Its sources stand alone afterwards; each is a change of that source (`version`, `updatedAt`). */
  remove(id: string, at: number): void;
}

export interface PriceStore {
  loadAll(): { sourceId: string; price: Price }[];
  /** Adds the price or replaces that of the same day. */
  put(sourceId: string, price: Price): void;
  remove(sourceId: string, effectiveFrom: string): void;
}

/** Keys and secrets: made, hashed, sealed. */
export interface KeyVault {
  /** SHA-256 of the key as shown. Enough for 256 random bits; a password would need more. */
  hashKey(apiKey: string): Uint8Array;
  /** In constant time. */
  isSame(a: Uint8Array, b: Uint8Array): boolean;
  /** Encrypts for storage, bound to the source. */
  seal(sourceId: string, secret: string): Uint8Array;
  /** Undefined when it was not sealed for this source under this appliance's key file. */
  open(sourceId: string, sealed: Uint8Array): string | undefined;
}

/** Icons and logos. */
export interface ImageStore {
  /** Decodes, shrinks and stores; gives the file's new random name. Refuses what is no image (`invalid`, `too_large`). */
  add(bytes: Uint8Array, field: string): Promise<Result<string>>;
  /** WebP bytes, or undefined when there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  remove(name: string): Promise<void>;
  /** Removes files that nobody names any more (an upload whose row never came). */
  sweep(inUse: ReadonlySet<string>): Promise<void>;
}
