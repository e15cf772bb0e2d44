import type { Viewer } from '../../accounts/viewer.ts';
import type { Result } from '../../core/result.ts';
import type { Source } from '../../sources/source.ts';
import type { SourceInput } from '../../sources/source-rules.ts';
import type { Connection } from './connection.ts';
import type { Trouble } from './trouble.ts';

/** A connection on disk, with what only the appliance may know. */
export interface StoredConnection {
  connection: Connection;
  /** Null when there is no password. */
  sealedPassword: Uint8Array | null;
  /** Portal ids of Venus OS that were heard here. */
  portals: readonly string[];
}

/** Connections on disk. Every change is durable when the call returns. */
export interface ConnectionStore {
  loadAll(): StoredConnection[];
  insert(stored: StoredConnection): void;
  /** Replaces the row if it still has `expectedVersion`; false when somebody was quicker. */
  update(stored: StoredConnection, expectedVersion: number): boolean;
  /** Keeps what listening found out; no change of the owner's. */
  learn(id: string, learned: Pick<Connection, 'detectedKind'> & { portals: readonly string[] }): void;
  remove(id: string): void;
  removeOfSource(sourceId: string): void;
}

/** Makes a source for a connection that has none yet; given by sources. */
export interface SourceMaker {
  create(viewer: Viewer, input: SourceInput): Promise<Result<{ source: Source }>>;
}

/** Where and how to connect. */
export interface LinkTarget {
  host: string;
  port: number;
  usesTls: boolean;
  verifiesCertificate: boolean;
  authorityPem: string | null;
  userName: string;
  password: string | null;
  clientId: string;
  /** Keep what the broker could not deliver in a short interruption (MQTT 5 only). */
  resumes: boolean;
  /** False: addresses of this machine and link-local ones are refused. */
  mayGoAnywhere: boolean;
}

export interface LinkMessage {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1;
  /** The broker kept it; nobody says since when. */
  isRetained: boolean;
}

export interface LinkEvents {
  /** Logged in. */
  onUp(): void;
  /** `done` once it is durable: only then is it acknowledged, and only while few wait are more read. */
  onMessage(message: LinkMessage, done: () => void): void;
  /** The end, once; there is no reconnecting in here. */
  onDown(trouble: Trouble): void;
}

/** A line to a broker, for one life. */
export interface Link {
  /** The filters that the broker refused. */
  subscribe(filters: readonly string[]): Promise<readonly string[]>;
  unsubscribe(filters: readonly string[]): void;
  /** QoS 0. */
  publish(topic: string, payload: string): void;
  /** Says goodbye; nothing is called afterwards. */
  end(): void;
}

/** Opens lines; one file knows how (`link.mqtt.ts`). */
export interface LinkOpener {
  open(target: LinkTarget, events: LinkEvents): Link;
}
