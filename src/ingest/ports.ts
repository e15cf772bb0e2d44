import type { Viewer } from '../accounts/viewer.ts';
import type { NumericMetric } from '../core/metrics.ts';
import type { RejectedValue } from '../core/reading.ts';
import type { Result } from '../core/result.ts';
import type { MessageOutcome } from '../sources/message-outcome.ts';
import type { Source } from '../sources/source.ts';
import type { JournalPosition } from '../telemetry/ports.ts';
import type { IncomingMessage } from './dialect.ts';
import type { Channel, JournalRecord } from './journal/journal-record.ts';
import type { MappingRule } from './mapping/mapping.ts';
import type { Proven } from './signs/sign-proof.ts';

export type { Channel, JournalRecord };

/** Append-only, group-committed. The raw archive at the same time: segments are kept for the configured days. */
export interface Journal {
  /**
   * Appends; `onDurable` is called once the group that holds the record is on disk, or with the error that prevented it.
   * `isUrgent` asks for a prompt commit, when the sender waits for the answer before it sends more.
   */
  append(
    record: Omit<JournalRecord, 'position'>,
    onDurable: (error: Error | null, position: JournalPosition) => void,
    isUrgent?: boolean,
  ): void;
  /** Commits what is pending now. */
  commit(): Promise<void>;
  /**
   * Records after `position`, in order, up to the newest that is durable when it gets there; waits for a `visit` that
   * answers with a promise. Returns the position up to which there is nothing left.
   */
  replay(after: JournalPosition, visit: (record: JournalRecord) => unknown): Promise<JournalPosition>;
  /** The newest records of a source, newest first. */
  newestOf(sourceId: string, limit: number): Promise<JournalRecord[]>;
  /** After which position to read what came since then; a little more may be behind it, but at most so many records. */
  reach(since: number, mostRecords: number): JournalPosition;
  /** Removes every record of a source from the segments. */
  forget(sourceId: string): Promise<void>;
}

export interface Accepted {
  /** Readings that were stored. */
  accepted: number;
  rejected: RejectedValue[];
}

/** The way of a reading: message -> dialect -> journal -> acknowledgement -> telemetry. */
export interface IngestService {
  /**
   * Takes a message of a known source. `done` is called when it is durable (then the sender may be told so) or with
   * the reason why it could not be made durable. A message nobody understands is durable too, in quarantine.
   */
  receive(
    source: Source,
    channel: Channel,
    message: IncomingMessage,
    done: (error: Error | null, outcome: Accepted) => void,
  ): void;
  /** Resolves when there is room for a long batch. */
  room?(): Promise<void>;
}

/** Why a message is not taken at all; the sender may be told `message`. */
export class IngestRefusal extends Error {
  constructor(
    readonly reason: 'inactive' | 'unavailable',
    message: string,
  ) {
    super(message);
    this.name = 'IngestRefusal';
  }
}

/** A message that was kept but not (or not wholly) understood, with the reason. */
export interface QuarantinedMessage {
  receivedAt: number;
  channel: Channel;
  sourceId: string | null;
  topic: string;
  /** At most the first 4 kB. */
  payload: Uint8Array;
  payloadBytes: number;
  reason: string;
  /** How often the same topic was quarantined for the same reason; the payload is the newest. */
  count: number;
  /** When the first of them came, ms UTC. */
  firstAt: number;
  /** What was kept and refused of the newest; absent for what nobody could tell. */
  outcome?: MessageOutcome;
}

/** Keeps what was not understood: bounded in count, bytes and age, and written seldom. */
export interface Quarantine {
  add(message: Omit<QuarantinedMessage, 'count' | 'firstAt' | 'payloadBytes'>): void;
  /** Newest first. */
  newestOf(sourceId: string | null, limit: number): QuarantinedMessage[];
  /** Takes out what is understood now. */
  remove(sourceId: string, topic: string, reason: string): void;
  forget(sourceId: string): void;
}

