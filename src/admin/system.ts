import type { KeptCopies, StoredLevel } from '../telemetry/storage/storage.ts';

/** What the System page and the diagnostics show of the appliance. */

export interface Part {
  part: string;
  state: 'ok' | 'starting' | 'broken';
  /** What is wrong and what to do about it. */
  message?: string;
}

export interface StoreSize {
  name: string;
  bytes: number;
}

export interface WrittenDay {
  /** YYYY-MM-DD, UTC. */
  day: string;
  bytes: number;
}

export interface SystemState {
  version: string;
  /** `Bun 1.4.5 on linux arm64`. */
  runtime: string;
  /** ms UTC. */
  startedAt: number;
  now: number;
  residentBytes: number;
  /** Share of one core since the last look, 0..; null at the first. */
  cpuShare: number | null;
  /** Of the file system that holds the data directory. */
  disk: { freeBytes: number; totalBytes: number } | null;
  dataDir: string;
  stores: StoreSize[];
  /** Newest first; today is the first. */
  written: WrittenDay[];
  /** Room that each part of the past takes, finest first; nothing while the telemetry database is closed. */
  storage: StoredLevel[];
  /** Backups on the same disk. */
  copies: KeptCopies;
}

export type LogLevelName = 'debug' | 'info' | 'warn' | 'error';

export interface LogEntry {
  time: number;
  level: LogLevelName;
  feature: string;
  message: string;
  fields: Record<string, unknown>;
}

/** Bytes written a day, kept across restarts. */
export interface WrittenBytesStore {
  add(day: string, bytes: number): void;
  /** Newest first. */
  list(days: number): WrittenDay[];
}

const logLevels: readonly string[] = ['debug', 'info', 'warn', 'error'] satisfies LogLevelName[];

export function isLogLevel(text: string | undefined): text is LogLevelName {
  return text !== undefined && logLevels.includes(text);
}

/** A connection to the broker, as the System page shows it. */
export interface ClientRow {
  /** Name of the source, "A program", "Somebody of the house network"; never another owner's source by name. */
  who: string;
  clientId: string;
  address: string;
  /** `MQTT 5 over TLS`. */
  protocol: string;
  connectedAt: number;
  messagesIn: number;
  messagesOut: number;
  lastMessageAt: number | null;
}