/** What a device said about itself once, and what Ampra has to know again after a start. */
export interface StoredAnnouncement {
  sourceId: string;
  topic: string;
  /** As received; empty withdraws. */
  payload: Uint8Array;
  heardAt: number;
}

/** Keeps announcements (Home Assistant discovery) over a start. */
export interface AnnouncementStore {
  /** In the order in which they were heard. */
  all(): StoredAnnouncement[];
  save(announcement: StoredAnnouncement): void;
  forget(sourceId: string): void;
}

/** Keeps over a start which way a source's powers count, as far as its messages proved it. */
export interface ProvenSignStore {
  /** `readAnew`: for which proofs older messages were read. */
  all(): { sourceId: string; proven: Proven; readAnew: string[] }[];
  save(sourceId: string, proven: Proven, at: number): void;
  /** Remembers for which proofs of a source older messages were read. */
  markRead(sourceId: string, readAnew: readonly string[]): void;
  forget(sourceId: string): void;
}

/** Topics of anonymous clients that belong to a source. */
export interface Claim {
  /** MQTT filter in the space of anonymous clients. */
  filter: string;
  sourceId: string;
  createdAt: number;
  /** False while what was kept is still on its way to the source; until then new messages wait in the inbox too. */
  isReplayed: boolean;
}

export interface ClaimStore {
  all(): Claim[];
  /** Adds the claim, or replaces that of the same filter. */
  save(claim: Claim): void;
  remove(filter: string): void;
  forget(sourceId: string): void;
}

/** Topics that are heard as one source's and belong to another one of the same owner. */
export interface TopicRoute {
  /** As whose they are heard. */
  sourceId: string;
  /** MQTT filter. */
  filter: string;
  /** Whose they are. */
  toSourceId: string;
  createdAt: number;
}

export interface TopicRouteStore {
  all(): TopicRoute[];
  /** Adds the route, or replaces that of the same source and filter. */
  save(route: TopicRoute): void;
  remove(sourceId: string, filter: string): void;
  /** Removes all that lead from or to the source. */
  forget(sourceId: string): void;
}

/** What clients without a login send (open access). */
export interface AnonymousInbox {
  /** Whose the topic is; undefined while nobody claimed it. */
  sourceOf(topic: string): Source | undefined;
  /**
   * Keeps a message that looks like a device's until somebody claims it; `done` is called when it is on disk, at once for
   * what is only passed on, or with the reason why it could not be kept.
   */
  receive(message: IncomingMessage, done: (error: Error | null) => void): void;
}

/** Makes a source for a device that was discovered. */
export interface SourceMaker {
  /** `role` as typed; '' for the usual one. */
  create(viewer: Viewer, wish: { name: string; role: string }): Promise<Result<{ id: string }>>;
}

/** The rules of a source, as kept. */
export interface StoredMapping {
  sourceId: string;
  rules: readonly MappingRule[];
  /** True once older messages were read anew with it. */
  isReplayed: boolean;
  updatedAt: number;
  /** Grows by one with each change. */
  version: number;
}

/** How sources' messages are read, on disk. */
export interface TuningStore {
  mappings(): StoredMapping[];
  mapping(sourceId: string): StoredMapping | null;
  /** Replaces the mapping if it still has `expectedVersion` (0: there is none); false when somebody was quicker. */
  saveMapping(mapping: StoredMapping, expectedVersion: number): boolean;
  /** Whether older messages were read with it; nothing when it was changed meanwhile. */
  markReplayed(sourceId: string, version: number, isReplayed?: boolean): void;
  /** `since`: when it was put in force, ms UTC. */
  corrections(): { sourceId: string; metric: NumericMetric; factor: number; since: number }[];
  /** A factor of 1 takes the correction away. */
  saveCorrection(sourceId: string, metric: NumericMetric, factor: number, at: number): void;
  /** What the last check of a source, or of the sources of a house, found. */
  balance(subject: string): { checkedAt: number; result: unknown } | null;
  saveBalance(subject: string, checkedAt: number, result: unknown): void;
  forget(sourceId: string): void;
}
